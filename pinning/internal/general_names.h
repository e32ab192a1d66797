#ifndef PINNING_INTERNAL_GENERAL_NAMES_H_
#define PINNING_INTERNAL_GENERAL_NAMES_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/parsed_certificate.h"

namespace pinning {
namespace internal {

// GeneralNameUse says whether a GeneralName is a name or the base of a subtree
// of names, which has an iPAddress of another length.
enum class GeneralNameUse { kName, kConstraint };

// ReadGeneralName reads one GeneralName (RFC 5280, 4.2.1.6) and adds it to
// `names`. Kinds that GeneralNames does not hold are only noted in `kinds`.
//
// The characters of a name are not checked: what a dNSName holds is kept as it
// stands, and matches nothing unless it is a DNS name. Those of a constraint
// are ASCII, or the error is INVALID_ARGUMENT: a constraint that matches
// nothing would exclude nothing. For the same reason its directoryName has no
// empty RDN. An address of the wrong length, and a mask with holes, are errors
// too.
absl::Status ReadGeneralName(DerReader& reader, GeneralNameUse use,
                             absl::string_view what, GeneralNames* names);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_GENERAL_NAMES_H_
