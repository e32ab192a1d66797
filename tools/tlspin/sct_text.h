#ifndef TOOLS_TLSPIN_SCT_TEXT_H_
#define TOOLS_TLSPIN_SCT_TEXT_H_

#include <string>

#include "pinning/ct_log_list.h"
#include "pinning/language.h"

namespace tlspin {

// SctText returns one line for people on what came of the SCTs, escaped: "2
// embedded, 2 valid (Log A, Log B)". A status other than valid is told by its
// stable name, and so is a list that could not be read.
std::string SctText(const pinning::SctEvidence& scts,
                    pinning::Language language);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_SCT_TEXT_H_
