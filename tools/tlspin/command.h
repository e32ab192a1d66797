#ifndef TOOLS_TLSPIN_COMMAND_H_
#define TOOLS_TLSPIN_COMMAND_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "pinning/language.h"
#include "tools/tlspin/command_table.h"
#include "tools/tlspin/output.h"

namespace tlspin {

// A Context is what the frame and the command that was chosen share.
struct Context {
  Output out;
  std::string command;         // the name of the command that was chosen
  bool json = false;           // --json
  bool quiet = false;          // -q
  bool verbose = false;        // -v
  std::string color = "auto";  // --color
  std::string lang;            // --lang; empty: not given
  // What is said to people is said in this language: --lang, else that of the
  // environment. ChooseLanguage sets it.
  pinning::Language language = pinning::Language::kEnglish;

  // Fail says why nothing could be decided, on standard error and under --json
  // on standard output too, and returns `code`. Without a `hint` it gives the
  // one that `status` bears (connection_error.h).
  int Fail(const absl::Status& status, absl::string_view hint = "",
           int code = kUndecided);
};

// AddCommand adds the command `name` with the flags that all commands have.
// `run` is called once the command line has been parsed, if it is the one. The
// result is good as long as `table`.
Command& AddCommand(CommandTable& table, Context& context,
                    const std::string& name, const HelpText& help,
                    std::function<int()> run);

// AddLanguageFlag adds --lang to a command that diagnoses.
void AddLanguageFlag(Command& command, Context& context);

// ChooseLanguage sets the language from --lang or, if it was not given, from
// the first of LC_ALL, LC_MESSAGES and LANG that is set. Another language than
// those there are is English.
void ChooseLanguage(Context& context);

// JsonLanguage returns the language of the sentences in JSON: English unless
// --lang was given, so that a program's output does not change with the
// environment that it runs in.
pinning::Language JsonLanguage(const Context& context);

// One per command, each in a file of its name.
void AddVerifyCommand(CommandTable& table, Context& context);
void AddInspectCommand(CommandTable& table, Context& context);
void AddExplainCommand(CommandTable& table, Context& context);
void AddPinCommand(CommandTable& table, Context& context);
void AddLintCommand(CommandTable& table, Context& context);
void AddGenerateCommand(CommandTable& table, Context& context);
void AddCheckCommand(CommandTable& table, Context& context);
void AddDiffCommand(CommandTable& table, Context& context);
void AddExportCommand(CommandTable& table, Context& context);
void AddImportCommand(CommandTable& table, Context& context);
void AddCompileCommand(CommandTable& table, Context& context);
void AddDemoCommand(CommandTable& table, Context& context);
void AddHelpCommand(CommandTable& table, Context& context);
void AddCompletionCommand(CommandTable& table, Context& context);
void AddManualCommand(CommandTable& table, Context& context);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_COMMAND_H_
