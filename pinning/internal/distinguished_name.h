#ifndef PINNING_INTERNAL_DISTINGUISHED_NAME_H_
#define PINNING_INTERNAL_DISTINGUISHED_NAME_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/parsed_certificate.h"

// Names (RFC 5280, 4.1.2.4) and how they are compared (7.1).
//
// The normalized form of a name is one record after another, one for each
// RelativeDistinguishedName in order, each of them with its length before it.
// Hence two names match if and only if their normalized forms are equal, and
// one is within the subtree of another (4.2.1.10) if and only if the other's
// normalized form is a prefix of its own.
//
// Attributes match if they have one type and one value. Values of string types
// are compared as UTF-8, whatever their types, after the case of ASCII letters
// is folded, spaces at both ends are dropped, and each inner run of spaces is
// made one. Other values, and strings that are not of their type, are compared
// by their DER. The attributes of a multi-valued RDN are a set.
//
// Deviation: case outside ASCII is not folded, and nothing is normalized as
// RFC 4518 has it. Names that differ so do not match, which refuses a path and
// never makes one.
namespace pinning {
namespace internal {

// ReadName reads a Name, a SEQUENCE of RDNs. Its spans point into the input. An
// empty Name is well-formed. An empty RDN is not, but is found: it is noted in
// `has_empty_rdn`, and matches only another.
DerResult<Name> ReadName(DerReader& reader, absl::string_view what);

// Normalize returns the normalized form of the Name that `der` is, which
// ReadName found well-formed. NormalizedOf keeps it, once it is asked for.
std::string Normalize(Bytes der);
const std::string& NormalizedOf(const Name& name);

// NamesMatch returns whether RFC 5280, 7.1 holds `a` and `b` equal. Most names
// that do are the same octets, and need no normalized form.
bool NamesMatch(const Name& a, const Name& b);

// AttributesOf returns the attributes of `name`, which was read by ReadName, in
// order.
const std::vector<NameAttribute>& AttributesOf(const Name& name);

// IsWithinSubtree returns whether the name whose normalized form is
// `normalized` is within the subtree of `base`, also normalized. Every name is
// within the empty one.
bool IsWithinSubtree(absl::string_view normalized, absl::string_view base);

// NameToString returns `name` as RFC 4514 has it, last RDN first. Unlike there,
// the text of an attribute without a short name is given as text. Octets other
// than ASCII's stay as they are; it may hold control characters.
std::string NameToString(const Name& name);

// AttributeValues returns the values of the attributes of `name` with the
// dotted `oid`, in order, those that are text.
std::vector<std::string> AttributeValues(const Name& name,
                                         absl::string_view oid);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_DISTINGUISHED_NAME_H_
