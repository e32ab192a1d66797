#ifndef PINNING_INTERNAL_GENERAL_NAMES_H_
#define PINNING_INTERNAL_GENERAL_NAMES_H_

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/parsed_certificate.h"

namespace pinning {
namespace internal {

// GeneralNameUse says whether a GeneralName is a name or the base of a subtree
// of names, which has an iPAddress of another length.
enum class GeneralNameUse { kName, kConstraint };

// A GeneralNameKind is a context tag of GeneralName (RFC 5280, 4.2.1.6).
enum class GeneralNameKind : uint8_t {
  kOtherName = 0,
  kRfc822Name = 1,
  kDnsName = 2,
  kX400Address = 3,
  kDirectoryName = 4,
  kEdiPartyName = 5,
  kUri = 6,
  kIpAddress = 7,
  kRegisteredId = 8,
};

// ReadGeneralName reads one GeneralName (RFC 5280, 4.2.1.6) and notes its kind
// in `kinds`, by its bit.
//
// The characters of a name are not checked: what a dNSName holds is kept as it
// stands, and matches nothing unless it is a DNS name. Those of a constraint
// are ASCII, or the error is INVALID_ARGUMENT: a constraint that matches
// nothing would exclude nothing. For the same reason its directoryName has no
// empty RDN. An address of the wrong length, and a mask with holes, are errors
// too: in a name it has 4 or 16 octets, in a constraint 8 or 32.
absl::Status ReadGeneralName(DerReader& reader, GeneralNameUse use,
                             absl::string_view what, uint16_t* kinds);

// A GeneralNameRange is the content, as it stands, of those of one kind among
// GeneralNames, in order. It borrows the octets.
class GeneralNameRange {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = absl::string_view;
    using difference_type = std::ptrdiff_t;
    using pointer = const absl::string_view*;
    using reference = const absl::string_view&;

    Iterator() = default;  // the end
    Iterator(const GeneralNames& names, GeneralNameKind kind)
        : rest_(names.content),
          tag_(static_cast<uint8_t>(kind)),
          are_subtrees_(names.are_subtrees) {
      Advance();
    }
    const absl::string_view& operator*() const { return name_; }
    const absl::string_view* operator->() const { return &name_; }
    Iterator& operator++() {
      Advance();
      return *this;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) {
      return a.left_ == b.left_;
    }
    friend bool operator!=(const Iterator& a, const Iterator& b) {
      return !(a == b);
    }

   private:
    void Advance();

    Bytes rest_;       // after this name
    size_t left_ = 0;  // octets from this name on
    uint8_t tag_ = 0;
    bool are_subtrees_ = false;
    absl::string_view name_;
  };

  GeneralNameRange(const GeneralNames& names, GeneralNameKind kind)
      : names_(names), kind_(kind) {}

  // Without one of the kind, they are not looked for.
  Iterator begin() const {
    return names_.kinds >> static_cast<int>(kind_) & 1 ? Iterator(names_, kind_)
                                                       : Iterator();
  }
  Iterator end() const { return Iterator(); }

 private:
  GeneralNames names_;
  GeneralNameKind kind_;
};

// NamesOf returns those of `kind` in `names`; none of names that are not there.
inline GeneralNameRange NamesOf(const GeneralNames& names,
                                GeneralNameKind kind) {
  return GeneralNameRange(names, kind);
}
inline GeneralNameRange NamesOf(const std::optional<GeneralNames>& names,
                                GeneralNameKind kind) {
  return GeneralNameRange(names.value_or(GeneralNames()), kind);
}

// DirectoriesOf returns the directoryNames in `names`, each in its normalized
// form (distinguished_name.h).
std::vector<std::string> DirectoriesOf(const GeneralNames& names);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_GENERAL_NAMES_H_
