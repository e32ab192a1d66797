#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "pinning/diagnosis.h"
#include "tests/confusion/cases.h"
#include "tests/confusion/shapes.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

// Private authorities, servers of a network's own, clocks and login pages.
namespace confusion {
namespace {

using pinning::DiagnosisKind;
using testing_support::Now;
using testing_support::PinOf;

constexpr char kPublicName[] = "git.example-corp.com";
constexpr auto kNone = DiagnosisKind::kNone;
constexpr auto kServer = DiagnosisKind::kServer;
constexpr auto kPortal = DiagnosisKind::kCaptivePortal;
constexpr auto kClock = DiagnosisKind::kClock;

mint::Key LeafKey() { return mint::Key::Shared("p256-private-leaf"); }

mint::Spec PrivateLeaf(const std::string& host, absl::Duration age,
                       absl::Duration lifetime) {
  mint::Spec leaf = Shaped(CommonName(host), {NotCa(true), LeafUsage(true),
                                              ServerAuth(), Names({host})});
  leaf.subject_key_id = true;
  leaf.authority_key_id = true;
  leaf.not_before = Now() - age;
  leaf.not_after = leaf.not_before + lifetime;
  return leaf;
}

mint::Spec YearLeaf(const std::string& host) {
  return PrivateLeaf(host, 200 * kDay, 825 * kDay);
}

Question At(std::string host, std::vector<mint::Minted> served) {
  Question question;
  question.host = std::move(host);
  question.served = std::move(served);
  question.bundled = {World().root};
  return question;
}

Question Pinning(Question question, const mint::Minted& pinned) {
  question.pins = {PinOf(pinned)};
  return question;
}

Question Installed(Question question, const mint::Minted& root) {
  question.local = {root};
  return question;
}

Question Later(Question question, absl::Duration by) {
  question.now += by;
  return question;
}

mint::Minted PrivateRoot() { return FakeRoot("Example Corp Root CA"); }

mint::Minted PrivateIntermediate() {
  return mint::Issue(
      Authority("Example Corp Issuing CA 1", 1000 * kDay, 2800 * kDay),
      mint::Key::Shared("p256-private-issuing"), PrivateRoot());
}

std::vector<Case> PinnedPrivate() {
  const mint::Minted root = PrivateRoot();
  const mint::Minted issuing = PrivateIntermediate();
  const auto leaf = [](const mint::Minted& issuer) {
    return mint::Issue(YearLeaf(kPublicName), LeafKey(), issuer);
  };
  const mint::Minted fresh = mint::Issue(
      PrivateLeaf(kPublicName, absl::Hours(1), kDay), LeafKey(), issuing);
  mint::Spec windows = YearLeaf(kPublicName);
  windows.extra.push_back(CrlPointer());
  windows.extra.push_back(Access());
  const mint::Minted expired = mint::Issue(
      PrivateLeaf(kPublicName, 400 * kDay, 365 * kDay), LeafKey(), issuing);
  const mint::Minted self = mint::SelfSigned(YearLeaf(kPublicName), LeafKey());
  const auto at = [](std::vector<mint::Minted> served) {
    return At(kPublicName, std::move(served));
  };
  return {
      {"private root pinned and installed", kNone,
       Pinning(Installed(at({leaf(root)}), root), root)},
      {"private root pinned, not installed, served", kServer,
       Pinning(at({leaf(root), root}), root)},
      {"private root pinned, not installed, intermediate and root served",
       kServer, Pinning(at({leaf(issuing), issuing, root}), root)},
      {"private root pinned, not installed, intermediate served", kNone,
       Pinning(at({leaf(issuing), issuing}), root)},
      {"private root pinned, not installed, leaf of an hour, intermediate "
       "served",
       kNone, Pinning(at({fresh, issuing}), root)},
      {"private root pinned, not installed, leaf served", kNone,
       Pinning(at({leaf(root)}), root)},
      {"private root pinned, not installed, leaf with pointers served", kServer,
       Pinning(at({mint::Issue(windows, LeafKey(), issuing)}), root)},
      {"private root pinned, not installed, leaf with pointers and "
       "intermediate served",
       kServer,
       Pinning(at({mint::Issue(windows, LeafKey(), issuing), issuing}), root)},
      {"private intermediate pinned, root not installed", kServer,
       Pinning(at({leaf(issuing), issuing}), issuing)},
      {"private root pinned and installed, leaf expired", kServer,
       Pinning(Installed(at({expired, issuing}), root), root)},
      {"private root pinned and installed, intermediate missing", kServer,
       Pinning(Installed(at({leaf(issuing)}), root), root)},
      {"private root pinned and installed, other name", kServer,
       Pinning(Installed(At("wiki.example-corp.com", {leaf(root)}), root),
               root)},
      {"self-signed server, its key pinned", kServer,
       Pinning(at({self}), self)},
      {"self-signed server, its key pinned, on a private name", kServer,
       Pinning(At("dev.local",
                  {mint::SelfSigned(YearLeaf("dev.local"), LeafKey())}),
               self)},
  };
}

// RotatedPrivate: the operator moved to another authority of its own, and the
// pins are of the one before.
std::vector<Case> RotatedPrivate() {
  const auto kStale = DiagnosisKind::kStalePins;
  const mint::Minted old = PrivateRoot();
  const mint::Minted root = FakeRoot("Example Corp Root CA 2", 300 * kDay);
  const auto leaf = [&](absl::Duration age) {
    return mint::Issue(PrivateLeaf(kPublicName, age, 365 * kDay), LeafKey(),
                       root);
  };
  const auto at = [&](absl::Duration age, std::vector<mint::Minted> installed) {
    Question question = Pinning(At(kPublicName, {leaf(age)}), old);
    question.local = std::move(installed);
    return question;
  };
  Question served = at(100 * kDay, {root, old});
  served.served.push_back(root);
  Question bundled = at(100 * kDay, {});
  bundled.bundled = {root, old};
  return {
      {"private root pinned, rotated to another, both installed", kStale,
       at(100 * kDay, {root, old})},
      {"private root pinned, rotated to another an hour ago, both installed",
       kStale, at(absl::Hours(1), {root, old})},
      {"private root pinned, rotated to another, which is served, both "
       "installed",
       kStale, served},
      {"private root pinned, rotated to another, both in the bundle", kStale,
       bundled},
      {"private root pinned, rotated to another, which alone is installed",
       kStale, at(100 * kDay, {root}), /*alike=*/true},
  };
}

std::vector<Case> UnpinnedPrivate() {
  const mint::Minted root = PrivateRoot();
  const mint::Minted issuing = PrivateIntermediate();
  const mint::Minted renewed =
      FakeRoot("Example Corp Root CA", 100 * kDay);  // the same name and key
  const auto leaf = [&](const std::string& host) {
    return mint::Issue(YearLeaf(host), LeafKey(), root);
  };
  const mint::Minted expired = mint::Issue(
      PrivateLeaf(kPublicName, 400 * kDay, 365 * kDay), LeafKey(), root);
  const auto self = [](const std::string& host) {
    return mint::SelfSigned(YearLeaf(host), LeafKey());
  };
  mint::Spec address = Shaped(CommonName("192.0.2.7"), {});
  address.ip_addresses = {"192.0.2.7"};
  mint::Spec console = Shaped(CommonName("FortiGate"), {});
  const mint::Minted maker = FakeRoot("FortiGate CA");
  const mint::Minted web_console = mint::Issue(console, LeafKey(), maker);
  const mint::Minted fresh =
      mint::Issue(PrivateLeaf(kPublicName, absl::Minutes(2), 90 * kDay),
                  LeafKey(), issuing);
  return {
      {"private root not installed, served", kNone,
       At(kPublicName, {leaf(kPublicName), root})},
      {"private root not installed, intermediate served", kNone,
       At(kPublicName,
          {mint::Issue(YearLeaf(kPublicName), LeafKey(), issuing), issuing})},
      {"private root not installed, leaf of two minutes, all served", kNone,
       At(kPublicName, {fresh, issuing, root})},
      {"private root installed, leaf expired", kServer,
       Installed(At(kPublicName, {expired}), root)},
      {"private root installed, other name", kServer,
       Installed(At("wiki.example-corp.com", {leaf(kPublicName)}), root)},
      {"private root renewed after the leaf, installed, leaf expired", kServer,
       Installed(At(kPublicName, {expired}), renewed)},
      {"private root renewed after the leaf, installed, other name", kServer,
       Installed(At("wiki.example-corp.com", {leaf(kPublicName)}), renewed)},
      {"private root renewed after the leaf, not installed, served", kNone,
       At(kPublicName, {leaf(kPublicName), renewed})},
      {"self-signed server with a public name", kNone,
       At(kPublicName, {self(kPublicName)})},
      {"self-signed server with a private name", kNone,
       At("nas.corp.internal", {self("nas.corp.internal")})},
      {"self-signed server with a single label", kNone,
       At("intranet", {self("intranet")})},
      {"self-signed server at an address", kNone,
       At("192.0.2.7", {mint::SelfSigned(address, LeafKey())})},
      {"private authority, single label, all served", kNone,
       At("intranet", {leaf("intranet"), root})},
      {"a firewall's own console at its address", kNone,
       At("192.168.1.99", {web_console, maker})},
  };
}

}  // namespace

std::vector<Case> PrivateAuthorities() {
  std::vector<Case> cases = PinnedPrivate();
  for (std::vector<Case> more : {RotatedPrivate(), UnpinnedPrivate()}) {
    cases.insert(cases.end(), more.begin(), more.end());
  }
  return cases;
}

std::vector<Case> ClocksAndPortals() {
  const auto not_pinned = [](Question question) {
    question.pins.clear();
    return question;
  };
  const Question genuine = Pinned(World().Presented());
  mint::Spec fresh = mint::Leaf({"identity.webex.com"});
  fresh.not_before = Now() - absl::Hours(1);
  const Question renewed =
      Pinned({mint::Issue(fresh, LeafKey(), World().intermediate),
              World().intermediate});
  std::vector<Case> cases = {
      {"clock at 1970", kClock, Later(genuine, absl::UnixEpoch() - Now())},
      {"clock at 2000, not pinned", kClock,
       not_pinned(Later(genuine, absl::Hours(-24 * 9600)))},
      {"clock a year behind", kClock, Later(genuine, -365 * kDay)},
      {"clock a day behind, leaf of an hour", kClock, Later(renewed, -kDay)},
      {"clock ten years ahead", kClock, Later(genuine, 3650 * kDay)},
      {"clock ten years ahead, not pinned", kClock,
       not_pinned(Later(genuine, 3650 * kDay))},
      {"clock a year ahead", kClock, Later(genuine, 365 * kDay)},
  };
  const auto portal = [&](const char* name, std::vector<std::string> names,
                          std::vector<std::string> addresses) {
    mint::Spec spec = Shaped(CommonName(name), {});
    spec.dns_names = std::move(names);
    spec.ip_addresses = std::move(addresses);
    return mint::SelfSigned(spec, LeafKey());
  };
  const std::vector<std::pair<std::string, mint::Minted>> portals = {
      {"UniFi", portal("UniFi", {"UniFi"}, {})},
      {"guest hotspot",
       portal("login.wifi.example", {"login.wifi.example"}, {})},
      {"gateway at 192.168.88.1", portal("192.168.88.1", {}, {"192.168.88.1"})},
      {"router.local", portal("router.local", {"router.local"}, {})},
      {"Cisco virtual interface", portal("192.0.2.1", {}, {"192.0.2.1"})},
      {"pfSense",
       portal("pfSense-5f1c2d3e4a5b6", {"pfSense-5f1c2d3e4a5b6"}, {})},
      {"OpenWrt", portal("OpenWrt", {"OpenWrt"}, {})},
      {"MikroTik", portal("MikroTik", {}, {})},
      {"airline", portal("wifi.airline.example", {"wifi.airline.example"}, {})},
  };
  for (const auto& [name, leaf] : portals) {
    cases.push_back({"login page: " + name, kPortal, Pinned({leaf})});
    cases.push_back({"login page: " + name + ", not pinned", kPortal,
                     not_pinned(Pinned({leaf}))});
  }
  mint::Spec aruba = mint::Leaf({"securelogin.example.net"});
  cases.push_back(
      {"login page with a public certificate", kPortal,
       not_pinned(Pinned({mint::Issue(aruba, LeafKey(), World().intermediate),
                          World().intermediate}))});
  return cases;
}

}  // namespace confusion
