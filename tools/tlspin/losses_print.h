#ifndef TOOLS_TLSPIN_LOSSES_PRINT_H_
#define TOOLS_TLSPIN_LOSSES_PRINT_H_

#include <string>
#include <vector>

#include "tools/tlspin/command.h"
#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/output.h"

// What export and import print of what one of their files cannot say.
namespace tlspin {

// NoteLosses prints a line on standard error for each of `losses`, which are
// places of `file`.
void NoteLosses(Context& context, const std::string& file,
                const std::vector<Loss>& losses);

// JsonOf returns them as an array.
Json JsonOf(const std::vector<Loss>& losses);

// FormatNames returns the names of all formats, for a flag's check.
std::vector<std::string> FormatNames();

// FormatList returns a line for each format: its name and title.
std::string FormatList();

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_LOSSES_PRINT_H_
