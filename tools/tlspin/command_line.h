#ifndef TOOLS_TLSPIN_COMMAND_LINE_H_
#define TOOLS_TLSPIN_COMMAND_LINE_H_

#include "tools/tlspin/command.h"
#include "tools/tlspin/command_table.h"

namespace tlspin {

// RunCommandLine parses the arguments of `main`, runs the command of `table`
// that they name and returns its exit code. Help and version are answered, and
// an error of usage is told, with what was probably meant, here.
int RunCommandLine(const CommandTable& table, Context& context, int argc,
                   char** argv);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_COMMAND_LINE_H_
