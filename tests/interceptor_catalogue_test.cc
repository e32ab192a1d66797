#include "pinning/interceptor_catalogue.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/certificate.h"
#include "pinning/pin.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using testing_support::Parse;
using testing_support::PinOf;

constexpr absl::string_view kCn = "2.5.4.3";
constexpr absl::string_view kO = "2.5.4.10";

mint::Key LeafKey() { return mint::Key::Shared("p256-catalogue-leaf"); }
mint::Key CaKey() { return mint::Key::Shared("p256-catalogue-ca"); }

// A product with what is to be said of it besides.
std::string Row(absl::string_view name, absl::string_view rest) {
  return absl::StrCat(R"({"name": ")", name, R"(", "kind": "firewall", )",
                      R"("source": "https://a.example/", )", rest, "}");
}

std::string FileOf(absl::string_view rows) {
  return absl::StrCat(R"({"schema": "pinning.interceptors/1", "products": [)",
                      rows, "]}");
}

std::shared_ptr<const InterceptorCatalogue> Read(absl::string_view rows) {
  auto catalogue = InterceptorCatalogue::FromJson(FileOf(rows), "f");
  EXPECT_TRUE(catalogue.ok()) << catalogue.status();
  return *catalogue;
}

std::string NameOf(const InterceptorCatalogue::Product* product) {
  return product == nullptr ? "" : product->name;
}

mint::Minted Authority(std::vector<mint::Attribute> name) {
  mint::Spec spec = mint::Ca("");
  spec.subject = std::move(name);
  return mint::SelfSigned(spec, CaKey());
}

mint::Minted LeafOf(const mint::Minted& issuer,
                    std::vector<mint::Attribute> subject = {}) {
  mint::Spec spec = mint::Leaf({"example.com"});
  spec.subject = std::move(subject);
  return mint::Issue(spec, LeafKey(), issuer);
}

TEST(InterceptorCatalogue, ComparesNames) {
  const struct {
    const char* rule;
    std::vector<mint::Attribute> issuer;
    bool matches;
  } rows[] = {
      {R"({"cn": {"exact": "Acme CA"}})", {{"2.5.4.3", "Acme CA"}}, true},
      {R"({"cn": {"exact": "Acme CA"}})", {{"2.5.4.3", "acme ca"}}, true},
      {R"({"cn": {"exact": "Acme CA"}})", {{"2.5.4.3", "Acme CA 2"}}, false},
      {R"({"cn": {"exact": "Acme CA"}})", {{"2.5.4.10", "Acme CA"}}, false},
      {R"({"cn": {"prefix": "Acme"}})", {{"2.5.4.3", "ACME CA 2"}}, true},
      {R"({"cn": {"prefix": "Acme"}})", {{"2.5.4.3", "The Acme CA"}}, false},
      {R"({"cn": {"suffix": ".acme.example"}})",
       {{"2.5.4.3", "ca.ACME.example"}},
       true},
      {R"({"cn": {"suffix": ".acme.example"}})",
       {{"2.5.4.3", "ca.acme.example.org"}},
       false},
      {R"({"ou": {"contains": "TLS Inspection"}})",
       {{"2.5.4.11", "Acme tls inspection CA"}},
       true},
      {R"({"c": {"exact": "KZ"}, "o": {"exact": "ISCA"}})",
       {{"2.5.4.6", "KZ"}, {"2.5.4.10", "ISCA"}},
       true},
      {R"({"c": {"exact": "KZ"}, "o": {"exact": "ISCA"}})",
       {{"2.5.4.6", "SE"}, {"2.5.4.10", "ISCA"}},
       false},
      {R"({"email": {"exact": "proxy@acme.example"}})",
       {{"1.2.840.113549.1.9.1", "proxy@acme.example"}, {"2.5.4.3", "x"}},
       true},
      // Any value of an attribute that is there twice will do.
      {R"({"ou": {"exact": "Proxy"}})",
       {{"2.5.4.11", "IT"}, {"2.5.4.11", "Proxy"}},
       true},
  };
  for (const auto& row : rows) {
    const auto catalogue =
        Read(Row("A", absl::StrCat(R"("issuer": [)", row.rule, "]")));
    EXPECT_EQ(
        NameOf(catalogue->FindByName(Parse(LeafOf(Authority(row.issuer))))),
        row.matches ? "A" : "")
        << row.rule << " " << row.issuer.front().second;
  }
}

TEST(InterceptorCatalogue, LooksAtTheNameThatARuleIsFor) {
  const auto catalogue =
      Read(Row("A", R"("issuer": [{"cn": {"exact": "Acme"}}],)"
                    R"("subject": [{"o": {"exact": "Forged by Acme"}}])"));
  const mint::Minted other = Authority({{std::string(kCn), "Other"}});
  const mint::Minted acme = Authority({{std::string(kCn), "Acme"}});
  const struct {
    const char* name;
    mint::Minted certificate;
    bool matches;
  } rows[] = {
      {"issued by it", LeafOf(acme), true},
      {"the authority itself", acme, true},
      {"an authority under another",
       mint::Issue(mint::Ca("Acme"), LeafKey(), other), true},
      {"a leaf of its name, under another",
       LeafOf(other, {{std::string(kCn), "Acme"}}), false},
      {"a leaf with its mark",
       LeafOf(other, {{std::string(kO), "Forged by Acme"}}), true},
      {"an issuer with the mark of a leaf",
       LeafOf(Authority({{std::string(kO), "Forged by Acme"}}),
              {{std::string(kCn), "x"}}),
       false},
      {"neither", LeafOf(other), false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(NameOf(catalogue->FindByName(Parse(row.certificate))),
              row.matches ? "A" : "")
        << row.name;
  }
}

// A leaf with extendedKeyUsage and subjectAltName, in this order.
mint::Spec Built() {
  mint::Spec spec;
  spec.common_name = "example.com";
  spec.subject_key_id = false;
  spec.authority_key_id = false;
  spec.serial = {1, 2, 3};
  spec.not_after = spec.not_before + absl::Seconds(1000);
  spec.extra = {
      {"2.5.29.37", false, {0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 1}},
      {"2.5.29.17", true, {0x30, 3, 0x82, 1, 'a'}}};
  return spec;
}

TEST(InterceptorCatalogue, ComparesStructures) {
  const std::string extensions =
      R"("extensions": ["extKeyUsage", "subjectAltName!"], )";
  const mint::Minted issuer = Authority({{std::string(kCn), "Acme"}});
  const Certificate issuer_certificate = Parse(issuer);
  mint::Spec as_issuer = Built();
  as_issuer.not_before = issuer_certificate.not_before();
  as_issuer.not_after = issuer_certificate.not_after();
  mint::Spec reversed = Built();
  std::swap(reversed.extra[0], reversed.extra[1]);
  mint::Spec not_critical = Built();
  not_critical.extra[1].critical = false;
  mint::Spec with_more = Built();
  with_more.subject_key_id = true;
  mint::Spec long_serial = Built();
  long_serial.serial = std::vector<uint8_t>(9, 1);
  const std::string seconds = R"("valid-seconds": 1000)";
  const struct {
    const char* name;
    std::string rule;
    mint::Spec leaf;
    bool own_key;
    bool matches;
    bool matches_without_issuer;
  } rows[] = {
      {"as it is", seconds, Built(), true, true, true},
      {"other order", seconds, reversed, true, false, false},
      {"not critical", seconds, not_critical, true, false, false},
      {"one extension more", seconds, with_more, true, false, false},
      {"other length", R"("valid-seconds": 1001)", Built(), true, false, false},
      {"issuer's key", R"("leaf-key-is-issuer-key": true)", Built(), false,
       true, false},
      {"own key", R"("leaf-key-is-issuer-key": true)", Built(), true, false,
       false},
      {"issuer's dates", R"("valid-as-issuer": true)", as_issuer, true, true,
       false},
      {"own dates", R"("valid-as-issuer": true)", Built(), true, false, false},
      {"short serial", R"("serial-octets-at-most": 8)", Built(), true, true,
       true},
      {"long serial", R"("serial-octets-at-most": 8)", long_serial, true, false,
       false},
      {"no authority key identifier", R"("authority-key-names-issuer": true)",
       Built(), true, false, false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto catalogue =
        Read(Row("A", absl::StrCat(R"("issuer": [], "structure": [{)",
                                   extensions, row.rule, "}]")));
    const Certificate leaf =
        Parse(mint::Issue(row.leaf, row.own_key ? LeafKey() : CaKey(), issuer));
    EXPECT_EQ(NameOf(catalogue->FindByStructure(leaf, &issuer_certificate)),
              row.matches ? "A" : "");
    EXPECT_EQ(NameOf(catalogue->FindByStructure(leaf, nullptr)),
              row.matches_without_issuer ? "A" : "");
    EXPECT_EQ(catalogue->FindByName(leaf), nullptr);
  }
}

TEST(InterceptorCatalogue, OwnRowsWinOverThoseOfTheBase) {
  const std::string pin = PinOf(LeafKey()).ToString();
  const std::string other_pin = PinOf(CaKey()).ToString();
  const auto own = Read(
      Row("Acme proxy",
          absl::StrCat(R"("issuer": [{"cn": {"exact": "Both"}}], "keys": [")",
                       pin, R"("])")) +
      "," + Row("Replaced", R"("issuer": [{"cn": {"exact": "New"}}])"));
  const auto base = Read(
      Row("Replaced", R"("issuer": [{"cn": {"exact": "Old"}}])") + "," +
      Row("Vendor", absl::StrCat(R"("issuer": [{"cn": {"exact": "Both"}},)"
                                 R"({"cn": {"exact": "Vendor"}}], "keys": [")",
                                 pin, R"(", ")", other_pin, R"("],)",
                                 R"("subject": [{"cn": {"exact": "leaf"}}],)",
                                 R"("evidence": "unconfirmed")")));
  const auto merged = InterceptorCatalogue::Merge(*own, *base);
  const auto find = [&merged](absl::string_view name) {
    return NameOf(merged->FindByName(
        Parse(LeafOf(Authority({{std::string(kCn), std::string(name)}})))));
  };
  EXPECT_EQ(find("Both"), "Acme proxy");
  EXPECT_EQ(find("New"), "Replaced");
  EXPECT_EQ(find("Old"), "") << "a row of the same name replaces the whole row";
  EXPECT_EQ(find("Vendor"), "Vendor");
  EXPECT_EQ(NameOf(merged->FindByName(
                Parse(LeafOf(Authority({{std::string(kCn), "Other"}}),
                             {{std::string(kCn), "leaf"}})))),
            "Vendor");
  EXPECT_EQ(NameOf(merged->FindByKey(PinOf(LeafKey()))), "Acme proxy");
  EXPECT_EQ(NameOf(merged->FindByKey(PinOf(CaKey()))), "Vendor");
  ASSERT_EQ(merged->size(), 3u);
  EXPECT_EQ(merged->products()[2].name, "Vendor");
  EXPECT_FALSE(merged->products()[2].confirmed);
  EXPECT_EQ(own->SharedWith(*base),
            (std::vector<std::string>{"Replaced", pin}));
  EXPECT_TRUE(merged->products()[0].confirmed);
  EXPECT_EQ(merged->products()[0].source, "https://a.example/");
}

struct BadFile {
  const char* name;
  std::string text;
  const char* place;
};

// A product that begins in column 14 of line 2, and "rest" in line 3.
std::string Bad(absl::string_view rest) {
  return absl::StrCat(
      R"({"schema": "pinning.interceptors/1",)"
      "\n\"products\": [",
      R"({"name": "A", "kind": "firewall", "source": "https://a", )", "\n",
      rest, "}]}");
}

std::vector<BadFile> BadFiles() {
  const std::string head = R"({"schema": "pinning.interceptors/1",)"
                           "\n\"products\": [";
  const std::string good = Row("A", R"("issuer": [{"cn": {"exact": "A"}}])");
  const std::string pin = PinOf(LeafKey()).ToString();
  return {
      {"not JSON", "{", "f:1:"},
      {"no products", R"({"schema": "pinning.interceptors/1"})", "f:1:1: "},
      {"no product", head + "]}", "f:2:13: "},
      {"other schema", R"({"schema": "x", "products": []})", "f:1:12: "},
      {"listed twice", head + good + ",\n" + good + "]}", "f:3:10: "},
      {"unknown key", head + R"({"nam": "A"}]})", "f:2:15: "},
      {"unknown kind",
       head + R"({"name": "A", "kind": "wizard", "source": "https://a",)"
              R"( "issuer": []}]})",
       "f:2:36: "},
      {"source is not a link",
       head + R"({"name": "A", "kind": "firewall", "source": "a",)"
              R"( "issuer": []}]})",
       "f:2:58: "},
      {"no issuer", Bad(R"("keys": [])"), "f:2:14: "},
      {"unknown evidence", Bad(R"("evidence": "hearsay", "issuer": [])"),
       "f:3:13: "},
      {"empty says", Bad(R"("says": "", "issuer": [])"), "f:3:9: "},
      {"issuer is no list", Bad(R"("issuer": {})"), "f:3:11: "},
      {"empty rule", Bad(R"("issuer": [{}])"), "f:3:12: "},
      {"short fragment", Bad(R"("issuer": [{"cn": {"contains": "abc"}}])"),
       "f:3:32: "},
      {"short beginning", Bad(R"("issuer": [{"cn": {"prefix": "a"}}])"),
       "f:3:30: "},
      {"two comparisons",
       Bad(R"("issuer": [{"cn": {"exact": "a", "prefix": "abcd"}}])"),
       "f:3:19: "},
      {"unknown comparison", Bad(R"("issuer": [{"cn": {"regex": "a.*b"}}])"),
       "f:3:20: "},
      {"unknown attribute", Bad(R"("issuer": [{"dc": {"exact": "abc"}}])"),
       "f:3:13: "},
      {"bad subject", Bad(R"("issuer": [], "subject": [{}])"), "f:3:27: "},
      {"extensions alone",
       Bad(R"("issuer": [], "structure": [{"extensions": ["keyUsage"]}])"),
       "f:3:29: "},
      {"unknown extension",
       Bad(R"("issuer": [], "structure": [{"valid-seconds": 1,)"
           R"( "extensions": ["keyUsag"]}])"),
       "f:3:65: "},
      {"no whole number",
       Bad(R"("issuer": [], "structure": [{"valid-seconds": 1.5,)"
           R"( "extensions": ["keyUsage"]}])"),
       "f:3:47: "},
      {"negative",
       Bad(R"("issuer": [], "structure": [{"serial-octets-at-most": -1,)"
           R"( "extensions": ["keyUsage"]}])"),
       "f:3:55: "},
      {"false",
       Bad(R"("issuer": [], "structure": [{"valid-as-issuer": false,)"
           R"( "extensions": ["keyUsage"]}])"),
       "f:3:49: "},
      {"unknown condition",
       Bad(R"("issuer": [], "structure": [{"days": 1,)"
           R"( "extensions": ["keyUsage"]}])"),
       "f:3:30: "},
      {"bad pin", Bad(R"("issuer": [], "keys": ["sha256/AA"])"), "f:3:24: "},
      {"key twice",
       Bad(absl::StrCat(R"("issuer": [], "keys": [")", pin, R"(", ")", pin,
                        R"("])")),
       "f:3:79: "},
  };
}

TEST(InterceptorCatalogue, RefusesABadFileWithItsPlace) {
  for (const BadFile& bad : BadFiles()) {
    SCOPED_TRACE(bad.name);
    const auto catalogue = InterceptorCatalogue::FromJson(bad.text, "f");
    EXPECT_EQ(catalogue.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::StartsWith(catalogue.status().message(), bad.place))
        << catalogue.status();
  }
}

TEST(InterceptorCatalogue, BuiltInIsNotEmpty) {
  EXPECT_GE(InterceptorCatalogue::BuiltIn()->size(), 60u);
}

}  // namespace
}  // namespace pinning
