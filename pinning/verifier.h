#ifndef PINNING_VERIFIER_H_
#define PINNING_VERIFIER_H_

#include <array>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/chain.h"
#include "pinning/interception.h"
#include "pinning/path_builder.h"
#include "pinning/pin_store.h"
#include "pinning/report.h"
#include "pinning/server_name.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"

namespace pinning {

namespace danger {
class Options;
}  // namespace danger

// A Verifier answers one question: may a client trust this chain for this name
// at this time? It is immutable and may be used from several threads at once.
class Verifier {
 public:
  struct Options {
    // Required: the anchors to trust. There is no default store.
    std::shared_ptr<const TrustStore> trust_store;
    // Required: the pins to apply. To verify without pins, pass
    // PinStore::Empty().
    std::shared_ptr<const PinStore> pin_store;
    // Optional: where pin failures are reported.
    std::shared_ptr<ReportSink> report_sink;
    // Optional: who is known to intercept; null means the built-in catalogue.
    // It never changes whether a chain is accepted.
    std::shared_ptr<const InterceptorCatalogue> interceptors;
    KeyPurpose purpose = KeyPurpose::kServerAuth;
    Limits limits;
  };

  // Create returns INVALID_ARGUMENT if a required option is missing, the trust
  // store is empty, or a limit is not positive.
  static absl::StatusOr<std::shared_ptr<const Verifier>> Create(
      Options options);

  // Verify decides whether `chain` is acceptable for `name` at `now`. It does
  // all of: path building, RFC 5280 validation, name matching and pin matching,
  // in that order; there is no way to do only some of them. If several paths
  // are valid, it accepts the first that satisfies the pins. It reads no clock
  // and no file, and touches no network.
  Verdict Verify(const Chain& chain, const ServerName& name,
                 absl::Time now) const;

  // VerifyDer is Verify for certificates as a peer sent them, leaf first. None
  // at all, too many, or one that does not parse is a refusal
  // (kEmptyChain, kChainTooLong, kMalformedCertificate).
  Verdict VerifyDer(absl::Span<const absl::Span<const uint8_t>> certificates,
                    const ServerName& name, absl::Time now) const;

  // ConfigDigest returns a SHA-256 over everything that can change a verdict.
  // Key session caches with it, so that a session made under old pins is not
  // resumed under new ones.
  std::array<uint8_t, 32> ConfigDigest() const;

  const TrustStore& trust_store() const;
  const PinStore& pin_store() const;

  ~Verifier();

 private:
  friend class danger::Options;

  struct Rep;
  explicit Verifier(std::unique_ptr<const Rep> rep);

  std::unique_ptr<const Rep> rep_;
};

}  // namespace pinning

#endif  // PINNING_VERIFIER_H_
