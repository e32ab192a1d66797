// What several threads get out of one Verifier: each as much as one alone, if
// there are processors for them. Printed for each number of threads is the
// throughput of all (items_per_second) and the processor time that one
// verification takes, which does not grow with threads unless they hinder each
// other.
//
//   bazel run //tests/benchmarks:scaling_benchmark
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "benchmark/benchmark.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/signature_memo.h"
#include "pinning/verifier.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using testing_support::Now;

constexpr char kHost[] = "www.example.com";

// Many more than the memo holds, so that one that comes again is new.
constexpr int kManyLeaves = 4096;
constexpr size_t kMemoBytes = 512 * 1024;
// As many as are remembered whole.
constexpr int kSomeLeaves = 256;

// A World is the leaves of one intermediate, with keys as they are common.
struct World {
  World() {
    for (int i = 0; i < kManyLeaves; ++i) {
      leaves.push_back(mint::Issue(mint::Leaf({kHost}),
                                   mint::Key::Shared("p256-l"), intermediate));
    }
  }

  std::vector<absl::Span<const uint8_t>> Chain(size_t leaf) const {
    return {leaves[leaf].der, intermediate.der};
  }

  mint::Minted root =
      mint::SelfSigned(mint::Ca("Bench Root"), mint::Key::Shared("rsa4096-r"));
  mint::Minted intermediate = mint::Issue(mint::Ca("Bench Intermediate"),
                                          mint::Key::Shared("rsa2048-i"), root);
  std::vector<mint::Minted> leaves;
};

const World& TheWorld() {
  static const World& world = *new World();
  return world;
}

enum class Case {
  kCold,       // nothing is remembered
  kKnown,      // a new leaf each time, under an intermediate that is known
  kOneChain,   // one chain that was seen before, asked by all at once
  kManyChains  // many that were, each asked by all
};

std::shared_ptr<const Verifier> VerifierFor(Case which) {
  Verifier::Options options;
  options.trust_store = testing_support::TrustStoreOf({TheWorld().root});
  options.pin_store = PinStore::Empty();
  if (which == Case::kCold || which == Case::kKnown) {
    options.cache.max_bytes = 0;
    options.cache.max_refused_bytes = 0;
  }
  if (which == Case::kKnown) {
    options.signature_memo = std::make_shared<SignatureMemo>(kMemoBytes);
  }
  if (which == Case::kCold) {
    options.cache.max_intermediate_bytes = 0;
    options.signature_memo = std::make_shared<SignatureMemo>(0);
  }
  return *Verifier::Create(options);
}

int LeavesOf(Case which) {
  return which == Case::kKnown        ? kManyLeaves
         : which == Case::kManyChains ? kSomeLeaves
                                      : 1;
}

void BM_Scaling(benchmark::State& state, Case which,
                std::shared_ptr<const Verifier> verifier) {
  const ServerName name = *ServerName::FromString(kHost);
  std::vector<std::vector<absl::Span<const uint8_t>>> chains;
  for (int i = 0; i < LeavesOf(which); ++i) {
    chains.push_back(TheWorld().Chain(i));
  }
  // Each thread begins elsewhere.
  size_t i = chains.size() * state.thread_index() / state.threads();
  bool accepted = true;
  for (auto _ : state) {
    accepted &= verifier->VerifyDer(chains[i], name, Now()).accepted();
    i = i + 1 == chains.size() ? 0 : i + 1;
  }
  if (!accepted) {
    state.SkipWithError("refused");
  }
  state.SetItemsProcessed(state.iterations());
}

void Register(const char* name, Case which) {
  benchmark::RegisterBenchmark(name, BM_Scaling, which, VerifierFor(which))
      ->Threads(1)
      ->Threads(2)
      ->Threads(4)
      ->Threads(16)
      ->UseRealTime();
}

}  // namespace
}  // namespace pinning

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  pinning::Register("cold", pinning::Case::kCold);
  pinning::Register("known-intermediate", pinning::Case::kKnown);
  pinning::Register("warm-one-chain", pinning::Case::kOneChain);
  pinning::Register("warm-many-chains", pinning::Case::kManyChains);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
