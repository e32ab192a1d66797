#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/signature_memo.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/counted_heap.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

// What remembering costs in memory: nothing to be answered from it, and no more
// than its bound to be filled by an enemy.

namespace pinning {
namespace {

using testing_support::HeapAllocations;
using testing_support::HeapBytes;
using testing_support::MakePki;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::PinPolicy;
using testing_support::PinStoreOf;
using testing_support::Pki;
using testing_support::TrustStoreOf;
using Der = std::vector<uint8_t>;

constexpr char kHost[] = "www.example.com";

class CacheMemory : public testing::Test {
 protected:
  void SetUp() override {
    options_.trust_store = TrustStoreOf({pki_.root});
    options_.pin_store = PinStore::Empty();
  }

  // Grown returns by how much the heap grows while `count` chains that have
  // not been seen are judged by a new Verifier, which is still there then.
  size_t Grown(int count) const {
    const auto verifier = *Verifier::Create(options_);
    const ServerName name = NameOf(kHost);
    // A certificate that no path needs, and that anyone can make.
    Der junk = MakePki("junk", "junk.example").leaf.der;
    const size_t before = HeapBytes();
    for (int i = 0; i < count; ++i) {
      // In its signature, which nobody looks at.
      for (int octet = 0; octet < 4; ++octet) {
        junk[junk.size() - 8 + octet] = static_cast<uint8_t>(i >> 8 * octet);
      }
      const Verdict verdict = verifier->VerifyDer(
          {pki_.leaf.der, pki_.intermediate.der, junk}, name, Now());
      EXPECT_FALSE(verdict.work().from_cache);
    }
    const size_t after = HeapBytes();
    return after > before ? after - before : 0;
  }

  const Pki pki_ = MakePki("cache-memory", kHost);
  Verifier::Options options_;
};

TEST_F(CacheMemory, AnswersWithoutAllocating) {
  PinPolicy mismatch;
  const struct {
    const char* name;
    std::shared_ptr<const PinStore> pins;
  } kRows[] = {{"accepted", PinStore::Empty()},
               {"refused", PinStoreOf(mismatch, {kHost})}};
  for (const auto& row : kRows) {
    options_.pin_store = row.pins;
    const auto verifier = *Verifier::Create(options_);
    const ServerName name = NameOf(kHost);
    const std::vector<absl::Span<const uint8_t>> chain = {
        pki_.leaf.der, pki_.intermediate.der};
    const absl::Time now = Now();
    EXPECT_FALSE(verifier->VerifyDer(chain, name, now).work().from_cache);
    const size_t before = HeapAllocations();
    for (int i = 0; i < 10; ++i) {
      const Verdict verdict = verifier->VerifyDer(chain, name, now);
      EXPECT_TRUE(verdict.work().from_cache) << row.name;
    }
    EXPECT_EQ(HeapAllocations(), before) << row.name;
  }
}

TEST_F(CacheMemory, HoldsItsBoundAgainstManyChains) {
  constexpr size_t kBound = 512 * 1024;
  options_.cache.max_bytes = kBound;
  options_.cache.max_refused_bytes = kBound;
  const size_t grown = Grown(2000);
  EXPECT_LE(grown, kBound + SignatureMemo::kDefaultMaxBytes);
  EXPECT_GE(grown, kBound / 4);  // it is of use, too
  options_.pin_store = PinStoreOf(PinPolicy(), {kHost});
  const size_t refused = Grown(2000);
  EXPECT_LE(refused, kBound + SignatureMemo::kDefaultMaxBytes);
  EXPECT_GE(refused, kBound / 8);
}

TEST_F(CacheMemory, KeepsNothingWhenOff) {
  options_.cache.max_bytes = 0;
  options_.cache.max_refused_bytes = 0;
  options_.cache.max_intermediate_bytes = 0;
  options_.signature_memo = std::make_shared<SignatureMemo>(0);
  EXPECT_LE(Grown(200), 64u * 1024);
}

}  // namespace
}  // namespace pinning
