#include "pinning/internal/raw_extension.h"

namespace pinning {
namespace internal {

void ExtensionList::Iterator::Advance() {
  DerReader reader(rest_);
  const DerResult<RawExtension> next =
      rest_.empty() ? RawExtension() : ReadExtension(reader);
  left_ = next.ok() ? rest_.size() : 0;
  extension_ = *next;
  rest_.remove_prefix(reader.offset());
}

}  // namespace internal
}  // namespace pinning
