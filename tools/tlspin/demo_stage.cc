#include "tools/tlspin/demo_stage.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/trust_store.h"
#include "tools/mint/mint.h"
#include "tools/tlspin/pin_file.h"

namespace tlspin {
namespace {

using ::pinning::PinStore;
using ::pinning::TrustAnchor;
using ::pinning::TrustStore;
using ::pinning::Verifier;

constexpr absl::Duration kDay = absl::Hours(24);

// A Pki is a root, an issuer under it and, for the genuine side, a leaf.
struct Pki {
  mint::Minted root, issuer;
};

Pki MakePki(absl::string_view root_name, absl::string_view issuer_name,
            absl::Time now) {
  mint::Spec root_spec = mint::Ca(root_name);
  mint::Spec issuer_spec = mint::Ca(issuer_name);
  root_spec.not_before = issuer_spec.not_before = now - 365 * kDay;
  root_spec.not_after = issuer_spec.not_after = now + 3650 * kDay;
  const mint::Minted root = mint::SelfSigned(root_spec, mint::Key::P256());
  return {root, mint::Issue(issuer_spec, mint::Key::P256(), root)};
}

mint::Minted MakeLeaf(const Pki& pki, absl::Time now) {
  mint::Spec spec = mint::Leaf({kDemoHost});
  spec.not_before = now - 30 * kDay;
  spec.not_after = now + 60 * kDay;
  return mint::Issue(spec, mint::Key::P256(), pki.issuer);
}

// The pins of an application: the root in use, and a key that is kept offline.
absl::StatusOr<std::shared_ptr<const PinStore>> MakePins(const Pki& genuine,
                                                         absl::Time now) {
  const auto pin = [](const mint::Key& key, const char* name) {
    return PinFilePin{
        {pinning::Pin::OfSpki(key.SpkiDer()), name, pinning::PinRole::kAnchor},
        ""};
  };
  PinFileSet set;
  set.name = "webex";
  set.expires = now + 90 * kDay;
  set.pins = {pin(genuine.root.key, "Demo Public Root")};
  set.backup_pins = {pin(mint::Key::P256(), "Demo Backup Root, offline")};
  PinFile file;
  file.updated = now;
  file.sets = {set};
  for (const char* pattern :
       {"identity.webex.com", "idbroker.webex.com", "*.wbx2.com"}) {
    file.hosts.push_back({pattern, set.name});
  }
  const absl::StatusOr<std::string> json = PinFileToJson(file);
  if (!json.ok()) {
    return json.status();
  }
  return PinStore::FromJson(*json, "the demo's pin file");
}

absl::StatusOr<std::shared_ptr<const TrustStore>> MakeTrust(const Pki& bundled,
                                                            const Pki* local) {
  TrustStore::Builder builder;
  absl::Status added =
      builder.AddPem(bundled.root.Pem(), TrustAnchor::Origin::kBundled);
  if (added.ok() && local != nullptr) {
    added = builder.AddPem(local->root.Pem(), TrustAnchor::Origin::kLocal);
  }
  if (!added.ok()) {
    return added;
  }
  return builder.Build();
}

absl::StatusOr<std::shared_ptr<const Verifier>> MakeVerifier(
    std::shared_ptr<const TrustStore> trust,
    std::shared_ptr<const PinStore> pins) {
  Verifier::Options options;
  options.trust_store = std::move(trust);
  options.pin_store = std::move(pins);
  return Verifier::Create(std::move(options));
}

absl::Status MakeVerifiers(const Pki& genuine, const Pki& inspector,
                           DemoStage& stage) {
  const auto pins = MakePins(genuine, stage.now);
  const auto trust = MakeTrust(genuine, nullptr);
  const auto trust_local = MakeTrust(genuine, &inspector);
  for (const absl::Status& status :
       {pins.status(), trust.status(), trust_local.status()}) {
    if (!status.ok()) {
      return status;
    }
  }
  const auto pinned = MakeVerifier(*trust, *pins);
  const auto pinned_local_root = MakeVerifier(*trust_local, *pins);
  const auto unpinned = MakeVerifier(*trust_local, PinStore::Empty());
  for (const absl::Status& status :
       {pinned.status(), pinned_local_root.status(), unpinned.status()}) {
    if (!status.ok()) {
      return status;
    }
  }
  stage.pinned = *pinned;
  stage.pinned_local_root = *pinned_local_root;
  stage.unpinned_local_root = *unpinned;
  return absl::OkStatus();
}

absl::Status StartServers(const Pki& genuine, const Pki& inspector,
                          DemoStage& stage) {
  const mint::Minted leaf = MakeLeaf(genuine, stage.now);
  auto server = StartTlsServer(
      MakeIdentity({leaf, genuine.issuer}),
      [](absl::string_view) { return std::string(kDemoAnswer); });
  if (!server.ok()) {
    return server.status();
  }
  stage.genuine = *std::move(server);
  InterceptorOptions options;
  options.upstream_port = stage.genuine->port();
  options.host = kDemoHost;
  options.authority = {inspector.issuer, inspector.root};
  options.now = stage.now;
  auto interceptor = StartInterceptor(options, stage.overheard);
  options.append_genuine_chain = true;
  auto appending = StartInterceptor(options, stage.overheard);
  if (!interceptor.ok() || !appending.ok()) {
    return interceptor.ok() ? appending.status() : interceptor.status();
  }
  stage.interceptor = *std::move(interceptor);
  stage.appending_interceptor = *std::move(appending);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DemoStage> SetDemoStage() {
  DemoStage stage;
  stage.overheard = std::make_shared<Overheard>();
  // Certificates hold whole seconds.
  stage.now = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()));
  const Pki genuine =
      MakePki("Demo Public Root", "Demo Public Issuer", stage.now);
  const Pki inspector = MakePki("Example Corp Root", kDemoInspector, stage.now);
  absl::Status status = MakeVerifiers(genuine, inspector, stage);
  if (status.ok()) {
    status = StartServers(genuine, inspector, stage);
  }
  if (!status.ok()) {
    return status;
  }
  return stage;
}

}  // namespace tlspin
