#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/pin_store.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/lint_checks.h"
#include "tools/tlspin/lint_fix.h"
#include "tools/tlspin/time_flag.h"

namespace tlspin {
namespace {

using ::pinning::PinStore;
struct LintFlags {
  std::vector<std::string> files;
  std::string at;
  bool strict = false;
  bool fix = false;
  bool dry_run = false;
};

using Severity = LintFinding::Severity;

std::string Plural(size_t count, absl::string_view noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

// PrintAnswer prints the last line about one file.
void PrintAnswer(Context& context, bool clean, absl::string_view text) {
  context.out.Answer(
      absl::StrCat(clean ? context.out.Paint(Output::Style::kGood, "OK")
                         : context.out.Paint(Output::Style::kBad, "FAIL"),
                   clean ? "       " : "     ", text, "\n"));
}

// PrintFinding prints one line; `label` is eight characters wide.
void PrintFinding(Context& context, const std::string& name,
                  Output::Style style, absl::string_view label,
                  const LintFinding& finding) {
  context.out.Answer(absl::StrCat(
      context.out.Paint(style, label), std::string(9 - label.size(), ' '),
      Escape(name), ":",
      finding.line == 0 ? ""
                        : absl::StrCat(finding.line, ":", finding.column, ":"),
      " ",
      finding.set.empty() ? ""
                          : absl::StrCat("set \"", Escape(finding.set), "\" "),
      EscapeMessage(finding.message), " [", finding.code, "]\n"));
}

Json JsonOf(const LintFinding& finding) {
  Json json;
  if (finding.severity == Severity::kError) {
    json["line"] = finding.line;
    json["column"] = finding.column;
    json["message"] = finding.message;
    json["code"] = finding.code;
    json["set"] = finding.set.empty() ? Json() : Json(finding.set);
  } else {
    json["code"] = finding.code;
    json["set"] = finding.set.empty() ? Json() : Json(finding.set);
    json["message"] = finding.message;
    json["line"] = finding.line;
    json["column"] = finding.column;
  }
  json["fixable"] = !finding.fix.empty();
  return json;
}

Json JsonOf(const std::vector<LintFinding>& findings, Severity severity) {
  Json list = Json::array();
  for (const LintFinding& finding : findings) {
    if (finding.severity == severity) {
      list.push_back(JsonOf(finding));
    }
  }
  return list;
}

// A Fix is what --fix came to.
struct Fix {
  std::vector<LintFinding> fixed;
  bool written = false;
};

size_t CountOf(const LintResult& result, Severity severity) {
  return static_cast<size_t>(
      std::count_if(result.findings.begin(), result.findings.end(),
                    [severity](const LintFinding& finding) {
                      return finding.severity == severity;
                    }));
}

std::string AnswerText(const LintResult& result, size_t errors,
                       size_t warnings) {
  if (errors == 0) {
    return absl::StrCat(Plural(result.store->pin_sets()->size(), "pin set"),
                        ", ", Plural(result.store->size(), "host pattern"),
                        ", ", Plural(warnings, "warning"));
  }
  return warnings == 0 ? Plural(errors, "error")
                       : absl::StrCat(Plural(errors, "error"), ", ",
                                      Plural(warnings, "warning"));
}

// Report prints what there is to say of a file; `fix` is null without --fix.
int Report(Context& context, const LintFlags& flags, const std::string& name,
           absl::Time now, const LintResult& result, const Fix* fix) {
  const size_t errors = CountOf(result, Severity::kError);
  const size_t warnings = CountOf(result, Severity::kWarning);
  const bool clean = errors == 0 && (warnings == 0 || !flags.strict);
  if (context.json) {
    Json json;
    json["schema"] = "tlspin.lint/1";
    json["file"] = name;
    json["time"] = TimeText(now);
    json["clean"] = clean;
    json["errors"] = JsonOf(result.findings, Severity::kError);
    json["warnings"] = JsonOf(result.findings, Severity::kWarning);
    if (fix != nullptr) {
      json["fixed"] = Json::array();
      for (const LintFinding& finding : fix->fixed) {
        json["fixed"].push_back(JsonOf(finding));
      }
      json["written"] = fix->written;
    }
    context.out.Answer(JsonLine(json));
    return clean ? kYes : kNo;
  }
  if (fix != nullptr) {
    for (const LintFinding& finding : fix->fixed) {
      PrintFinding(context, name, Output::Style::kGood,
                   flags.dry_run ? "to fix" : "fixed", finding);
    }
  }
  size_t fixable = 0;
  for (const LintFinding& finding : result.findings) {
    const bool is_error = finding.severity == Severity::kError;
    PrintFinding(context, name,
                 is_error ? Output::Style::kBad : Output::Style::kWarning,
                 is_error ? "error" : "warning", finding);
    fixable += finding.fix.empty() ? 0 : 1;
  }
  PrintAnswer(
      context, clean,
      absl::StrCat(Escape(name), ": ", AnswerText(result, errors, warnings),
                   errors == 0 && !clean ? " (strict)" : ""));
  if (fixable > 0 && fix == nullptr) {
    context.out.Hint(absl::StrCat("tlspin lint --fix mends ", fixable,
                                  " of these without another decision on any "
                                  "host"));
  }
  return clean ? kYes : kNo;
}

int FixFile(Context& context, const LintFlags& flags, const std::string& path,
            const std::string& text, const std::string& name, absl::Time now) {
  absl::StatusOr<FixedFile> file = FixPinFile(text, name, now);
  if (!file.ok()) {
    return context.Fail(file.status());
  }
  Fix fix = {std::move(file->fixed), false};
  if (!flags.dry_run && !fix.fixed.empty()) {
    const absl::Status written = WriteFileAtomically(path, file->text);
    if (!written.ok()) {
      return context.Fail(written);
    }
    fix.written = true;
  }
  return Report(context, flags, name, now, file->left, &fix);
}

int LintFile(Context& context, const LintFlags& flags, const std::string& path,
             absl::Time now) {
  const absl::StatusOr<std::string> text =
      ReadInput(path, PinStore::kMaxFileSize);
  if (!text.ok()) {
    return context.Fail(text.status());
  }
  const std::string name = path == "-" ? "standard input" : path;
  return flags.fix ? FixFile(context, flags, path, *text, name, now)
                   : Report(context, flags, name, now,
                            LintPinFile(*text, name, now), nullptr);
}

// CheckFlags returns what is wrong with how the flags go together.
absl::Status CheckFlags(const LintFlags& flags) {
  if (flags.dry_run && !flags.fix) {
    return absl::InvalidArgumentError("--dry-run goes with --fix");
  }
  if (flags.fix && !flags.dry_run &&
      std::count(flags.files.begin(), flags.files.end(), "-") > 0) {
    return absl::InvalidArgumentError(
        "--fix writes the file, and standard input is none");
  }
  return absl::OkStatus();
}

int RunLint(Context& context, const LintFlags& flags) {
  const absl::StatusOr<absl::Time> now = TimeFromFlag(flags.at);
  for (const absl::Status& usage : {now.status(), CheckFlags(flags)}) {
    if (!usage.ok()) {
      return context.Fail(usage, "see tlspin lint --help", kUsage);
    }
  }
  int code = kYes;
  for (const std::string& file : flags.files) {
    code = std::max(code, LintFile(context, flags, file, *now));
  }
  context.out.Note(absl::StrCat("judged at ", TimeText(*now)));
  return code;
}

const HelpText& Help() {
  static const HelpText& help = *new HelpText{
      "Find errors and warnings in pin files",
      "Decides whether pin files are well formed and whether anything in them\n"
      "calls for attention: expiry, leaf keys only, report-only sets, broad\n"
      "patterns, an old list. It does not ask any server (see tlspin check).\n"
      "--fix mends what can be mended without another decision on any host, "
      "and\n"
      "touches nothing else: pins and patterns in another form, and what is "
      "there\n"
      "twice. tlspin explain CODE tells more about a code.",
      "  0  no error (with --strict: and no warning)\n"
      "  1  errors (with --strict: or warnings)\n"
      "  2  the command line is wrong\n"
      "  3  a file could not be read\n",
      "  $ tlspin lint pins/webex.json --at 2026-12-01\n"
      "  warning  pins/webex.json:9:18: set \"webex\" expires on 2026-12-20, "
      "in 19\n           days; then the pins are not enforced [expires-soon]\n"
      "  OK       pins/webex.json: 1 pin set, 3 host patterns, 1 warning"};
  return help;
}

}  // namespace

void AddLintCommand(CommandTable& table, Context& context) {
  const auto flags = std::make_shared<LintFlags>();
  Command& command =
      AddCommand(table, context, "lint", Help(),
                 [&context, flags] { return RunLint(context, *flags); });
  command.Argument("PINFILE", &flags->files, "Pin files; - is standard input")
      .Required();
  command.Switch("--strict", &flags->strict, "Make warnings errors");
  command.Switch("--fix", &flags->fix,
                 "Write the file with what can be mended mended");
  command.Switch("--dry-run", &flags->dry_run,
                 "Say what --fix would do, and write nothing");
  AddTimeFlag(command, &flags->at);
}

}  // namespace tlspin
