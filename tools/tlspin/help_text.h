#ifndef TOOLS_TLSPIN_HELP_TEXT_H_
#define TOOLS_TLSPIN_HELP_TEXT_H_

#include <cstddef>
#include <string>

#include "tools/tlspin/command_table.h"

namespace tlspin {

// ProgramHelp returns what `tlspin --help` prints, to fit `width`.
std::string ProgramHelp(const CommandTable& table, size_t width);

// CommandHelp returns what `tlspin COMMAND --help` prints, to fit `width`. The
// example is not fitted: it shows what is printed.
std::string CommandHelp(const Command& command, size_t width);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_HELP_TEXT_H_
