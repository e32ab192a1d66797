#ifndef TOOLS_TLSPIN_COMMANDS_H_
#define TOOLS_TLSPIN_COMMANDS_H_

#include "tools/tlspin/command.h"
#include "tools/tlspin/command_table.h"

namespace tlspin {

// AddAllCommands adds every command to `table`, in the order of the help. Both
// live as long as the table is used.
void AddAllCommands(CommandTable& table, Context& context);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_COMMANDS_H_
