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

// The tags of GeneralName (RFC 5280, 4.2.1.6).
enum Kind : unsigned {
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

constexpr unsigned kConstructedKinds = 1 << kOtherName | 1 << kX400Address |
                                       1 << kDirectoryName | 1 << kEdiPartyName;

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
                             absl::string_view what, GeneralNames* names) {
  DerReader ahead = reader;
  PINNING_ASSIGN_OR_RETURN(const DerElement element, ahead.ReadAny(what));
  const unsigned kind = element.tag & CBS_ASN1_TAG_NUMBER_MASK;
  const bool is_constructed = (element.tag & CBS_ASN1_CONSTRUCTED) != 0;
  if ((element.tag & CBS_ASN1_CLASS_MASK) != CBS_ASN1_CONTEXT_SPECIFIC ||
      kind > kRegisteredId ||
      is_constructed != ((kConstructedKinds >> kind & 1) != 0)) {
    return reader.Error(what, "not a GeneralName");
  }
  const Bytes content = element.content;
  std::vector<std::string>* texts = nullptr;
  switch (kind) {
    case kRfc822Name:
      texts = &names->email;
      break;
    case kDnsName:
      texts = &names->dns;
      break;
    case kUri:
      texts = &names->uri;
      break;
    case kDirectoryName: {
      DerReader inside = reader.Inside(content);
      PINNING_ASSIGN_OR_RETURN(Name name, ReadName(inside, what));
      PINNING_RETURN_IF_ERROR(inside.ExpectEnd(what));
      if (use == GeneralNameUse::kConstraint && name.has_empty_rdn) {
        return reader.Error(what, "a directoryName with an empty RDN");
      }
      names->directory.push_back(std::move(name.normalized));
      break;
    }
    case kIpAddress:
      if (!IsAddress(content, use)) {
        return reader.Error(what, "an iPAddress of the wrong length or mask");
      }
      names->ip.emplace_back(content.begin(), content.end());
      break;
    default:
      break;
  }
  if (texts != nullptr) {
    if (use == GeneralNameUse::kConstraint && !IsAscii(content)) {
      return reader.Error(what, "an IA5String that is not ASCII");
    }
    texts->emplace_back(content.begin(), content.end());
  }
  names->kinds |= 1 << kind;
  reader = ahead;
  return absl::OkStatus();
}

}  // namespace internal
}  // namespace pinning
