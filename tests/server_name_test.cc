#include "pinning/server_name.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "pinning/certificate.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

std::string Canonical(absl::string_view host) {
  const auto name = ServerName::FromString(host);
  return name.ok() ? name->ToString() : "refused";
}

TEST(ServerNameTest, OneNameHasOneForm) {
  const struct {
    const char* host;
    const char* canonical;
  } kRows[] = {
      {"a.example", "a.example"},
      {"a.example.", "a.example"},
      {"A.EXAMPLE", "a.example"},
      {"xn--bcher-kva.example", "xn--bcher-kva.example"},
      {"localhost", "localhost"},
      {"_dmarc.a.example", "_dmarc.a.example"},
      {"1.2.3.4.example", "1.2.3.4.example"},
      {"192.0.2.1", "192.0.2.1"},
      {"[::1]", "::1"},
      {"::1", "::1"},
      {"[2001:DB8:0::1]", "2001:db8::1"},
      {"::ffff:192.0.2.1", "192.0.2.1"},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(Canonical(row.host), row.canonical) << row.host;
  }
  EXPECT_EQ(*ServerName::FromString("A.example."),
            *ServerName::FromString("a.EXAMPLE"));
  EXPECT_NE(*ServerName::FromString("a.example"),
            *ServerName::FromString("b.example"));
}

struct Refusal {
  const char* name;
  std::string host;
};

class ServerNameRefusalTest : public testing::TestWithParam<Refusal> {};

TEST_P(ServerNameRefusalTest, IsInvalid) {
  const auto name = ServerName::FromString(GetParam().host);
  ASSERT_FALSE(name.ok()) << name->ToString();
  EXPECT_EQ(name.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(name.status().message().find("offset "), absl::string_view::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ServerNameRefusalTest,
    testing::Values(
        Refusal{"Empty", ""}, Refusal{"RootOnly", "."},
        Refusal{"TwoTrailingDots", "a.example.."},
        Refusal{"LeadingDot", ".example"}, Refusal{"InnerDots", "a..example"},
        Refusal{"Nul", std::string("a.example\0.evil.test", 20)},
        Refusal{"Space", "a example"}, Refusal{"Newline", "a.example\n"},
        Refusal{"Wildcard", "*.example"}, Refusal{"Url", "https://a.example"},
        Refusal{"Path", "a.example/x"}, Refusal{"Port", "a.example:443"},
        Refusal{"User", "u@a.example"}, Refusal{"Percent", "a%2eexample"},
        // Folding case by Unicode would make a "k" of this Kelvin sign
        // (CVE-2021-0341).
        Refusal{"KelvinSign", "wor\xe2\x84\xaa.example"},
        Refusal{"ULabel",
                "b\xc3\xbc"
                "cher.example"},
        Refusal{"FullwidthDot",
                "a\xe3\x80\x82"
                "example"},
        Refusal{"LongLabel", std::string(64, 'a') + ".example"},
        Refusal{"LongName", std::string(250, 'a') + ".com"},
        Refusal{"LeadingHyphen", "-a.example"},
        Refusal{"TrailingHyphen", "a-.example"},
        Refusal{"HexAddress", "0x7f.1"}, Refusal{"ShortAddress", "127.1"},
        Refusal{"DottedAddress", "1.2.3.4."},
        Refusal{"OctalAddress", "0177.0.0.1"},
        Refusal{"NumberAddress", "2130706433"},
        Refusal{"BigAddress", "1.2.3.256"}, Refusal{"Zone", "fe80::1%eth0"},
        Refusal{"HalfBracket", "[::1"}, Refusal{"BracketPort", "[::1]:443"},
        Refusal{"BracketIpv4", "[192.0.2.1]"}),
    [](const auto& info) { return info.param.name; });

Certificate Present(std::vector<std::string> dns, std::vector<std::string> ip,
                    std::string common_name = "") {
  mint::Spec spec = mint::Leaf(std::move(dns));
  spec.ip_addresses = std::move(ip);
  spec.common_name = std::move(common_name);
  const mint::Minted minted =
      mint::SelfSigned(spec, mint::Key::Shared("p256-1"));
  return *Certificate::FromDer(minted.der);
}

struct MatchRow {
  const char* name;
  std::string presented;
  const char* host;
  bool matches;
};

class ServerNameMatchTest : public testing::TestWithParam<MatchRow> {};

TEST_P(ServerNameMatchTest, Matches) {
  const Certificate leaf = Present({GetParam().presented}, {});
  EXPECT_EQ(ServerName::FromString(GetParam().host)->Matches(leaf),
            GetParam().matches);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ServerNameMatchTest,
    testing::Values(
        MatchRow{"Exact", "a.example", "a.example", true},
        MatchRow{"Case", "A.ExAmPlE", "a.example", true},
        MatchRow{"HostDot", "a.example", "a.example.", true},
        MatchRow{"PresentedDot", "a.example.", "a.example", false},
        MatchRow{"Other", "b.example", "a.example", false},
        MatchRow{"Suffix", "example.com", "notexample.com", false},
        MatchRow{"Prefix", "a.example", "a.example.evil.com", false},
        MatchRow{"Parent", "example.com", "a.example.com", false},
        MatchRow{"Wildcard", "*.example.com", "a.example.com", true},
        MatchRow{"WildcardCase", "*.EXAMPLE.com", "a.example.com", true},
        MatchRow{"WildcardTwoLabels", "*.example.com", "a.b.example.com",
                 false},
        MatchRow{"WildcardNoLabel", "*.example.com", "example.com", false},
        MatchRow{"WildcardTopLevel", "*.com", "example.com", false},
        MatchRow{"WildcardAlone", "*", "localhost", false},
        MatchRow{"WildcardPartial", "a*.example.com", "ab.example.com", false},
        MatchRow{"WildcardInner", "a.*.com", "a.example.com", false},
        MatchRow{"WildcardTwice", "*.*.com", "a.example.com", false},
        MatchRow{"WildcardConfusion", "*.foo.com", "bar.foo.com.notfoo.com",
                 false},
        MatchRow{"Nul", std::string("a.example.com\0.evil.com", 23),
                 "a.example.com", false},
        MatchRow{"LeadingDot", ".example.com", "a.example.com", false},
        MatchRow{"Space", "a.example ", "a.example", false},
        MatchRow{"AddressAsDnsName", "192.0.2.1", "192.0.2.1", false},
        MatchRow{"WildcardAddress", "*.0.2.1", "192.0.2.1", false}),
    [](const auto& info) { return info.param.name; });

TEST(ServerNameTest, AnyPresentedNameMayMatch) {
  const Certificate leaf = Present({"x.example", "a.example"}, {"192.0.2.1"});
  EXPECT_TRUE(ServerName::FromString("a.example")->Matches(leaf));
  EXPECT_TRUE(ServerName::FromString("192.0.2.1")->Matches(leaf));
}

TEST(ServerNameTest, AddressesMatchAsAddresses) {
  const Certificate leaf = Present({}, {"192.0.2.1", "2001:db8::1"});
  EXPECT_TRUE(ServerName::FromString("192.0.2.1")->Matches(leaf));
  EXPECT_TRUE(ServerName::FromString("::ffff:192.0.2.1")->Matches(leaf));
  EXPECT_TRUE(ServerName::FromString("[2001:db8:0::1]")->Matches(leaf));
  EXPECT_FALSE(ServerName::FromString("192.0.2.2")->Matches(leaf));
  EXPECT_FALSE(ServerName::FromString("2001:db8::2")->Matches(leaf));
}

TEST(ServerNameTest, TheCommonNameIsNeverConsulted) {
  const Certificate leaf = Present({}, {}, "a.example");
  EXPECT_FALSE(ServerName::FromString("a.example")->Matches(leaf));
}

}  // namespace
}  // namespace pinning
