#include "pinning/internal/config_digest.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/danger.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/trust_store.h"
#include "pinning/verifier.h"
#include "tests/testing/pki.h"

namespace pinning {
namespace {

using testing_support::MakePki;
using testing_support::Now;

// A Configuration is all that ConfigDigest covers, in a form to be changed one
// thing at a time.
struct Configuration {
  std::vector<TrustAnchor> anchors;
  std::vector<Pin> distrusted;
  std::vector<std::pair<std::string, std::string>> hosts;
  PinSet::Builder first{"first"};
  PinSet::Builder second{"second"};
  Verifier::Options options;
  danger::Options weaken;

  std::array<uint8_t, 32> Digest() const {
    TrustStore::Builder trust;
    for (const TrustAnchor& anchor : anchors) {
      trust.AddAnchor(anchor);
    }
    for (const Pin& pin : distrusted) {
      trust.AddDistrusted(pin);
    }
    PinStore::Builder pins;
    pins.SetUpdated(Now());
    EXPECT_TRUE(pins.AddPinSet(*first.Build()).ok());
    EXPECT_TRUE(pins.AddPinSet(*second.Build()).ok());
    for (const auto& [pattern, set] : hosts) {
      EXPECT_TRUE(pins.MapHost(pattern, set).ok()) << pattern;
    }
    Verifier::Options copy = options;
    copy.trust_store = trust.Build();
    copy.pin_store = *pins.Build();
    return (*danger::CreateVerifier(copy, weaken))->ConfigDigest();
  }
};

Pin NumberedPin(uint8_t number) {
  std::array<uint8_t, Pin::kSize> digest{};
  digest[0] = number;
  return Pin(digest);
}

Configuration BaseConfiguration() {
  Configuration c;
  for (const char* label : {"one", "other"}) {
    c.anchors.push_back(TrustAnchor{
        testing_support::Parse(MakePki(label, "www.example.com").root)});
  }
  c.distrusted = {NumberedPin(90), NumberedPin(91)};
  c.hosts = {{"a.example.com", "first"}, {"*.b.example.com", "second"}};
  c.first.AddPin({NumberedPin(1), "one"})
      .AddPin({NumberedPin(2), "two"})
      .AddBackupPin({NumberedPin(3), "three"})
      .AddBlockedPin({NumberedPin(4), "four"})
      .SetExpiry(Now(), PinSet::OnExpiry::kReject);
  c.second.AddPin({NumberedPin(5), "five"})
      .AddBackupPin({NumberedPin(6), "six"})
      .SetExpiry(Now(), PinSet::OnExpiry::kReject);
  return c;
}

TEST(ConfigDigest, ChangesWithEachThingThatDecides) {
  const Configuration base = BaseConfiguration();
  std::vector<std::array<uint8_t, 32>> seen = {base.Digest()};
  const std::vector<std::function<void(Configuration&)>> changes = {
      [](Configuration& c) { c.anchors.pop_back(); },
      [](Configuration& c) {
        c.anchors[0].origin = TrustAnchor::Origin::kLocal;
      },
      [](Configuration& c) { c.anchors[0].enforce_expiry = true; },
      [](Configuration& c) { c.anchors[0].enforce_constraints = false; },
      [](Configuration& c) { c.distrusted.pop_back(); },
      [](Configuration& c) { c.hosts[0].first = "c.example.com"; },
      [](Configuration& c) { c.hosts[1].first = "**.b.example.com"; },
      [](Configuration& c) { std::swap(c.hosts[0].second, c.hosts[1].second); },
      [](Configuration& c) {
        c.hosts.push_back({"d.example.com", "none"});
      },
      [](Configuration& c) {
        c.hosts.push_back({"d.example.com", "first"});
      },
      [](Configuration& c) {
        c.first.AddPin({NumberedPin(7), "x"});
      },
      [](Configuration& c) {
        c.first.AddPin({NumberedPin(7), "x", PinRole::kLeaf});
      },
      [](Configuration& c) {
        c.first.AddBackupPin({NumberedPin(7), "x"});
      },
      [](Configuration& c) {
        c.first.AddBlockedPin({NumberedPin(7), "x"});
      },
      [](Configuration& c) { c.first.SetMode(PinSet::Mode::kReportOnly); },
      [](Configuration& c) {
        c.first.SetExpiry(Now() + absl::Seconds(1), PinSet::OnExpiry::kReject);
      },
      [](Configuration& c) {
        c.first.SetExpiry(Now(), PinSet::OnExpiry::kStopEnforcing);
      },
      [](Configuration& c) { c.options.purpose = KeyPurpose::kClientAuth; },
      [](Configuration& c) { c.options.profile = Profile::kRfc5280Strict; },
      [](Configuration& c) { c.options.profile = Profile::kWebPki; },
      [](Configuration& c) { c.options.limits.max_path_length = 0; },
      [](Configuration& c) { ++c.options.limits.max_depth; },
      [](Configuration& c) { ++c.options.limits.max_signatures; },
      [](Configuration& c) { ++c.options.limits.max_build_calls; },
      [](Configuration& c) { ++c.options.limits.max_name_comparisons; },
      [](Configuration& c) { ++c.options.limits.max_policy_nodes; },
      [](Configuration& c) {
        c.options.policies.acceptable.push_back("1.2.3");
      },
      [](Configuration& c) {
        c.options.policies.require_explicit_policy = true;
      },
      [](Configuration& c) {
        c.options.policies.inhibit_policy_mapping = true;
      },
      [](Configuration& c) { c.options.policies.inhibit_any_policy = true; },
      [](Configuration& c) { c.weaken.BypassPinsForLocalAnchors(true); },
      [](Configuration& c) { c.weaken.AcceptExpiredCertificates(true); },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    Configuration changed = base;
    changes[i](changed);
    const std::array<uint8_t, 32> digest = changed.Digest();
    EXPECT_EQ(std::count(seen.begin(), seen.end(), digest), 0)
        << "change " << i << " does not change the digest";
    seen.push_back(digest);
  }
}

TEST(ConfigDigest, IgnoresOrderAndNames) {
  const Configuration base = BaseConfiguration();
  Configuration other = base;
  std::reverse(other.anchors.begin(), other.anchors.end());
  std::reverse(other.distrusted.begin(), other.distrusted.end());
  std::reverse(other.hosts.begin(), other.hosts.end());
  other.first = PinSet::Builder("first");
  other.first.AddBlockedPin({NumberedPin(4), "renamed"})
      .AddBackupPin({NumberedPin(3), "renamed"})
      .AddPin({NumberedPin(2), "renamed"})
      .AddPin({NumberedPin(1), "renamed"})
      .SetExpiry(Now(), PinSet::OnExpiry::kReject);
  EXPECT_EQ(base.Digest(), other.Digest());
}

}  // namespace
}  // namespace pinning
