#ifndef TOOLS_TLSPIN_VERSION_H_
#define TOOLS_TLSPIN_VERSION_H_

namespace tlspin {

// What --version prints, and what is printed of the tool in what it writes. The
// Debian packages have this version too.
inline constexpr char kVersion[] = "tlspin 0.1.0";

// The day of that version, as manual pages show it.
inline constexpr char kVersionDate[] = "November 23, 2026";

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_VERSION_H_
