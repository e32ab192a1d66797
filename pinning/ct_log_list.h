#ifndef PINNING_CT_LOG_LIST_H_
#define PINNING_CT_LOG_LIST_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/sct.h"

namespace pinning {

// CtLogState is what the maintainer of the list says of a log.
enum class CtLogState : uint8_t {
  kUnspecified = 0,  // the list does not say
  kPending = 1,
  kQualified = 2,
  kUsable = 3,
  kReadOnly = 4,
  kRetired = 5,
  kRejected = 6,
};

// A CtLog is one log of a list.
struct CtLog {
  std::string description;  // for people; may hold any text: escape it
  std::string operator_name;
  std::string url;  // empty: the list has none
  std::array<uint8_t, 32> log_id = {};
  std::vector<uint8_t> key;  // SubjectPublicKeyInfo, DER
  CtLogState state = CtLogState::kUnspecified;
  std::optional<absl::Time> state_since;
  // Certificates that expire outside [first, second) are not the log's to take.
  std::optional<absl::Time> interval_start;
  std::optional<absl::Time> interval_end;
  bool tiled = false;  // of `tiled_logs`: speaks the static CT API
};

// SctStatus is what verifying an SCT came to. The signature is checked before
// everything that the log's entry in the list says.
enum class SctStatus : uint8_t {
  kUnsupportedVersion = 1,  // not v1
  kUnknownLog = 2,          // no log of the list has this log ID
  kIssuerMissing = 3,       // embedded, and no certificate of the issuer's name
                            // is at hand, whose key the log has signed with
  kBadSignature = 4,        // not by the log, or not over this certificate
  kInFuture = 5,            // signed later than now (RFC 6962, 5.2)
  kLogNotQualified = 6,     // the log is pending or rejected
  kLogRetired = 7,          // signed when the log had been retired
  kOutsideInterval = 8,     // the log takes no certificates of that expiry
  kValid = 9,
};

// The stable names: "valid", "unknown-log".
absl::string_view SctStatusName(SctStatus status);
absl::string_view CtLogStateName(CtLogState state);

// An SctResult is one SCT and what verifying it came to. It owns what it holds.
struct SctResult {
  Sct sct;
  SctStatus status = SctStatus::kUnknownLog;
  std::string log;            // the log's description, escaped; empty: unknown
  std::string operator_name;  // escaped
};

// An SctEvidence is all that a connection gave about certificate transparency.
// It never changes whether a chain is accepted: what to ask of SCTs is a policy
// of browsers, changes with their lists, and would refuse private authorities.
struct SctEvidence {
  std::vector<SctResult> results;
  // Lists that could not be read, one sentence each, escaped: what is not well
  // formed is evidence too.
  std::vector<std::string> faults;

  size_t CountOf(SctStatus status) const;
};

// A CtLogList is a list of certificate transparency logs and their keys. It is
// immutable and may be used from several threads at once.
class CtLogList {
 public:
  // FromJson reads a list in the format, version 3, that browsers' programs
  // publish ("log_list.json"): `operators`, each with a `name` and `logs` or
  // `tiled_logs`. `file_name` is for errors only.
  //
  // It is somebody else's format, so keys that this library does not know are
  // let be, unlike in its own files. What is used is checked strictly: a key
  // that is not ECDSA P-256 or RSA of 2048 bits or more (RFC 6962, 2.1.4), a
  // log ID that is not the SHA-256 of its key, a log that is there twice, and
  // a state or a date that cannot be understood are INVALID_ARGUMENT
  // "FILE:LINE:COLUMN: ...", and so is a list without logs; a file larger than
  // kMaxFileSize is RESOURCE_EXHAUSTED. Nothing is half-loaded.
  static absl::StatusOr<std::shared_ptr<const CtLogList>> FromJson(
      absl::string_view text, absl::string_view file_name);

  static constexpr size_t kMaxFileSize = 8 * 1024 * 1024;
  static constexpr size_t kMaxLogs = 4096;
  // Keys of issuers that Verify tries for one SCT.
  static constexpr size_t kMaxIssuers = 4;

  absl::Span<const CtLog> logs() const { return logs_; }

  // timestamp returns when the list was made, if it says so.
  std::optional<absl::Time> timestamp() const { return timestamp_; }

  // Find returns the log with `log_id`, or null.
  const CtLog* Find(const std::array<uint8_t, 32>& log_id) const;

  // Verify verifies `sct` for `leaf` at `now`. An embedded SCT is over the
  // precertificate (RFC 6962, 3.2): the leaf without its SCTs, and the key of
  // its issuer, which is looked for by name among `issuers`. Any of them may be
  // false: only the key that the log signed with makes the signature good.
  SctResult Verify(const Sct& sct, const Certificate& leaf,
                   absl::Span<const Certificate> issuers, absl::Time now) const;

 private:
  CtLogList() = default;

  std::vector<CtLog> logs_;
  absl::flat_hash_map<std::array<uint8_t, 32>, size_t> by_id_;
  std::optional<absl::Time> timestamp_;
};

}  // namespace pinning

#endif  // PINNING_CT_LOG_LIST_H_
