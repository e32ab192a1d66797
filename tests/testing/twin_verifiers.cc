#include "tests/testing/twin_verifiers.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "pinning/server_name.h"
#include "pinning/signature_memo.h"

namespace testing_support {
namespace {

std::shared_ptr<const pinning::Verifier> Make(
    const pinning::Verifier::Options& options) {
  auto verifier = pinning::Verifier::Create(options);
  if (!verifier.ok()) {
    ADD_FAILURE() << verifier.status();
    std::abort();
  }
  return *verifier;
}

std::string Ders(absl::Span<const pinning::Certificate> certificates) {
  std::string text;
  for (const pinning::Certificate& certificate : certificates) {
    absl::StrAppend(&text, certificate.pin().ToString(), " of ",
                    certificate.der().size(), ";");
  }
  return text;
}

}  // namespace

const Pki& Good() {
  static const Pki& pki = *new Pki(MakePki("cache", "*.webex.com"));
  return pki;
}

PinPolicy PinnedTo(std::vector<pinning::Pin> pins) {
  PinPolicy policy;
  policy.pins = std::move(pins);
  return policy;
}

pinning::Verifier::Options OptionsOf(const PinPolicy& policy,
                                     std::vector<mint::Minted> anchors) {
  pinning::Verifier::Options options;
  options.trust_store = TrustStoreOf(anchors);
  options.pin_store = PinStoreOf(policy, {kHost});
  return options;
}

pinning::Verifier::Options Pinned() {
  return OptionsOf(PinnedTo({PinOf(Good().root)}));
}

Inquiry Honest() { return {{Good().leaf.der, Good().intermediate.der}, kHost}; }

Twins::Twins(const pinning::Verifier::Options& options)
    : remembering_(Make(options)), forgetful_(Make(Forgetful(options))) {}

pinning::Verdict Twins::Ask(const Inquiry& inquiry) const {
  const pinning::Verdict fresh = AskOne(*forgetful_, inquiry);
  EXPECT_FALSE(fresh.work().from_cache);
  EXPECT_EQ(fresh.work().signatures_remembered, 0);
  const pinning::Verdict verdict = AskOne(*remembering_, inquiry);
  EXPECT_EQ(Everything(verdict), Everything(fresh));
  if (!verdict.work().from_cache) {
    EXPECT_EQ(verdict.work().signatures, fresh.work().signatures);
  }
  return verdict;
}

pinning::Verdict AskOne(const pinning::Verifier& verifier,
                        const Inquiry& inquiry) {
  const std::vector<absl::Span<const uint8_t>> served(inquiry.served.begin(),
                                                      inquiry.served.end());
  return verifier.VerifyDer(served, NameOf(inquiry.host), inquiry.now,
                            inquiry.revocation, inquiry.facts);
}

std::string Everything(const pinning::Verdict& verdict) {
  std::string text = absl::StrCat(
      verdict.ToString(), "\n", absl::FormatTime(verdict.time()), "\n",
      pinning::PinStatusName(verdict.pin_status()), "\npresented ",
      Ders(verdict.presented()), "\n", verdict.diagnosis().advice, "\n");
  if (verdict.path() != nullptr) {
    absl::StrAppend(&text, "path ", Ders(verdict.path()->certificates()), "\n");
  }
  if (verdict.pins() != nullptr) {
    absl::StrAppend(&text, "set ", verdict.pins()->set, " at ",
                    verdict.pins()->matched_depth, "\n");
  }
  for (const pinning::FailedPath& failed : verdict.failed_paths()) {
    absl::StrAppend(&text, "failed ", Ders(failed.certificates), " ",
                    failed.error.detail, "\n");
  }
  for (const pinning::Evidence& evidence : verdict.diagnosis().evidence) {
    absl::StrAppend(&text, evidence.code, " ", evidence.sentence, "\n");
  }
  if (verdict.scts() != nullptr) {
    for (const pinning::SctResult& result : verdict.scts()->results) {
      absl::StrAppend(&text, "sct ", pinning::SctStatusName(result.status),
                      "\n");
    }
  }
  return text;
}

pinning::Verifier::Options Forgetful(pinning::Verifier::Options options) {
  options.signature_memo = std::make_shared<pinning::SignatureMemo>(0);
  options.cache.max_bytes = 0;
  options.cache.max_refused_bytes = 0;
  options.cache.max_intermediate_bytes = 0;
  return options;
}

}  // namespace testing_support
