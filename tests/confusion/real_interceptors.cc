#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tests/confusion/cases.h"
#include "tests/confusion/shapes.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

// Each function was written beside a chain that the program named served for
// identity.webex.com: subject, serial number, validity, key, extensions in
// order, and which certificates were sent. Certificate names are the program's
// own where it makes its own authority.
namespace confusion {
namespace {

using mint::Attribute;
using testing_support::Now;

constexpr char kHost[] = "identity.webex.com";

// A Naming says what the authority is called that a program makes for itself:
// as the program calls it, or as one whose owner gave it another.
using Naming = absl::string_view(absl::string_view own);

absl::string_view OwnName(absl::string_view own) { return own; }
absl::string_view BlandName(absl::string_view) { return "Corp Root 2021"; }

mint::Key LeafKey() { return mint::Key::Shared("rsa2048-forged"); }

std::vector<Attribute> GenuineSubject() {
  return {{"2.5.4.6", "US"},
          {"2.5.4.8", "California"},
          {"2.5.4.7", "San Jose"},
          {"2.5.4.10", "Cisco Systems Test Inc."},
          {"2.5.4.3", kHost}};
}

mint::Spec Dated(mint::Spec spec, absl::Duration age, absl::Duration lifetime) {
  spec.not_before = Now() - age;
  spec.not_after = spec.not_before + lifetime;
  return spec;
}

mint::Spec WithSerial(mint::Spec spec, std::vector<uint8_t> serial) {
  spec.serial = std::move(serial);
  return spec;
}

// LikeGenuine copies the dates of the genuine leaf.
mint::Spec LikeGenuine(mint::Spec spec) {
  return Dated(std::move(spec), 30 * kDay, 200 * kDay - absl::Seconds(1));
}

mint::Minted Sign(const mint::Spec& spec, const mint::Minted& root) {
  return mint::Issue(spec, LeafKey(), root);
}

Interceptor Privoxy() {
  const mint::Minted root = FakeRoot("Corp Root 2021");
  mint::Spec leaf =
      Shaped({{"2.5.4.3", kHost},
              {"2.5.4.10", kHost},
              {"2.5.4.11", kHost},
              {"2.5.4.6", "CZ"}},
             {NotCa(false), SubjectKeyId(), AuthorityKeyId(), Names({kHost})});
  leaf = WithSerial(Dated(leaf, 30 * kDay, 120 * kDay),
                    {0x61, 0x54, 0x96, 0x85, 0xde, 0x46, 0x37, 0x39, 0x7a});
  return {"privoxy 3.0.34, https-inspection", {Sign(leaf, root), root}, root};
}

mint::Spec HaproxyLeaf(const char* authority) {
  mint::Spec leaf =
      Shaped({{"2.5.4.3", authority}, {"2.5.4.3", kHost}},
             {NotCa(false), SubjectKeyId(), AuthorityKeyIdWithSerial(),
              KeyUsage(0xe0, 5, false), Names({kHost})});
  return WithSerial(Dated(leaf, kDay, 366 * kDay), {0x07, 0xed, 0x9f, 0x85});
}

Interceptor Haproxy() {
  const mint::Minted root = FakeRoot("Corp Root 2021");
  return {"haproxy 2.6, generate-certificates",
          {Sign(HaproxyLeaf("Corp Root 2021"), root), root},
          root};
}

Interceptor HaproxyUnderIntermediate() {
  const mint::Minted root = FakeRoot("Corp Root 2021");
  const mint::Minted intermediate =
      mint::Issue(Authority("Corp Web CA 3", 1000 * kDay, 2800 * kDay),
                  mint::Key::Shared("rsa2048-corp-web"), root);
  return {"haproxy 2.6, ca-sign-file of an intermediate",
          {Sign(HaproxyLeaf("Corp Web CA 3"), intermediate), intermediate},
          root};
}

Interceptor Bettercap(Naming* name) {
  // Its default authority bears the name of a public intermediate.
  const mint::Minted root = FakeRoot(
      name("Go Daddy Secure Certificate Authority - G2"), absl::Hours(2));
  mint::Spec leaf = LikeGenuine(
      Shaped(GenuineSubject(), {LeafUsage(true), ServerAuth(), NotCa(true),
                                AuthorityKeyId(), Names({kHost})}));
  return {
      "bettercap 2.32, https.proxy",
      {mint::Issue(leaf, mint::Key::Shared("rsa1024-bettercap"), root), root},
      root};
}

Interceptor Ettercap(Naming* name) {
  // It copies subject, issuer, dates and two extensions; the key that signs is
  // its own, and so is the leaf's: they are one.
  const mint::Minted root = FakeRoot(name("Ettercap"));
  mint::Spec leaf =
      LikeGenuine(Shaped(GenuineSubject(), {AuthorityKeyId(), Names({kHost})}));
  leaf = WithSerial(leaf, {0x00, 0xe7, 0x7e, 0xe7, 0x7e});
  return {"ettercap 0.8.3.1",
          {mint::Issue(leaf, root.key, {World().intermediate.der, root.key})},
          root};
}

Interceptor EttercapWithCertificate() {
  const mint::Minted root = FakeRoot("Corp Root 2021");
  return {"ettercap 0.8.3.1, --certificate", {root}, root};
}

Interceptor Sslsniff() {
  const mint::Minted root = FakeRoot("Corp Root 2021");
  mint::Spec leaf =
      Dated(Shaped(GenuineSubject(), {}), absl::Minutes(6), 365 * kDay);
  leaf.version = 4;  // sic
  leaf.algorithm = mint::SignatureAlgorithm::kRsaSha1;
  leaf = WithSerial(leaf, {0x3f, 0x83, 0xf5, 0xb8});
  return {
      "sslsniff 0.8, authority mode",
      {mint::Issue(leaf, mint::Key::Shared("rsa1024-sslsniff"), root), root},
      root};
}

Interceptor Goproxy(Naming* name) {
  const mint::Minted root = FakeRoot(name("goproxy.github.io"));
  mint::Spec leaf = Shaped(
      {{"2.5.4.10", "GoProxy untrusted MITM proxy Inc"}, {"2.5.4.3", kHost}},
      {LeafUsage(true), ServerAuth(), NotCa(true), AuthorityKeyId(),
       Names({kHost})});
  leaf.not_before = absl::UnixEpoch();
  leaf.not_after = Now() + 8500 * kDay;
  return {"goproxy 1.1", {Sign(leaf, root), root}, root};
}

Interceptor HttpMitmProxy(Naming* name) {
  const mint::Minted root = FakeRoot(name("NodeMITMProxyCA"), kDay);
  mint::Spec leaf =
      Shaped({{"2.5.4.3", kHost}, {"2.5.4.10", "Node MITM Proxy CA"}},
             {NotCa(false), KeyUsage(0xb0, 4, false), ServerAuth(true),
              SubjectKeyId(), Names({kHost})});
  // The serial number is negative.
  leaf = WithSerial(Dated(leaf, kDay, 366 * kDay), {0xf4, 0xf8, 0xfc, 0x03});
  return {"http-mitm-proxy 1.1", {Sign(leaf, root)}, root};
}

Interceptor Mockttp(Naming* name) {
  const mint::Minted root =
      FakeRoot(name("Mockttp Testing CA - DO NOT TRUST - TESTING ONLY"), kDay);
  mint::Spec leaf =
      Shaped({{"2.5.4.6", "XX"}, {"2.5.4.3", kHost}},
             {NotCa(true), LeafUsage(true), ServerAuth(true), Names({kHost}),
              PublicExtensions().front(), AuthorityKeyId()});
  return {
      "mockttp 4.6", {Sign(Dated(leaf, kDay, 45 * kDay), root), root}, root};
}

Interceptor Anyproxy(Naming* name) {
  const mint::Minted root = FakeRoot(name("AnyProxy"), kDay);
  mint::Spec leaf = Shaped({{"2.5.4.10", "AnyProxy"}, {"2.5.4.3", kHost}},
                           {NotCa(false), Names({kHost})});
  return {"anyproxy 4.1", {Sign(Dated(leaf, kDay, 824 * kDay), root)}, root};
}

Interceptor Whistle(Naming* name) {
  // The leaf's key is its authority's, which is not sent.
  const mint::Minted root =
      FakeRoot(name("whistle.1795429475827759"), 365 * kDay);
  mint::Spec leaf = Shaped(CommonName("*.webex.com"),
                           {NotCa(false), LeafUsage(false), ServerAuth(true),
                            Names({"*.webex.com"}), AuthorityKeyId()});
  return {"whistle 2.10",
          {mint::Issue(Dated(leaf, 7 * kDay, 43 * kDay), root.key, root)},
          root};
}

Interceptor Hoxy() {
  const mint::Minted root = FakeRoot("Corp Root 2021");
  mint::Spec leaf = Shaped(
      {{"2.5.4.6", "US"}, {"2.5.4.10", "ACME Tech Inc"}, {"2.5.4.3", kHost}},
      {Names({kHost}), SubjectKeyId(), AuthorityKeyId()});
  leaf = WithSerial(Dated(leaf, absl::Minutes(1), 500 * kDay),
                    {0x01, 0xa2, 0x07, 0xf0, 0x2a, 0xba});
  return {"hoxy 3.3", {Sign(leaf, root)}, root};
}

Interceptor NodeMitmproxy(Naming* name) {
  // It takes a wrong number of key usages, CA's among them.
  const mint::Minted root = FakeRoot(name("node-mitmproxy CA"));
  mint::Spec leaf = Shaped(
      GenuineSubject(), {NotCa(true), KeyUsage(0xbf, 0, true), Names({kHost}),
                         SubjectKeyId(), ServerAuth(true), AuthorityKeyId()});
  return {"node-mitmproxy 3.1",
          {Sign(Dated(leaf, 365 * kDay, 730 * kDay), root)},
          root};
}

Interceptor E2guardian() {
  // Its default dates ended in 2024.
  const mint::Minted root = FakeRoot("Corp Root 2021");
  mint::Spec leaf = Shaped(CommonName(kHost), {Names({kHost})});
  leaf.not_before = absl::FromUnixSeconds(1417872951);
  leaf.not_after = absl::FromUnixSeconds(1733405751);
  return {"e2guardian 5.3.5, sslmitm", {Sign(leaf, root)}, root};
}

Interceptor Mitmproxy(Naming* name, bool append_genuine) {
  const mint::Minted root = FakeRoot(name("mitmproxy"), 10 * kDay);
  mint::Spec leaf =
      Shaped({{"2.5.4.3", kHost}, {"2.5.4.10", "Cisco Systems Test Inc."}},
             {ServerAuth(), Names({kHost})});
  const mint::Minted forged =
      mint::Issue(Dated(leaf, 2 * kDay, 367 * kDay), root.key, root);
  if (append_genuine) {
    return {"mitmproxy 8.1, add_upstream_certs_to_client_chain",
            {forged, World().leaf, World().intermediate},
            root};
  }
  return {"mitmproxy 8.1", {forged}, root};
}

Interceptor Sslsplit() {
  const mint::Minted root = FakeRoot("Corp Root 2021");
  mint::Spec leaf =
      Shaped(GenuineSubject(),
             {SubjectKeyId(), AuthorityKeyIdWithSerial(), NotCa(true),
              LeafUsage(false), ServerAuth(), Names({kHost})});
  return {"sslsplit 0.5.5",
          {Sign(Dated(leaf, kDay, 365 * kDay), root), root},
          root};
}

mint::Spec SquidLeaf() {
  return LikeGenuine(
      Shaped(GenuineSubject(), {Names({kHost}), LeafUsage(true), ServerAuth(),
                                NotCa(true), AuthorityKeyId()}));
}

Interceptor SquidPeek() {
  const mint::Minted root = FakeRoot("Corp Root 2021");
  return {"squid 5.7, peek and bump",
          {mint::Issue(SquidLeaf(), root.key, root), root, root},
          root};
}

Interceptor SquidClientFirst() {
  const mint::Minted root = FakeRoot("Corp Root 2021");
  const mint::Spec leaf = Dated(Shaped(CommonName(kHost), {Names({kHost})}),
                                1800 * kDay, 3650 * kDay);
  return {"squid 5.7, bump client-first",
          {mint::Issue(leaf, root.key, root), root, root},
          root};
}

}  // namespace

std::vector<Interceptor> RealInterceptors(bool bland) {
  Naming* const name = bland ? BlandName : OwnName;
  return {Privoxy(),
          Haproxy(),
          HaproxyUnderIntermediate(),
          Bettercap(name),
          Ettercap(name),
          EttercapWithCertificate(),
          Sslsniff(),
          Goproxy(name),
          HttpMitmProxy(name),
          Mockttp(name),
          Anyproxy(name),
          Whistle(name),
          Hoxy(),
          NodeMitmproxy(name),
          E2guardian(),
          Mitmproxy(name, false),
          Mitmproxy(name, true),
          Sslsplit(),
          SquidPeek(),
          SquidClientFirst()};
}

}  // namespace confusion
