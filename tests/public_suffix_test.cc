#include "pinning/internal/public_suffix.h"

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace pinning::internal {
namespace {

struct Case {
  absl::string_view what;
  absl::string_view name;
  bool is_suffix;
  bool is_suffix_or_above;
};

TEST(PublicSuffix, FollowsTheListsAlgorithm) {
  const Case kCases[] = {
      {"a top-level rule", "com", true, true},
      {"a registered name", "example.com", false, false},
      {"a name under it", "www.example.com", false, false},
      {"a second-level rule", "co.uk", true, true},
      {"the top level above it", "uk", true, true},
      {"under a second-level rule", "example.co.uk", false, false},
      {"a top level with a wildcard only", "mm", true, true},
      {"whatever stands at a wildcard", "c.mm", true, true},
      {"under whatever stands there", "b.c.mm", false, false},
      {"a name with a wildcard under it", "kobe.jp", false, true},
      {"at that wildcard", "c.kobe.jp", true, true},
      {"an exception to it", "city.kobe.jp", false, false},
      {"under the exception", "www.city.kobe.jp", false, false},
      {"an exception at the second level", "www.ck", false, false},
      {"beside the exception", "web.ck", true, true},
      {"an ICANN third-level rule", "ide.kyoto.jp", true, true},
      {"four labels", "k12.ak.us", true, true},
      {"a private rule", "azurewebsites.net", true, true},
      {"a private rule with a wildcard", "eu-west-1.compute.amazonaws.com",
       true, true},
      {"above the private wildcard", "compute.amazonaws.com", false, true},
      {"above private rules", "amazonaws.com", false, true},
      {"under a private rule", "myapp.azurewebsites.net", false, false},
      {"another private rule", "github.io", true, true},
      {"a top level that is not listed", "internal-zone", true, true},
      {"under one that is not listed", "host.internal-zone", false, false},
      {"an A-label rule", "xn--55qx5d.cn", true, true},
      {"an A-label top level", "xn--fiqs8s", true, true},
      {"under an A-label rule", "xn--85x722f.xn--55qx5d.cn", false, false},
      {"a suffix of a rule that is no label of it", "o.uk", false, false},
      {"a rule's text without its dot", "couk", true, true},
      {"the founding example", "wbx2.com", false, false},
      {"its sign-in domain", "webex.com", false, false},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(IsPublicSuffix(c.name), c.is_suffix) << c.what << ": " << c.name;
    EXPECT_EQ(IsPublicSuffixOrAbove(c.name), c.is_suffix_or_above)
        << c.what << ": " << c.name;
  }
}

}  // namespace
}  // namespace pinning::internal
