#include "pinning/internal/policy.h"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "pinning/error.h"
#include "pinning/path_builder.h"
#include "pinning/policy_options.h"
#include "tests/testing/der.h"
#include "tests/testing/paths.h"
#include "tools/mint/mint.h"

// Certificate policies (RFC 5280, 6.1; RFC 9618) through PathBuilder: what is
// refused, and at which depth. A letter stands for a policy, "*" for anyPolicy.
namespace pinning {
namespace {

using mint::Key;
using testing::AnchorOf;
using testing::ChainOf;
using testing::FindAll;
using testing::StoreOf;
using testing_der::Join;
using testing_der::Seq;
using testing_der::Tlv;
using Der = testing_der::Bytes;

Der Oid(const Der& octets) { return Tlv(0x06, {octets}); }

Der OidOf(char policy) {
  return policy == '*' ? Oid({0x55, 0x1d, 0x20, 0x00})
                       : Oid({0x2a, 0x03, static_cast<uint8_t>(policy)});
}

std::string DottedOf(char policy) { return absl::StrCat("1.2.3.", policy + 0); }

// What a certificate says of policies; by default nothing.
struct Says {
  std::string policies;  // "AB"; empty: no extension
  std::string mappings;  // "AB CD": A to B and C to D
  int require_explicit = -1;
  int inhibit_mapping = -1;
  int inhibit_any = -1;
  bool qualified = false;  // each policy has a notice of its own
};

Says Lists(const std::string& policies) {
  Says says;
  says.policies = policies;
  return says;
}

mint::Extension Ext(uint8_t arc, const Der& value) {
  return {absl::StrCat("2.5.29.", arc + 0), false, value};
}

std::vector<mint::Extension> ExtensionsOf(const Says& says) {
  std::vector<mint::Extension> extensions;
  std::vector<Der> list;
  for (const char policy : says.policies) {
    const Der qualifier = Seq({Oid({0x2b, 6, 1, 5, 5, 7, 2, 1}),
                               Tlv(0x16, {{static_cast<uint8_t>(policy)}})});
    list.push_back(
        Seq({OidOf(policy), says.qualified ? Seq({qualifier}) : Der()}));
  }
  if (!list.empty()) {
    extensions.push_back(Ext(32, Seq(list)));
  }
  std::vector<Der> mappings;
  for (const absl::string_view pair :
       absl::StrSplit(says.mappings, ' ', absl::SkipEmpty())) {
    mappings.push_back(Seq({OidOf(pair[0]), OidOf(pair[1])}));
  }
  if (!mappings.empty()) {
    extensions.push_back(Ext(33, Seq(mappings)));
  }
  const auto count = [](uint8_t tag, int skip) {
    return skip < 0 ? Der() : Tlv(tag, {{static_cast<uint8_t>(skip)}});
  };
  const Der constraints = Join(
      {count(0x80, says.require_explicit), count(0x81, says.inhibit_mapping)});
  if (!constraints.empty()) {
    extensions.push_back(Ext(36, Seq({constraints})));
  }
  if (says.inhibit_any >= 0) {
    extensions.push_back(Ext(54, count(0x02, says.inhibit_any)));
  }
  return extensions;
}

// A World is root, policy, issuing and leaf, at depths 3 to 0.
struct World {
  Says root, policy, issuing, leaf;
  bool issuing_is_self_issued = false;
  bool enforce_constraints = true;
  PolicyOptions options;
  Limits limits;
};

PathBuilder::Result Verify(const World& world) {
  const auto spec = [](mint::Spec spec, const Says& says) {
    spec.extra = ExtensionsOf(says);
    return spec;
  };
  const Key policy_key = Key::Shared("p256-policy");
  const mint::Minted root = mint::SelfSigned(spec(mint::Ca("Root"), world.root),
                                             Key::Shared("p256-root"));
  const mint::Minted policy =
      mint::Issue(spec(mint::Ca("Policy"), world.policy), policy_key, root);
  const mint::Minted issuing = mint::Issue(
      spec(mint::Ca(world.issuing_is_self_issued ? "Policy" : "Issuing"),
           world.issuing),
      Key::Shared("p256-issuing"), policy);
  const mint::Minted leaf =
      mint::Issue(spec(mint::Leaf({"www.example.com"}), world.leaf),
                  Key::Shared("p256-leaf"), issuing);
  TrustAnchor anchor = AnchorOf(root);
  anchor.enforce_constraints = world.enforce_constraints;
  const PathBuilder builder(StoreOf({anchor}), world.limits,
                            PathBuilder::ValidityPeriod::kEnforce,
                            Profile::kRfc5280, world.options);
  return FindAll(builder, ChainOf({leaf, issuing, policy})).result;
}

struct Row {
  const char* name;
  std::function<void(World&)> change;
  int refused_at = -1;  // the depth; -1: accepted
  ErrorCode code = ErrorCode::kPolicy;
};

// CheckRows starts each row from a path whose certificates all list A.
void CheckRows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    World world;
    world.policy.policies = world.issuing.policies = world.leaf.policies = "A";
    row.change(world);
    const PathBuilder::Result result = Verify(world);
    EXPECT_FALSE(result.exhausted_budget);
    EXPECT_EQ(result.paths_visited, row.refused_at < 0 ? 1 : 0)
        << result.best_error.detail;
    if (row.refused_at >= 0) {
      EXPECT_EQ(result.best_error.code, row.code)
          << ErrorCodeName(result.best_error.code);
      EXPECT_EQ(result.best_error.depth, row.refused_at);
    }
  }
}

void Require(World& w) { w.options.require_explicit_policy = true; }

void Accept(World& w, absl::string_view policies) {
  Require(w);
  w.options.acceptable.clear();
  for (const char policy : policies) {
    w.options.acceptable.push_back(DottedOf(policy));
  }
}

TEST(PolicyTest, NothingIsRefusedWhereNoPolicyIsRequired) {
  CheckRows({
      {"one policy", [](World&) {}},
      {"none in common",
       [](World& w) {
         w.issuing.policies = "B";
         w.options.acceptable = {DottedOf('C')};
       }},
      {"mapping and anyPolicy inhibited",
       [](World& w) {
         w.policy.policies = "*";
         w.policy.mappings = "AB";
         w.options.inhibit_policy_mapping = true;
         w.options.inhibit_any_policy = true;
       }},
      {"no certificate has one",
       [](World& w) { w.policy = w.issuing = w.leaf = Says(); }},
  });
}

TEST(PolicyTest, TheCallerRequiresOne) {
  CheckRows({
      {"all list it", Require},
      {"and it is acceptable", [](World& w) { Accept(w, "A"); }},
      {"one of two is", [](World& w) { Accept(w, "BA"); }},
      {"it is not", [](World& w) { Accept(w, "B"); }, 0},
      {"the topmost has none",
       [](World& w) {
         Require(w);
         w.policy.policies = "";
       },
       2},
      {"the next has another",
       [](World& w) {
         Require(w);
         w.issuing.policies = "B";
       },
       1},
      {"the leaf has none",
       [](World& w) {
         Require(w);
         w.leaf.policies = "";
       },
       0},
      {"the lists overlap",
       [](World& w) {
         Accept(w, "C");
         w.policy.policies = "ABC";
         w.issuing.policies = "CDA";
         w.leaf.policies = "EC";
       }},
      {"they overlap in what is not acceptable",
       [](World& w) {
         Accept(w, "D");
         w.issuing.policies = "AD";
         w.leaf.policies = "DA";
       },
       0},
      {"qualifiers decide nothing",
       [](World& w) {
         Accept(w, "A");
         w.policy.qualified = w.leaf.qualified = true;
       }},
  });
}

TEST(PolicyTest, AnyPolicyStandsForOthers) {
  CheckRows({
      {"in all",
       [](World& w) {
         Accept(w, "Z");
         w.policy.policies = w.issuing.policies = w.leaf.policies = "*";
       }},
      {"above",
       [](World& w) {
         Accept(w, "A");
         w.policy.policies = "*";
       }},
      {"in the middle",
       [](World& w) {
         Accept(w, "A");
         w.issuing.policies = "*";
       }},
      {"below",
       [](World& w) {
         Accept(w, "A");
         w.leaf.policies = "*";
       }},
      {"but not for what is not below it",
       [](World& w) {
         Accept(w, "B");
         w.leaf.policies = "*";
       },
       0},
      {"inhibited by the caller",
       [](World& w) {
         Require(w);
         w.options.inhibit_any_policy = true;
         w.policy.policies = "*";
       },
       2},
      {"inhibited from the next on",
       [](World& w) {
         Require(w);
         w.policy.inhibit_any = 0;
         w.issuing.policies = "*";
       },
       1},
      {"inhibited after one more",
       [](World& w) {
         Require(w);
         w.policy.inhibit_any = 1;
         w.issuing.policies = "*";
       }},
      {"which is used up",
       [](World& w) {
         Require(w);
         w.policy.inhibit_any = 1;
         w.leaf.policies = "*";
       },
       0},
      {"self-issued ones may have it and do not count",
       [](World& w) {
         Require(w);
         w.issuing_is_self_issued = true;
         w.policy.inhibit_any = 0;
         w.issuing.policies = "*";
       }},
      {"and use nothing up",
       [](World& w) {
         Require(w);
         w.issuing_is_self_issued = true;
         w.policy.inhibit_any = 1;
         w.leaf.policies = "*";
       }},
  });
}

TEST(PolicyTest, AnAuthorityRequiresOne) {
  CheckRows({
      {"which is there", [](World& w) { w.policy.require_explicit = 0; }},
      {"at once",
       [](World& w) {
         w.policy.require_explicit = 0;
         w.issuing.policies = "B";
       },
       1},
      {"of those after the next",
       [](World& w) {
         w.policy.require_explicit = 1;
         w.issuing.policies = "";
       },
       0},
      {"of those below the leaf, of which there are none",
       [](World& w) {
         w.policy.require_explicit = 3;
         w.leaf.policies = "";
       }},
      {"the last step of the count is the leaf's",
       [](World& w) {
         w.policy.require_explicit = 2;
         w.leaf.policies = "";
       },
       0},
      {"a self-issued one does not count",
       [](World& w) {
         w.issuing_is_self_issued = true;
         w.policy.require_explicit = 2;
         w.leaf.policies = "";
       }},
      {"a later and weaker one changes nothing",
       [](World& w) {
         w.policy.require_explicit = 1;
         w.issuing.require_explicit = 5;
         w.leaf.policies = "";
       },
       0},
      {"the leaf of itself",
       [](World& w) {
         w.leaf.require_explicit = 0;
         w.leaf.policies = "";
       },
       0},
      {"the leaf, of those below it",
       [](World& w) {
         w.leaf.require_explicit = 1;
         w.leaf.policies = "";
       }},
  });
}

TEST(PolicyTest, MappingsChangeWhatIsExpectedNext) {
  CheckRows({
      {"to another",
       [](World& w) {
         Accept(w, "A");
         w.policy.mappings = "AB";
         w.issuing.policies = w.leaf.policies = "B";
       }},
      {"which is then no longer itself",
       [](World& w) {
         Require(w);
         w.policy.mappings = "AB";
       },
       1},
      {"and is not what the caller asked for",
       [](World& w) {
         Accept(w, "B");
         w.policy.mappings = "AB";
         w.issuing.policies = w.leaf.policies = "B";
       },
       0},
      {"twice",
       [](World& w) {
         Accept(w, "A");
         w.policy.mappings = "AB";
         w.issuing.policies = "B";
         w.issuing.mappings = "BC";
         w.leaf.policies = "C";
       }},
      {"two to one",
       [](World& w) {
         Accept(w, "D");
         w.policy.policies = "AD";
         w.policy.mappings = "AB DB";
         w.issuing.policies = w.leaf.policies = "B";
       }},
      {"one to two",
       [](World& w) {
         Accept(w, "A");
         w.policy.mappings = "AB AC AC";
         w.issuing.policies = w.leaf.policies = "C";
       }},
      {"from what is not listed",
       [](World& w) {
         Require(w);
         w.policy.mappings = "DB";
         w.issuing.policies = w.leaf.policies = "B";
       },
       1},
      {"from what anyPolicy stands for",
       [](World& w) {
         Accept(w, "D");
         w.policy.policies = "*";
         w.policy.mappings = "DB";
         w.issuing.policies = w.leaf.policies = "B";
       }},
      {"from what anyPolicy stands for, which B is not then",
       [](World& w) {
         Accept(w, "B");
         w.policy.policies = "*";
         w.policy.mappings = "DB";
         w.issuing.policies = w.leaf.policies = "B";
       },
       0},
      {"expected, through anyPolicy",
       [](World& w) {
         Accept(w, "A");
         w.policy.mappings = "AB";
         w.issuing.policies = "*";
         w.leaf.policies = "B";
       }},
      {"of the leaf count nothing",
       [](World& w) {
         Accept(w, "A");
         w.leaf.mappings = "AB";
       }},
  });
}

TEST(PolicyTest, MappingsMayBeInhibited) {
  CheckRows({
      {"by the caller",
       [](World& w) {
         Require(w);
         w.options.inhibit_policy_mapping = true;
         w.policy.mappings = "AB";
         w.issuing.policies = w.leaf.policies = "B";
       },
       1},
      {"and what was to be mapped is gone",
       [](World& w) {
         Require(w);
         w.options.inhibit_policy_mapping = true;
         w.policy.mappings = "AB";
       },
       1},
      {"but not the rest",
       [](World& w) {
         Accept(w, "C");
         w.options.inhibit_policy_mapping = true;
         w.policy.policies = "AC";
         w.policy.mappings = "AB";
         w.issuing.policies = w.leaf.policies = "C";
       }},
      {"by the one above",
       [](World& w) {
         Require(w);
         w.policy.inhibit_mapping = 0;
         w.issuing.mappings = "AB";
         w.leaf.policies = "B";
       },
       0},
      {"after the next",
       [](World& w) {
         Require(w);
         w.policy.inhibit_mapping = 1;
         w.issuing.mappings = "AB";
         w.leaf.policies = "B";
       }},
      {"not yet in the certificate that says so",
       [](World& w) {
         Require(w);
         w.policy.inhibit_mapping = 0;
         w.policy.mappings = "AB";
         w.issuing.policies = w.leaf.policies = "B";
       }},
  });
}

TEST(PolicyTest, AnAnchorWhoseConstraintsAreEnforcedIsTheFirstOfThePath) {
  CheckRows({
      {"it requires a policy",
       [](World& w) {
         w.root.require_explicit = 0;
         w.leaf.policies = "";
       },
       0},
      {"it does not, by name and key alone",
       [](World& w) {
         w.root.require_explicit = 0;
         w.leaf.policies = "";
         w.enforce_constraints = false;
       }},
      {"without policies it is good for any",
       [](World& w) {
         Accept(w, "A");
         w.root.require_explicit = 0;
       }},
      {"it lists the policy",
       [](World& w) {
         Accept(w, "A");
         w.root.policies = "A";
       }},
      {"it lists another",
       [](World& w) {
         Require(w);
         w.root.policies = "B";
       },
       2},
      {"it lists another, and does not count",
       [](World& w) {
         Require(w);
         w.root.policies = "B";
         w.enforce_constraints = false;
       }},
      {"it inhibits anyPolicy",
       [](World& w) {
         Require(w);
         w.root.inhibit_any = 0;
         w.policy.policies = "*";
       },
       2},
      {"without policies it is good for any, anyPolicy or not",
       [](World& w) {
         Accept(w, "A");
         w.options.inhibit_any_policy = true;
       }},
  });
}

TEST(PolicyTest, WhatSection4ForbidsIsRefusedThoughNoPolicyIsRequired) {
  CheckRows({
      {"a policy twice", [](World& w) { w.leaf.policies = "ABA"; }, 0,
       ErrorCode::kInvalidProfile},
      {"mapping from anyPolicy", [](World& w) { w.policy.mappings = "*B"; }, 2,
       ErrorCode::kInvalidProfile},
      {"mapping to anyPolicy", [](World& w) { w.issuing.mappings = "A*"; }, 1,
       ErrorCode::kInvalidProfile},
      {"in an anchor", [](World& w) { w.root.mappings = "A*"; }, 3,
       ErrorCode::kInvalidProfile},
      {"in an anchor that does not count",
       [](World& w) {
         w.root.mappings = "A*";
         w.enforce_constraints = false;
       }},
  });
}

TEST(PolicyTest, AnotherPathMayHaveThePolicy) {
  const Key key = Key::Shared("p256-issuing");
  const auto authority = [&](const char* root, const std::string& policies) {
    mint::Spec spec = mint::Ca("Issuing");
    spec.extra = ExtensionsOf(Lists(policies));
    return mint::Issue(
        spec, key, mint::SelfSigned(mint::Ca(root), Key::Shared("p256-root")));
  };
  const mint::Minted first = authority("First", "B");
  const mint::Minted second = authority("Second", "A");
  mint::Spec spec = mint::Leaf({"www.example.com"});
  spec.extra = ExtensionsOf(Lists("A"));
  const mint::Minted leaf = mint::Issue(spec, Key::Shared("p256-leaf"), first);
  PolicyOptions options;
  options.require_explicit_policy = true;
  const PathBuilder builder(
      StoreOf({AnchorOf(mint::SelfSigned(mint::Ca("First"),
                                         Key::Shared("p256-root"))),
               AnchorOf(mint::SelfSigned(mint::Ca("Second"),
                                         Key::Shared("p256-root")))}),
      Limits(), PathBuilder::ValidityPeriod::kEnforce, Profile::kRfc5280,
      options);
  const testing::Found found = FindAll(builder, ChainOf({leaf, first, second}));
  EXPECT_EQ(found.paths,
            std::vector<std::string>{"www.example.com<Issuing<Second"});
  ASSERT_EQ(found.result.failed_paths.size(), 1u);
  EXPECT_EQ(found.result.failed_paths[0].error.code, ErrorCode::kPolicy);
}

// Every policy is mapped to every other: in a tree, each authority multiplies
// the leaves by the number of policies (CVE-2023-0464).
World Explosion(int policies) {
  World world;
  Says says;
  for (int i = 0; i < policies; ++i) {
    says.policies.push_back(static_cast<char>('A' + i));
  }
  for (const char from : says.policies) {
    for (const char to : says.policies) {
      absl::StrAppend(&says.mappings, std::string{from, to}, " ");
    }
  }
  world.root = world.policy = world.issuing = world.leaf = says;
  Accept(world, "A");
  return world;
}

TEST(PolicyTest, WhatIsMappedEveryWayStaysSmall) {
  // Some four levels of ten nodes and a hundred edges.
  World world = Explosion(10);
  world.limits.max_policy_nodes = 1000;
  EXPECT_EQ(Verify(world).paths_visited, 1);
}

TEST(PolicyTest, WhatExceedsTheLimitIsCutOffAndSaysSo) {
  World world = Explosion(10);
  world.limits.max_policy_nodes = 500;
  const PathBuilder::Result result = Verify(world);
  EXPECT_EQ(result.paths_visited, 0);
  EXPECT_TRUE(result.exhausted_budget);
  EXPECT_EQ(result.best_error.code, ErrorCode::kBudgetExhausted);
}

TEST(PolicyTest, WhatNobodyAsksForCostsNothing) {
  World world = Explosion(10);
  world.options = PolicyOptions();
  world.limits.max_policy_nodes = 1;
  EXPECT_EQ(Verify(world).paths_visited, 1);
}

TEST(PolicyTest, DottedOids) {
  for (const char* good : {"2.5.29.32.0", "0.0", "1.2.840.113549", "2.999"}) {
    EXPECT_TRUE(internal::IsDottedOid(good)) << good;
  }
  for (const char* bad :
       {"", "1", "1.", ".1", "1..2", "1.02", "3.1", "10.1", "1.40", "0.999",
        "1.2.a", "1.2 ", "oid:2a03", "-1.2"}) {
    EXPECT_FALSE(internal::IsDottedOid(bad)) << bad;
  }
}

}  // namespace
}  // namespace pinning
