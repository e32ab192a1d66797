#include "pinning/internal/raw_extension.h"

#include <utility>

#include "pinning/internal/status_macros.h"

namespace pinning {
namespace internal {

DerResult<RawExtension> ReadExtension(DerReader& extensions) {
  constexpr absl::string_view kWhat = "extension";
  PINNING_ASSIGN_OR_RETURN(DerReader fields,
                           extensions.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  RawExtension extension;
  PINNING_ASSIGN_OR_RETURN(extension.oid, fields.ReadOid(kWhat));
  if (fields.NextIs(CBS_ASN1_BOOLEAN)) {
    const DerReader before = fields;
    PINNING_ASSIGN_OR_RETURN(extension.critical, fields.ReadBoolean(kWhat));
    if (!extension.critical) {
      return before.Error(kWhat,
                          "critical is FALSE by default, so not encoded");
    }
  }
  PINNING_ASSIGN_OR_RETURN(const DerElement value,
                           fields.Read(CBS_ASN1_OCTETSTRING, kWhat));
  extension.value = value.content;
  PINNING_RETURN_IF_ERROR(fields.ExpectEnd(kWhat));
  return extension;
}

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
