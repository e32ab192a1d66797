#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/time_flag.h"

namespace tlspin {
namespace {

using ::pinning::NamedPin;
using ::pinning::PinRole;
using ::pinning::PinSet;
using ::pinning::PinStore;

constexpr absl::Duration kExpiresSoon = absl::Hours(24 * 30);
// Chromium stops enforcing its own pins when its list is ten weeks old.
constexpr absl::Duration kStale = absl::Hours(24 * 70);

struct LintFlags {
  std::vector<std::string> files;
  std::string at;
  bool strict = false;
};

struct Warning {
  std::string code;
  std::string set;  // empty: the file as a whole
  std::string message;
};

int64_t Days(absl::Duration duration) { return duration / absl::Hours(24); }

std::string Plural(int64_t count, absl::string_view noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

void LintExpiry(const PinSet& set, absl::Time now,
                std::vector<Warning>& warnings) {
  const absl::string_view effect = set.on_expiry() == PinSet::OnExpiry::kReject
                                       ? "every connection is refused"
                                       : "the pins are not enforced";
  const std::string date = DateText(set.expires());
  if (set.IsExpired(now)) {
    warnings.push_back({"expired", set.name(),
                        absl::StrCat("expired on ", date, ": ", effect)});
  } else if (set.expires() - now < kExpiresSoon) {
    warnings.push_back({"expires-soon", set.name(),
                        absl::StrCat("expires on ", date, ", in ",
                                     Plural(Days(set.expires() - now), "day"),
                                     "; then ", effect)});
  }
}

bool AllLeaf(absl::Span<const NamedPin> pins) {
  return std::all_of(pins.begin(), pins.end(), [](const NamedPin& pin) {
    return pin.role == PinRole::kLeaf;
  });
}

void LintSet(const PinStore& store, const PinSet& set, absl::Time now,
             std::vector<Warning>& warnings) {
  LintExpiry(set, now, warnings);
  if (AllLeaf(set.pins())) {
    warnings.push_back({"leaf-only", set.name(),
                        "pins leaf keys only: each renewal with a new key "
                        "needs a new pin file first"});
  }
  if (set.mode() == PinSet::Mode::kReportOnly) {
    warnings.push_back(
        {"report-only", set.name(), "is report-only: nothing is refused"});
  }
  std::vector<std::string> patterns;
  for (const PinStore::Entry& entry : store.entries()) {
    if (entry.pin_set == &set) {
      patterns.push_back(entry.pattern);
    }
  }
  if (patterns.size() == 1 && absl::StartsWith(patterns[0], "**.")) {
    warnings.push_back({"broad-pattern", set.name(),
                        absl::StrCat("covers every name under ", patterns[0],
                                     ", those of other operators too")});
  }
}

std::vector<Warning> Lint(const PinStore& store, absl::Time now) {
  std::vector<Warning> warnings;
  const absl::Duration age = now - store.updated();
  if (age > kStale) {
    warnings.push_back(
        {"stale", "",
         absl::StrCat("last updated on ", DateText(store.updated()), ", ",
                      Plural(Days(age), "day"), " ago")});
  } else if (age < absl::ZeroDuration()) {
    warnings.push_back(
        {"updated-in-future", "",
         absl::StrCat("says it was updated on ", DateText(store.updated()),
                      ", which is yet to come")});
  }
  if (store.entries().empty()) {
    warnings.push_back({"empty", "", "pins no host"});
  }
  for (const PinSet* set : store.pin_sets()) {
    LintSet(store, *set, now, warnings);
  }
  return warnings;
}

// A Place is where the library found an error: "FILE:LINE:COLUMN: MESSAGE".
struct Place {
  int line = 0;  // 0: not said
  int column = 0;
  std::string message;
};

Place PlaceOf(const std::string& name, absl::string_view text) {
  Place place;
  place.message = std::string(text);
  if (!absl::ConsumePrefix(&text, absl::StrCat(name, ":"))) {
    return place;
  }
  const std::vector<std::string> parts =
      absl::StrSplit(text, absl::MaxSplits(':', 2));
  if (parts.size() == 3 && absl::SimpleAtoi(parts[0], &place.line) &&
      absl::SimpleAtoi(parts[1], &place.column)) {
    place.message = std::string(absl::StripAsciiWhitespace(parts[2]));
  }
  return place;
}

// PrintAnswer prints the last line about one file.
void PrintAnswer(Context& context, bool clean, absl::string_view text) {
  context.out.Answer(
      absl::StrCat(clean ? context.out.Paint(Output::Style::kGood, "OK")
                         : context.out.Paint(Output::Style::kBad, "FAIL"),
                   clean ? "       " : "     ", text, "\n"));
}

Json JsonOf(const std::string& name, absl::Time now, bool clean,
            const Json& errors, const Json& warnings) {
  Json json;
  json["schema"] = "tlspin.lint/1";
  json["file"] = name;
  json["time"] = TimeText(now);
  json["clean"] = clean;
  json["errors"] = errors;
  json["warnings"] = warnings;
  return json;
}

int ReportError(Context& context, const std::string& name, absl::Time now,
                const absl::Status& error) {
  const std::string message(error.message());
  if (context.json) {
    const Place place = PlaceOf(name, message);
    Json errors = Json::array();
    errors.push_back({{"line", place.line},
                      {"column", place.column},
                      {"message", place.message}});
    context.out.Answer(
        JsonLine(JsonOf(name, now, false, errors, Json::array())));
    return kNo;
  }
  context.out.Answer(
      absl::StrCat(context.out.Paint(Output::Style::kBad, "error"), "    ",
                   EscapeMessage(message), "\n"));
  PrintAnswer(context, false, absl::StrCat(Escape(name), ": 1 error"));
  return kNo;
}

Json JsonOf(const std::vector<Warning>& warnings) {
  Json list = Json::array();
  for (const Warning& warning : warnings) {
    list.push_back({{"code", warning.code},
                    {"set", warning.set.empty() ? Json() : Json(warning.set)},
                    {"message", warning.message}});
  }
  return list;
}

int ReportWarnings(Context& context, const std::string& name, absl::Time now,
                   const PinStore& store, bool strict) {
  const std::vector<Warning> warnings = Lint(store, now);
  const bool clean = warnings.empty() || !strict;
  if (context.json) {
    context.out.Answer(
        JsonLine(JsonOf(name, now, clean, Json::array(), JsonOf(warnings))));
    return clean ? kYes : kNo;
  }
  for (const Warning& warning : warnings) {
    context.out.Answer(
        absl::StrCat(context.out.Paint(Output::Style::kWarning, "warning"),
                     "  ", Escape(name), ": ",
                     warning.set.empty()
                         ? ""
                         : absl::StrCat("set \"", Escape(warning.set), "\" "),
                     Escape(warning.message), " [", warning.code, "]\n"));
  }
  PrintAnswer(context, clean,
              absl::StrCat(Escape(name), ": ",
                           Plural(store.pin_sets().size(), "pin set"), ", ",
                           Plural(store.entries().size(), "host pattern"), ", ",
                           Plural(warnings.size(), "warning"),
                           strict && !clean ? " (strict)" : ""));
  return clean ? kYes : kNo;
}

int LintFile(Context& context, const std::string& path, absl::Time now,
             bool strict) {
  absl::StatusOr<std::string> text = ReadInput(path, PinStore::kMaxFileSize);
  if (!text.ok()) {
    return context.Fail(text.status());
  }
  const std::string name = path == "-" ? "standard input" : path;
  const absl::StatusOr<std::shared_ptr<const PinStore>> store =
      PinStore::FromJson(*text, name);
  if (!store.ok()) {
    return ReportError(context, name, now, store.status());
  }
  return ReportWarnings(context, name, now, **store, strict);
}

int RunLint(Context& context, const LintFlags& flags) {
  const absl::StatusOr<absl::Time> now = TimeFromFlag(flags.at);
  if (!now.ok()) {
    return context.Fail(now.status(), "see tlspin lint --help", kUsage);
  }
  int code = kYes;
  for (const std::string& file : flags.files) {
    code = std::max(code, LintFile(context, file, *now, flags.strict));
  }
  context.out.Note(absl::StrCat("judged at ", TimeText(*now)));
  return code;
}

const HelpText& Help() {
  static const HelpText& help = *new HelpText{
      "Find errors and warnings in pin files",
      "Decides whether pin files are well formed and whether anything in them\n"
      "calls for attention: expiry, leaf keys only, report-only sets, broad\n"
      "patterns, an old list. It does not ask any server (see tlspin check).",
      "  0  no error (with --strict: and no warning)\n"
      "  1  errors (with --strict: or warnings)\n"
      "  2  the command line is wrong\n"
      "  3  a file could not be read\n",
      "  $ tlspin lint pins/webex.json --at 2026-12-01\n"
      "  warning  pins/webex.json: set \"webex\" expires on 2026-12-20, in 19 "
      "days;\n           then the pins are not enforced [expires-soon]\n"
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
  AddTimeFlag(command, &flags->at);
}

}  // namespace tlspin
