// What the parts of a verification cost, each alone, and what a trust store of
// many roots costs, beside BoringSSL's.
//
//   bazel run //tests/benchmarks:parts_benchmark
#include <malloc.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "benchmark/benchmark.h"
#include "pinning/certificate.h"
#include "pinning/chain.h"
#include "pinning/path_builder.h"
#include "pinning/pin.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/signature_memo.h"
#include "pinning/spki.h"
#include "pinning/trust_store.h"
#include "pinning/verifier.h"
#include "tests/benchmarks/worlds.h"
#include "tests/testing/pki.h"

namespace pinning {
namespace {

using benchmarks::kHost;
using benchmarks::World;
using testing_support::Now;

void BM_FindSpki(benchmark::State& state, const World& world) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(FindSpki(world.leaves[0]));
  }
}

void BM_ParseX509(benchmark::State& state, const World& world) {
  for (auto _ : state) {
    const uint8_t* at = world.leaves[0].data();
    benchmark::DoNotOptimize(
        bssl::UniquePtr<X509>(d2i_X509(nullptr, &at, world.leaves[0].size())));
  }
}

void BM_Pin(benchmark::State& state, const World& world) {
  const Certificate leaf = *Certificate::FromDer(world.leaves[0]);
  for (auto _ : state) {
    benchmark::DoNotOptimize(Pin::OfSpki(leaf.spki_der()));
  }
}

void BM_NameMatch(benchmark::State& state, const World& world) {
  const Certificate leaf = *Certificate::FromDer(world.leaves[0]);
  const ServerName name = *ServerName::FromString(kHost);
  for (auto _ : state) {
    if (!name.Matches(leaf)) {
      state.SkipWithError("no match");
    }
  }
}

// BM_Path builds and checks a path of parsed certificates whose signatures are
// known.
void BM_Path(benchmark::State& state, const World& world) {
  const Chain chain = *Chain::FromDer(world.Chain());
  const PathBuilder builder(
      world.Store(), Limits(), PathBuilder::ValidityPeriod::kEnforce,
      Profile::kRfc5280, PolicyOptions(), std::make_shared<SignatureMemo>());
  const auto search = [&] {
    return builder.Search(
        chain, KeyPurpose::kServerAuth, Now(),
        [](const VerifiedPath&) { return PathBuilder::Visit::kStop; });
  };
  search();
  for (auto _ : state) {
    if (search().signatures_remembered != 2) {
      state.SkipWithError("the signatures were not known");
    }
  }
}

// BM_Cold is a verification that remembers nothing, against `roots`.
void BM_Cold(benchmark::State& state, const World& world, bool many_roots) {
  Verifier::Options options;
  options.trust_store =
      *TrustStore::FromPem(many_roots ? world.roots_pem : world.one_pem,
                           TrustAnchor::Origin::kBundled);
  options.pin_store = PinStore::Empty();
  options.cache.max_bytes = 0;
  options.cache.max_refused_bytes = 0;
  options.cache.max_intermediate_bytes = 0;
  options.signature_memo = std::make_shared<SignatureMemo>(0);
  const auto verifier = *Verifier::Create(options);
  const ServerName name = *ServerName::FromString(kHost);
  for (auto _ : state) {
    if (!verifier->VerifyDer(world.Chain(), name, Now()).accepted()) {
      state.SkipWithError("refused");
    }
  }
}

bssl::UniquePtr<X509_STORE> BoringSslStore(absl::string_view pem) {
  bssl::UniquePtr<X509_STORE> store(X509_STORE_new());
  bssl::UniquePtr<BIO> bio(BIO_new_mem_buf(pem.data(), pem.size()));
  while (bssl::UniquePtr<X509> root{
      PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    X509_STORE_add_cert(store.get(), root.get());
  }
  ERR_clear_error();
  return store;
}

// Load loads the roots over and over, and tells what heap a store takes.
template <typename MakeStore>
void Load(benchmark::State& state, const MakeStore& make_store) {
  {
    malloc_trim(0);
    const size_t before = mallinfo2().uordblks;
    const auto store = make_store();
    state.counters["heap"] = static_cast<double>(mallinfo2().uordblks - before);
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(make_store());
  }
}

void BM_LoadRoots(benchmark::State& state, const World& world) {
  Load(state, [&] { return world.Store(); });
}

void BM_LoadRootsX509(benchmark::State& state, const World& world) {
  Load(state, [&] { return BoringSslStore(world.roots_pem); });
}

void Register(const World& world) {
  const auto add = [&](const char* name, auto function, auto... arguments) {
    benchmark::RegisterBenchmark(absl::StrCat(world.name, "/", name).c_str(),
                                 function, world, arguments...);
  };
  add("find-spki", BM_FindSpki);
  add("parse-x509", BM_ParseX509);
  add("pin", BM_Pin);
  add("name", BM_NameMatch);
  add("path", BM_Path);
  add("cold-1-root", BM_Cold, false);
  add("cold-151-roots", BM_Cold, true);
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
  benchmark::RegisterBenchmark("roots", pinning::BM_LoadRoots,
                               benchmarks::Rsa());
  benchmark::RegisterBenchmark("roots-x509", pinning::BM_LoadRootsX509,
                               benchmarks::Rsa());
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
