#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/formats/import_plan.h"
#include "tools/tlspin/key_file.h"
#include "tools/tlspin/losses_print.h"
#include "tools/tlspin/pin_file.h"
#include "tools/tlspin/time_flag.h"

namespace tlspin {
namespace {

struct ImportFlags {
  std::string format, file, companion, output, expires, on_expiry, updated, at;
  std::vector<std::string> hosts, backups;
  bool lossy = false;
};

// ReadBackup returns the pin `text`, or that of the one key in the file `text`.
absl::StatusOr<PinFilePin> ReadBackup(const std::string& text) {
  if (absl::StartsWith(text, "sha256/")) {
    const absl::StatusOr<pinning::Pin> pin = pinning::Pin::FromString(text);
    if (!pin.ok()) {
      return absl::OutOfRangeError(
          absl::StrCat("--backup: ", pin.status().message()));
    }
    return PinFilePin{{*pin, "backup", pinning::PinRole::kAny}, ""};
  }
  const absl::StatusOr<std::string> content = ReadInput(text);
  if (!content.ok()) {
    return content.status();
  }
  const absl::StatusOr<std::vector<KeyItem>> items = ParseKeys(*content);
  if (!items.ok()) {
    return InFile(text, items.status());
  }
  if (items->size() != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat(text, ": holds several keys; a backup file holds one"));
  }
  return PinFilePin{{items->front().pin, "backup", pinning::PinRole::kAny},
                    absl::StrCat("a ", items->front().kind, " file")};
}

absl::StatusOr<absl::Time> TimeOf(absl::string_view flag,
                                  const std::string& text) {
  const absl::StatusOr<absl::Time> time = ParseTime(text);
  if (!time.ok()) {
    return absl::OutOfRangeError(
        absl::StrCat(flag, ": ", time.status().message()));
  }
  return time;
}

// OptionsOf returns OUT_OF_RANGE for what is wrong with the command line.
absl::StatusOr<ImportOptions> OptionsOf(const ImportFlags& flags,
                                        absl::Time now) {
  ImportOptions options;
  options.file_name = flags.file == "-" ? "standard input" : flags.file;
  options.hosts = flags.hosts;
  options.updated = now;
  if (!flags.updated.empty()) {
    const absl::StatusOr<absl::Time> updated =
        TimeOf("--updated", flags.updated);
    if (!updated.ok()) {
      return updated.status();
    }
    options.updated = *updated;
  }
  if (!flags.expires.empty()) {
    const absl::StatusOr<absl::Time> expires =
        TimeOf("--expires", flags.expires);
    if (!expires.ok()) {
      return expires.status();
    }
    options.expires = *expires;
  }
  if (!flags.on_expiry.empty()) {
    options.on_expiry = flags.on_expiry == "reject"
                            ? pinning::PinSet::OnExpiry::kReject
                            : pinning::PinSet::OnExpiry::kStopEnforcing;
  }
  for (const std::string& text : flags.backups) {
    absl::StatusOr<PinFilePin> backup = ReadBackup(text);
    if (!backup.ok()) {
      return backup.status();
    }
    options.backups.push_back(*std::move(backup));
  }
  return options;
}

// CompanionPath returns the second file of a format that has two.
std::string CompanionPath(const FormatSpec& format, const ImportFlags& flags) {
  if (format.companion.empty() || !flags.companion.empty()) {
    return flags.companion;
  }
  const size_t stem = absl::EndsWith(flags.file, format.extension)
                          ? flags.file.size() - format.extension.size()
                          : flags.file.size();
  return absl::StrCat(flags.file.substr(0, stem), format.companion);
}

Json ImportJson(const ImportFlags& flags, const std::string& name,
                const Imported& imported, const std::string* text) {
  const bool to_file = !flags.output.empty() && flags.output != "-";
  Json json;
  json["schema"] = "tlspin.import/1";
  json["format"] = flags.format;
  json["file"] = name;
  json["pin_file"] = text != nullptr && to_file ? Json(flags.output) : Json();
  json["text"] = text != nullptr && !to_file ? Json(*text) : Json();
  json["losses"] = JsonOf(imported.losses);
  json["ignored"] = JsonOf(imported.ignored);
  return json;
}

// Refuses what a pin file cannot say.
int RefuseLosses(Context& context, const ImportFlags& flags,
                 const std::string& name, const Imported& imported) {
  if (context.json) {
    context.out.Answer(JsonLine(ImportJson(flags, name, imported, nullptr)));
  }
  NoteLosses(context, name, imported.losses);
  context.out.Note(
      absl::StrCat(imported.losses.size(),
                   imported.losses.size() == 1 ? " thing" : " things",
                   " that a pin file cannot say; nothing was written"));
  context.out.Hint("--lossy writes the rest");
  return kNo;
}

int WritePinFile(Context& context, const ImportFlags& flags,
                 const std::string& name, const PinFile& file,
                 const Imported& imported) {
  const absl::StatusOr<std::string> text = PinFileToJson(file);
  if (!text.ok()) {
    return context.Fail(InFile(name, text.status()), "nothing was written");
  }
  const bool to_file = !flags.output.empty() && flags.output != "-";
  if (to_file) {
    const absl::Status written = WriteFileAtomically(flags.output, *text);
    if (!written.ok()) {
      return context.Fail(written);
    }
  }
  if (context.json) {
    context.out.Answer(JsonLine(ImportJson(flags, name, imported, &*text)));
  } else if (to_file) {
    context.out.Answer(absl::StrCat(
        context.out.Paint(Output::Style::kGood, "OK"), "       ",
        Escape(flags.output), ": ", file.sets.size(),
        file.sets.size() == 1 ? " set, " : " sets, ", file.hosts.size(),
        file.hosts.size() == 1 ? " host pattern\n" : " host patterns\n"));
  } else {
    context.out.Answer(*text);
  }
  NoteLosses(context, name, imported.losses);
  NoteLosses(context, name, imported.ignored);
  return kYes;
}

int RunImport(Context& context, const ImportFlags& flags) {
  const FormatSpec& format = *FindFormat(flags.format);
  const absl::StatusOr<absl::Time> now = TimeFromFlag(flags.at);
  if (!now.ok()) {
    return context.Fail(now.status(), "see tlspin import --help", kUsage);
  }
  const absl::StatusOr<ImportOptions> options = OptionsOf(flags, *now);
  if (!options.ok()) {
    return absl::IsOutOfRange(options.status())
               ? context.Fail(options.status(), "see tlspin import --help",
                              kUsage)
               : context.Fail(options.status());
  }
  const absl::StatusOr<std::string> text = ReadInput(flags.file);
  if (!text.ok()) {
    return context.Fail(text.status());
  }
  const std::string companion = CompanionPath(format, flags);
  absl::StatusOr<std::string> companion_text = std::string();
  if (!format.companion.empty()) {
    companion_text = ReadInput(companion);
  }
  if (!companion_text.ok()) {
    return context.Fail(companion_text.status(),
                        "--companion says where the second file is");
  }
  absl::StatusOr<Imported> imported =
      format.read({SourceText(*text, options->file_name),
                   SourceText(*companion_text, companion), *now});
  if (!imported.ok()) {
    return context.Fail(imported.status());
  }
  const absl::StatusOr<PinFile> file = MakePinFile(format, *imported, *options);
  if (!file.ok()) {
    return absl::IsFailedPrecondition(file.status())
               ? context.Fail(file.status(), "see tlspin import --help", kUsage)
               : context.Fail(file.status());
  }
  return imported->losses.empty() || flags.lossy
             ? WritePinFile(context, flags, options->file_name, *file,
                            *imported)
             : RefuseLosses(context, flags, options->file_name, *imported);
}

const HelpText& Help() {
  static const HelpText& help = *new HelpText{
      "Make a pin file of another program's pins",
      absl::StrCat(
          "Reads the pins of another program, strictly:\n", FormatList(),
          "and writes the pin file that decides alike. What a pin file cannot "
          "say is\nan error; with --lossy the rest is written and each loss "
          "listed. What is\nnot about pins is listed as ignored. What a pin "
          "file needs and the other\ndoes not say has to be given: --backup "
          "names a key, there or new, that is\nnot in service; --expires and "
          "--on-expiry say when the pins end."),
      "  0  the pin file was written\n"
      "  1  a pin file cannot say all of it; nothing was written\n"
      "  2  the command line is wrong or does not say enough\n"
      "  3  a file could not be read or written, or is malformed\n",
      "  $ tlspin import --format android network_security_config.xml -o "
      "pins.json\n"
      "  tlspin: network_security_config.xml:5:5: which of these keys is kept "
      "and not\n          in service? Name it, or a new one, with --backup"};
  return help;
}

}  // namespace

void AddImportCommand(CommandTable& table, Context& context) {
  const auto flags = std::make_shared<ImportFlags>();
  Command& command =
      AddCommand(table, context, "import", Help(),
                 [&context, flags] { return RunImport(context, *flags); });
  command.Argument("FILE", &flags->file, "The file; - is standard input")
      .Required();
  command.Option("--format", "FORM", &flags->format, "The form of FILE")
      .Required()
      .OneOf(FormatNames());
  command.Option("--companion", "FILE", &flags->companion,
                 "The second file of chromium; default FILE with .pins");
  command.Option("-o,--output", "FILE", &flags->output,
                 "The pin file to write; default standard output");
  command.Option("--host", "HOST", &flags->hosts,
                 "A host pattern, for a form that has no hosts; may be "
                 "repeated");
  command.Option("--backup", "FILE", &flags->backups,
                 "A pin, or a certificate, CSR or key file, of a key that is "
                 "not in service; may be repeated");
  command.Option("--expires", "WHEN", &flags->expires,
                 "A date, where the file has none");
  command
      .Option("--on-expiry", "WHAT", &flags->on_expiry,
              "stop-enforcing or reject")
      .OneOf({"stop-enforcing", "reject"});
  command.Option("--updated", "WHEN", &flags->updated,
                 "When the pins were last known to be right; default: now");
  command.Switch("--lossy", &flags->lossy,
                 "Write what can be said and list the rest");
  AddTimeFlag(command, &flags->at);
}

}  // namespace tlspin
