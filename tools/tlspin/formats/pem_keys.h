#ifndef TOOLS_TLSPIN_FORMATS_PEM_KEYS_H_
#define TOOLS_TLSPIN_FORMATS_PEM_KEYS_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "pinning/pin.h"

namespace tlspin {

// PinOfPemBlock returns the pin of one block of PEM, a certificate or a public
// key, that stands alone in `block`. The error has no place.
absl::StatusOr<pinning::Pin> PinOfPemBlock(absl::string_view block);

// EndOfPemBlock returns the offset after the END line of the block that begins
// at `begin` of `text`, or npos.
size_t EndOfPemBlock(absl::string_view text, size_t begin);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FORMATS_PEM_KEYS_H_
