// Which patterns are looked for, in which order, and that one pass over a name
// gives the hash that each pattern has.

#include "pinning/internal/host_probes.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/server_name.h"

namespace pinning::internal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = HostPattern::Kind;

constexpr uint64_t kSeed = 42;

HostDepths DepthsOf(const std::vector<HostPattern>& patterns) {
  HostDepths depths;
  for (const HostPattern& pattern : patterns) {
    depths.Add(pattern.kind, pattern.base);
  }
  return depths;
}

// ProbesOf returns the patterns, each of which has the hash that it must have.
std::vector<std::string> ProbesOf(absl::string_view host,
                                  const HostDepths& depths) {
  const ServerName name = *ServerName::FromString(host);
  const HostProbes probes(name, kSeed, depths);
  std::vector<std::string> patterns;
  for (const HostProbes::Probe& probe : probes) {
    const std::string base(probes.BaseOf(probe));
    patterns.push_back(HostPattern{probe.kind, base}.ToString());
    EXPECT_EQ(probe.hash, HashHost(kSeed, probe.kind, base)) << base;
  }
  return patterns;
}

HostDepths AllDepths() {
  HostDepths depths;
  depths.of_kind.fill(~uint32_t{0});
  return depths;
}

TEST(HostProbes, AreTheMostSpecificFirst) {
  EXPECT_THAT(
      ProbesOf("a.b.example.com", AllDepths()),
      ElementsAre("a.b.example.com", "*.b.example.com", "**.a.b.example.com",
                  "**.b.example.com", "**.example.com", "**.com"));
  EXPECT_THAT(ProbesOf("localhost", AllDepths()),
              ElementsAre("localhost", "**.localhost"));
}

TEST(HostProbes, OfAnAddressAreItself) {
  EXPECT_THAT(ProbesOf("192.0.2.7", AllDepths()), ElementsAre("192.0.2.7"));
  EXPECT_THAT(ProbesOf("2001:db8::7", AllDepths()), ElementsAre("2001:db8::7"));
}

TEST(HostProbes, AreOnlyWhatAPatternMayBe) {
  const HostDepths depths = DepthsOf({{Kind::kExact, "example.com"},
                                      {Kind::kOneLabel, "a.example.org"},
                                      {Kind::kAnyLabels, "example.org"},
                                      {Kind::kAnyLabels, "d.c.b.a.example"}});
  EXPECT_THAT(ProbesOf("example.net", depths),
              ElementsAre("example.net", "**.example.net"));
  EXPECT_THAT(ProbesOf("a.example.net", depths), ElementsAre("**.example.net"));
  EXPECT_THAT(ProbesOf("b.a.example.net", depths),
              ElementsAre("*.a.example.net", "**.example.net"));
  EXPECT_THAT(ProbesOf("e.d.c.b.a.example", depths),
              ElementsAre("**.d.c.b.a.example", "**.a.example"));
  EXPECT_THAT(ProbesOf("example", depths), IsEmpty());
  EXPECT_THAT(ProbesOf("192.0.2.7", depths), IsEmpty());
  EXPECT_THAT(ProbesOf("example.com", HostDepths()), IsEmpty());
}

// Labels begin at every place within the words that are hashed.
TEST(HostProbes, HaveTheHashOfTheirPatternAtEveryLength) {
  for (size_t first = 1; first <= 20; ++first) {
    for (size_t second = 1; second <= 20; ++second) {
      const std::string parent = std::string(second, 'b');
      const std::string host =
          absl::StrCat(std::string(first, 'a'), ".", parent);
      EXPECT_THAT(
          ProbesOf(host, AllDepths()),
          ElementsAre(host, "*." + parent, "**." + host, "**." + parent));
    }
  }
}

TEST(HostProbes, CountManyLabelsTogether) {
  for (const int labels : {30, 31, 32, 33, 127}) {
    std::string base = "a";
    for (int i = 1; i < labels - 1; ++i) {
      base += ".a";
    }
    const std::string host = "a." + base;
    EXPECT_EQ(ProbesOf(host, AllDepths()).size(),
              static_cast<size_t>(labels + 2));
    EXPECT_THAT(ProbesOf(host, DepthsOf({{Kind::kExact, host}})),
                ElementsAre(host));
    EXPECT_THAT(ProbesOf(host, DepthsOf({{Kind::kOneLabel, base}})),
                ElementsAre("*." + base));
    EXPECT_THAT(ProbesOf(host, DepthsOf({{Kind::kAnyLabels, base}})),
                testing::Contains("**." + base));
  }
}

TEST(HostProbes, DifferByKind) {
  EXPECT_NE(HashHost(kSeed, Kind::kExact, "example.com"),
            HashHost(kSeed, Kind::kOneLabel, "example.com"));
  EXPECT_NE(HashHost(kSeed, Kind::kExact, "example.com"),
            HashHost(kSeed, Kind::kAnyLabels, "example.com"));
  EXPECT_NE(HashHost(kSeed, Kind::kExact, "example.com"),
            HashHost(kSeed + 1, Kind::kExact, "example.com"));
}

}  // namespace
}  // namespace pinning::internal
