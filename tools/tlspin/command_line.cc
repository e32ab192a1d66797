#include "tools/tlspin/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/flag_text.h"
#include "tools/tlspin/help_text.h"
#include "tools/tlspin/suggest.h"
#include "tools/tlspin/terminal.h"
#include "tools/tlspin/version.h"

namespace tlspin {
namespace {

// Bind makes the parser put what it is given where the row says.
struct Bind {
  CLI::App* app;
  const Flag& flag;

  CLI::Option* operator()(bool* target) const {
    return app->add_flag(flag.names, *target);
  }
  CLI::Option* operator()(std::vector<std::string>* target) const {
    CLI::Option* option = app->add_option(flag.names, *target);
    if (!flag.is_argument()) {
      option->expected(1)->take_all();  // one each, so that a host may follow
    }
    return option;
  }
  template <typename T>
  CLI::Option* operator()(T* target) const {
    return app->add_option(flag.names, *target);
  }
};

void AddFlag(CLI::App* app, const Flag& flag) {
  CLI::Option* option = std::visit(Bind{app, flag}, flag.target);
  option->required(flag.required);
  if (!flag.is_switch()) {
    option->type_name(flag.value);
  }
  if (!flag.choices.empty()) {
    option->check(CLI::IsMember(flag.choices));
  }
  if (flag.range.has_value()) {
    option->check(CLI::Range(flag.range->first, flag.range->second));
  }
  if (flag.check) {
    option->check(flag.check);
  }
}

// AddCommands adds those of `table`; `*chosen` is set to the one that is named.
void AddCommands(CLI::App& app, const CommandTable& table,
                 const Command** chosen) {
  for (const Command& command : table) {
    CLI::App* sub = app.add_subcommand(command.name());
    for (const Flag& flag : command.flags()) {
      AddFlag(sub, flag);
    }
    sub->callback([&command, chosen] { *chosen = &command; });
  }
}

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

void SetUp(CLI::App& app) {
  app.set_help_flag(HelpFlag().names);
  app.set_version_flag(VersionFlag().names, kVersion);
  app.require_subcommand(1);
}

}  // namespace

int RunCommandLine(const CommandTable& table, Context& context, int argc,
                   char** argv) {
  // Known before parsing: a command line that does not parse is an error that
  // the reader of JSON is to see too.
  context.json = std::any_of(argv + 1, argv + argc, [](const char* word) {
    return absl::string_view(word) == "--json";
  });
  if (argc > 1 && argv[1][0] != '-' && FindCommand(table, argv[1]) == nullptr) {
    return UnknownCommand(context, argv[1], CommandNames(table));
  }
  CLI::App app("", "tlspin");
  SetUp(app);
  const Command* chosen = nullptr;
  AddCommands(app, table, &chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const Command* asked = FindCommand(table, Chosen(app)->get_name());
    context.out.Answer(asked == nullptr ? ProgramHelp(table, OutputWidth())
                                        : CommandHelp(*asked, OutputWidth()));
    return kYes;
  } catch (const CLI::CallForVersion&) {
    context.out.Answer(absl::StrCat(kVersion, "\n"));
    return kYes;
  } catch (const CLI::ParseError& error) {
    return ParseError(context, app, error);
  }
  context.command = chosen->name();
  ChooseLanguage(context);
  context.out.set_quiet(context.quiet);
  context.out.set_color(context.color == "always"  ? Output::Color::kAlways
                        : context.color == "never" ? Output::Color::kNever
                                                   : Output::Color::kAuto);
  return chosen->run()();
}

}  // namespace tlspin
