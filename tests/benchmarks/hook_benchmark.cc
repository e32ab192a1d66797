// What the verify hook adds to the client's side of a TLS 1.3 handshake in
// memory, beside a hook that accepts anything and one that verifies signatures
// and nothing else: in a handshake both find the processor's caches full of
// other things. Times are the client's processor
// time alone.
//
//   bazel run //tests/benchmarks:hook_benchmark
#include <openssl/bytestring.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <time.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "pinning/boringssl.h"
#include "pinning/certificate.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/signature_memo.h"
#include "pinning/verifier.h"
#include "tests/testing/handshake.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using testing_support::Connection;
using testing_support::Now;

constexpr char kHost[] = "www.example.com";

// A Server presents a chain as benchmarks/worlds.h has them, and has its key.
struct Server {
  Server(const char* leaf_key, const char* ca_key, const char* root_key) {
    root = mint::SelfSigned(mint::Ca("Bench Root"),
                            mint::Key::Shared(absl::StrCat(root_key, "-r")));
    const mint::Minted ca =
        mint::Issue(mint::Ca("Bench Intermediate"),
                    mint::Key::Shared(absl::StrCat(ca_key, "-i")), *root);
    presented = {
        mint::Issue(mint::Leaf({kHost}),
                    mint::Key::Shared(absl::StrCat(leaf_key, "-l")), ca),
        ca};
    AddSignature(presented[0], ca);
    AddSignature(ca, *root);
  }

  // VerifySignatures verifies those of what is presented, and nothing else.
  bool VerifySignatures() const {
    bool good = true;
    for (const Signature& signature : signatures) {
      const internal::ParsedCertificate& parsed =
          signature.certificate.parsed();
      bssl::ScopedEVP_MD_CTX context;
      good &= EVP_DigestVerifyInit(context.get(), nullptr, signature.digest,
                                   nullptr, signature.key.get()) &&
              EVP_DigestVerify(context.get(), parsed.signature.data(),
                               parsed.signature.size(), parsed.tbs.data(),
                               parsed.tbs.size());
    }
    return good;
  }

  struct Signature {
    Certificate certificate;
    std::shared_ptr<EVP_PKEY> key;
    const EVP_MD* digest;
  };

  std::optional<mint::Minted> root;
  std::vector<mint::Minted> presented;
  std::vector<Signature> signatures;

 private:
  void AddSignature(const mint::Minted& issued, const mint::Minted& issuer) {
    const std::vector<uint8_t> spki = issuer.key.SpkiDer();
    CBS cbs;
    CBS_init(&cbs, spki.data(), spki.size());
    std::shared_ptr<EVP_PKEY> key(EVP_parse_public_key(&cbs), EVP_PKEY_free);
    const EVP_MD* digest =
        EVP_PKEY_bits(key.get()) == 384 ? EVP_sha384() : EVP_sha256();
    signatures.push_back(
        {*Certificate::FromDer(issued.der), std::move(key), digest});
  }
};

enum class Hook {
  kNone,        // accepts anything
  kSignatures,  // verifies the signatures alone, with keys parsed beforehand
  kWarm,        // the chain has been seen
  kPinned,      // the same, and its intermediate is pinned
  kCold,        // nothing is remembered
  kKnown,       // signatures and intermediates are remembered, answers are not
};

std::shared_ptr<const Verifier> VerifierFor(const Server& server, Hook hook) {
  Verifier::Options options;
  options.trust_store = testing_support::TrustStoreOf({*server.root});
  options.pin_store = PinStore::Empty();
  if (hook == Hook::kPinned) {
    testing_support::PinPolicy policy;
    policy.pins = {testing_support::PinOf(server.presented[1])};
    options.pin_store = testing_support::PinStoreOf(policy, {kHost});
  }
  if (hook == Hook::kCold || hook == Hook::kKnown) {
    options.cache.max_bytes = 0;
    options.cache.max_refused_bytes = 0;
  }
  if (hook == Hook::kCold) {
    options.cache.max_intermediate_bytes = 0;
    options.signature_memo = std::make_shared<SignatureMemo>(0);
  }
  return *Verifier::Create(options);
}

double ProcessorSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         static_cast<double>(now.tv_nsec) * 1e-9;
}

void BM_Handshake(benchmark::State& state, const Server& server, Hook hook) {
  const auto server_ctx =
      testing_support::ServerContext(TLS1_3_VERSION, server.presented);
  const auto client_ctx = testing_support::ClientContext(TLS1_3_VERSION);
  if (hook == Hook::kNone) {
    SSL_CTX_set_custom_verify(client_ctx.get(), SSL_VERIFY_PEER,
                              [](SSL*, uint8_t*) { return ssl_verify_ok; });
  } else if (hook == Hook::kSignatures) {
    SSL_CTX_set_app_data(client_ctx.get(), const_cast<Server*>(&server));
    SSL_CTX_set_custom_verify(
        client_ctx.get(), SSL_VERIFY_PEER, [](SSL* ssl, uint8_t*) {
          const auto* server = static_cast<const Server*>(
              SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
          return server->VerifySignatures() ? ssl_verify_ok
                                            : ssl_verify_invalid;
        });
  } else if (!InstallVerifier(client_ctx.get(), VerifierFor(server, hook), Now)
                  .ok()) {
    state.SkipWithError("no verifier");
  }
  const ServerName name = *ServerName::FromString(kHost);
  const auto shake = [&]() -> double {
    Connection connection(client_ctx.get(), server_ctx.get());
    if (hook == Hook::kNone || hook == Hook::kSignatures) {
      SSL_set_tlsext_host_name(connection.client(), kHost);
    } else if (!SetServerName(connection.client(), name).ok()) {
      state.SkipWithError("no name");
    }
    double spent = 0;
    for (int i = 0; i < 4 && !connection.client_done(); ++i) {
      const double before = ProcessorSeconds();
      connection.StepClient();
      spent += ProcessorSeconds() - before;
      connection.StepServer();
    }
    if (!connection.client_done()) {
      state.SkipWithError("the handshake failed");
    }
    return spent;
  };
  shake();  // fills the caches
  for (auto _ : state) {
    state.SetIterationTime(shake());
  }
}

void Register(const char* kind, const Server& server) {
  const auto add = [&](const char* name, Hook hook) {
    benchmark::RegisterBenchmark(absl::StrCat(kind, "/", name).c_str(),
                                 BM_Handshake, server, hook)
        ->UseManualTime()
        ->Unit(benchmark::kMicrosecond);
  };
  add("hook-none", Hook::kNone);
  add("hook-signatures", Hook::kSignatures);
  add("hook-warm", Hook::kWarm);
  add("hook-pinned", Hook::kPinned);
  add("hook-known", Hook::kKnown);
  add("hook-cold", Hook::kCold);
}

}  // namespace
}  // namespace pinning

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  const pinning::Server rsa("rsa2048", "rsa2048", "rsa4096");
  const pinning::Server ec("p256", "p256", "p384");
  const pinning::Server mixed("p256", "rsa2048", "rsa4096");
  pinning::Register("rsa", rsa);
  pinning::Register("ec", ec);
  pinning::Register("mixed", mixed);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
