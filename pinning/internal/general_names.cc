#include "pinning/internal/general_names.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/status_macros.h"

namespace pinning {
namespace internal {
namespace {

using Kind = GeneralNameKind;

constexpr unsigned Bit(Kind kind) { return 1u << static_cast<unsigned>(kind); }

constexpr unsigned kConstructedKinds =
    Bit(Kind::kOtherName) | Bit(Kind::kX400Address) |
    Bit(Kind::kDirectoryName) | Bit(Kind::kEdiPartyName);
constexpr unsigned kTextKinds =
    Bit(Kind::kRfc822Name) | Bit(Kind::kDnsName) | Bit(Kind::kUri);

bool IsAscii(Bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(),
                     [](uint8_t octet) { return octet < 0x80; });
}

// IsPrefixMask returns whether `mask` is ones, then zeros (RFC 4632).
bool IsPrefixMask(Bytes mask) {
  bool ended = false;
  for (const uint8_t octet : mask) {
    for (int bit = 7; bit >= 0; --bit) {
      const bool is_set = octet >> bit & 1;
      if (is_set && ended) {
        return false;
      }
      ended = !is_set;
    }
  }
  return true;
}

bool IsAddress(Bytes octets, GeneralNameUse use) {
  const size_t size = octets.size();
  if (use == GeneralNameUse::kName) {
    return size == 4 || size == 16;
  }
  return (size == 8 || size == 32) && IsPrefixMask(octets.subspan(size / 2));
}

}  // namespace

absl::Status ReadGeneralName(DerReader& reader, GeneralNameUse use,
                             absl::string_view what, uint16_t* kinds) {
  DerReader ahead = reader;
  PINNING_ASSIGN_OR_RETURN(const DerElement element, ahead.ReadAny(what));
  const unsigned number = element.tag & CBS_ASN1_TAG_NUMBER_MASK;
  const bool is_constructed = (element.tag & CBS_ASN1_CONSTRUCTED) != 0;
  if ((element.tag & CBS_ASN1_CLASS_MASK) != CBS_ASN1_CONTEXT_SPECIFIC ||
      number > static_cast<unsigned>(Kind::kRegisteredId) ||
      is_constructed != ((kConstructedKinds >> number & 1) != 0)) {
    return reader.Error(what, "not a GeneralName");
  }
  const Kind kind = static_cast<Kind>(number);
  const Bytes content = element.content;
  if (kind == Kind::kDirectoryName) {
    DerReader inside = reader.Inside(content);
    PINNING_ASSIGN_OR_RETURN(const Name name, ReadName(inside, what));
    PINNING_RETURN_IF_ERROR(inside.ExpectEnd(what));
    if (use == GeneralNameUse::kConstraint && name.has_empty_rdn) {
      return reader.Error(what, "a directoryName with an empty RDN");
    }
  }
  if (kind == Kind::kIpAddress && !IsAddress(content, use)) {
    return reader.Error(what, "an iPAddress of the wrong length or mask");
  }
  if (use == GeneralNameUse::kConstraint && (kTextKinds >> number & 1) != 0 &&
      !IsAscii(content)) {
    return reader.Error(what, "an IA5String that is not ASCII");
  }
  *kinds |= 1 << number;
  reader = ahead;
  return absl::OkStatus();
}

void GeneralNameRange::Iterator::Advance() {
  while (!rest_.empty()) {
    left_ = rest_.size();
    DerReader reader(rest_);
    DerResult<DerElement> element = reader.ReadAny("");
    rest_ = element.ok() ? rest_.subspan(reader.offset()) : Bytes();
    if (are_subtrees_) {
      element = DerReader(element->content).ReadAny("");
    }
    if (element.ok() &&
        (element->tag & CBS_ASN1_TAG_NUMBER_MASK) == unsigned{tag_}) {
      name_ = absl::string_view(
          reinterpret_cast<const char*>(element->content.data()),
          element->content.size());
      return;
    }
  }
  left_ = 0;
}

std::vector<std::string> DirectoriesOf(const GeneralNames& names) {
  std::vector<std::string> normalized;
  for (const absl::string_view name : NamesOf(names, Kind::kDirectoryName)) {
    normalized.push_back(Normalize(
        Bytes(reinterpret_cast<const uint8_t*>(name.data()), name.size())));
  }
  return normalized;
}

}  // namespace internal
}  // namespace pinning
