// tlspin: the command line of `pinning`. Each command reads its inputs, calls
// the library, prints the answer and exits.

#include <csignal>
#include <exception>

#include "absl/status/status.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/command_line.h"
#include "tools/tlspin/command_table.h"
#include "tools/tlspin/commands.h"

namespace tlspin {
namespace {

int Main(int argc, char** argv) {
  // A reader that went away shows as an error of the write.
  std::signal(SIGPIPE, SIG_IGN);
  Context context;
  CommandTable table;
  AddAllCommands(table, context);
  int code = kUndecided;
  try {
    code = RunCommandLine(table, context, argc, argv);
  } catch (const std::exception& error) {
    code = context.Fail(absl::InternalError(error.what()));
  }
  return context.out.Finish(code);
}

}  // namespace
}  // namespace tlspin

int main(int argc, char** argv) { return tlspin::Main(argc, argv); }
