#include "tools/tlspin/command.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/tlspin/connection_error.h"

namespace tlspin {

int Context::Fail(const absl::Status& status, absl::string_view hint,
                  int code) {
  const std::string message(status.message());
  const std::string own_hint = HintOf(status);
  if (hint.empty()) {
    hint = own_hint;
  }
  const std::string code_name = CodeOf(status);
  if (json) {
    Json error = {{"schema", "tlspin.error/1"}, {"command", command}};
    error["message"] = message;
    error["hint"] = hint.empty() ? Json() : Json(std::string(hint));
    error["exit_code"] = code;
    error["code"] = code_name.empty() ? Json() : Json(code_name);
    out.Answer(JsonLine(error));
  }
  out.Note(EscapeMessage(message));
  if (!hint.empty()) {
    out.Hint(EscapeMessage(hint));
  }
  return code;
}

Command& AddCommand(CommandTable& table, Context& context,
                    const std::string& name, const HelpText& help,
                    std::function<int()> run) {
  table.emplace_back(name, help, std::move(run));
  Command& command = table.back();
  command
      .Switch("--json", &context.json,
              "Print one JSON object per result, on one line")
      .Common();
  command.Switch("-q,--quiet", &context.quiet, "Print nothing on success")
      .Common();
  command.Switch("-v,--verbose", &context.verbose, "Print more").Common();
  command
      .Option("--color", "WHEN", &context.color,
              "When to colour; auto heeds a terminal, NO_COLOR and TERM=dumb")
      .OneOf({"auto", "always", "never"})
      .Common();
  return command;
}

void AddLanguageFlag(Command& command, Context& context) {
  command
      .Option("--lang", "LANGUAGE", &context.lang,
              "The language of what is said, en or es; default: the "
              "environment's, and English in JSON")
      .OneOf({"en", "es"});
}

void ChooseLanguage(Context& context) {
  std::string locale = context.lang;
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(variable);
    if (locale.empty() && value != nullptr) {
      locale = value;
    }
  }
  context.language =
      pinning::LanguageFromLocale(locale).value_or(pinning::Language::kEnglish);
}

pinning::Language JsonLanguage(const Context& context) {
  return context.lang.empty() ? pinning::Language::kEnglish : context.language;
}

}  // namespace tlspin
