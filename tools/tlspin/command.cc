#include "tools/tlspin/command.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace tlspin {

int Context::Fail(const absl::Status& status, absl::string_view hint,
                  int code) {
  const std::string message(status.message());
  if (json) {
    Json error = {{"schema", "tlspin.error/1"}, {"command", command}};
    error["message"] = message;
    error["hint"] = hint.empty() ? Json() : Json(std::string(hint));
    error["exit_code"] = code;
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

}  // namespace tlspin
