#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/error.h"
#include "pinning/pin_store.h"
#include "pinning/signature_memo.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/pki.h"
#include "tests/testing/twin_verifiers.h"
#include "tools/mint/mint.h"

// Many threads ask Verifiers that share a memo, with caches so small that
// answers come and go all the time, and each is told the truth.
namespace pinning {
namespace {

using testing_support::AskOne;
using testing_support::Inquiry;
using testing_support::Now;
using testing_support::Pki;

constexpr int kThreads = 4;
constexpr int kRounds = 40;

std::vector<Inquiry> Inquiries(const Pki& pki) {
  std::vector<Inquiry> inquiries;
  for (int i = 0; i < 6; ++i) {
    const auto leaf = mint::Issue(mint::Leaf({absl::StrCat(i, ".example")}),
                                  pki.leaf.key, pki.intermediate);
    for (const int host : {i, 7}) {
      for (const absl::Duration later :
           {absl::ZeroDuration(), absl::Hours(24 * 365)}) {
        inquiries.push_back({{leaf.der, pki.intermediate.der},
                             absl::StrCat(host, ".example"),
                             Now() + later});
      }
    }
  }
  return inquiries;
}

struct Truth {
  bool accepted;
  ErrorCode error;
};

TEST(CacheThreads, EachIsToldTheTruth) {
  const Pki pki = testing_support::MakePki("cache-threads", "x.example");
  const std::vector<Inquiry> inquiries = Inquiries(pki);
  Verifier::Options options;
  options.trust_store = testing_support::TrustStoreOf({pki.root});
  options.pin_store = PinStore::Empty();
  const auto forgetful = *Verifier::Create(testing_support::Forgetful(options));
  std::vector<Truth> truth;
  for (const Inquiry& inquiry : inquiries) {
    const Verdict verdict = AskOne(*forgetful, inquiry);
    truth.push_back({verdict.accepted(), verdict.error().code});
  }
  options.signature_memo = std::make_shared<SignatureMemo>(8 * 1024);
  options.cache.max_bytes = 48 * 1024;
  options.cache.max_refused_bytes = 48 * 1024;
  const std::vector<std::shared_ptr<const Verifier>> verifiers = {
      *Verifier::Create(options), *Verifier::Create(options)};
  std::vector<std::thread> threads;
  std::vector<int> remembered(kThreads, 0), wrong(kThreads, 0);
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (size_t i = 0; i < kRounds * inquiries.size(); ++i) {
        // Each thread goes its own way, and often the same one twice.
        const size_t at = (i / 2) * (2 * thread + 1) % inquiries.size();
        const Verdict verdict =
            AskOne(*verifiers[i / 2 % verifiers.size()], inquiries[at]);
        remembered[thread] += verdict.work().from_cache;
        wrong[thread] += verdict.accepted() != truth[at].accepted ||
                         verdict.error().code != truth[at].error ||
                         verdict.host() != inquiries[at].host ||
                         verdict.time() != inquiries[at].now;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (int thread = 0; thread < kThreads; ++thread) {
    EXPECT_EQ(wrong[thread], 0);
    EXPECT_GT(remembered[thread], 0);
  }
}

}  // namespace
}  // namespace pinning
