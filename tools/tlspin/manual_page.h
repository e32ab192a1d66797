#ifndef TOOLS_TLSPIN_MANUAL_PAGE_H_
#define TOOLS_TLSPIN_MANUAL_PAGE_H_

#include <string>

#include "tools/tlspin/command_table.h"

// Manual pages of section 1, in mdoc.
namespace tlspin {

// ProgramManual returns tlspin.1.
std::string ProgramManual(const CommandTable& table);

// CommandManual returns tlspin-COMMAND.1.
std::string CommandManual(const Command& command);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_MANUAL_PAGE_H_
