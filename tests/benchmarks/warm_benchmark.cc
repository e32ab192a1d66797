// What a verification costs that has been answered before, whatever the number
// of roots, hosts and pins; and how often it allocates.
//
//   bazel run //tests/benchmarks:warm_benchmark
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "pinning/pin.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/trust_store.h"
#include "pinning/verifier.h"
#include "tests/benchmarks/worlds.h"
#include "tests/testing/counted_heap.h"
#include "tests/testing/pki.h"

namespace pinning {
namespace {

using benchmarks::kHost;
using benchmarks::World;
using testing_support::HeapAllocations;
using testing_support::Now;

void BM_Warm(benchmark::State& state, const World& world, bool many_roots,
             int hosts) {
  Verifier::Options options;
  options.trust_store =
      *TrustStore::FromPem(many_roots ? world.roots_pem : world.one_pem,
                           TrustAnchor::Origin::kBundled);
  options.pin_store = PinStore::Empty();
  if (hosts > 0) {
    std::vector<std::string> patterns = {kHost};
    for (int i = 1; i < hosts; ++i) {
      patterns.push_back(absl::StrCat("host", i, ".example.com"));
    }
    testing_support::PinPolicy policy;
    policy.pins = {Pin::OfSpki(world.issuers[0])};
    options.pin_store = testing_support::PinStoreOf(policy, patterns);
  }
  const auto verifier = *Verifier::Create(options);
  const ServerName name = *ServerName::FromString(kHost);
  const auto chain = world.Chain();
  const absl::Time now = Now();
  if (!verifier->VerifyDer(chain, name, now).accepted()) {
    state.SkipWithError("refused");
  }
  bool recalled = true;
  const size_t before = HeapAllocations();
  for (auto _ : state) {
    recalled &= verifier->VerifyDer(chain, name, now).work().from_cache;
  }
  state.counters["allocations"] =
      static_cast<double>(HeapAllocations() - before) /
      static_cast<double>(state.iterations());
  if (!recalled) {
    state.SkipWithError("not remembered");
  }
}

void Register(const World& world) {
  const auto add = [&](const char* name, bool many_roots, int hosts) {
    benchmark::RegisterBenchmark(absl::StrCat(world.name, "/", name).c_str(),
                                 BM_Warm, world, many_roots, hosts);
  };
  add("warm", true, 0);
  add("warm-1-root", false, 0);
  add("warm-1-host", true, 1);
  add("warm-10000-hosts", true, 10'000);
}

}  // namespace
}  // namespace pinning

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  for (const auto* world :
       {&benchmarks::Rsa(), &benchmarks::Ec(), &benchmarks::Mixed()}) {
    pinning::Register(*world);
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
