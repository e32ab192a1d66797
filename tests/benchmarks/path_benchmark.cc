// What a search for every path costs: on an honest chain, and on the worst that
// tests/testing/hostile_chains.h knows. docs/defaults.md states the multiple.
//
//   bazel run //tests/benchmarks:path_benchmark
#include <string>

#include "benchmark/benchmark.h"
#include "pinning/chain.h"
#include "pinning/path_builder.h"
#include "tests/testing/hostile_chains.h"
#include "tests/testing/paths.h"

namespace pinning {
namespace {

using testing::HostileChain;

// BM_Search searches for all paths, as a verification does whose pins match
// none. Parsing is not in it.
void BM_Search(benchmark::State& state, const HostileChain& hostile) {
  const Chain chain = hostile.ChainOf();
  const PathBuilder builder(hostile.TrustStoreOf(), Limits());
  PathBuilder::Result result;
  for (auto _ : state) {
    result = builder.Search(
        chain, KeyPurpose::kServerAuth, testing::MintedNow(),
        [](const VerifiedPath&) { return PathBuilder::Visit::kContinue; });
    benchmark::DoNotOptimize(result);
  }
  state.counters["signatures"] = result.signatures_checked;
  state.counters["paths"] = result.paths_visited;
  state.counters["exhausted"] = result.exhausted_budget ? 1 : 0;
}

// BM_Parse parses what is presented.
void BM_Parse(benchmark::State& state, const HostileChain& hostile) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(hostile.ChainOf());
  }
}

void Register(const HostileChain& chain) {
  benchmark::RegisterBenchmark(("search/" + chain.name).c_str(), BM_Search,
                               chain)
      ->Unit(benchmark::kMicrosecond);
  benchmark::RegisterBenchmark(("parse/" + chain.name).c_str(), BM_Parse, chain)
      ->Unit(benchmark::kMicrosecond);
}

}  // namespace
}  // namespace pinning

int main(int argc, char** argv) {
  for (const char* key_type : {"p256", "rsa2048", "rsa4096", "p384", "p521"}) {
    pinning::Register(pinning::testing::HonestChain(key_type));
  }
  for (const auto& chain : pinning::testing::AllHostileChains()) {
    pinning::Register(chain);
  }
  pinning::Register(pinning::testing::VouchedMeshOfKeys("p384"));
  pinning::Register(pinning::testing::VouchedMeshOfKeys("p521"));
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
