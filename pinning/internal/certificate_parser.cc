#include "pinning/internal/certificate_parser.h"

#include <algorithm>
#include <new>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/der_time.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/extensions.h"
#include "pinning/internal/status_macros.h"

namespace pinning {
namespace internal {
namespace {

constexpr unsigned kContext = CBS_ASN1_CONTEXT_SPECIFIC;
constexpr unsigned kContextConstructed =
    CBS_ASN1_CONTEXT_SPECIFIC | CBS_ASN1_CONSTRUCTED;

// ReadVersion reads the version, 1 if it is absent.
DerResult<uint8_t> ReadVersion(DerReader& tbs, Tolerance tolerance) {
  constexpr absl::string_view kWhat = "version";
  if (!tbs.NextIs(kContextConstructed | 0)) {
    return uint8_t{1};
  }
  PINNING_ASSIGN_OR_RETURN(DerReader field,
                           tbs.ReadInside(kContextConstructed | 0, kWhat));
  const DerReader before = field;
  PINNING_ASSIGN_OR_RETURN(const Bytes version, field.ReadInteger(kWhat));
  PINNING_RETURN_IF_ERROR(field.ExpectEnd(kWhat));
  if (tolerance == Tolerance::kDamaged) {
    return uint8_t{3};  // so that what it has is read
  }
  if (version.size() != 1 || version[0] > 2) {
    return before.Error(kWhat, "not 1 (v2) or 2 (v3)");
  }
  if (version[0] == 0) {
    return before.Error(kWhat, "v1 is the default, so not encoded");
  }
  return static_cast<uint8_t>(version[0] + 1);
}

absl::Status ReadValidity(DerReader& tbs, Tolerance tolerance,
                          ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "validity";
  PINNING_ASSIGN_OR_RETURN(DerReader fields,
                           tbs.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  const DerResult<DerTime> not_before = ReadTime(fields, "notBefore");
  const DerResult<DerTime> not_after =
      not_before.ok() ? ReadTime(fields, "notAfter") : not_before;
  if (!not_after.ok() && tolerance == Tolerance::kDamaged) {
    certificate->not_before = absl::InfinitePast();
    certificate->not_after = absl::InfiniteFuture();
    return absl::OkStatus();
  }
  PINNING_RETURN_IF_ERROR(not_after.status());
  PINNING_RETURN_IF_ERROR(fields.ExpectEnd(kWhat));
  certificate->not_before = not_before->time;
  certificate->not_after = not_after->time;
  certificate->time_types_fit = not_before->type_fits && not_after->type_fits;
  return absl::OkStatus();
}

absl::Status ReadSpki(DerReader& tbs, ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "subjectPublicKeyInfo";
  PINNING_ASSIGN_OR_RETURN(const DerElement element,
                           tbs.Read(CBS_ASN1_SEQUENCE, kWhat));
  DerReader fields = tbs.Inside(element.content);
  PINNING_RETURN_IF_ERROR(ReadAlgorithm(fields, kWhat).status());
  PINNING_RETURN_IF_ERROR(fields.ReadBitString(kWhat).status());
  PINNING_RETURN_IF_ERROR(fields.ExpectEnd(kWhat));
  certificate->spki = element.whole;
  return absl::OkStatus();
}

absl::Status ReadUniqueIds(DerReader& tbs, ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "uniqueIdentifier";
  for (const unsigned tag : {kContext | 1, kContext | 2}) {
    if (!tbs.NextIs(tag)) {
      continue;
    }
    if (certificate->version < 2) {
      return tbs.Error(kWhat, "not in a v1 certificate");
    }
    PINNING_RETURN_IF_ERROR(tbs.ReadBitString(kWhat, tag).status());
    certificate->has_unique_id = true;
  }
  return absl::OkStatus();
}

absl::Status ReadOptionalExtensions(DerReader& tbs, Tolerance tolerance,
                                    ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "extensions";
  if (!tbs.NextIs(kContextConstructed | 3)) {
    return absl::OkStatus();
  }
  if (certificate->version < 3) {
    return tbs.Error(kWhat, "only in a v3 certificate");
  }
  PINNING_ASSIGN_OR_RETURN(DerReader field,
                           tbs.ReadInside(kContextConstructed | 3, kWhat));
  PINNING_RETURN_IF_ERROR(ReadExtensions(field, tolerance, certificate));
  return field.ExpectEnd(kWhat);
}

absl::Status ReadTbs(DerReader tbs, Tolerance tolerance,
                     ParsedCertificate* certificate) {
  PINNING_ASSIGN_OR_RETURN(certificate->version, ReadVersion(tbs, tolerance));
  PINNING_ASSIGN_OR_RETURN(certificate->serial,
                           tbs.ReadInteger("serialNumber"));
  PINNING_ASSIGN_OR_RETURN(certificate->tbs_signature_algorithm,
                           ReadAlgorithm(tbs, "signature"));
  PINNING_ASSIGN_OR_RETURN(certificate->issuer, ReadName(tbs, "issuer"));
  PINNING_RETURN_IF_ERROR(ReadValidity(tbs, tolerance, certificate));
  PINNING_ASSIGN_OR_RETURN(certificate->subject, ReadName(tbs, "subject"));
  PINNING_RETURN_IF_ERROR(ReadSpki(tbs, certificate));
  PINNING_RETURN_IF_ERROR(ReadUniqueIds(tbs, certificate));
  PINNING_RETURN_IF_ERROR(ReadOptionalExtensions(tbs, tolerance, certificate));
  return tbs.ExpectEnd("tbsCertificate");
}

// A TailAllocator allocates room for octets after the object.
template <typename T>
class TailAllocator {
 public:
  using value_type = T;

  // `tail` is told where they are to be.
  TailAllocator(size_t size, uint8_t** tail) : size_(size), tail_(tail) {}
  template <typename U>
  TailAllocator(const TailAllocator<U>& other)
      : size_(other.size_), tail_(other.tail_) {}

  T* allocate(size_t count) {
    auto* block =
        static_cast<uint8_t*>(::operator new(count * sizeof(T) + size_));
    *tail_ = block + count * sizeof(T);
    return reinterpret_cast<T*>(block);
  }
  void deallocate(T* block, size_t) { ::operator delete(block); }

  template <typename U>
  bool operator==(const TailAllocator<U>&) const {
    return true;
  }
  template <typename U>
  bool operator!=(const TailAllocator<U>&) const {
    return false;
  }

 private:
  template <typename U>
  friend class TailAllocator;

  size_t size_;
  uint8_t** tail_;
};

// Keep returns a copy of `parsed` that owns a copy of the octets it borrows,
// both in one block.
std::shared_ptr<const ParsedCertificate> Keep(const ParsedCertificate& parsed) {
  uint8_t* tail = nullptr;
  const size_t size = parsed.der.size();
  auto kept = std::allocate_shared<ParsedCertificate>(
      TailAllocator<ParsedCertificate>(size, &tail), parsed);
  std::copy(parsed.der.begin(), parsed.der.end(), tail);
  kept->BorrowFrom(Bytes(tail, size));
  return kept;
}

// The least that the heap adds to what is asked of it.
constexpr size_t kHeapOverhead = 16;

// HeapBytesOf counts what may yet be made of `name`: its normalized form and
// its attributes, each of which takes nine octets of DER at least.
size_t HeapBytesOf(const Name& name) {
  constexpr size_t kLeastSize = 9;
  return 2 * (sizeof(std::string) + kHeapOverhead) + 3 * name.der.size() +
         name.der.size() / kLeastSize * sizeof(NameAttribute);
}

}  // namespace

absl::Status ReadCertificate(Bytes der, Tolerance tolerance,
                             ParsedCertificate* certificate) {
  certificate->der = der;
  DerReader whole(der);
  PINNING_ASSIGN_OR_RETURN(DerReader fields,
                           whole.ReadInside(CBS_ASN1_SEQUENCE, "certificate"));
  PINNING_RETURN_IF_ERROR(whole.ExpectEnd("certificate"));

  PINNING_ASSIGN_OR_RETURN(const DerElement tbs,
                           fields.Read(CBS_ASN1_SEQUENCE, "tbsCertificate"));
  certificate->tbs = tbs.whole;
  PINNING_RETURN_IF_ERROR(
      ReadTbs(fields.Inside(tbs.content), tolerance, certificate));
  PINNING_ASSIGN_OR_RETURN(certificate->signature_algorithm,
                           ReadAlgorithm(fields, "signatureAlgorithm"));
  PINNING_ASSIGN_OR_RETURN(const DerBitString signature,
                           fields.ReadBitString("signatureValue"));
  if (signature.unused_bits == 0) {
    certificate->signature = signature.octets;
  }
  return fields.ExpectEnd("certificate");
}

absl::StatusOr<std::shared_ptr<const ParsedCertificate>> ParseCertificate(
    Bytes der, Tolerance tolerance) {
  ParsedCertificate parsed;
  PINNING_RETURN_IF_ERROR(ReadCertificate(der, tolerance, &parsed));
  return Keep(parsed);
}

size_t HeapBytes(const ParsedCertificate& certificate) {
  constexpr size_t kKey = 2048;  // which may yet be asked for
  return sizeof(certificate) + certificate.der.size() + 2 * kHeapOverhead +
         kKey + sizeof(Pin) + HeapBytesOf(certificate.issuer) +
         HeapBytesOf(certificate.subject);
}

DerResult<Bytes> ReadAlgorithm(DerReader& reader, absl::string_view what) {
  PINNING_ASSIGN_OR_RETURN(const DerElement element,
                           reader.Read(CBS_ASN1_SEQUENCE, what));
  DerReader fields = reader.Inside(element.content);
  PINNING_RETURN_IF_ERROR(fields.ReadOid(what).status());
  if (!fields.empty()) {
    PINNING_RETURN_IF_ERROR(fields.ReadAny(what).status());
  }
  PINNING_RETURN_IF_ERROR(fields.ExpectEnd(what));
  return element.whole;
}

}  // namespace internal
}  // namespace pinning
