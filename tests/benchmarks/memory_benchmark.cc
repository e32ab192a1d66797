// What the library keeps in memory: of a verifier, of each answer that it
// remembers, of a handshake in flight. Bytes of the heap, by malloc's own
// account, so with what it adds to each allocation; each is counted once, and
// no time is of interest here.
//
//   bazel run //tests/benchmarks:memory_benchmark
#include <openssl/ssl.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "pinning/boringssl.h"
#include "pinning/interceptor_catalogue.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/signature_memo.h"
#include "pinning/trust_store.h"
#include "pinning/verifier.h"
#include "tests/benchmarks/worlds.h"
#include "tests/testing/counted_heap.h"
#include "tests/testing/handshake.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using benchmarks::kHost;
using benchmarks::World;
using testing_support::HeapBytes;
using testing_support::Now;

constexpr int kMany = 60;  // a World has 64 leaves

// Grown returns by how many bytes `run` makes the heap larger.
double Grown(const std::function<void()>& run) {
  const size_t before = HeapBytes();
  run();
  return static_cast<double>(HeapBytes()) - static_cast<double>(before);
}

Verifier::Options OptionsFor(const World& world) {
  Verifier::Options options;
  options.trust_store = world.Store();
  options.pin_store = PinStore::Empty();
  options.interceptors = InterceptorCatalogue::BuiltIn();
  return options;
}

double OfTrustStore(const World& world) {
  std::shared_ptr<const TrustStore> store;
  return Grown([&] { store = world.Store(); });
}

double OfCatalogue(const World&) {
  std::shared_ptr<const InterceptorCatalogue> catalogue;
  return Grown([&] { catalogue = InterceptorCatalogue::BuiltIn(); });
}

// OfVerifier is of one that shares trust store, pins and catalogue.
double OfVerifier(const World& world) {
  const Verifier::Options options = OptionsFor(world);
  std::shared_ptr<const Verifier> verifier;
  return Grown([&] { verifier = *Verifier::Create(options); });
}

// OfAnswers judges many leaves by one verifier, for `host`, and returns what
// each adds.
double OfAnswers(const World& world, Verifier::Options options,
                 const char* host) {
  const auto verifier = *Verifier::Create(options);
  const ServerName name = *ServerName::FromString(host);
  (void)verifier->VerifyDer(world.Chain(0), name, Now());
  return Grown([&] {
           for (int i = 1; i <= kMany; ++i) {
             (void)verifier->VerifyDer(world.Chain(i), name, Now());
           }
         }) /
         kMany;
}

// OfVerdicts leaves the signatures out.
double OfVerdicts(const World& world, const char* host) {
  Verifier::Options options = OptionsFor(world);
  options.signature_memo = std::make_shared<SignatureMemo>(0);
  return OfAnswers(world, options, host);
}

double OfAccepted(const World& world) { return OfVerdicts(world, kHost); }

double OfRefused(const World& world) {
  return OfVerdicts(world, "another.example.org");
}

// OfSignature is of the leaf's, its issuer's key and what was signed included.
double OfSignature(const World& world) {
  Verifier::Options options = OptionsFor(world);
  options.cache.max_bytes = 0;
  options.cache.max_refused_bytes = 0;
  return OfAnswers(world, options, kHost);
}

// A Flight is a client's handshake and what it takes.
class Flight {
 public:
  Flight(const World& world, bool hooked) : hooked_(hooked) {
    const mint::Minted root =
        mint::SelfSigned(mint::Ca("Root"), mint::Key::Shared("p256-r"));
    const bool rsa = world.name == "rsa";
    const mint::Minted leaf =
        mint::Issue(mint::Leaf({kHost}),
                    mint::Key::Shared(rsa ? "rsa2048-l" : "p256-l"), root);
    server_ = testing_support::ServerContext(TLS1_3_VERSION, {leaf});
    client_ = testing_support::ClientContext(TLS1_3_VERSION);
    if (hooked) {
      (void)InstallVerifier(
          client_.get(),
          testing_support::VerifierOf(testing_support::TrustStoreOf({root}),
                                      PinStore::Empty()),
          Now);
    } else {
      SSL_CTX_set_custom_verify(client_.get(), SSL_VERIFY_PEER,
                                [](SSL*, uint8_t*) { return ssl_verify_ok; });
    }
  }

  // Takes returns the bytes of a connection's client and server together, its
  // ClientHello sent, or its handshake done.
  double Takes(bool done) const {
    std::vector<std::unique_ptr<testing_support::Connection>> connections;
    Open(done, &connections);  // what is made the first time is there
    return Grown([&] {
             for (int i = 0; i < kMany; ++i) {
               Open(done, &connections);
             }
           }) /
           kMany;
  }

 private:
  void Open(
      bool done,
      std::vector<std::unique_ptr<testing_support::Connection>>* to) const {
    to->reserve(kMany + 1);
    to->push_back(std::make_unique<testing_support::Connection>(client_.get(),
                                                                server_.get()));
    testing_support::Connection& connection = *to->back();
    const ServerName name = *ServerName::FromString(kHost);
    if (hooked_) {
      (void)SetServerName(connection.client(), name);
    } else {
      SSL_set_tlsext_host_name(connection.client(), kHost);
    }
    if (done) {
      connection.Handshake();
    } else {
      connection.StepClient();
    }
  }

  bool hooked_;
  bssl::UniquePtr<SSL_CTX> server_, client_;
};

double OfStarted(const World& world) {
  return Flight(world, true).Takes(false) - Flight(world, false).Takes(false);
}

double OfFinished(const World& world) {
  return Flight(world, true).Takes(true) - Flight(world, false).Takes(true);
}

void BM_Memory(benchmark::State& state, const World& world,
               double (*take)(const World&)) {
  for (auto _ : state) {
    state.counters["memory"] = take(world);
  }
}

void Register(const World& world) {
  const auto add = [&](const char* name, double (*take)(const World&)) {
    benchmark::RegisterBenchmark(absl::StrCat(world.name, "/", name).c_str(),
                                 BM_Memory, world, take)
        ->Iterations(1);
  };
  add("trust-store", OfTrustStore);
  add("catalogue", OfCatalogue);
  add("verifier", OfVerifier);
  add("accepted", OfAccepted);
  add("refused", OfRefused);
  add("signature", OfSignature);
  add("handshake-started", OfStarted);
  add("handshake-finished", OfFinished);
}

}  // namespace
}  // namespace pinning

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  pinning::Register(benchmarks::Rsa());
  pinning::Register(benchmarks::Ec());
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
