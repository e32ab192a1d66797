#ifndef PINNING_CERTIFICATE_H_
#define PINNING_CERTIFICATE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/pin.h"

namespace pinning {

namespace internal {
struct ParsedCertificate;  // pinning/internal/parsed_certificate.h
}  // namespace internal

// A Certificate is a parsed X.509 certificate and the DER it was parsed from,
// in one block of memory. Copies share it; a Certificate is immutable and may
// be used from several threads at once. Parsing says nothing about trust.
class Certificate {
 public:
  // FromDer parses exactly one certificate from `der`, copying it. It returns
  // INVALID_ARGUMENT, naming the byte offset, if `der` is not strict DER, has
  // trailing bytes, or is larger than `kMaxDerSize`.
  static absl::StatusOr<Certificate> FromDer(absl::Span<const uint8_t> der);

  // ListFromPem parses every CERTIFICATE block in `pem`, in order. It returns
  // NOT_FOUND if there is none, and the first block's error, with its line, if
  // any is bad: a bundle is read whole or not at all. Text between blocks is
  // skipped; blocks of other types are skipped.
  static absl::StatusOr<std::vector<Certificate>> ListFromPem(
      absl::string_view pem);

  static constexpr size_t kMaxDerSize = 64 * 1024;

  absl::Span<const uint8_t> der() const;
  absl::Span<const uint8_t> spki_der() const;
  // serial returns the content octets of the serialNumber INTEGER.
  absl::Span<const uint8_t> serial() const;
  absl::Time not_before() const;
  absl::Time not_after() const;

  // subject and issuer return RFC 4514 strings, for people only; name matching
  // uses the normalized DER and never these. They may hold any text the
  // certificate holds: escape before printing.
  std::string subject() const;
  std::string issuer() const;

  // SubjectAttribute and IssuerAttribute return the values, as UTF-8, of the
  // attribute whose dotted OID is `oid` ("2.5.4.3" is the common name). For
  // people and for attribution; never an input to trust.
  std::vector<std::string> SubjectAttribute(absl::string_view oid) const;
  std::vector<std::string> IssuerAttribute(absl::string_view oid) const;

  // dns_names returns the dNSName subject alternative names, as presented. They
  // live as long as this certificate or a copy of it.
  std::vector<absl::string_view> dns_names() const;
  // ip_addresses returns the iPAddress subject alternative names: 4 or 16
  // octets each. They live as long.
  std::vector<absl::string_view> ip_addresses() const;

  // IsSelfIssued returns whether subject and issuer match (RFC 5280, 7.1).
  bool IsSelfIssued() const;

  // pin returns the pin of this certificate's SPKI bytes as they stand.
  const Pin& pin() const;

  // parsed returns the parsed form, for this library's own rooms.
  const internal::ParsedCertificate& parsed() const { return *parsed_; }

  // Two certificates are equal if their DER is.
  friend bool operator==(const Certificate& a, const Certificate& b) {
    return a.der() == b.der();
  }
  friend bool operator!=(const Certificate& a, const Certificate& b) {
    return !(a == b);
  }

 private:
  friend class Verifier;  // of all that is public, it alone may read damage

  explicit Certificate(std::shared_ptr<const internal::ParsedCertificate> p);

  // FromDamagedDer reads what can be read of a certificate that FromDer
  // refuses, so that a diagnosis can say who made it. No path is built of it.
  static absl::StatusOr<Certificate> FromDamagedDer(
      absl::Span<const uint8_t> der);

  std::shared_ptr<const internal::ParsedCertificate> parsed_;
};

}  // namespace pinning

#endif  // PINNING_CERTIFICATE_H_
