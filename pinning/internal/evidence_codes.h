#ifndef PINNING_INTERNAL_EVIDENCE_CODES_H_
#define PINNING_INTERNAL_EVIDENCE_CODES_H_

#include "absl/strings/string_view.h"

// The stable codes of evidence (docs/verdicts.md). Append only: programs that
// read `--json` compare them.
namespace pinning {
namespace internal {
namespace evidence {

// Interception.
constexpr absl::string_view kKnownKey = "known-key";
constexpr absl::string_view kKnownProduct = "known-product";
constexpr absl::string_view kLocalAnchor = "local-anchor";
constexpr absl::string_view kLeafKeyIsIssuerKey = "leaf-key-is-issuer-key";
constexpr absl::string_view kImitatedIssuer = "imitated-issuer";
constexpr absl::string_view kInspectionName = "inspection-name";
constexpr absl::string_view kGenuineAppended = "genuine-appended";
constexpr absl::string_view kLeafOlderThanIssuer = "leaf-older-than-issuer";
constexpr absl::string_view kPinnedKeysAbsent = "pinned-keys-absent";
constexpr absl::string_view kNoPublicCaMarks = "no-public-ca-marks";
constexpr absl::string_view kServedRootIssuedLeaf = "served-root-issued-leaf";
constexpr absl::string_view kMintedRecently = "minted-recently";
constexpr absl::string_view kResemblesProduct = "resembles-product";

// Pins.
constexpr absl::string_view kPublicAnchor = "public-anchor";
constexpr absl::string_view kBlockedKey = "blocked-key";
constexpr absl::string_view kPinSetExpired = "pin-set-expired";
constexpr absl::string_view kPinListOld = "pin-list-old";
constexpr absl::string_view kPinnedKeyServed = "pinned-key-served";
constexpr absl::string_view kPinnedKeyOnPath = "pinned-key-on-path";

// Time, names, and what a server forgets.
constexpr absl::string_view kExpired = "expired";
constexpr absl::string_view kNotYetValid = "not-yet-valid";
constexpr absl::string_view kClockBehindPinList = "clock-behind-pin-list";
constexpr absl::string_view kNameMismatch = "name-mismatch";
constexpr absl::string_view kSelfSignedLeaf = "self-signed-leaf";
constexpr absl::string_view kPortalName = "portal-name";
constexpr absl::string_view kPrivateAddress = "private-address";
constexpr absl::string_view kMissingIssuer = "missing-issuer";
constexpr absl::string_view kProfile = "profile";

constexpr absl::string_view kAll[] = {
    kKnownKey,
    kKnownProduct,
    kLocalAnchor,
    kLeafKeyIsIssuerKey,
    kImitatedIssuer,
    kInspectionName,
    kGenuineAppended,
    kLeafOlderThanIssuer,
    kPinnedKeysAbsent,
    kNoPublicCaMarks,
    kServedRootIssuedLeaf,
    kMintedRecently,
    kPublicAnchor,
    kBlockedKey,
    kPinSetExpired,
    kPinListOld,
    kPinnedKeyServed,
    kPinnedKeyOnPath,
    kExpired,
    kNotYetValid,
    kClockBehindPinList,
    kNameMismatch,
    kSelfSignedLeaf,
    kPortalName,
    kPrivateAddress,
    kMissingIssuer,
    kProfile,
    kResemblesProduct,
};

}  // namespace evidence
}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_EVIDENCE_CODES_H_
