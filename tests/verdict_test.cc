#include "pinning/verdict.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/error.h"
#include "pinning/interception.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/trust_store.h"
#include "pinning/verifier.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using testing_support::ChainOf;
using testing_support::MakePki;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::PinOf;
using testing_support::PinPolicy;
using testing_support::PinStoreOf;
using testing_support::Pki;
using testing_support::TrustStoreOf;
using testing_support::VerifierOf;

constexpr absl::string_view kHost = "idbroker.webex.com";

TEST(Verdict, RejectRefusesAndKeepsTheError) {
  const Verdict verdict =
      Verdict::Reject({ErrorCode::kNoServerName, -1, "no name was set"}, Now());
  EXPECT_FALSE(verdict.accepted());
  EXPECT_EQ(verdict.error().code, ErrorCode::kNoServerName);
  EXPECT_EQ(verdict.error().depth, -1);
  EXPECT_EQ(verdict.pin_status(), PinStatus::kNotEvaluated);
  EXPECT_EQ(verdict.path(), nullptr);
  EXPECT_EQ(verdict.pins(), nullptr);
  EXPECT_FALSE(verdict.is_mitm());
  EXPECT_EQ(verdict.time(), Now());
  EXPECT_EQ(verdict.ToString(),
            "REJECT (no name) NO_SERVER_NAME (RFC 9525 6.1) at depth -1: no "
            "name was set");
}

TEST(Verdict, ToStringIsOneLine) {
  const Pki pki = MakePki("verdict", kHost);
  const auto store = TrustStoreOf({pki.root});
  PinPolicy policy;
  policy.pins = {PinOf(pki.root)};
  const std::string accepted =
      VerifierOf(store, PinStoreOf(policy, {std::string(kHost)}))
          ->Verify(ChainOf(pki.Presented()), NameOf(kHost), Now())
          .ToString();
  EXPECT_EQ(accepted, "ACCEPT idbroker.webex.com pins=matched depth=2");
  policy.pins.clear();
  const std::string refused =
      VerifierOf(TrustStoreOf({pki.root}, TrustAnchor::Origin::kLocal),
                 PinStoreOf(policy, {std::string(kHost)}))
          ->Verify(ChainOf(pki.Presented()), NameOf(kHost), Now())
          .ToString();
  EXPECT_THAT(refused, StartsWith("REJECT idbroker.webex.com PIN_MISMATCH "
                                  "(RFC 7469 2.6) at depth -1: "));
  EXPECT_THAT(refused, HasSubstr("; MITM: "));
  EXPECT_THAT(refused, HasSubstr("\"verdict Intermediate\""));
  policy.mode = PinSet::Mode::kReportOnly;
  const std::string reported =
      VerifierOf(store, PinStoreOf(policy, {std::string(kHost)}))
          ->Verify(ChainOf(pki.Presented()), NameOf(kHost), Now())
          .ToString();
  EXPECT_THAT(
      reported,
      StartsWith("ACCEPT idbroker.webex.com pins=mismatch would-reject"));
}

TEST(Verdict, ToStringEscapesDetails) {
  const Verdict verdict = Verdict::Reject(
      {ErrorCode::kMalformedCertificate, 1, "bad\n\x1b[2J"}, Now());
  EXPECT_THAT(verdict.ToString(), Not(HasSubstr("\n")));
  EXPECT_THAT(verdict.ToString(), Not(HasSubstr("\x1b")));
}

// The document and the code list the same things.
class Document : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ifstream in("docs/verdicts.md");
    text_.assign(std::istreambuf_iterator<char>(in),
                 std::istreambuf_iterator<char>());
    ASSERT_FALSE(text_.empty());
  }

  void ExpectRow(absl::string_view row) {
    EXPECT_TRUE(absl::StrContains(text_, absl::StrCat("\n| `", row)))
        << "docs/verdicts.md has no row beginning: " << row;
  }

  std::string text_;
};

TEST_F(Document, HasEveryErrorWithNumberAndClause) {
  for (ErrorCode code : AllErrorCodes()) {
    const absl::string_view spec = ErrorCodeSpec(code);
    ExpectRow(absl::StrCat(ErrorCodeName(code), "` | ", static_cast<int>(code),
                           " | ", spec, spec.empty() ? "" : " ", "| "));
  }
}

TEST_F(Document, HasEveryPinStatus) {
  for (PinStatus status : AllPinStatuses()) {
    ExpectRow(absl::StrCat(PinStatusName(status), "` | ",
                           static_cast<int>(status), " | "));
  }
}

TEST_F(Document, HasEveryDiagnosisVendorKindAndEvidence) {
  for (DiagnosisKind kind : AllDiagnosisKinds()) {
    ExpectRow(absl::StrCat(DiagnosisKindName(kind), "` | ",
                           static_cast<int>(kind), " | "));
  }
  for (VendorKind kind : AllVendorKinds()) {
    EXPECT_THAT(text_, HasSubstr(absl::StrCat("`", VendorKindName(kind), "`")));
  }
  for (absl::string_view code : AllEvidenceCodes()) {
    ExpectRow(absl::StrCat(code, "` | "));
  }
}

}  // namespace
}  // namespace pinning
