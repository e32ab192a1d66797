// What a verification costs, cold and warm, beside the signatures that it
// cannot do without and BoringSSL's own verifier. The ratios are printed; times
// are of no use to compare between machines, or between busy and idle ones.
//
//   bazel run -c opt //tests/benchmarks:verify_benchmark
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pool.h>
#include <openssl/x509.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "benchmark/benchmark.h"
#include "pinning/certificate.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/signature_memo.h"
#include "pinning/trust_store.h"
#include "pinning/verifier.h"
#include "tests/benchmarks/worlds.h"
#include "tests/testing/pki.h"

namespace pinning {
namespace {

using Der = std::vector<uint8_t>;
using benchmarks::kHost;
using benchmarks::World;
using testing_support::Now;

constexpr int kLeaves = 64;

std::shared_ptr<const Verifier> MakeVerifier(const World& world, bool cache,
                                             bool memo) {
  Verifier::Options options;
  options.trust_store = world.Store();
  options.pin_store = PinStore::Empty();
  if (!cache) {
    options.cache.max_bytes = 0;
    options.cache.max_refused_bytes = 0;
    options.cache.max_intermediate_bytes = 0;
  }
  if (!memo) {
    options.signature_memo = std::make_shared<SignatureMemo>(0);
  }
  return *Verifier::Create(options);
}

// A Signature is of `certificate`, by `key`.
struct Signature {
  Certificate certificate;
  std::shared_ptr<EVP_PKEY> key;
  const EVP_MD* digest;

  bool Verify() const {
    const internal::ParsedCertificate& parsed = certificate.parsed();
    bssl::ScopedEVP_MD_CTX context;
    return EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr,
                                key.get()) &&
           EVP_DigestVerify(context.get(), parsed.signature.data(),
                            parsed.signature.size(), parsed.tbs.data(),
                            parsed.tbs.size());
  }
};

Signature SignatureOf(const Der& certificate, const Der& issuer_spki) {
  CBS cbs;
  CBS_init(&cbs, issuer_spki.data(), issuer_spki.size());
  std::shared_ptr<EVP_PKEY> key(EVP_parse_public_key(&cbs), EVP_PKEY_free);
  const EVP_MD* digest =
      EVP_PKEY_bits(key.get()) == 384 ? EVP_sha384() : EVP_sha256();
  return {*Certificate::FromDer(certificate), std::move(key), digest};
}

// BM_Floor verifies the signatures of a chain, and does nothing else: the keys
// are parsed beforehand.
void BM_Floor(benchmark::State& state, const World& world) {
  const Signature leaf = SignatureOf(world.leaves[0], world.issuers[0]);
  const Signature issuer = SignatureOf(world.intermediate, world.issuers[1]);
  for (auto _ : state) {
    if (!leaf.Verify() || !issuer.Verify()) {
      state.SkipWithError("not signed so");
    }
  }
}

// BM_OneSignature verifies that of a leaf, of another one each time, as
// BM_KnownIntermediate does: the time of ECDSA is less for one that the
// processor has learnt the branches and the table entries of.
void BM_OneSignature(benchmark::State& state, const World& world) {
  std::vector<Signature> signatures;
  for (const Der& leaf : world.leaves) {
    signatures.push_back(SignatureOf(leaf, world.issuers[0]));
    signatures.back().key = signatures.front().key;
  }
  size_t i = 0;
  for (auto _ : state) {
    if (!signatures[i++ % signatures.size()].Verify()) {
      state.SkipWithError("not signed so");
    }
  }
}

void BM_Verify(benchmark::State& state, const World& world, bool cache,
               bool memo, bool new_leaf) {
  const auto verifier = MakeVerifier(world, cache, memo);
  const ServerName name = *ServerName::FromString(kHost);
  std::vector<std::vector<absl::Span<const uint8_t>>> chains;
  for (int i = 0; i < (new_leaf ? kLeaves : 1); ++i) {
    chains.push_back(world.Chain(i));
  }
  // With a memo of one signature's size, each new leaf leaves again.
  size_t i = 0;
  for (auto _ : state) {
    const Verdict verdict =
        verifier->VerifyDer(chains[i++ % chains.size()], name, Now());
    if (!verdict.accepted()) {
      state.SkipWithError(verdict.ToString().c_str());
    }
  }
}

// BM_KnownIntermediate verifies a leaf that is new each time, under an
// intermediate that is not.
void BM_KnownIntermediate(benchmark::State& state, const World& world) {
  const ServerName name = *ServerName::FromString(kHost);
  const auto store = world.Store();
  Verifier::Options options;
  options.trust_store = store;
  options.pin_store = PinStore::Empty();
  options.cache.max_bytes = 0;
  options.cache.max_refused_bytes = 0;
  std::shared_ptr<const Verifier> verifier;
  int i = 0;
  for (auto _ : state) {
    if (i % (kLeaves - 1) == 0) {
      state.PauseTiming();
      options.signature_memo = std::make_shared<SignatureMemo>();
      verifier = *Verifier::Create(options);
      benchmark::DoNotOptimize(
          verifier->VerifyDer(world.Chain(0), name, Now()));
      state.ResumeTiming();
    }
    const auto chain = world.Chain(1 + i++ % (kLeaves - 1));
    const Verdict verdict = verifier->VerifyDer(chain, name, Now());
    if (verdict.work().signatures_remembered != 1) {
      state.SkipWithError("the intermediate was not known");
    }
  }
}

bssl::UniquePtr<X509> ParseX509(absl::Span<const uint8_t> der) {
  const uint8_t* at = der.data();
  return bssl::UniquePtr<X509>(d2i_X509(nullptr, &at, der.size()));
}

std::vector<Der> RootsOf(const World& world) {
  std::vector<Der> ders;
  const auto store = world.Store();
  for (const TrustAnchor& anchor : store->anchors()) {
    ders.emplace_back(anchor.certificate.der().begin(),
                      anchor.certificate.der().end());
  }
  return ders;
}

// BM_BoringSsl is BoringSSL's own verifier, parsing included.
void BM_BoringSsl(benchmark::State& state, const World& world) {
  bssl::UniquePtr<X509_STORE> store(X509_STORE_new());
  for (const Der& der : RootsOf(world)) {
    X509_STORE_add_cert(store.get(), ParseX509(der).get());
  }
  for (auto _ : state) {
    const auto leaf = ParseX509(world.leaves[0]);
    bssl::UniquePtr<STACK_OF(X509)> chain(sk_X509_new_null());
    bssl::PushToStack(chain.get(), ParseX509(world.intermediate));
    bssl::UniquePtr<X509_STORE_CTX> context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), chain.get());
    X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time_posix(param, absl::ToUnixSeconds(Now()));
    X509_VERIFY_PARAM_set1_host(param, kHost, sizeof(kHost) - 1);
    if (X509_verify_cert(context.get()) != 1) {
      state.SkipWithError("BoringSSL refuses it");
    }
  }
}

void BM_ParseX509(benchmark::State& state, const World& world) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(ParseX509(world.leaves[0]));
    benchmark::DoNotOptimize(ParseX509(world.intermediate));
  }
}

void BM_Parse(benchmark::State& state, const World& world) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(Certificate::FromDer(world.leaves[0]));
    benchmark::DoNotOptimize(Certificate::FromDer(world.intermediate));
  }
}

void BM_LoadRoots(benchmark::State& state, const World& world) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(world.Store());
  }
}

void BM_LoadRootsX509(benchmark::State& state, const World& world) {
  for (auto _ : state) {
    bssl::UniquePtr<X509_STORE> store(X509_STORE_new());
    bssl::UniquePtr<BIO> bio(
        BIO_new_mem_buf(world.roots_pem.data(), world.roots_pem.size()));
    while (bssl::UniquePtr<X509> root{
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
      X509_STORE_add_cert(store.get(), root.get());
    }
    ERR_clear_error();
  }
}

// A Reporter prints as usual, and the ratios at the end.
class Reporter : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      const double time = run.GetAdjustedCPUTime();
      double& best = times_[run.run_name.function_name];
      if (run.run_type == Run::RT_Iteration && (best == 0 || time < best)) {
        best = time;
      }
    }
  }

  void Finalize() override {
    for (const char* kind : {"rsa", "ec", "mixed"}) {
      Ratio(kind, "cold", "floor", "at most 1.08 (RSA), 1.05 (EC)");
      Ratio(kind, "cold", "boringssl", "at most 0.70 (RSA)");
      Ratio(kind, "known-intermediate", "one-signature", "at most 1.10");
      Ratio(kind, "warm", "boringssl", "");
      Ratio(kind, "parse", "parse-x509", "at most 0.067");
      Ratio(kind, "roots", "roots-x509", "at most 0.20");
    }
  }

 private:
  void Ratio(const std::string& kind, const std::string& of,
             const std::string& to, const char* target) {
    const double a = times_[absl::StrCat(kind, "/", of)];
    const double b = times_[absl::StrCat(kind, "/", to)];
    if (a > 0 && b > 0) {
      std::printf("%-4s %20s / %-14s %8.4f  %s\n", kind.c_str(), of.c_str(),
                  to.c_str(), a / b, target);
    }
  }

  std::map<std::string, double> times_;
};

void Register(const std::string& kind, const World& world) {
  const auto add = [&](const char* name, auto function, auto... arguments) {
    benchmark::RegisterBenchmark(absl::StrCat(kind, "/", name).c_str(),
                                 function, world, arguments...)
        ->Unit(benchmark::kMicrosecond);
  };
  add("floor", BM_Floor);
  add("one-signature", BM_OneSignature);
  add("cold", BM_Verify, false, false, false);
  add("boringssl", BM_BoringSsl);
  add("known-intermediate", BM_KnownIntermediate);
  add("warm", BM_Verify, true, true, false);
  add("parse", BM_Parse);
  add("parse-x509", BM_ParseX509);
  add("roots", BM_LoadRoots);
  add("roots-x509", BM_LoadRootsX509);
}

void BM_WarmThreads(benchmark::State& state) {
  static const auto& verifier = *new std::shared_ptr<const Verifier>(
      MakeVerifier(benchmarks::Rsa(), true, true));
  const ServerName name = *ServerName::FromString(kHost);
  const auto chain = benchmarks::Rsa().Chain();
  for (auto _ : state) {
    benchmark::DoNotOptimize(verifier->VerifyDer(chain, name, Now()));
  }
}
BENCHMARK(BM_WarmThreads)->ThreadRange(1, 4)->UseRealTime();

}  // namespace
}  // namespace pinning

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  for (const auto* world :
       {&benchmarks::Rsa(), &benchmarks::Ec(), &benchmarks::Mixed()}) {
    pinning::Register(world->name, *world);
  }
  pinning::Reporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  return 0;
}
