#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "pinning/mapped_file.h"
#include "pinning/pin_store.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/command_table.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/output.h"
#include "tools/tlspin/time_text.h"

namespace tlspin {
namespace {

using ::pinning::PinStore;

struct CompileFlags {
  std::string pin_file;
  std::string output;
  std::string check;
};

int Print(Context& context, const std::string& file, const PinStore& store,
          size_t sets, size_t size) {
  if (context.json) {
    Json json;
    json["schema"] = "tlspin.compile/1";
    json["file"] = file;
    json["patterns"] = store.size();
    json["sets"] = sets;
    json["bytes"] = size;
    json["updated"] = TimeText(store.updated());
    context.out.Answer(JsonLine(json));
    return kYes;
  }
  context.out.Answer(absl::StrCat(
      context.out.Paint(Output::Style::kGood, "OK"), "       ", Escape(file),
      ": ", store.size(),
      store.size() == 1 ? " host pattern, " : " host patterns, ", sets,
      sets == 1 ? " pin set, " : " pin sets, ", size, " bytes\n"));
  return kYes;
}

// CheckCompiled reads the whole of `compiled`, and holds every answer of it to
// `source` unless that is null.
absl::Status CheckCompiled(const PinStore& compiled, const PinStore* source) {
  absl::Status status = compiled.CheckAll();
  if (!status.ok() || source == nullptr) {
    return status;
  }
  if (compiled.Digest() != source->Digest() ||
      compiled.size() != source->size() ||
      compiled.updated() != source->updated()) {
    return absl::InternalError("what was compiled is not the pin file");
  }
  return absl::OkStatus();
}

int CheckFile(Context& context, const std::string& path) {
  const absl::StatusOr<std::shared_ptr<const pinning::MappedFile>> file =
      pinning::MappedFile::Open(path);
  if (!file.ok()) {
    return context.Fail(file.status());
  }
  const size_t size = (*file)->bytes().size();
  const absl::StatusOr<std::shared_ptr<const PinStore>> store =
      PinStore::FromCompiled((*file)->bytes(), *file);
  if (!store.ok()) {
    return context.Fail(InFile(path, store.status()));
  }
  const absl::Status checked = CheckCompiled(**store, nullptr);
  if (!checked.ok()) {
    return context.Fail(InFile(path, checked));
  }
  const auto sets = (*store)->pin_sets();
  if (!sets.ok()) {
    return context.Fail(InFile(path, sets.status()));
  }
  return Print(context, path, **store, sets->size(), size);
}

int RunCompile(Context& context, const CompileFlags& flags) {
  if (!flags.check.empty()) {
    if (!flags.pin_file.empty() || !flags.output.empty()) {
      return context.Fail(
          absl::InvalidArgumentError("--check goes with no other file"), "",
          kUsage);
    }
    return CheckFile(context, flags.check);
  }
  if (flags.pin_file.empty() || flags.output.empty()) {
    return context.Fail(
        absl::InvalidArgumentError("PINFILE and --output are required"),
        "see tlspin compile --help", kUsage);
  }
  const absl::StatusOr<std::string> text =
      ReadInput(flags.pin_file, PinStore::kMaxFileSize);
  if (!text.ok()) {
    return context.Fail(text.status());
  }
  const absl::StatusOr<std::shared_ptr<const PinStore>> store =
      PinStore::FromJson(
          *text, flags.pin_file == "-" ? "standard input" : flags.pin_file);
  if (!store.ok()) {
    return context.Fail(store.status());
  }
  absl::StatusOr<std::string> compiled = (*store)->Compile();
  if (!compiled.ok()) {
    return context.Fail(InFile(flags.pin_file, compiled.status()));
  }
  const auto bytes = std::make_shared<const std::string>(*std::move(compiled));
  // Before anyone else maps it.
  const absl::StatusOr<std::shared_ptr<const PinStore>> reopened =
      PinStore::FromCompiled(AsBytes(*bytes), bytes);
  absl::Status status = reopened.ok() ? CheckCompiled(**reopened, store->get())
                                      : reopened.status();
  if (status.ok()) {
    status = WriteFileAtomically(flags.output, *bytes);
  }
  if (!status.ok()) {
    return context.Fail(status);
  }
  return Print(context, flags.output, **store, (*store)->pin_sets()->size(),
               bytes->size());
}

const HelpText& Help() {
  static const HelpText& help = *new HelpText{
      "Write a pin file in the form that is used where it lies",
      "Writes the compiled form of a pin file: looked up in memory as it is,\n"
      "opened without being read, and shared by all processes that map it.\n"
      "The file is replaced whole, so that a process that has the old one "
      "open\n"
      "keeps it. --check reads a compiled file from end to end. It decides\n"
      "nothing about the pins (see tlspin lint).",
      "  0  written, or intact\n"
      "  2  the command line is wrong\n"
      "  3  a file could not be read or written, is no pin file, or is "
      "damaged\n",
      "  $ tlspin compile pins/webex.json -o webex.pins\n"
      "  OK       webex.pins: 3 host patterns, 1 pin set, 588 bytes"};
  return help;
}

}  // namespace

void AddCompileCommand(CommandTable& table, Context& context) {
  const auto flags = std::make_shared<CompileFlags>();
  Command& command =
      AddCommand(table, context, "compile", Help(),
                 [&context, flags] { return RunCompile(context, *flags); });
  command.Argument("PINFILE", &flags->pin_file,
                   "A pin file; - is standard input");
  command.Option("-o,--output", "FILE", &flags->output,
                 "The compiled file to write");
  command.Option("--check", "FILE", &flags->check,
                 "Read this compiled file whole and say whether it is intact");
}

}  // namespace tlspin
