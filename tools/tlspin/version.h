#ifndef TOOLS_TLSPIN_VERSION_H_
#define TOOLS_TLSPIN_VERSION_H_

namespace tlspin {

// What --version prints, and what is printed of the tool in what it writes.
inline constexpr char kVersion[] = "tlspin 0.1.0";

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_VERSION_H_
