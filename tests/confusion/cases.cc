#include "tests/confusion/cases.h"

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "pinning/pin_store.h"
#include "pinning/trust_store.h"
#include "pinning/verifier.h"
#include "tests/confusion/shapes.h"

namespace confusion {

using testing_support::NameOf;
using testing_support::Now;
using testing_support::PinOf;
using testing_support::Pki;

pinning::Verdict Ask(const Question& question) {
  using pinning::TrustAnchor;
  pinning::TrustStore::Builder trust;
  for (const mint::Minted& root : question.bundled) {
    trust.AddAnchor({testing_support::Parse(root)});
  }
  for (const mint::Minted& root : question.local) {
    trust.AddAnchor(
        {testing_support::Parse(root), TrustAnchor::Origin::kLocal});
  }
  pinning::PinStore::Builder pins;
  pins.SetUpdated(question.updated);
  testing_support::PinPolicy policy;
  policy.pins = question.pins;
  policy.roles = question.roles;
  policy.expires = question.expires;
  if (!question.pins.empty()) {
    (void)pins.AddPinSet(testing_support::PinSetOf(policy));
    (void)pins.MapHost(question.host, policy.name);
  }
  pinning::Verifier::Options options;
  options.trust_store = trust.Build();
  options.pin_store = *pins.Build();
  std::vector<absl::Span<const uint8_t>> served;
  for (const mint::Minted& certificate : question.served) {
    served.push_back(certificate.der);
  }
  return (*pinning::Verifier::Create(options))
      ->VerifyDer(served, NameOf(question.host), question.now);
}

const Pki& World() {
  static const Pki* const world = [] {
    const mint::Minted root =
        mint::SelfSigned(Authority("genuine Root", 2920 * kDay, 7300 * kDay),
                         mint::Key::Shared("p256-world-root"));
    mint::Spec intermediate_spec =
        Authority("genuine Intermediate", 1460 * kDay, 3285 * kDay);
    intermediate_spec.path_length = 0;
    intermediate_spec.extra = {CrlPointer(), Access()};
    const mint::Minted intermediate = mint::Issue(
        intermediate_spec, mint::Key::Shared("p256-world-intermediate"), root);
    mint::Spec leaf = mint::Leaf({"identity.webex.com"});
    leaf.extra.push_back(CrlPointer());
    leaf.not_before = Now() - 30 * kDay;
    leaf.not_after = Now() + 170 * kDay - absl::Seconds(1);
    return new Pki{
        root, intermediate,
        mint::Issue(leaf, mint::Key::Shared("p256-world-leaf"), intermediate)};
  }();
  return *world;
}

mint::Minted FakeRoot(absl::string_view name, absl::Duration age) {
  return mint::SelfSigned(Authority(name, age, 3650 * kDay),
                          mint::Key::Shared(absl::StrCat("p256-fake-", name)));
}

Question Pinned(std::vector<mint::Minted> served) {
  Question question;
  question.served = std::move(served);
  question.bundled = {World().root};
  question.pins = {PinOf(World().root), PinOf(World().intermediate)};
  return question;
}

}  // namespace confusion
