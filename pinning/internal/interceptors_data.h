#ifndef PINNING_INTERNAL_INTERCEPTORS_DATA_H_
#define PINNING_INTERNAL_INTERCEPTORS_DATA_H_

#include "absl/strings/string_view.h"

namespace pinning {
namespace internal {

// InterceptorsJson returns the text of pins/interceptors.json, as it was when
// the library was built.
absl::string_view InterceptorsJson();

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_INTERCEPTORS_DATA_H_
