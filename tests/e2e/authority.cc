#include "tests/e2e/authority.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "pinning/pin.h"

namespace e2e {
namespace {

void SetLifetime(mint::Spec& spec, absl::Duration age, absl::Duration rest) {
  const absl::Time now = absl::Now();
  spec.not_before = now - age;
  spec.not_after = now + rest;
}

constexpr absl::Duration kDay = absl::Hours(24);

// CrlPointer returns the extension that says where the issuer's list is.
mint::Extension CrlPointer() {
  const std::string url = "http://crl.ca.example/issuer.crl";
  const std::vector<uint8_t> name =
      mint::DerWrap(0x86, std::vector<uint8_t>(url.begin(), url.end()));
  return {"2.5.29.31", false,
          mint::DerWrap(
              0x30, mint::DerWrap(
                        0x30, mint::DerWrap(0xa0, mint::DerWrap(0xa0, name))))};
}

std::vector<mint::Attribute> Subject(absl::string_view organization,
                                     absl::string_view common_name) {
  return {{"2.5.4.6", "US"},
          {"2.5.4.10", std::string(organization)},
          {"2.5.4.3", std::string(common_name)}};
}

}  // namespace

Authority MakeAuthority(absl::string_view name, bool rsa) {
  const auto key = [&](absl::string_view role) {
    return mint::Key::Shared(
        absl::StrCat(rsa ? "rsa2048-" : "p256-", name, "-", role));
  };
  const std::string organization = absl::StrCat(name, " Public Trust");
  const std::string root_name = absl::StrCat(name, " Root");
  mint::Spec root = mint::Ca(root_name);
  root.subject = Subject(organization, root_name);
  SetLifetime(root, 2000 * kDay, 2000 * kDay);
  mint::Minted root_minted = mint::SelfSigned(root, key("root"));
  const std::string intermediate_name = absl::StrCat(name, " Issuing CA");
  mint::Spec intermediate = mint::Ca(intermediate_name);
  intermediate.subject = Subject(organization, intermediate_name);
  intermediate.path_length = 0;
  // What the pointers of a leaf are like, an intermediate has too.
  for (const mint::Extension& extension : mint::Leaf({}).extra) {
    if (extension.oid == "1.3.6.1.5.5.7.1.1") {
      intermediate.extra.push_back(extension);
    }
  }
  intermediate.extra.push_back(CrlPointer());
  SetLifetime(intermediate, 1000 * kDay, 1000 * kDay);
  mint::Minted intermediate_minted =
      mint::Issue(intermediate, key("intermediate"), root_minted);
  return {std::move(root_minted), std::move(intermediate_minted)};
}

Site MakeSite(const std::string& host, const Authority& authority,
              const mint::Key& key) {
  mint::Spec spec = mint::Leaf({host});
  spec.subject = {{"2.5.4.6", "US"},
                  {"2.5.4.8", "California"},
                  {"2.5.4.7", "San Jose"},
                  {"2.5.4.10", "Example Meetings Inc."},
                  {"2.5.4.3", host}};
  spec.extra.push_back(CrlPointer());
  SetLifetime(spec, 30 * kDay, 170 * kDay);
  const mint::Minted leaf = mint::Issue(spec, key, authority.intermediate);
  return {host, mint::PemOf({leaf, authority.intermediate}), key.PrivatePem()};
}

std::string PinText(const mint::Key& key) {
  return pinning::Pin::OfSpki(key.SpkiDer()).ToString();
}

std::string PinFile(const std::vector<std::string>& hosts,
                    const std::vector<mint::Key>& keys) {
  std::vector<std::string> pins;
  for (const mint::Key& key : keys) {
    pins.push_back(absl::StrCat("{\"name\": \"key ", pins.size(),
                                "\", \"pin\": \"", PinText(key), "\"}"));
  }
  std::vector<std::string> rows;
  for (const std::string& host : hosts) {
    rows.push_back(absl::StrCat("\"", host, "\": \"webex\""));
  }
  const auto date = [](absl::Time time) {
    return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone());
  };
  return absl::StrCat(
      R"({"schema": "pinning.pins/1", "updated": ")", date(absl::Now() - kDay),
      R"(", "sets": {"webex": {"mode": "enforce", "expires": ")",
      date(absl::Now() + 90 * kDay), R"(", "on-expiry": "reject", "pins": [)",
      absl::StrJoin(pins, ", "),
      R"(], "backup-pins": [{"name": "offline", "pin": ")",
      PinText(mint::Key::Shared("p256-backup")), R"("}]}}, "hosts": {)",
      absl::StrJoin(rows, ", "), "}}");
}

}  // namespace e2e
