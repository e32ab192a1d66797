#include "tools/tlspin/commands.h"

namespace tlspin {
namespace {

// The commands, in the order of the help.
constexpr void (*kCommands[])(CommandTable&, Context&) = {
    AddVerifyCommand, AddInspectCommand,    AddExplainCommand, AddPinCommand,
    AddLintCommand,   AddGenerateCommand,   AddCheckCommand,   AddDiffCommand,
    AddExportCommand, AddImportCommand,     AddCompileCommand, AddDemoCommand,
    AddHelpCommand,   AddCompletionCommand, AddManualCommand,
};

}  // namespace

void AddAllCommands(CommandTable& table, Context& context) {
  for (const auto add : kCommands) {
    add(table, context);
  }
}

}  // namespace tlspin
