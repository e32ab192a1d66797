#ifndef PINNING_INTERNAL_INTERCEPTOR_PARSER_H_
#define PINNING_INTERNAL_INTERCEPTOR_PARSER_H_

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "pinning/interceptor_product.h"
#include "pinning/internal/interceptor_rules.h"
#include "pinning/pin.h"

namespace pinning {
namespace internal {

// InterceptorParts is what a catalogue is made of. The `product` of a rule and
// the number beside a key are indices in `products`.
struct InterceptorParts {
  std::vector<InterceptorProduct> products;
  std::vector<NameRule> issuer_rules;
  std::vector<NameRule> subject_rules;
  std::vector<StructureRule> structure_rules;
  std::vector<std::pair<Pin, size_t>> keys;  // no key twice
};

// ParseInterceptors parses a catalogue (pins/interceptors.schema.json). It
// returns INVALID_ARGUMENT whose message begins "FILE:LINE:COLUMN: ".
absl::StatusOr<InterceptorParts> ParseInterceptors(absl::string_view text,
                                                   absl::string_view file_name);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_INTERCEPTOR_PARSER_H_
