#ifndef TOOLS_TLSPIN_PHRASES_H_
#define TOOLS_TLSPIN_PHRASES_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/strings/substitute.h"
#include "pinning/language.h"

namespace tlspin {

// A Phrase is one text that the tool says about a verdict. What the library
// says of a diagnosis comes from the library, in either language.
enum class Phrase {
  // Labels of the terminal's lines: at most eight letters.
  kLabelHost,
  kLabelTime,
  kLabelPath,
  kLabelServed,
  kLabelServer,
  kLabelFile,
  kLabelTried,
  kLabelPins,
  kLabelMeans,
  kLabelWhy,
  kLabelError,
  kAccept,
  kReject,
  // What a certificate is on its path.
  kLeaf,
  kIssuer,
  kAnchor,
  kLeafAndAnchor,
  kAddedHere,
  kFromProgramme,
  kAsServed,
  kIssuedBy,
  kNoSubject,
  kRefusedFor,
  kAtDepth,
  // Pin sets and pins.
  kNoPins,
  kNoPinsForName,
  kSetForPattern,
  kEnforced,
  kReportOnly,
  kExpiresInDays,
  kExpiresInOneDay,
  kExpiredRejects,
  kExpiredStops,
  kKindPin,
  kKindBackup,
  kKindBlocked,
  kOnlyAsLeaf,
  kOnlyAsIssuer,
  kOnlyAsAnchor,
  kOnPath,
  kOnPathNoCount,
  kNotOnPath,
  kNoPathToCompare,
  // Signed certificate timestamps.
  kLabelScts,
  kSctsNone,
  kSctsEmbedded,
  kSctsTls,
  kSctsOcsp,
  kSctsValid,
  kSctsFault,
  // The answer.
  kAcceptMatched,
  kAcceptMatchedBackup,
  kAcceptNotPinned,
  kAcceptOtherwise,
  kWouldReject,
  kWithDetail,
  // The demonstration.
  kDemoIntro,
  kDemoGenuine,
  kDemoUnknownRoot,
  kDemoLocalRoot,
  kDemoAppended,
  kDemoUnpinned,
  kDemoAccepted,
  kDemoRefused,
  kDemoUnexpected,
  kDemoRead,
  kDemoMitm,
  kDemoBecause,
  kDemoToDo,
  kDemoMatched,
  kDemoNoPins,
  kDemoOverheard,
  kDemoIntercepted,
  kDemoNoVerdict,
  kDemoShouldAccept,
  kDemoShouldRefuse,
  kDemoOk,
  kDemoFail,
  // The page.
  kPageTitleAccepted,
  kPageTitleRefused,
  kPageTitleMitm,
  kPageConnection,
  kPageAccepted,
  kPageRefused,
  kPageRefusedMitm,
  kPageAcceptedButMitm,
  kPageAcceptedBut,
  kPageWhatToDo,
  kPageExempt,
  kPageWho,
  kPageKindOfProduct,
  kPageConfidence,
  kPageDiagnosis,
  kPageRefusalCode,
  kPagePinStatus,
  kPageWhy,
  kPageWhyOrder,
  kPageNoEvidence,
  kPageCertificateN,
  kPageFieldN,
  kPageKeys,
  kPageServed,
  kPageExpected,
  kPageServedCaption,
  kPageExpectedCaption,
  kPageNothingServed,
  kPageNothingExpected,
  kPageNumber,
  kPageCertificate,
  kPageRole,
  kPageMatch,
  kPageExpectedPin,
  kPageKind,
  kPageWhere,
  kPageMatchesPin,
  kPageMatchesBackup,
  kPageMatchesBlocked,
  kPageMatchesOffPath,
  kPageMatchesNone,
  kPageServedAt,
  kPageServedOffPath,
  kPageAnchorHolds,
  kPageNotServed,
  kPageIssuedBy,
  kPageValidFrom,
  kPageValidTo,
  kPageSetLine,
  kPagePath,
  kPagePathCaption,
  kPageNoPath,
  kPageTried,
  kPageTriedNone,
  kPageTriedN,
  kPageTriedCaption,
  kPageReachedAnchor,
  kPageReachedLocal,
  kPageDidNotReach,
  kPageConnectionFacts,
  kPageServer,
  kPageFile,
  kPageTlsVersion,
  kPageCipher,
  kPageAlpn,
  kPageAlpnNone,
  kPageStaple,
  kPageTlsScts,
  kPageScts,
  kPageBytes,
  kPageNone,
  kPageOffline,
  kPageJudged,
  kPageTimeUsed,
  kPageRoots,
  kPageRootsLine,
  kPagePinFile,
  kPageRequirements,
  kPageInterceptors,
  kPageProfile,
  kPageWeakenings,
  kPageVersion,
  kPageFooter,
};

// The number of phrases: the last one is the page's last line.
inline constexpr size_t kPhraseCount =
    static_cast<size_t>(Phrase::kPageFooter) + 1;

// PhraseTemplate returns `phrase` in `language`; `$0`, `$1`, ... stand for its
// arguments.
absl::string_view PhraseTemplate(Phrase phrase, pinning::Language language);

// Say returns `phrase` in `language`, with `arguments` in their places. They
// are not escaped.
template <typename... Arguments>
std::string Say(Phrase phrase, pinning::Language language,
                const Arguments&... arguments) {
  return absl::Substitute(PhraseTemplate(phrase, language), arguments...);
}

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_PHRASES_H_
