#include "tests/e2e/office.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace e2e {
namespace {

using ::testing::AnyOf;

mint::Minted CompanyRoot() {
  mint::Spec spec = mint::Ca(kCompany);
  spec.subject = {
      {"2.5.4.6", "US"}, {"2.5.4.10", "Example Corp"}, {"2.5.4.3", kCompany}};
  spec.not_before = absl::Now() - absl::Hours(24 * 1100);
  spec.not_after = absl::Now() + absl::Hours(24 * 2500);
  return mint::SelfSigned(spec, mint::Key::Shared("rsa2048-company"));
}

}  // namespace

Office::Office()
    : rsa(MakeAuthority("A", /*rsa=*/true)),
      ecdsa(MakeAuthority("B", /*rsa=*/false)),
      strange(MakeAuthority("C", /*rsa=*/true)),
      company_root(CompanyRoot()),
      network({kRsaHost, kEcdsaHost, kExemptHost, kBlockedHost, kStrangeHost,
               kUnpinnedHost}) {
  if (!network.ok()) {
    ADD_FAILURE() << network.failure();
    return;
  }
  const auto rsa_key = mint::Key::Shared("rsa2048-leaf");
  nginx = std::make_unique<Nginx>(
      std::vector<Site>{
          MakeSite(kRsaHost, rsa, rsa_key),
          MakeSite(kEcdsaHost, ecdsa, mint::Key::Shared("p256-leaf")),
          MakeSite(kExemptHost, rsa, mint::Key::Shared("rsa2048-leaf-2")),
          MakeSite(kBlockedHost, rsa, rsa_key),
          MakeSite(kStrangeHost, strange, rsa_key),
          MakeSite(kUnpinnedHost, rsa, rsa_key)},
      &network);
  network.Write("roots.pem", mint::PemOf({rsa.root, ecdsa.root, strange.root}));
  network.Write("pins.json",
                PinFile({kEcdsaHost, kExemptHost, "*.wbx2.com"},
                        {rsa.root.key, ecdsa.root.key, strange.root.key,
                         rsa.intermediate.key, ecdsa.intermediate.key}));
  company_root_path = network.Write("company.pem", company_root.Pem());
}

Inspection Office::Inspect(absl::string_view host,
                           const std::vector<std::string>& more,
                           const std::vector<std::string>& environment) const {
  std::vector<std::string> arguments = {"inspect", std::string(host),
                                        "--roots", Network::Path("roots.pem"),
                                        "--pins",  Network::Path("pins.json"),
                                        "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  if (std::find(more.begin(), more.end(), "--timeout") == more.end()) {
    arguments.insert(arguments.end(), {"--timeout", "60"});
  }
  return ReadInspection(network.Tlspin(arguments, environment));
}

void Office::ExpectRefused(absl::string_view scenario,
                           const std::vector<std::string>& hosts,
                           const std::vector<std::string>& more,
                           const std::string& root_path,
                           absl::string_view product, Signs signs) const {
  for (const std::string& host : hosts) {
    for (const bool installed : {false, true}) {
      const std::string name =
          absl::StrCat(scenario, ", ", host, installed ? ", installed" : "");
      SCOPED_TRACE(name);
      std::vector<std::string> arguments = more;
      if (installed) {
        arguments.insert(arguments.end(), {"--local-roots", root_path});
      }
      const Inspection seen = Inspect(host, arguments);
      Note(name, seen);
      ExpectInterception(seen, product);
      if (installed || signs == Signs::kTelling) {
        EXPECT_THAT(seen.confidence, AnyOf("medium", "high"));
      }
      EXPECT_EQ(seen.error, installed ? "PIN_MISMATCH" : "NO_PATH");
    }
  }
}

}  // namespace e2e
