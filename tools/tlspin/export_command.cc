#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "pinning/certificate.h"
#include "pinning/pin.h"
#include "pinning/pin_store.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/formats/export_plan.h"
#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/losses_print.h"
#include "tools/tlspin/time_flag.h"

namespace tlspin {
namespace {

struct ExportFlags {
  std::string format, file, host, output, at;
  std::string usage = "dane";
  std::vector<std::string> certificates;
  bool lossy = false;
};

// OutputPaths returns where each file of the format goes; nothing for standard
// output.
std::vector<std::string> OutputPaths(const FormatSpec& format,
                                     const std::string& output) {
  if (output.empty() || output == "-") {
    return {};
  }
  std::vector<std::string> paths = {output};
  if (!format.companion.empty()) {
    const size_t stem = absl::EndsWith(output, format.extension)
                            ? output.size() - format.extension.size()
                            : output.size();
    paths.push_back(absl::StrCat(output.substr(0, stem), format.companion));
  }
  return paths;
}

absl::Status ReadKeys(const std::vector<std::string>& files,
                      std::map<pinning::Pin, std::string>& keys) {
  for (const std::string& file : files) {
    const absl::StatusOr<std::vector<pinning::Certificate>> certificates =
        ReadCertificates(file);
    if (!certificates.ok()) {
      return certificates.status();
    }
    for (const pinning::Certificate& certificate : *certificates) {
      const absl::Span<const uint8_t> spki = certificate.spki_der();
      keys[pinning::Pin::OfSpki(spki)] = std::string(spki.begin(), spki.end());
    }
  }
  return absl::OkStatus();
}

int RefuseLosses(Context& context, const ExportFlags& flags,
                 const FormatSpec& format, const std::string& name,
                 const std::vector<Loss>& losses) {
  if (context.json) {
    Json json;
    json["schema"] = "tlspin.export/1";
    json["format"] = flags.format;
    json["pin_file"] = name;
    json["files"] = Json();
    json["text"] = Json();
    json["losses"] = JsonOf(losses);
    json["caution"] = Json();
    context.out.Answer(JsonLine(json));
  }
  NoteLosses(context, name, losses);
  context.out.Note(
      absl::StrCat(losses.size(), losses.size() == 1 ? " thing" : " things",
                   " that ", format.title, " cannot say; nothing was written"));
  context.out.Hint("--lossy writes the rest");
  return kNo;
}

int WriteFiles(Context& context, const ExportFlags& flags,
               const FormatSpec& format, const ExportPlan& plan,
               const std::vector<Loss>& losses) {
  const absl::StatusOr<std::vector<std::string>> texts = format.write(plan);
  if (!texts.ok()) {
    return context.Fail(texts.status(), "nothing was written");
  }
  const std::vector<std::string> paths = OutputPaths(format, flags.output);
  for (size_t i = 0; i < paths.size(); ++i) {
    const absl::Status written = WriteFileAtomically(paths[i], (*texts)[i]);
    if (!written.ok()) {
      return context.Fail(written);
    }
  }
  if (context.json) {
    Json json;
    json["schema"] = "tlspin.export/1";
    json["format"] = flags.format;
    json["pin_file"] = plan.document->file_name;
    json["files"] = paths;
    json["text"] = paths.empty() ? Json(*texts) : Json();
    json["losses"] = JsonOf(losses);
    json["caution"] =
        format.caution.empty() ? Json() : Json(std::string(format.caution));
    context.out.Answer(JsonLine(json));
  } else if (paths.empty()) {
    context.out.Answer(texts->front());
  } else {
    context.out.Answer(absl::StrCat(
        context.out.Paint(Output::Style::kGood, "OK"), "       ",
        Escape(paths.front()), ": ", format.title, ", ",
        losses.empty() ? "nothing lost" : absl::StrCat(losses.size(), " lost"),
        "\n"));
  }
  NoteLosses(context, plan.document->file_name, losses);
  if (!format.caution.empty()) {
    context.out.Note(absl::StrCat("caution: ", format.caution));
  }
  return kYes;
}

int RunExport(Context& context, const ExportFlags& flags) {
  const FormatSpec& format = *FindFormat(flags.format);
  if (!format.companion.empty() && !context.json &&
      OutputPaths(format, flags.output).empty()) {
    return context.Fail(absl::InvalidArgumentError(absl::StrCat(
                            format.title, " is two files: say where, with -o")),
                        "see tlspin export --help", kUsage);
  }
  const absl::StatusOr<absl::Time> now = TimeFromFlag(flags.at);
  if (!now.ok()) {
    return context.Fail(now.status(), "see tlspin export --help", kUsage);
  }
  const absl::StatusOr<std::string> text =
      ReadInput(flags.file, pinning::PinStore::kMaxFileSize);
  if (!text.ok()) {
    return context.Fail(text.status());
  }
  const absl::StatusOr<PinDocument> document =
      ReadPinDocument(*text, flags.file == "-" ? "standard input" : flags.file);
  if (!document.ok()) {
    return context.Fail(document.status());
  }
  ExportPlan plan;
  plan.document = &*document;
  plan.now = *now;
  plan.pkix = flags.usage == "pkix";
  const absl::Status keys = ReadKeys(flags.certificates, plan.keys);
  if (!keys.ok()) {
    return context.Fail(keys);
  }
  std::vector<Loss> losses;
  const absl::Status planned = MakeExportPlan(format, flags.host, plan, losses);
  if (!planned.ok()) {
    return context.Fail(planned, "see tlspin export --help", kUsage);
  }
  return losses.empty() || flags.lossy
             ? WriteFiles(context, flags, format, plan, losses)
             : RefuseLosses(context, flags, format, document->file_name,
                            losses);
}

const HelpText& Help() {
  static const HelpText& help = *new HelpText{
      "Write a pin file for another program",
      absl::StrCat(
          "Writes the pins in the form that another program reads:\n",
          FormatList(),
          "Decides whether that form can say all that the pin file says. What "
          "it\ncannot say is an error, each with its place in the pin file and "
          "whether\nthe result would accept or refuse more; with --lossy the "
          "rest is written\nand each loss listed. docs/export.md has a table "
          "of what each can say.\nBackup pins are written among the others: "
          "no other form tells them apart."),
      "  0  the file was written\n"
      "  1  the form cannot say all of the pin file; nothing was written\n"
      "  2  the command line is wrong, or the host is not pinned\n"
      "  3  a file could not be read or written, or is no pin file\n",
      "  $ tlspin export --format curl --host a.example pins.json --lossy\n"
      "  sha256//dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0=;sha256//P8TM/n"
      "RYcOLA2Z9x8w/wZWyN7dQcwdfT03aw2+aF4vM=\n"
      "  tlspin: pins.json:6:18: expires on 2026-07-31: the pins would never "
      "expire\n          (refuses more) [expiry]"};
  return help;
}

}  // namespace

void AddExportCommand(CommandTable& table, Context& context) {
  const auto flags = std::make_shared<ExportFlags>();
  Command& command =
      AddCommand(table, context, "export", Help(),
                 [&context, flags] { return RunExport(context, *flags); });
  command.Argument("PINFILE", &flags->file, "A pin file; - is standard input")
      .Required();
  command.Option("--format", "FORM", &flags->format, "The form to write")
      .Required()
      .OneOf(FormatNames());
  command.Option("-o,--output", "FILE", &flags->output,
                 "The file to write; default standard output");
  command.Option("--host", "HOST", &flags->host,
                 "The host, for a form that has no hosts");
  command.Switch("--lossy", &flags->lossy,
                 "Write what can be said and list the rest");
  command.Option("--certificates", "FILE", &flags->certificates,
                 "PEM or DER certificates whose keys are pinned, for pem; "
                 "may be repeated");
  command
      .Option("--tlsa-usage", "USAGE", &flags->usage,
              "dane (default; usages 2 and 3) or pkix (0 and 1)")
      .OneOf({"dane", "pkix"});
  AddTimeFlag(command, &flags->at);
}

}  // namespace tlspin
