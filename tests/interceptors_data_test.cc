#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "pinning/certificate.h"
#include "pinning/interceptor_catalogue.h"
#include "pinning/pin.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

// Holds pins/interceptors.json to certificates: each rule finds its product,
// and none finds an authority that browsers trust.
namespace pinning {
namespace {

using Json = nlohmann::ordered_json;
using testing_support::Parse;

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

const Json& Products() {
  static const Json& products =
      *new Json(Json::parse(ReadFile("pins/interceptors.json"))["products"]);
  return products;
}

const InterceptorCatalogue& BuiltIn() {
  static const auto& catalogue =
      *new std::shared_ptr<const InterceptorCatalogue>(
          InterceptorCatalogue::BuiltIn());
  return *catalogue;
}

std::string NameOf(const InterceptorCatalogue::Product* product) {
  return product == nullptr ? "" : product->name;
}

mint::Key LeafKey() { return mint::Key::Shared("p256-data-leaf"); }

// The value of an attribute on which the condition holds.
std::string ValueFor(const Json& condition) {
  const std::string test = condition.begin().key();
  const std::string text = condition.begin().value();
  if (test == "prefix") {
    return absl::StrCat(text, " (17)");
  }
  if (test == "suffix") {
    return absl::StrCat("tenant", text);
  }
  return test == "contains" ? absl::StrCat("The ", text, " of Acme") : text;
}

// The name on which the rule holds.
std::vector<mint::Attribute> NameFor(const Json& rule) {
  static const std::map<std::string, std::string>& oids =
      *new std::map<std::string, std::string>{
          {"c", "2.5.4.6"},
          {"o", "2.5.4.10"},
          {"ou", "2.5.4.11"},
          {"cn", "2.5.4.3"},
          {"email", "1.2.840.113549.1.9.1"},
      };
  std::vector<mint::Attribute> name;
  for (const auto& [attribute, condition] : rule.items()) {
    name.emplace_back(oids.at(attribute), ValueFor(condition));
  }
  return name;
}

mint::Minted Authority(std::vector<mint::Attribute> name) {
  mint::Spec spec = mint::Ca("");
  spec.subject = std::move(name);
  return mint::SelfSigned(spec, mint::Key::Shared("p256-data-ca"));
}

mint::Minted IssuedBy(std::vector<mint::Attribute> name) {
  return mint::Issue(mint::Leaf({"example.com"}), LeafKey(),
                     Authority(std::move(name)));
}

TEST(InterceptorsData, IsRead) {
  const auto catalogue = InterceptorCatalogue::FromJson(
      ReadFile("pins/interceptors.json"), "pins/interceptors.json");
  EXPECT_TRUE(catalogue.ok()) << catalogue.status();
}

TEST(InterceptorsData, EveryRuleOnIssuersFindsItsProduct) {
  int rules = 0;
  for (const Json& product : Products()) {
    for (const Json& rule : product["issuer"]) {
      const std::vector<mint::Attribute> name = NameFor(rule);
      EXPECT_EQ(NameOf(BuiltIn().FindByName(Parse(IssuedBy(name)))),
                product["name"])
          << rule;
      EXPECT_EQ(NameOf(BuiltIn().FindByName(Parse(Authority(name)))),
                product["name"])
          << rule;
      ++rules;
    }
  }
  EXPECT_GE(rules, 100);
}

TEST(InterceptorsData, EveryRuleOnSubjectsFindsItsProductInALeafAlone) {
  int rules = 0;
  for (const Json& product : Products()) {
    for (const Json& rule : product.value("subject", Json::array())) {
      mint::Spec spec = mint::Leaf({"example.com"});
      spec.subject = NameFor(rule);
      const mint::Minted leaf =
          mint::Issue(spec, LeafKey(), Authority({{"2.5.4.3", "Acme Root"}}));
      EXPECT_EQ(NameOf(BuiltIn().FindByName(Parse(leaf))), product["name"])
          << rule;
      ++rules;
    }
  }
  EXPECT_GE(rules, 5);
}

// What the extension may hold: enough to be well-formed.
mint::Extension ExtensionFor(std::string name, bool names_issuer) {
  using Bytes = std::vector<uint8_t>;
  static const auto& kinds =
      *new std::map<std::string, std::pair<std::string, Bytes>>{
          {"authorityKeyIdentifier", {"2.5.29.35", {0x30, 3, 0x80, 1, 7}}},
          {"basicConstraints", {"2.5.29.19", {0x30, 0}}},
          {"extKeyUsage",
           {"2.5.29.37", {0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 1}}},
          {"keyUsage", {"2.5.29.15", {3, 2, 5, 0xa0}}},
          {"subjectAltName", {"2.5.29.17", {0x30, 3, 0x82, 1, 'a'}}},
          {"subjectKeyIdentifier", {"2.5.29.14", {4, 1, 7}}},
      };
  const bool critical = absl::EndsWith(name, "!");
  if (critical) {
    name.pop_back();
  }
  const auto& [oid, value] = kinds.at(name);
  if (name == "authorityKeyIdentifier" && names_issuer) {
    // [1] { [4] Name }, [2] serial number.
    return {oid,
            critical,
            {0x30, 12, 0x80, 1, 7, 0xa1, 4, 0xa4, 2, 0x30, 0, 0x82, 1, 9}};
  }
  return {oid, critical, value};
}

// A leaf on which the structure rule holds, and its issuer.
std::pair<mint::Minted, mint::Minted> BuiltAs(const Json& rule) {
  mint::Minted issuer = Authority({{"2.5.4.3", "Acme Inspection"}});
  mint::Spec spec;
  spec.common_name = "example.com";
  spec.subject_key_id = false;
  spec.authority_key_id = false;
  for (const std::string name : rule["extensions"]) {
    spec.extra.push_back(
        ExtensionFor(name, rule.contains("authority-key-names-issuer")));
  }
  spec.serial = std::vector<uint8_t>(8, 0x11);
  if (rule.contains("valid-seconds")) {
    spec.not_after =
        spec.not_before + absl::Seconds(rule["valid-seconds"].get<int>());
  } else if (!rule.contains("valid-as-issuer")) {
    spec.not_after = spec.not_before + absl::Hours(24 * 90);
  }
  const mint::Key key =
      rule.contains("leaf-key-is-issuer-key") ? issuer.key : LeafKey();
  mint::Minted leaf = mint::Issue(spec, key, issuer);
  return {std::move(leaf), std::move(issuer)};
}

TEST(InterceptorsData, EveryStructureFindsItsProduct) {
  int rules = 0;
  for (const Json& product : Products()) {
    for (const Json& rule : product.value("structure", Json::array())) {
      const auto [leaf, issuer] = BuiltAs(rule);
      const Certificate issuer_certificate = Parse(issuer);
      EXPECT_EQ(
          NameOf(BuiltIn().FindByStructure(Parse(leaf), &issuer_certificate)),
          product["name"])
          << rule;
      ++rules;
    }
  }
  EXPECT_GE(rules, 7);
}

TEST(InterceptorsData, EveryKeyFindsItsProduct) {
  int keys = 0;
  for (const Json& product : Products()) {
    for (const std::string pin : product.value("keys", Json::array())) {
      EXPECT_EQ(NameOf(BuiltIn().FindByKey(*Pin::FromString(pin))),
                product["name"]);
      ++keys;
    }
  }
  EXPECT_GE(keys, 20);
}

// Written out by hand: what a support engineer reads in a browser, and what we
// say it is.
TEST(InterceptorsData, WellKnownNamesAreKnown) {
  const struct {
    std::vector<mint::Attribute> issuer;
    const char* product;
  } rows[] = {
      {{{"2.5.4.6", "US"},
        {"2.5.4.10", "Zscaler Inc."},
        {"2.5.4.11", "Zscaler Inc."},
        {"2.5.4.3", "Zscaler Intermediate Root CA (zscalerthree.net) (t) "}},
       "Zscaler"},
      {{{"2.5.4.10", "Cisco"}, {"2.5.4.3", "Cisco Umbrella Primary SubCA"}},
       "Cisco Umbrella"},
      {{{"2.5.4.6", "US"},
        {"2.5.4.10", "Fortinet"},
        {"2.5.4.11", "Certificate Authority"},
        {"2.5.4.3", "FG100FTK12345678"}},
       "FortiGate"},
      // The device's own certificate, as its login page has it.
      {{{"2.5.4.6", "US"},
        {"2.5.4.10", "Fortinet"},
        {"2.5.4.11", "Certificate Authority"},
        {"2.5.4.3", "support"}},
       ""},
      {{{"2.5.4.10", "Blue Coat SG210 Series"}, {"2.5.4.3", "10.0.0.1"}},
       "Blue Coat ProxySG"},
      {{{"2.5.4.10", "Acme"},
        {"2.5.4.3", "ca.acme.goskope.com"},
        {"1.2.840.113549.1.9.1", "certadmin@netskope.com"}},
       "Netskope"},
      {{{"2.5.4.6", "GB"},
        {"2.5.4.10", "Sophos"},
        {"2.5.4.11", "NSG"},
        {"2.5.4.3", "Sophos SSL CA_C0123456789"}},
       "Sophos Firewall"},
      {{{"2.5.4.10", "AO Kaspersky Lab"},
        {"2.5.4.3", "Kaspersky Anti-Virus Personal Root Certificate"}},
       "Kaspersky"},
      {{{"2.5.4.11", "generated by Avast Antivirus for SSL/TLS scanning"},
        {"2.5.4.10", "Avast Web/Mail Shield"},
        {"2.5.4.3", "Avast Web/Mail Shield Root"}},
       "Avast"},
      {{{"2.5.4.6", "SK"},
        {"2.5.4.10", "ESET, spol. s r. o."},
        {"2.5.4.3", "ESET SSL Filter CA"}},
       "ESET"},
      {{{"2.5.4.10", "Bitdefender"},
        {"2.5.4.3", "Bitdefender Personal CA.Net-Defender"}},
       "Bitdefender"},
      {{{"2.5.4.3", "mitmproxy"}, {"2.5.4.10", "mitmproxy"}}, "mitmproxy"},
      {{{"2.5.4.3", "Charles Proxy CA (1 Jan 2026, box)"}}, "Charles Proxy"},
      {{{"2.5.4.10", "DO_NOT_TRUST"}, {"2.5.4.3", "DO_NOT_TRUST_FiddlerRoot"}},
       "Fiddler"},
      {{{"2.5.4.10", "PortSwigger"}, {"2.5.4.3", "PortSwigger CA"}},
       "Burp Suite"},
      {{{"2.5.4.10", "Superfish, Inc."}, {"2.5.4.3", "Superfish, Inc."}},
       "Superfish"},
      {{{"2.5.4.6", "KZ"}, {"2.5.4.3", "Qaznet Trust Network"}},
       "Kazakhstan national security certificate"},
      {{{"2.5.4.3", "Gateway CA - Cloudflare Managed G1 0123456789abcdef"}},
       "Cloudflare Gateway"},
      // What bettercap pretends to be, and what it is taken for if it is not
      // looked at closely: the public authority.
      {{{"2.5.4.10", "GoDaddy.com, Inc."},
        {"2.5.4.11", "https://certs.godaddy.com/repository/"},
        {"2.5.4.3", "Go Daddy Secure Certificate Authority - G2"}},
       "bettercap"},
      {{{"2.5.4.10", "GoDaddy.com, Inc."},
        {"2.5.4.11", "http://certs.godaddy.com/repository/"},
        {"2.5.4.3", "Go Daddy Secure Certificate Authority - G2"}},
       ""},
      {{{"2.5.4.10", "Cisco Systems"}, {"2.5.4.3", "Cisco RXC-R2"}}, ""},
      {{{"2.5.4.10", "Cloudflare, Inc."},
        {"2.5.4.3", "Cloudflare TLS Issuing ECC CA 3"}},
       ""},
      {{{"2.5.4.10", "Let's Encrypt"}, {"2.5.4.3", "R11"}}, ""},
      {{{"2.5.4.10", "Example Corp"}, {"2.5.4.3", "Example Corp Root"}}, ""},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(NameOf(BuiltIn().FindByName(Parse(IssuedBy(row.issuer)))),
              row.product)
        << row.issuer.back().second;
  }
}

// A vendor's own site, with a certificate of a public authority, is no
// interception.
TEST(InterceptorsData, VendorsMayHaveWebSites) {
  for (const char* organization :
       {"Zscaler, Inc.", "Fortinet", "Palo Alto Networks, Inc.", "Sophos Ltd",
        "Netskope, Inc.", "PortSwigger Ltd", "ProjectDiscovery, Inc.",
        "Barracuda Networks, Inc.", "Kaspersky Lab Ltd"}) {
    mint::Spec spec = mint::Leaf({"www.example.com"});
    spec.subject = {{"2.5.4.10", organization}, {"2.5.4.3", "www.example.com"}};
    const mint::Minted leaf = mint::Issue(
        spec, LeafKey(), Authority({{"2.5.4.10", "Public Trust Ltd"}}));
    EXPECT_EQ(NameOf(BuiltIn().FindByName(Parse(leaf))), "") << organization;
  }
}

TEST(InterceptorsData, EachRowSaysWhatItRestsOn) {
  EXPECT_EQ(BuiltIn().size(), Products().size());
  EXPECT_GE(Products().size(), 60u);
  size_t confirmed = 0;
  std::set<std::string> kinds;
  for (size_t i = 0; i < Products().size(); ++i) {
    const Json& row = Products()[i];
    SCOPED_TRACE(row["name"]);
    const InterceptorCatalogue::Product& product = BuiltIn().products()[i];
    EXPECT_EQ(product.name, row["name"]);
    EXPECT_EQ(product.source, row["source"]);
    ASSERT_TRUE(row.contains("evidence"));
    EXPECT_NE(row["evidence"], "own");
    EXPECT_TRUE(row.contains("says"));
    EXPECT_EQ(product.confirmed, row["evidence"] != "unconfirmed");
    EXPECT_TRUE(!row["issuer"].empty() || row.contains("keys") ||
                row.contains("structure"));
    confirmed += product.confirmed ? 1 : 0;
    kinds.insert(row["kind"]);
  }
  EXPECT_GE(confirmed, 60u);
  EXPECT_EQ(kinds.size(), AllVendorKinds().size());
}

TEST(InterceptorsData, TheReadmeCountsRight) {
  std::map<std::string, int> rows;
  for (const Json& row : Products()) {
    ++rows[row["evidence"]];
  }
  const std::string readme =
      absl::StrReplaceAll(ReadFile("pins/README.md"), {{"\n", " "}});
  for (const std::string& sentence :
       {absl::StrCat("Of its ", Products().size(), " rows"),
        absl::StrCat("For ", rows["code"] + rows["vendor"],
                     " the name was read"),
        absl::StrCat("for ", rows["seen"], " in somebody's list"),
        absl::StrCat("for ", rows["certificate"], " it was taken"),
        absl::StrCat("For ", rows["quoted"], " several"),
        absl::StrCat(rows["unconfirmed"], " are unconfirmed")}) {
    EXPECT_TRUE(absl::StrContains(readme, sentence)) << sentence;
  }
}

// The folder of other projects' suites, if there is one.
std::string Suites() {
  const char* folder = std::getenv("PINNING_SUITES");
  return folder == nullptr ? "../shared/suites" : folder;
}

TEST(InterceptorsData, KeysAreThoseOfThePublishedRoots) {
  const std::string folder = Suites() + "/middlebox-roots";
  if (!std::filesystem::is_directory(folder)) {
    GTEST_SKIP() << "no published roots: set PINNING_SUITES";
  }
  int roots = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    SCOPED_TRACE(file.path());
    const auto list = Certificate::ListFromPem(ReadFile(file.path()));
    ASSERT_TRUE(list.ok()) << list.status();
    const auto* by_key = BuiltIn().FindByKey(list->front().pin());
    ASSERT_NE(by_key, nullptr) << list->front().pin().ToString();
    const auto* by_name = BuiltIn().FindByName(list->front());
    EXPECT_TRUE(by_name == nullptr || by_name == by_key) << by_name->name;
    ++roots;
  }
  EXPECT_GE(roots, 8);
}

void ExpectUnknown(const Certificate& certificate, absl::string_view where) {
  const auto* product = BuiltIn().FindByName(certificate);
  EXPECT_EQ(NameOf(product), "") << where << ": " << certificate.subject()
                                 << " of " << certificate.issuer();
  EXPECT_EQ(NameOf(BuiltIn().FindByKey(certificate.pin())), "")
      << where << ": " << certificate.subject();
}

TEST(InterceptorsData, NoRootThatBrowsersTrustIsTakenForAProduct) {
  int bundles = 0;
  for (const std::string& path :
       {std::string("/etc/ssl/certs/ca-certificates.crt"),
        Suites() + "/union_roots.pem"}) {
    const std::string text = ReadFile(path);
    if (text.empty()) {
      continue;
    }
    const auto roots = Certificate::ListFromPem(text);
    ASSERT_TRUE(roots.ok()) << roots.status();
    EXPECT_GE(roots->size(), 100u);
    for (const Certificate& root : *roots) {
      ExpectUnknown(root, path);
    }
    ++bundles;
  }
  if (bundles == 0) {
    GTEST_SKIP() << "no roots on this machine";
  }
}

// Chains that servers sent, caught in the wild.
TEST(InterceptorsData, NoChainOfAPublicAuthorityIsTakenForAProduct) {
  const std::string text = ReadFile(Suites() + "/real-chains.json");
  if (text.empty()) {
    GTEST_SKIP() << "no chains: set PINNING_SUITES";
  }
  int chains = 0;
  const Json document = Json::parse(text);
  for (const Json& entry : document["testcases"]) {
    const std::string id = entry["id"];
    std::vector<Certificate> served;
    for (const std::string pem : entry["untrusted_intermediates"]) {
      auto list = Certificate::ListFromPem(pem);
      if (list.ok()) {
        served.push_back(list->front());
        ExpectUnknown(list->front(), id);
      }
    }
    const auto leaf =
        Certificate::ListFromPem(entry["peer_certificate"].get<std::string>());
    if (!leaf.ok()) {
      continue;
    }
    ExpectUnknown(leaf->front(), id);
    const Certificate* issuer = served.empty() ? nullptr : &served.front();
    EXPECT_EQ(NameOf(BuiltIn().FindByStructure(leaf->front(), issuer)), "")
        << id;
    ++chains;
  }
  EXPECT_GE(chains, 250);
}

// Chains that interceptors whose authority was given a name of its own served.
TEST(InterceptorsData, RecordedForgeriesAreKnownByTheirStructure) {
  const char* fixtures = std::getenv("PINNING_FIXTURES");
  const std::string folder = absl::StrCat(
      fixtures == nullptr ? "../shared/fixtures" : fixtures, "/interceptors/");
  if (!std::filesystem::is_directory(folder)) {
    GTEST_SKIP() << "no recorded chains: set PINNING_FIXTURES";
  }
  const auto read = [&folder](absl::string_view name) {
    return Certificate::ListFromPem(ReadFile(absl::StrCat(folder, name)))
        ->front();
  };
  const Certificate corporate = read("ca.pem");
  const Certificate mitmproxy = read("mitm-ca.pem");
  const struct {
    const char* leaf;
    const Certificate* issuer;
    const char* product;
  } rows[] = {
      {"genuine.a.wbx2.com.c0.pem", nullptr, ""},
      {"squid-bump.a.wbx2.com.c0.pem", &corporate, "squid"},
      {"squid-stare.a.wbx2.com.c0.pem", &corporate, "squid"},
      {"squid-clientfirst.a.wbx2.com.c0.pem", &corporate, "squid"},
      // Without the authority's certificate its key cannot be compared.
      {"squid-bump.a.wbx2.com.c0.pem", nullptr, ""},
      {"sslsplit.a.wbx2.com.c0.pem", &corporate, "SSLsplit"},
      {"sslsplit-nat.identity.webex.com.c0.pem", nullptr, "SSLsplit"},
      {"mitm-explicit.a.wbx2.com.c0.pem", &mitmproxy, "mitmproxy"},
      {"mitm-transparent.a.wbx2.com.c0.pem", &mitmproxy, "mitmproxy"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(NameOf(BuiltIn().FindByStructure(read(row.leaf), row.issuer)),
              row.product)
        << row.leaf;
  }
}

}  // namespace
}  // namespace pinning
