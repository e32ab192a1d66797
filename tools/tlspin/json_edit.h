#ifndef TOOLS_TLSPIN_JSON_EDIT_H_
#define TOOLS_TLSPIN_JSON_EDIT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

namespace tlspin {

// EditJson returns `text`, which is JSON, changed so that it holds `wanted`,
// and as little as that takes: what is equal stays byte for byte, and what is
// new looks like what stands beside it. Elements of arrays are taken for the
// same if they are equal or objects with the same "pin".
std::string EditJson(absl::string_view text,
                     const nlohmann::ordered_json& wanted);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_JSON_EDIT_H_
