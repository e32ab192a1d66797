#include "pinning/signature_memo.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "pinning/error.h"
#include "pinning/internal/signature.h"
#include "pinning/pin_store.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/pki.h"
#include "tests/testing/twin_verifiers.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using internal::SignedData;
using testing_support::AskOne;
using testing_support::Inquiry;
using testing_support::MakePki;
using testing_support::Pki;
using testing_support::TrustStoreOf;
using testing_support::Twins;
using Octets = std::vector<uint8_t>;

constexpr char kHost[] = "www.example.com";

// A Question owns what a memo is asked about.
struct Question {
  Octets tbs = Octets(1000, 7);
  Octets algorithm = Octets(15, 3);
  Octets signature = Octets(256, 9);
  Octets spki = Octets(294, 5);

  SignedData data() const { return {tbs, algorithm, algorithm, signature}; }
};

bool Knows(const SignatureMemo& memo, const Question& question) {
  const SignedData data = question.data();
  return memo.Knows(memo.HashOf(data), data, question.spki);
}

void Remember(SignatureMemo& memo, const Question& question) {
  const SignedData data = question.data();
  memo.Remember(memo.HashOf(data), data, question.spki);
}

struct Row {
  std::string name;
  std::function<void(Question&)> change;
};

TEST(SignatureMemo, KnowsWhatItWasToldAndNothingElse) {
  const Row kRows[] = {
      {"signed bytes", [](auto& q) { q.tbs[999] ^= 1; }},
      {"signature", [](auto& q) { q.signature[0] ^= 0x80; }},
      {"algorithm", [](auto& q) { q.algorithm[7] ^= 1; }},
      {"key", [](auto& q) { q.spki[293] ^= 1; }},
      {"shorter bytes", [](auto& q) { q.tbs.pop_back(); }},
      {"longer key", [](auto& q) { q.spki.push_back(0); }},
      {"no signature", [](auto& q) { q.signature.clear(); }},
      {"an octet moved",
       [](auto& q) {
         q.tbs.insert(q.tbs.begin(), q.signature.back());
         q.signature.pop_back();
       }},
  };
  for (const uint64_t mask : {~uint64_t{0}, uint64_t{0}}) {
    SignatureMemo memo(SignatureMemo::kDefaultMaxBytes, mask);
    EXPECT_FALSE(Knows(memo, Question()));
    Remember(memo, Question());
    EXPECT_TRUE(Knows(memo, Question()));
    for (const Row& row : kRows) {
      Question changed;
      row.change(changed);
      EXPECT_FALSE(Knows(memo, changed)) << row.name << " " << mask;
    }
    EXPECT_TRUE(Knows(memo, Question()));
  }
}

TEST(SignatureMemo, IsBounded) {
  SignatureMemo memo(64 * 1024);
  for (int i = 0; i < 1000; ++i) {
    Question question;
    question.signature[0] = static_cast<uint8_t>(i);
    question.signature[1] = static_cast<uint8_t>(i >> 8);
    Remember(memo, question);
    EXPECT_TRUE(Knows(memo, question)) << i;
    EXPECT_LE(memo.bytes(), 64u * 1024);
  }
  EXPECT_GT(memo.size(), 20u);
  // What is larger than all of it is not kept, and pushes nothing out.
  const size_t size = memo.size();
  Question large;
  large.tbs.assign(65 * 1024, 1);
  Remember(memo, large);
  EXPECT_FALSE(Knows(memo, large));
  EXPECT_EQ(memo.size(), size);
}

TEST(SignatureMemo, KeepsWhatIsAskedFor) {
  SignatureMemo memo(64 * 1024);
  const Question wanted;
  Remember(memo, wanted);
  for (int i = 0; i < 1000; ++i) {
    Question question;
    question.signature[0] = static_cast<uint8_t>(i);
    question.signature[1] = static_cast<uint8_t>(1 + (i >> 8));
    Remember(memo, question);
    EXPECT_TRUE(Knows(memo, wanted)) << i;
  }
}

TEST(SignatureMemo, OfSizeZeroRemembersNothing) {
  SignatureMemo memo(0);
  Remember(memo, Question());
  EXPECT_FALSE(Knows(memo, Question()));
  EXPECT_EQ(memo.size(), 0u);
}

// A World is a Verifier, with a memo that may be shared.
Verifier::Options OptionsOf(const Pki& pki,
                            std::shared_ptr<SignatureMemo> memo = nullptr) {
  Verifier::Options options;
  options.trust_store = TrustStoreOf({pki.root});
  options.pin_store = PinStore::Empty();
  options.signature_memo = std::move(memo);
  return options;
}

TEST(SignatureMemo, KnowsTheIntermediateOfANewLeaf) {
  const Pki pki = MakePki("memo", kHost);
  const Twins twins(OptionsOf(pki));
  const Verdict first =
      twins.Ask({{pki.leaf.der, pki.intermediate.der}, kHost});
  EXPECT_EQ(first.work().signatures, 2);
  EXPECT_EQ(first.work().signatures_remembered, 0);
  const auto leaf =
      mint::Issue(mint::Leaf({kHost}), pki.leaf.key, pki.intermediate);
  const Verdict second = twins.Ask({{leaf.der, pki.intermediate.der}, kHost});
  EXPECT_TRUE(second.accepted());
  EXPECT_EQ(second.work().signatures, 2);
  EXPECT_EQ(second.work().signatures_remembered, 1);
}

TEST(SignatureMemo, OutlivesAConfiguration) {
  const Pki pki = MakePki("memo", kHost);
  const auto memo = std::make_shared<SignatureMemo>();
  const Inquiry inquiry{{pki.leaf.der, pki.intermediate.der}, kHost};
  EXPECT_EQ(AskOne(**Verifier::Create(OptionsOf(pki, memo)), inquiry)
                .work()
                .signatures_remembered,
            0);
  Verifier::Options options = OptionsOf(pki, memo);
  options.profile = Profile::kRfc5280Strict;
  EXPECT_EQ(
      AskOne(**Verifier::Create(options), inquiry).work().signatures_remembered,
      2);
  // Two Verifiers that were given none share none.
  EXPECT_EQ(AskOne(**Verifier::Create(OptionsOf(pki)), inquiry)
                .work()
                .signatures_remembered,
            0);
}

// That a key signed something does not make it a trusted key.
TEST(SignatureMemo, KnowingASignatureTrustsNobody) {
  const Pki pki = MakePki("memo", kHost);
  const Pki other = MakePki("memo-other", kHost);
  const auto memo = std::make_shared<SignatureMemo>();
  const Inquiry inquiry{{pki.leaf.der, pki.intermediate.der}, kHost};
  EXPECT_TRUE(
      AskOne(**Verifier::Create(OptionsOf(pki, memo)), inquiry).accepted());
  const Verdict verdict = Twins(OptionsOf(other, memo)).Ask(inquiry);
  EXPECT_EQ(verdict.error().code, ErrorCode::kNoPath);
}

TEST(SignatureMemo, RemembersNoBadSignature) {
  const Pki pki = MakePki("memo", kHost);
  mint::Spec spec = mint::Leaf({kHost});
  spec.corrupt_signature = true;
  const auto leaf = mint::Issue(spec, pki.leaf.key, pki.intermediate);
  const auto memo = std::make_shared<SignatureMemo>();
  Verifier::Options options = OptionsOf(pki, memo);
  options.cache.max_refused_bytes = 0;
  const Twins twins(options);
  const Inquiry inquiry{{leaf.der, pki.intermediate.der}, kHost};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(twins.Ask(inquiry).error().code, ErrorCode::kBadSignature);
    EXPECT_EQ(memo->size(), 1u);  // the intermediate's
  }
}

// What is remembered costs nothing, and is counted: else a hostile chain would
// be refused the first time and accepted the second.
TEST(SignatureMemo, LimitsCountWhatIsRemembered) {
  const Pki pki = MakePki("memo", kHost);
  const auto memo = std::make_shared<SignatureMemo>();
  const Inquiry inquiry{{pki.leaf.der, pki.intermediate.der}, kHost};
  EXPECT_TRUE(
      AskOne(**Verifier::Create(OptionsOf(pki, memo)), inquiry).accepted());
  Verifier::Options options = OptionsOf(pki, memo);
  options.limits.max_signatures = 1;
  EXPECT_EQ(Twins(options).Ask(inquiry).error().code,
            ErrorCode::kBudgetExhausted);
}

}  // namespace
}  // namespace pinning
