#ifndef TOOLS_TLSPIN_TERMINAL_H_
#define TOOLS_TLSPIN_TERMINAL_H_

#include <cstddef>

namespace tlspin {

// OutputWidth returns how wide text on standard output may be: COLUMNS, else
// the terminal's width, else 80; at least 40.
size_t OutputWidth();

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_TERMINAL_H_
