#ifndef PINNING_TRUST_STORE_H_
#define PINNING_TRUST_STORE_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/pin.h"

namespace pinning {

// A TrustAnchor is a subject name and SPKI that are trusted a priori
// (RFC 5280, section 6.1.1(d)), carried here in a certificate.
struct TrustAnchor {
  // Origin says who chose to trust the anchor: a public root programme whose
  // bundle the application ships or names, or someone who added it to this
  // machine.
  enum class Origin { kBundled, kLocal };

  Certificate certificate;
  Origin origin = Origin::kBundled;
  bool enforce_expiry = false;
  bool enforce_constraints = true;
};

// A TrustStore is an immutable set of trust anchors and of distrusted SPKIs.
// It is safe to share between threads. An empty store trusts nothing.
class TrustStore {
 public:
  class Builder;

  // FromPem returns a store of every certificate in `pem`. It returns an error
  // if any of them does not parse; it never returns a smaller store instead.
  static absl::StatusOr<std::shared_ptr<const TrustStore>> FromPem(
      absl::string_view pem, TrustAnchor::Origin origin);

  // AnchorsFor returns the anchors whose subject matches `issued.issuer`
  // (RFC 5280, 7.1). The pointers live as long as the store.
  std::vector<const TrustAnchor*> AnchorsFor(const Certificate& issued) const;

  // FindKey returns the anchor whose subject and SPKI are those of
  // `certificate`, or null: RFC 5280 trusts a name and a key, not a
  // certificate. If there are several, it returns the first bundled one, or
  // else the first.
  const TrustAnchor* FindKey(const Certificate& certificate) const;

  bool IsDistrusted(const Pin& spki) const;
  // The same of the key of `certificate`, which is hashed only if some key is
  // distrusted.
  bool IsDistrusted(const Certificate& certificate) const;
  absl::Span<const TrustAnchor> anchors() const;
  // distrusted returns the distrusted SPKIs in ascending order.
  std::vector<Pin> distrusted() const;

  ~TrustStore();

 private:
  struct Rep;
  explicit TrustStore(std::unique_ptr<const Rep> rep);

  std::unique_ptr<const Rep> rep_;
};

// A TrustStore::Builder collects anchors. It is used by one thread.
class TrustStore::Builder {
 public:
  Builder& AddAnchor(TrustAnchor anchor);

  // AddPem adds every certificate in `pem`. It returns the error of
  // Certificate::ListFromPem, and adds nothing, if any of them is bad.
  absl::Status AddPem(absl::string_view pem, TrustAnchor::Origin origin);

  // AddDistrusted marks a key that no accepted path may hold, at any depth.
  Builder& AddDistrusted(const Pin& spki);

  // Build returns the store. An anchor added twice with the same DER is kept
  // once: if its origins differ it is kBundled, and what either enforces is
  // enforced.
  std::shared_ptr<const TrustStore> Build() const;

 private:
  std::vector<TrustAnchor> anchors_;
  std::vector<Pin> distrusted_;
};

}  // namespace pinning

#endif  // PINNING_TRUST_STORE_H_
