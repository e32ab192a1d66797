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

CLI::App* AddCommand(CLI::App& app, Context& context, const std::string& name,
                     const HelpText& help, std::function<int()> run) {
  CLI::App* command = app.add_subcommand(name, help.summary);
  command->add_flag("--json", context.json,
                    "Print one JSON object per result, on one line");
  command->add_flag("-q,--quiet", context.quiet, "Print nothing on success");
  command->add_flag("-v,--verbose", context.verbose, "Print more");
  command
      ->add_option("--color", context.color,
                   "auto, always or never (NO_COLOR and TERM=dumb count in "
                   "auto)")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  command->footer(absl::StrCat(help.decides, "\n\nExit codes:\n",
                               help.exit_codes, "\nExample:\n", help.example));
  command->callback([&context, name, run = std::move(run)] {
    context.command = name;
    context.run = run;
  });
  return command;
}

void AddLanguageFlag(CLI::App* command, Context& context) {
  command
      ->add_option("--lang", context.lang,
                   "The language of what is said, en or es; default: the "
                   "environment's, and English in JSON")
      ->check(CLI::IsMember({"en", "es"}));
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
