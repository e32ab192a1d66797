// This library: see peer.h. `verify` and `preparsed` remember nothing, `again`
// does.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/chain.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/signature_memo.h"
#include "pinning/trust_store.h"
#include "pinning/verifier.h"
#include "tests/benchmarks/peers/peer.h"

namespace {

using pinning::Certificate;
using pinning::TrustStore;
using pinning::Verifier;

absl::Span<const uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::shared_ptr<const TrustStore> Load(const std::string& pem) {
  auto store = TrustStore::FromPem(pem, pinning::TrustAnchor::Origin::kBundled);
  peer::Require(store.ok(), "roots");
  return *store;
}

Verifier::Options Forgetful(Verifier::Options options) {
  options.cache.max_bytes = 0;
  options.cache.max_refused_bytes = 0;
  options.cache.max_intermediate_bytes = 0;
  options.signature_memo = std::make_shared<pinning::SignatureMemo>(0);
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  peer::Require(argc == 4, "three arguments");
  const peer::Files files(argv[1], argv[2]);
  const double seconds = std::atof(argv[3]);
  Verifier::Options options;
  options.trust_store = Load(files.roots);
  options.pin_store = pinning::PinStore::Empty();
  const auto forgetful = *Verifier::Create(Forgetful(options));
  const auto remembering = *Verifier::Create(options);
  const auto name = *pinning::ServerName::FromString(peer::kHost);
  const absl::Time now = absl::FromUnixSeconds(peer::kNow);
  const std::vector<absl::Span<const uint8_t>> chain = {
      Bytes(files.leaf), Bytes(files.intermediate)};
  peer::Measure("verify", seconds, [&] {
    peer::Require(forgetful->VerifyDer(chain, name, now).accepted(),
                  "the chain is accepted");
  });
  const auto parsed = *pinning::Chain::FromDer(chain);
  peer::Measure("preparsed", seconds, [&] {
    peer::Require(forgetful->Verify(parsed, name, now).accepted(),
                  "the chain is accepted");
  });
  peer::Measure("again", seconds, [&] {
    peer::Require(remembering->VerifyDer(chain, name, now).accepted(),
                  "the chain is accepted");
  });
  peer::Measure("parse", seconds, [&] {
    peer::Require(Certificate::FromDer(chain[0]).ok() &&
                      Certificate::FromDer(chain[1]).ok(),
                  "certificates");
  });
  peer::Measure("load", seconds, [&] { Load(files.roots); });
  return 0;
}
