#ifndef PINNING_PATH_BUILDER_H_
#define PINNING_PATH_BUILDER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include "pinning/chain.h"
#include "pinning/error.h"
#include "pinning/path.h"
#include "pinning/policy_options.h"
#include "pinning/trust_store.h"

namespace pinning {

class RevocationData;  // pinning/revocation.h
class SignatureMemo;   // pinning/signature_memo.h

// Limits bounds the work that one verification may do on a hostile chain. The
// source of each number is in docs/defaults.md.
struct Limits {
  int max_depth = 8;           // certificates on a path, anchor included
  int max_signatures = 100;    // signatures verified, those of CRLs included
  int max_build_calls = 2000;  // candidate certificates considered
  int max_name_comparisons = 250'000;  // name against name constraint
  // Of graphs of certificate policies: policies and mappings read, nodes and
  // edges made. None are made where no policy is required.
  int max_policy_nodes = 10'000;
  // Intermediates on a path, those that are self-issued not counted: the
  // initial max_path_length of RFC 5280, 6.1.2(k). Unset, max_depth alone
  // bounds them. A path that is too long is refused (kPathLengthExceeded).
  std::optional<int> max_path_length;
};

// KeyPurpose is the extended key usage that the leaf must allow.
enum class KeyPurpose : uint8_t { kServerAuth, kClientAuth };

// Profile says which rules certificates are held to, each profile adding to the
// one before. docs/path-validation.md lists them all.
enum class Profile : uint8_t {
  // Path validation (RFC 5280, section 6) and those rules of its section 4 that
  // protect someone. What working private and public authorities get wrong
  // without harm is let pass.
  kRfc5280,
  // Every rule of section 4 that this library can check, in anchors too.
  kRfc5280Strict,
  // Also the CA/Browser Forum's Baseline Requirements for the form of TLS
  // certificates; but name constraints need not be critical (7.1.2.10.8).
  kWebPki,
};

// A PathBuilder enumerates the valid certification paths from a leaf to the
// anchors of one trust store. It is immutable; Search may run concurrently.
//
// A leaf that is in the trust store, as that very certificate, is a path of
// one: private networks trust self-signed servers so. It is checked like any
// other leaf, its validity period included.
class PathBuilder {
 public:
  // Visit is what the visitor wants next.
  enum class Visit { kStop, kContinue };

  // ValidityPeriod says whether notBefore and notAfter count. kIgnore is
  // reached from danger.h only.
  enum class ValidityPeriod { kEnforce, kIgnore };

  // Result says how a search ended. `best_error` is meaningful only if no path
  // was visited: it is kBudgetExhausted, at depth -1, if that is because the
  // limits cut the search off; kNoPath is at the depth of the certificate whose
  // issuer is missing.
  struct Result {
    int paths_visited = 0;
    int signatures_checked = 0;     // those remembered included
    int signatures_remembered = 0;  // by the SignatureMemo
    bool exhausted_budget = false;
    PathError best_error;
    // The candidates that were refused, in the order tried; at most
    // kMaxFailedPaths are kept.
    std::vector<FailedPath> failed_paths;
    // At any time in it the search would have come out the same. It holds the
    // time of this one, and ends at the next date of any certificate or CRL
    // that could have had a say.
    TimeWindow unchanged;
  };

  static constexpr int kMaxFailedPaths = 16;

  // `memo` may be null: then every signature is verified. It changes what a
  // search costs, and nothing of what it finds.
  PathBuilder(std::shared_ptr<const TrustStore> trust_store, Limits limits,
              ValidityPeriod validity = ValidityPeriod::kEnforce,
              Profile profile = Profile::kRfc5280, PolicyOptions policies = {},
              std::shared_ptr<SignatureMemo> memo = nullptr);

  // Search calls `visit` with each path from `chain.leaf()` that is valid for
  // `purpose` at `now` (RFC 5280, 6.1), until the visitor stops it, the paths
  // run out, or the limits do. Signatures are verified before `visit` sees a
  // path. The same path is not visited twice. If `revocation` is given, each
  // certificate below the anchor has to be covered by a CRL in it that does not
  // list it (RFC 5280, 6.3).
  Result Search(const Chain& chain, KeyPurpose purpose, absl::Time now,
                absl::FunctionRef<Visit(const VerifiedPath&)> visit,
                const RevocationData* revocation = nullptr) const;

 private:
  class SearchRun;

  std::shared_ptr<const TrustStore> trust_store_;
  Limits limits_;
  ValidityPeriod validity_;
  Profile profile_;
  PolicyOptions policies_;
  std::shared_ptr<SignatureMemo> memo_;
};

}  // namespace pinning

#endif  // PINNING_PATH_BUILDER_H_
