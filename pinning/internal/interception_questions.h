#ifndef PINNING_INTERNAL_INTERCEPTION_QUESTIONS_H_
#define PINNING_INTERNAL_INTERCEPTION_QUESTIONS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "pinning/certificate.h"
#include "pinning/diagnosis.h"
#include "pinning/internal/interception_scene.h"

// The questions that are put to a Scene, one for each kind of evidence of
// interception. The table that weighs them is in interception_signs.cc; what
// each is drawn from is in docs/diagnosis.md.
namespace pinning {
namespace internal {

// A Found is what a question found.
struct Found {
  std::string message = {};  // empty: the message is the evidence code
  std::vector<std::string> arguments = {};
  int depth = -1;
  std::string field = {};
  // Set if what was found weighs otherwise than the table says.
  std::optional<EvidenceWeight> weight = std::nullopt;
};

using Question = std::optional<Found>(const Scene&);

// On who signed: questions_on_issuer.cc.
Question LeafKeyIsIssuerKey;
Question ImitatedIssuer;
Question InspectionName;
Question GenuineAppended;
Question LeafOlderThanIssuer;
Question PinnedKeysAbsent;
Question PublicAuthorityPinned;
Question ServedRootIssuedLeaf;
Question ValidityIsIssuers;
Question IssuerKeyIdDiffers;
Question SubjectIsIssuers;

// On what the leaf holds: questions_on_leaf.cc.
Question NoTimestamps;
Question NoPublicCaMarks;
Question NoKeyIds;
Question NoKeyUsage;
Question KeyUsageNotCritical;
Question AuthorityNamedBySerial;
Question OddSerial;
Question ValidityTooLong;
Question ValidityOfWholeDays;
Question KeyIdNotOfKey;
Question MintedRecently;

// On the connection and what else was served: questions_on_connection.cc.
Question BadTimestamps;
Question LeafKeyElsewhere;
Question IssuerElsewhere;
Question SerialNearGenuine;
Question SerialSequential;
Question KeyUnlikeLastSeen;
Question NoAlpn;
Question NoStaple;
Question ServedTwice;
Question ServedUnrelated;

// A proxy mints on demand and sets its clock back by up to two days so that a
// client whose clock is slow does not complain.
constexpr absl::Duration kRecently = absl::Hours(72);

// QuotedSubject returns the subject of `certificate`, escaped, to put between
// quotation marks.
std::string QuotedSubject(const Certificate& certificate);

// LeadsToBundled returns whether signatures lead from the leaf to an anchor
// that a public programme vouches for. Most signs mean nothing then.
bool LeadsToBundled(const Scene& scene);

// FitsIssuerKeyId returns whether the leaf names the key of its issuer as the
// issuer itself does.
bool FitsIssuerKeyId(const Scene& scene);

// HasAnyPublicMark returns whether the leaf has anything that the Baseline
// Requirements have a public authority set and a private one mostly leaves out:
// timestamps, by whatever way, pointers or policies.
bool HasAnyPublicMark(const Scene& scene);

// IsCleanLeaf returns whether the leaf has none of the habits of programs that
// mint on demand: a short or negative serial number, the right to sign
// certificates, an issuer named by serial number or no key usage on a leaf of
// today, a public authority's dates without its marks.
bool IsCleanLeaf(const Scene& scene);

// LooksWellKept returns whether the chain has what a private authority that
// knows its trade has and an interceptor mostly has not: a leaf under an
// issuing authority whose root stays at home, that names its issuer's key and
// the use of its own. Together with nothing but the absence of pinned keys and
// of a public authority's marks it is as likely honest.
bool LooksWellKept(const Scene& scene);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_INTERCEPTION_QUESTIONS_H_
