#ifndef TOOLS_TLSPIN_COMPLETIONS_H_
#define TOOLS_TLSPIN_COMPLETIONS_H_

#include <string>

#include "tools/tlspin/command_table.h"

// Scripts that make a shell complete command lines of tlspin.
namespace tlspin {

// For bash 4.4 or later; of the package bash-completion it needs nothing.
std::string BashCompletion(const CommandTable& table);

// For zsh: to be put into $fpath as _tlspin, or sourced after compinit.
std::string ZshCompletion(const CommandTable& table);

// For fish 3.
std::string FishCompletion(const CommandTable& table);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_COMPLETIONS_H_
