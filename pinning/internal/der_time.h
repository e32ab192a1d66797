#ifndef PINNING_INTERNAL_DER_TIME_H_
#define PINNING_INTERNAL_DER_TIME_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/internal/der_reader.h"

namespace pinning {
namespace internal {

struct DerTime {
  absl::Time time;
  // Whether the type is the one that RFC 5280, 4.1.2.5 calls for: UTCTime
  // through 2049, GeneralizedTime from 2050.
  bool type_fits = true;
};

// ReadTime reads a Time (RFC 5280, 4.1.2.5): a UTCTime YYMMDDHHMMSSZ, whose
// years are 1950 to 2049, or a GeneralizedTime YYYYMMDDHHMMSSZ. Anything else
// (no seconds, a fraction, an offset, a date or hour that does not exist, a
// leap second) is INVALID_ARGUMENT.
DerResult<DerTime> ReadTime(DerReader& reader, absl::string_view what);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_DER_TIME_H_
