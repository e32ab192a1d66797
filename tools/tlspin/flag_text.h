#ifndef TOOLS_TLSPIN_FLAG_TEXT_H_
#define TOOLS_TLSPIN_FLAG_TEXT_H_

#include <string>
#include <vector>

#include "tools/tlspin/command_table.h"

// What the help, the completions and the manual say alike of a row.
namespace tlspin {

// A FlagNames holds the names of an option or switch, each with its dashes.
struct FlagNames {
  std::vector<std::string> shorts;  // "-o"
  std::vector<std::string> longs;   // "--output"
};
FlagNames NamesOf(const Flag& flag);

// AllNames returns the short names and then the long ones.
std::vector<std::string> AllNames(const Flag& flag);

// MainName returns the first long name, or else the first short one.
std::string MainName(const Flag& flag);

// What a shell offers for the value of `flag`; never kByName.
Completes CompletesOf(const Flag& flag);

// DescriptionOf returns the help of `flag` and what the row says beyond it: its
// choices, range and default, whether it is required or may be repeated.
std::string DescriptionOf(const Flag& flag);

// UsageOf returns the words of a usage line after "tlspin": the name of the
// command, "[OPTION]...", the options that are required, the arguments.
std::vector<std::string> UsageOf(const Command& command);

// HelpFlag returns the row of -h, which every command has and the parser adds.
const Flag& HelpFlag();
// VersionFlag returns the row of --version, which the program alone has.
const Flag& VersionFlag();

// CommandNames returns the names of the commands that are not hidden.
std::vector<std::string> CommandNames(const CommandTable& table);

// FindCommand returns the command `name` of `table`, or null.
const Command* FindCommand(const CommandTable& table, const std::string& name);

// The words that the help of the program and its manual begin with, and what
// the exit codes mean, in lines "  0  yes: ...".
extern const char kProgramSummary[];
extern const char kProgramExitCodes[];

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FLAG_TEXT_H_
