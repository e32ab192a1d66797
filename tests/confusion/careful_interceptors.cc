#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "tests/confusion/cases.h"
#include "tests/confusion/shapes.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

// What somebody could serve who takes trouble, and what lazy tools do.
namespace confusion {
namespace {

using testing_support::Now;

constexpr char kHost[] = "identity.webex.com";

// Careful has every field and extension of the genuine leaf, the bytes of its
// certificate timestamps too.
mint::Spec Careful() {
  mint::Spec leaf = mint::Leaf({kHost});
  leaf.subject = {{"2.5.4.6", "US"},
                  {"2.5.4.10", "Cisco Systems Test Inc."},
                  {"2.5.4.3", kHost}};
  leaf.extra.push_back(CrlPointer());
  leaf.not_before = Now() - 30 * kDay;
  leaf.not_after = Now() + 170 * kDay;
  return leaf;
}

mint::Key LeafKey() { return mint::Key::Shared("p256-careful"); }

mint::Minted Intermediate(absl::string_view name, const mint::Minted& root,
                          bool public_marks) {
  mint::Spec spec = Authority(name, 1000 * kDay, 2800 * kDay);
  if (public_marks) {
    spec.extra = {CrlPointer(), Access()};
  }
  return mint::Issue(spec, mint::Key::Shared("p256-careful-intermediate"),
                     root);
}

}  // namespace

std::vector<Interceptor> CarefulInterceptors() {
  const mint::Minted root = FakeRoot("Muster GmbH Root 2021");
  const mint::Minted intermediate =
      Intermediate("Muster GmbH Web CA 2", root, false);
  const mint::Minted marked = Intermediate("Muster GmbH Web CA 2", root, true);
  const mint::Minted same_root = FakeRoot("genuine Root");
  const mint::Minted same_intermediate =
      Intermediate("genuine Intermediate", same_root, true);
  const auto careful = [](const mint::Minted& issuer) {
    return mint::Issue(Careful(), LeafKey(), issuer);
  };
  mint::Spec lazy = Shaped(CommonName("localhost"), {});
  lazy.not_before = Now() - 400 * kDay;
  lazy.not_after = Now() + 3000 * kDay;
  const mint::Minted one = mint::SelfSigned(lazy, LeafKey());
  mint::Spec own_name = Shaped(CommonName(kHost), {Names({kHost})});
  own_name.not_before = Now() - absl::Hours(1);
  own_name.not_after = Now() + 365 * kDay;
  const mint::Minted self_signed = mint::SelfSigned(own_name, LeafKey());

  return {
      {"lazy: one self-signed certificate for every host", {one}, one},
      {"lazy: a self-signed certificate for the host",
       {self_signed},
       self_signed},
      {"careful copy, own root served", {careful(root), root}, root},
      {"careful copy, own intermediate and root served",
       {careful(intermediate), intermediate, root},
       root},
      {"careful copy, own intermediate served",
       {careful(intermediate), intermediate},
       root},
      {"careful copy, own intermediate served, which points to CRLs too",
       {careful(marked), marked},
       root},
      {"careful copy, nothing else served", {careful(root)}, root},
      {"careful copy, genuine intermediate served as if it had signed",
       {mint::Issue(Careful(), LeafKey(),
                    {World().intermediate.der, same_root.key}),
        World().intermediate},
       same_root},
      {"careful copy, authorities of the genuine names served",
       {careful(same_intermediate), same_intermediate, same_root},
       same_root},
      {"careful copy, intermediate of the genuine name served",
       {careful(same_intermediate), same_intermediate},
       same_root},
      {"careful copy of a root with the genuine name, nothing else served",
       {careful(same_root)},
       same_root},
      {"careful copy, genuine chain appended",
       {careful(root), World().leaf, World().intermediate},
       root},
  };
}

}  // namespace confusion
