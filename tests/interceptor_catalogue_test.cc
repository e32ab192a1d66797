#include "pinning/interceptor_catalogue.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "pinning/diagnosis.h"
#include "pinning/pin.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using testing_support::PinOf;

mint::Key LeafKey() { return mint::Key::Shared("p256-catalogue-leaf"); }

TEST(InterceptorCatalogue, BuiltInParsesWhole) {
  const auto catalogue = InterceptorCatalogue::BuiltIn();
  EXPECT_GE(catalogue->size(), 30u);
}

TEST(InterceptorCatalogue, KnowsNamesAndKeys) {
  const auto catalogue = InterceptorCatalogue::BuiltIn();
  const struct {
    const char* oid;
    const char* value;
    const char* product;  // null: none
  } names[] = {
      {"2.5.4.3", "mitmproxy", "mitmproxy"},
      {"2.5.4.3", "mitmproxy2", nullptr},
      {"2.5.4.10", "Zscaler Inc.", "Zscaler"},
      {"2.5.4.3", "Charles Proxy CA (1 Jan 2026, box)", "Charles Proxy"},
      {"2.5.4.3", "fortigate ca", "FortiGate"},
      {"2.5.4.3", "ca.example.goskope.com", "Netskope"},
      {"2.5.4.3", "R11", nullptr},
      {"2.5.4.3", "DigiCert Global Root G2", nullptr},
  };
  for (const auto& c : names) {
    mint::Spec spec = mint::Leaf({"example.com"});
    spec.subject = {{c.oid, c.value}};
    const mint::Minted minted = mint::SelfSigned(spec, LeafKey());
    const auto* product =
        catalogue->FindByIssuer(testing_support::Parse(minted));
    EXPECT_EQ(product == nullptr ? "" : product->name,
              c.product == nullptr ? "" : c.product)
        << c.value;
  }
  const auto superfish =
      Pin::FromString("sha256/S7jzW6HhJvjd4bDEIGJe2G3OYae92tveqauleP8TFF4=");
  ASSERT_NE(catalogue->FindByKey(*superfish), nullptr);
  EXPECT_EQ(catalogue->FindByKey(*superfish)->kind, VendorKind::kMalware);
  EXPECT_EQ(catalogue->FindByKey(PinOf(LeafKey())), nullptr);
}

TEST(InterceptorCatalogue, RefusesABadFileWithItsPlace) {
  const std::string head = R"({"schema": "pinning.interceptors/1",)"
                           "\n\"products\": [";
  const std::string good =
      R"({"name": "A", "kind": "firewall", "source": "https://a.example",)"
      R"( "issuer": [{"cn": {"exact": "A"}}]})";
  EXPECT_TRUE(InterceptorCatalogue::FromJson(head + good + "]}").ok());
  const struct {
    const char* name;
    std::string text;
    const char* place;
  } cases[] = {
      {"not JSON", "{", "f:1:"},
      {"no products", R"({"schema": "pinning.interceptors/1"})", "f:1:1: "},
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
      {"short fragment",
       head + R"({"name": "A", "kind": "firewall", "source": "https://a",)"
              "\n"
              R"("issuer": [{"cn": {"contains": "abc"}}]}]})",
       "f:3:32: "},
      {"unknown attribute",
       head + R"({"name": "A", "kind": "firewall", "source": "https://a",)"
              "\n"
              R"("issuer": [{"dc": {"exact": "abc"}}]}]})",
       "f:3:13: "},
      {"bad pin",
       head + R"({"name": "A", "kind": "firewall", "source": "https://a",)"
              "\n"
              R"("issuer": [], "keys": ["sha256/AA"]}]})",
       "f:3:24: "},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto catalogue = InterceptorCatalogue::FromJson(c.text, "f");
    EXPECT_EQ(catalogue.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::StartsWith(catalogue.status().message(), c.place))
        << catalogue.status();
  }
}

}  // namespace
}  // namespace pinning
