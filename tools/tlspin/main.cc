// tlspin: the command line of `pinning`. Each command reads its inputs, calls
// the library, prints the answer and exits.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <exception>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/suggest.h"
#include "tools/tlspin/version.h"

namespace tlspin {
namespace {

// The commands, in the order of the help.
constexpr void (*kCommands[])(CLI::App&, Context&) = {
    AddVerifyCommand,   AddInspectCommand, AddPinCommand,  AddLintCommand,
    AddGenerateCommand, AddCheckCommand,   AddDiffCommand, AddExportCommand,
    AddImportCommand,   AddDemoCommand,
};

constexpr char kFooter[] =
    "\nExit codes, the same for every command:\n"
    "  0  yes: accepted, clean, no difference\n"
    "  1  no: rejected, errors found, differences\n"
    "  2  the command line is wrong\n"
    "  3  could not decide: unreadable, malformed, no connection\n"
    "\n`tlspin COMMAND --help` tells what a command decides and shows an "
    "example.";

int UsageError(Context& context, absl::string_view message,
               absl::string_view hint) {
  return context.Fail(absl::InvalidArgumentError(message), hint, kUsage);
}

// Chosen returns the command whose flags were being parsed: `app` if none.
CLI::App* Chosen(CLI::App& app) {
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  return chosen.empty() ? &app : chosen.front();
}

std::string SeeHelp(const CLI::App* chosen) {
  return chosen->get_parent() == nullptr
             ? "see tlspin --help"
             : absl::StrCat("see tlspin ", chosen->get_name(), " --help");
}

std::vector<std::string> CommandNames(CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) {
    names.push_back(command->get_name());
  }
  return names;
}

int UnknownCommand(Context& context, const std::string& word,
                   const std::vector<std::string>& names) {
  const std::string nearest = Nearest(word, names);
  return UsageError(context, absl::StrCat("there is no command \"", word, "\""),
                    nearest.empty()
                        ? "see tlspin --help"
                        : absl::StrCat("did you mean \"", nearest, "\"?"));
}

int UnknownFlag(Context& context, const CLI::App* chosen,
                const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::Option* option : chosen->get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back(absl::StrCat("--", name));
    }
  }
  const std::string flag = word.substr(0, word.find('='));
  const std::string nearest = Nearest(flag, names);
  return UsageError(context, absl::StrCat("there is no flag \"", flag, "\""),
                    nearest.empty()
                        ? SeeHelp(chosen)
                        : absl::StrCat("did you mean ", nearest, "?"));
}

// ParseError says what is wrong with the command line. An unknown flag is
// named before whatever its absence led to.
int ParseError(Context& context, CLI::App& app, const CLI::ParseError& error) {
  CLI::App* chosen = Chosen(app);
  context.command = chosen->get_parent() == nullptr ? "" : chosen->get_name();
  const std::vector<std::string> extras = app.remaining(/*recurse=*/true);
  for (const std::string& word : extras) {
    if (word.size() > 1 && word[0] == '-' && word != "--") {
      return UnknownFlag(context, chosen, word);
    }
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    const std::vector<std::string> parts =
        absl::StrSplit(error.what(), absl::MaxSplits(": ", 1));
    return UsageError(context,
                      absl::StrCat("unexpected argument: ", parts.back()),
                      SeeHelp(chosen));
  }
  std::string message = error.what();
  if (chosen->get_parent() == nullptr) {
    message = "no command given";
  }
  return UsageError(context, message, SeeHelp(chosen));
}

int ParseAndRun(Context& context, CLI::App& app, int argc, char** argv) {
  const std::vector<std::string> names = CommandNames(app);
  if (argc > 1 && argv[1][0] != '-' &&
      std::find(names.begin(), names.end(), argv[1]) == names.end()) {
    return UnknownCommand(context, argv[1], names);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    context.out.Answer(app.help());
    return kYes;
  } catch (const CLI::CallForVersion&) {
    context.out.Answer(absl::StrCat(kVersion, "\n"));
    return kYes;
  } catch (const CLI::ParseError& error) {
    return ParseError(context, app, error);
  }
  ChooseLanguage(context);
  context.out.set_quiet(context.quiet);
  context.out.set_color(context.color == "always"  ? Output::Color::kAlways
                        : context.color == "never" ? Output::Color::kNever
                                                   : Output::Color::kAuto);
  return context.run();
}

int Main(int argc, char** argv) {
  // A reader that went away shows as an error of the write.
  std::signal(SIGPIPE, SIG_IGN);
  Context context;
  // Known before parsing: a command line that does not parse is an error that
  // the reader of JSON is to see too.
  context.json = std::any_of(argv + 1, argv + argc, [](const char* word) {
    return absl::string_view(word) == "--json";
  });
  CLI::App app(
      "Decides whether TLS connections may be trusted, by certificate path, "
      "name and pins.",
      "tlspin");
  app.set_help_flag("-h,--help", "Print this help and exit");
  app.set_version_flag("--version", kVersion, "Print the version and exit");
  app.require_subcommand(1);
  app.footer(kFooter);
  for (const auto add : kCommands) {
    add(app, context);
  }
  int code = kUndecided;
  try {
    code = ParseAndRun(context, app, argc, argv);
  } catch (const std::exception& error) {
    code = context.Fail(absl::InternalError(error.what()));
  }
  return context.out.Finish(code);
}

}  // namespace
}  // namespace tlspin

int main(int argc, char** argv) { return tlspin::Main(argc, argv); }
