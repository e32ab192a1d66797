#ifndef PINNING_INTERNAL_ASN1_STRING_H_
#define PINNING_INTERNAL_ASN1_STRING_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/types/span.h"

namespace pinning {
namespace internal {

// Asn1StringToUtf8 converts the content octets of an ASN.1 string with `tag`
// to UTF-8. It returns nothing if `tag` is not that of a string type, or the
// octets are not such a string.
//
// PrintableString, NumericString, VisibleString and IA5String are each read as
// ASCII, since certificates are found with any of ASCII in all of them.
// TeletexString is read as ISO 8859-1, as it is used. BMPString has no
// surrogates.
std::optional<std::string> Asn1StringToUtf8(unsigned tag,
                                            absl::Span<const uint8_t> content);

// IsUtf8String returns whether `content` is a string of a type, `tag`, that is
// UTF-8 or a part of it as it stands: Asn1StringToUtf8 returns it unchanged.
bool IsUtf8String(unsigned tag, absl::Span<const uint8_t> content);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_ASN1_STRING_H_
