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
constexpr absl::string_view kLeafKeyElsewhere = "leaf-key-elsewhere";
constexpr absl::string_view kBadTimestamps = "bad-timestamps";
constexpr absl::string_view kSerialNearGenuine = "serial-near-genuine";
constexpr absl::string_view kIssuerElsewhere = "issuer-elsewhere";
constexpr absl::string_view kPublicAuthorityPinned = "public-authority-pinned";
constexpr absl::string_view kNoTimestamps = "no-timestamps";
constexpr absl::string_view kValidityIsIssuers = "validity-is-issuers";
constexpr absl::string_view kIssuerKeyIdDiffers = "issuer-key-id-differs";
constexpr absl::string_view kServedTwice = "served-twice";
constexpr absl::string_view kServedUnrelated = "served-unrelated";
constexpr absl::string_view kKeyUnlikeLastSeen = "key-unlike-last-seen";
constexpr absl::string_view kSerialSequential = "serial-sequential";
constexpr absl::string_view kOddSerial = "odd-serial";
constexpr absl::string_view kSubjectIsIssuers = "subject-is-issuers";
constexpr absl::string_view kNoKeyIds = "no-key-ids";
constexpr absl::string_view kKeyIdNotOfKey = "key-id-not-of-key";
constexpr absl::string_view kAuthorityNamedBySerial =
    "authority-named-by-serial";
constexpr absl::string_view kNoKeyUsage = "no-key-usage";
constexpr absl::string_view kKeyUsageNotCritical = "key-usage-not-critical";
constexpr absl::string_view kValidityTooLong = "validity-too-long";
constexpr absl::string_view kValidityOfWholeDays = "validity-of-whole-days";
constexpr absl::string_view kNoAlpn = "no-alpn";
constexpr absl::string_view kNoStaple = "no-staple";

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
constexpr absl::string_view kDefaultCertificate = "default-certificate";
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
    kLeafKeyElsewhere,
    kBadTimestamps,
    kSerialNearGenuine,
    kIssuerElsewhere,
    kPublicAuthorityPinned,
    kNoTimestamps,
    kValidityIsIssuers,
    kIssuerKeyIdDiffers,
    kServedTwice,
    kServedUnrelated,
    kKeyUnlikeLastSeen,
    kSerialSequential,
    kOddSerial,
    kSubjectIsIssuers,
    kNoKeyIds,
    kKeyIdNotOfKey,
    kAuthorityNamedBySerial,
    kNoKeyUsage,
    kKeyUsageNotCritical,
    kValidityTooLong,
    kValidityOfWholeDays,
    kNoAlpn,
    kNoStaple,
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
    kDefaultCertificate,
    kMissingIssuer,
    kProfile,
    kResemblesProduct,
};

}  // namespace evidence
}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_EVIDENCE_CODES_H_
