#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/diagnosis.h"
#include "pinning/interception.h"
#include "pinning/verdict.h"
#include "tests/testing/observe.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using testing_support::At;
using testing_support::Bare;
using testing_support::CorpRoot;
using testing_support::ExpectDiagnoses;
using testing_support::ForgedKey;
using testing_support::kAskedHost;
using testing_support::MakePki;
using testing_support::Now;
using testing_support::PinOf;
using testing_support::Pki;
using testing_support::PublicPki;
using testing_support::Question;
using testing_support::Served;
using testing_support::Unpinned;
using testing_support::WithHost;
using testing_support::WithLocal;

constexpr auto kNone = DiagnosisKind::kNone;
constexpr auto kServer = DiagnosisKind::kServer;
constexpr auto kPortal = DiagnosisKind::kCaptivePortal;
constexpr auto kClock = DiagnosisKind::kClock;

TEST(HonestFailure, IsNotCalledInterception) {
  const Pki& pki = PublicPki();
  const mint::Minted corp = CorpRoot();
  mint::Spec expired_spec = mint::Leaf({std::string(kAskedHost)});
  expired_spec.not_after = Now() - absl::Hours(24);
  const mint::Minted expired =
      mint::Issue(expired_spec, ForgedKey(), pki.intermediate);
  const auto leaf_for = [&](std::string host) {
    return mint::Issue(mint::Leaf({std::move(host)}), ForgedKey(),
                       pki.intermediate);
  };
  const mint::Minted plain_server =
      mint::SelfSigned(Bare({"nas.corp.internal"}), ForgedKey());
  const mint::Minted untrusted_public_name =
      mint::Issue(Bare({std::string(kAskedHost)}), ForgedKey(), corp);
  mint::Spec fresh_spec = Bare({"git.example-corp.com"});
  fresh_spec.not_before = Now() - absl::Minutes(1);
  const mint::Minted fresh_private = mint::Issue(fresh_spec, ForgedKey(), corp);
  mint::Spec expired_private_spec = Bare({"git.example-corp.com"});
  expired_private_spec.not_after = Now() - absl::Hours(1);
  const mint::Minted expired_private =
      mint::Issue(expired_private_spec, ForgedKey(), corp);
  Question private_pinned = Served({untrusted_public_name, corp});
  private_pinned.pins = {PinOf(corp)};

  ExpectDiagnoses({
      {"expired genuine",
       Served({expired, pki.intermediate}),
       kServer,
       {"expired", "pinned-key-on-path"}},
      {"expired genuine, not pinned",
       Unpinned(Served({expired, pki.intermediate})),
       kServer,
       {"expired"}},
      {"missing intermediate", Served({pki.leaf}), kServer, {"missing-issuer"}},
      {"missing intermediate, not pinned",
       Unpinned(Served({pki.leaf})),
       kServer,
       {"missing-issuer"}},
      {"wrong name, pinned key on the path",
       Served({leaf_for("www.example.com"), pki.intermediate}),
       kServer,
       {"name-mismatch", "pinned-key-on-path"}},
      {"wrong name of the same domain, not pinned",
       Unpinned(Served({leaf_for("www.webex.com"), pki.intermediate})),
       kServer,
       {"name-mismatch"}},
      {"self-signed server on a private network",
       WithHost(Unpinned(Served({plain_server})), "nas.corp.internal"),
       kNone,
       {}},
      {"self-signed server on a private network, pinned",
       WithHost(Served({plain_server}), "nas.corp.internal"),
       kNone,
       {}},
      {"private authority not installed, root served",
       Unpinned(Served({untrusted_public_name, corp})),
       kNone,
       {}},
      {"private authority, leaf minted a minute ago",
       WithHost(Unpinned(Served({fresh_private, corp})),
                "git.example-corp.com"),
       kNone,
       {}},
      {"private authority, pinned, not installed",
       private_pinned,
       kServer,
       {"pinned-key-on-path"}},
      {"private authority installed, leaf expired",
       WithHost(Unpinned(WithLocal(Served({expired_private}), corp)),
                "git.example-corp.com"),
       kServer,
       {"expired"}},
      {"private authority installed, other name",
       WithHost(Unpinned(WithLocal(Served({fresh_private}), corp)),
                "wiki.other-corp.com"),
       kServer,
       {"name-mismatch"}},
  });
}

TEST(HonestFailure, PortalsAndClocks) {
  const Pki& pki = PublicPki();
  mint::Spec router = Bare({"router.local"});
  router.ip_addresses = {"192.168.1.1"};
  mint::Spec portal = Bare({"portal.hotel.example"});
  const auto leaf_for = [&](std::string host) {
    return mint::Issue(mint::Leaf({std::move(host)}), ForgedKey(),
                       pki.intermediate);
  };
  mint::Spec short_ca = mint::Ca("Short Intermediate");
  mint::Spec short_leaf = mint::Leaf({std::string(kAskedHost)});
  const mint::Minted issuer =
      mint::Issue(short_ca, mint::Key::Shared("p256-short"), pki.root);
  const mint::Minted leaf = mint::Issue(short_leaf, ForgedKey(), issuer);
  Question other_portal = Unpinned(
      Served({leaf_for("login.hotel-wifi.example"), pki.intermediate}));

  ExpectDiagnoses({
      {"self-signed router",
       Served({mint::SelfSigned(router, ForgedKey())}),
       kPortal,
       {"portal-name", "private-address", "self-signed-leaf"}},
      {"self-signed portal, not pinned",
       Unpinned(Served({mint::SelfSigned(portal, ForgedKey())})),
       kPortal,
       {"portal-name"}},
      {"lone self-signed certificate for another name, not pinned",
       Unpinned(Served({mint::SelfSigned(Bare({"x.example"}), ForgedKey())})),
       kPortal,
       {"self-signed-leaf"}},
      {"public certificate of a login page",
       other_portal,
       kPortal,
       {"portal-name", "name-mismatch"}},
      {"public certificate for some other name, not pinned",
       Unpinned(Served({leaf_for("www.example.net"), pki.intermediate})),
       kPortal,
       {"name-mismatch"}},
      {"clock years behind",
       At(Served({leaf, issuer}), absl::FromUnixSeconds(1600000000)),
       kClock,
       {"not-yet-valid", "clock-behind-pin-list"}},
      {"clock years ahead",
       At(Unpinned(Served({leaf, issuer})), absl::FromUnixSeconds(1900000000)),
       kClock,
       {"expired"}},
  });
}

TEST(HonestFailure, ValidPathsToPublicAnchors) {
  const Pki& pki = PublicPki();
  const Pki second = MakePki("second", kAskedHost);
  Question unexpected = Served(second.Presented());
  unexpected.bundled = {pki.root, second.root};
  Question expired = unexpected;
  expired.expires = Now() - absl::Hours(1);
  Question old = unexpected;
  old.updated = Now() - absl::Hours(24 * 71);
  Question served = unexpected;
  served.served.push_back(pki.intermediate);
  const auto kUnexpected = DiagnosisKind::kUnexpectedIssuer;
  const auto kStale = DiagnosisKind::kStalePins;
  ExpectDiagnoses({
      {"another public authority", unexpected, kUnexpected, {"public-anchor"}},
      {"pin set expired", expired, kStale, {"pin-set-expired"}},
      {"pin list over seventy days old", old, kStale, {"pin-list-old"}},
      {"pinned key served but not used", served, kStale, {"pinned-key-served"}},
  });
}

}  // namespace
}  // namespace pinning
