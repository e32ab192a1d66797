#include "pinning/internal/path_checks.h"

#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/error.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/path_builder.h"
#include "tests/testing/paths.h"
#include "tools/mint/mint.h"

// Every refusal of RFC 5280, section 6 through PathBuilder: its code, the depth
// it is found at, and that the path was known to reach an anchor.
namespace pinning {
namespace {

using internal::kCrlSign;
using internal::kDataEncipherment;
using internal::kDecipherOnly;
using internal::kDigitalSignature;
using internal::kKeyAgreement;
using internal::kKeyCertSign;
using internal::kKeyEncipherment;
using internal::kNonRepudiation;
using mint::Key;
using testing::AnchorOf;
using testing::CertificateOf;
using testing::ChainOf;
using testing::FindAll;
using testing::MintedNow;

constexpr char kServerAuth[] = "1.3.6.1.5.5.7.3.1";
constexpr char kClientAuth[] = "1.3.6.1.5.5.7.3.2";
constexpr char kAnyPurpose[] = "2.5.29.37.0";

// A World is root, policy, issuing and leaf, at depths 3 to 0. A row changes
// what it needs before it is minted.
struct World {
  mint::Spec root = mint::Ca("Root");
  mint::Spec policy = mint::Ca("Policy");
  mint::Spec issuing = mint::Ca("Issuing");
  mint::Spec leaf = mint::Leaf({"www.example.com"});
  Key root_key = Key::Shared("p256-root");
  Key policy_key = Key::Shared("p256-policy");
  Key issuing_key = Key::Shared("p256-issuing");
  Key leaf_key = Key::Shared("p256-leaf");
  bool enforce_expiry = false;
  bool enforce_constraints = true;
  int distrusted_depth = -1;
  KeyPurpose purpose = KeyPurpose::kServerAuth;
  absl::Time now = MintedNow();
  PathBuilder::ValidityPeriod validity = PathBuilder::ValidityPeriod::kEnforce;
};

struct Row {
  const char* name;
  std::function<void(World&)> change;
  ErrorCode code = ErrorCode::kUnspecified;  // accepted
  int depth = -1;
};

PathBuilder::Result Verify(const World& world) {
  const mint::Minted root = mint::SelfSigned(world.root, world.root_key);
  const mint::Minted policy = mint::Issue(world.policy, world.policy_key, root);
  const mint::Minted issuing =
      mint::Issue(world.issuing, world.issuing_key, policy);
  const mint::Minted leaf = mint::Issue(world.leaf, world.leaf_key, issuing);
  const std::vector<mint::Minted> path = {leaf, issuing, policy, root};

  TrustAnchor anchor = AnchorOf(root);
  anchor.enforce_expiry = world.enforce_expiry;
  anchor.enforce_constraints = world.enforce_constraints;
  TrustStore::Builder store;
  store.AddAnchor(anchor);
  if (world.distrusted_depth >= 0) {
    store.AddDistrusted(CertificateOf(path[world.distrusted_depth]).pin());
  }
  const PathBuilder builder(store.Build(), Limits(), world.validity);
  return FindAll(builder, ChainOf({leaf, issuing, policy}), world.purpose,
                 world.now)
      .result;
}

void CheckRows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    World world;
    row.change(world);
    const PathBuilder::Result result = Verify(world);
    const bool accepted = row.code == ErrorCode::kUnspecified;
    EXPECT_EQ(result.paths_visited, accepted ? 1 : 0);
    EXPECT_FALSE(result.exhausted_budget);
    if (accepted) {
      continue;
    }
    EXPECT_EQ(result.best_error.code, row.code)
        << ErrorCodeName(result.best_error.code) << ": "
        << result.best_error.detail;
    EXPECT_EQ(result.best_error.depth, row.depth);
    ASSERT_EQ(result.failed_paths.size(), 1u);
    EXPECT_TRUE(result.failed_paths[0].reached_anchor);
    EXPECT_EQ(result.failed_paths[0].certificates.size(), 4u);
    EXPECT_EQ(result.failed_paths[0].error.code, row.code);
  }
}

mint::Extension Unknown(bool critical) {
  return {"1.3.6.1.4.1.55555.1", critical, {0x05, 0x00}};
}

TEST(PathChecksTest, TheUnchangedWorldIsAccepted) {
  CheckRows({{"nothing changed", [](World&) {}}});
}

TEST(PathChecksTest, Validity) {
  const absl::Time begin = mint::Spec().not_before;
  const absl::Time end = mint::Spec().not_after;
  const auto at = [](absl::Time now) {
    return [now](World& w) { w.now = now; };
  };
  CheckRows({
      {"first second", at(begin)},
      {"a second before", at(begin - absl::Seconds(1)), ErrorCode::kNotYetValid,
       0},
      {"last second", at(end)},
      {"end of the last second", at(end + absl::Milliseconds(999))},
      {"a second after", at(end + absl::Seconds(1)), ErrorCode::kExpired, 0},
      {"expired intermediate",
       [](World& w) { w.policy.not_after = MintedNow() - absl::Hours(1); },
       ErrorCode::kExpired, 2},
      {"intermediate of the future",
       [](World& w) { w.issuing.not_before = MintedNow() + absl::Hours(1); },
       ErrorCode::kNotYetValid, 1},
      {"expired anchor",
       [](World& w) { w.root.not_after = MintedNow() - absl::Hours(1); }},
      {"expired anchor, enforced",
       [](World& w) {
         w.root.not_after = MintedNow() - absl::Hours(1);
         w.enforce_expiry = true;
       },
       ErrorCode::kExpired, 3},
      {"all expired, ignored",
       [end](World& w) {
         w.now = end + absl::Hours(1);
         w.validity = PathBuilder::ValidityPeriod::kIgnore;
       }},
      {"expired is said only if nothing else is wrong",
       [](World& w) {
         w.leaf.not_after = MintedNow() - absl::Hours(1);
         w.leaf.extended_key_usage = {kClientAuth};
       },
       ErrorCode::kExtendedKeyUsage, 0},
  });
}

TEST(PathChecksTest, Authority) {
  CheckRows({
      {"cA is FALSE", [](World& w) { w.issuing.is_ca = false; },
       ErrorCode::kNotACa, 1},
      {"no basic constraints", [](World& w) { w.policy.is_ca.reset(); },
       ErrorCode::kNotACa, 2},
      {"version 1 intermediate", [](World& w) { w.issuing.version = 1; },
       ErrorCode::kNotACa, 1},
      {"version 1 anchor", [](World& w) { w.root.version = 1; }},
      {"anchor is no authority", [](World& w) { w.root.is_ca = false; },
       ErrorCode::kNotACa, 3},
      {"anchor is no authority, not enforced",
       [](World& w) {
         w.root.is_ca = false;
         w.enforce_constraints = false;
       }},
      {"no keyCertSign", [](World& w) { w.issuing.key_usage = kCrlSign; },
       ErrorCode::kKeyUsage, 1},
      {"no key usage at all", [](World& w) { w.issuing.key_usage.reset(); }},
      {"anchor without keyCertSign",
       [](World& w) { w.root.key_usage = kCrlSign; }, ErrorCode::kKeyUsage, 3},
      {"leaf that is an authority",
       [](World& w) {
         w.leaf.is_ca = true;
         w.leaf.key_usage = kDigitalSignature | kKeyCertSign;
       }},
  });
}

TEST(PathChecksTest, PathLength) {
  CheckRows({
      {"just enough",
       [](World& w) {
         w.root.path_length = 2;
         w.policy.path_length = 1;
         w.issuing.path_length = 0;
       }},
      {"anchor allows none", [](World& w) { w.root.path_length = 0; },
       ErrorCode::kPathLengthExceeded, 2},
      {"anchor allows one", [](World& w) { w.root.path_length = 1; },
       ErrorCode::kPathLengthExceeded, 1},
      {"intermediate allows none", [](World& w) { w.policy.path_length = 0; },
       ErrorCode::kPathLengthExceeded, 1},
      {"a self-issued intermediate does not count",
       [](World& w) {
         w.root.path_length = 1;
         w.policy.common_name = "Root";
       }},
      {"anchor not enforced",
       [](World& w) {
         w.root.path_length = 0;
         w.enforce_constraints = false;
       }},
  });
}

TEST(PathChecksTest, LeafKeyUsage) {
  const auto usage = [](uint16_t bits, KeyPurpose purpose) {
    return [bits, purpose](World& w) {
      w.leaf.key_usage = bits;
      w.leaf.extended_key_usage = {kServerAuth, kClientAuth};
      w.purpose = purpose;
    };
  };
  const KeyPurpose server = KeyPurpose::kServerAuth;
  const KeyPurpose client = KeyPurpose::kClientAuth;
  const uint16_t useless = kNonRepudiation | kDataEncipherment | kDecipherOnly;
  CheckRows({
      {"server signs", usage(kDigitalSignature, server)},
      {"server enciphers", usage(kKeyEncipherment, server)},
      {"server agrees", usage(kKeyAgreement, server)},
      {"server can do nothing", usage(useless, server), ErrorCode::kKeyUsage,
       0},
      {"client signs", usage(kDigitalSignature, client)},
      {"client agrees", usage(kKeyAgreement, client)},
      {"client only enciphers", usage(kKeyEncipherment, client),
       ErrorCode::kKeyUsage, 0},
      {"no key usage", [](World& w) { w.leaf.key_usage.reset(); }},
  });
}

TEST(PathChecksTest, ExtendedKeyUsage) {
  CheckRows({
      {"leaf without it", [](World& w) { w.leaf.extended_key_usage.clear(); }},
      {"leaf for clients",
       [](World& w) { w.leaf.extended_key_usage = {kClientAuth}; },
       ErrorCode::kExtendedKeyUsage, 0},
      {"leaf for clients, asked for one",
       [](World& w) {
         w.leaf.extended_key_usage = {kClientAuth};
         w.purpose = KeyPurpose::kClientAuth;
       }},
      {"leaf for servers, asked for a client",
       [](World& w) { w.purpose = KeyPurpose::kClientAuth; },
       ErrorCode::kExtendedKeyUsage, 0},
      {"leaf for any purpose",
       [](World& w) { w.leaf.extended_key_usage = {kAnyPurpose}; },
       ErrorCode::kExtendedKeyUsage, 0},
      {"leaf for any purpose and servers",
       [](World& w) {
         w.leaf.extended_key_usage = {kAnyPurpose, kServerAuth};
       }},
      {"intermediate for servers",
       [](World& w) { w.policy.extended_key_usage = {kServerAuth}; }},
      {"intermediate for any purpose",
       [](World& w) { w.policy.extended_key_usage = {kAnyPurpose}; }},
      {"intermediate for clients",
       [](World& w) { w.policy.extended_key_usage = {kClientAuth}; },
       ErrorCode::kExtendedKeyUsage, 2},
      {"anchor for clients",
       [](World& w) { w.root.extended_key_usage = {kClientAuth}; },
       ErrorCode::kExtendedKeyUsage, 3},
      {"anchor for clients, not enforced",
       [](World& w) {
         w.root.extended_key_usage = {kClientAuth};
         w.enforce_constraints = false;
       }},
  });
}

TEST(PathChecksTest, UnhandledCriticalExtension) {
  const ErrorCode code = ErrorCode::kUnhandledCriticalExtension;
  CheckRows({
      {"not critical", [](World& w) { w.leaf.extra = {Unknown(false)}; }},
      {"leaf", [](World& w) { w.leaf.extra = {Unknown(true)}; }, code, 0},
      {"issuing", [](World& w) { w.issuing.extra = {Unknown(true)}; }, code, 1},
      {"policy", [](World& w) { w.policy.extra = {Unknown(true)}; }, code, 2},
      {"anchor", [](World& w) { w.root.extra = {Unknown(true)}; }, code, 3},
      {"anchor, not enforced",
       [](World& w) {
         w.root.extra = {Unknown(true)};
         w.enforce_constraints = false;
       }},
  });
}

TEST(PathChecksTest, NameConstraints) {
  const ErrorCode code = ErrorCode::kNameConstraintViolated;
  CheckRows({
      {"permitted by all",
       [](World& w) {
         w.root.permitted = {"dns:com"};
         w.policy.permitted = {"dns:example.com"};
         w.issuing.excluded = {"dns:mail.example.com"};
       }},
      {"excluded by the issuer",
       [](World& w) { w.issuing.excluded = {"dns:example.com"}; }, code, 0},
      {"not permitted by the one above",
       [](World& w) { w.policy.permitted = {"dns:example.net"}; }, code, 0},
      {"not permitted by the anchor",
       [](World& w) { w.root.permitted = {"dns:example.net"}; }, code, 0},
      {"anchor not enforced",
       [](World& w) {
         w.root.permitted = {"dns:example.net"};
         w.enforce_constraints = false;
       }},
      {"an intermediate's name counts",
       [](World& w) {
         w.root.permitted = {"dns:example.com"};
         w.issuing.dns_names = {"ca.example.net"};
       },
       code, 1},
      {"but not if it is self-issued",
       [](World& w) {
         w.root.permitted = {"dns:example.com"};
         w.policy.dns_names = {"ca.example.net"};
         w.policy.common_name = "Root";
       }},
      {"a leaf is not excused by being self-issued",
       [](World& w) {
         w.policy.permitted = {"dns:example.net"};
         w.leaf.common_name = "Issuing";
       },
       code, 0},
      {"subject excluded",
       [](World& w) { w.policy.excluded = {"cn:www.example.com"}; }, code, 0},
      {"constraint that is no host",
       [](World& w) { w.policy.excluded = {"dns:exa mple.com"}; },
       ErrorCode::kInvalidProfile, 2},
  });
}

TEST(PathChecksTest, SignaturesAndKeys) {
  CheckRows({
      {"leaf's signature", [](World& w) { w.leaf.corrupt_signature = true; },
       ErrorCode::kBadSignature, 0},
      {"intermediate's signature",
       [](World& w) { w.policy.corrupt_signature = true; },
       ErrorCode::kBadSignature, 2},
      {"the anchor's own signature is not looked at",
       [](World& w) { w.root.corrupt_signature = true; }},
      {"SHA-1",
       [](World& w) {
         w.leaf.algorithm = mint::SignatureAlgorithm::kEcdsaSha1;
       },
       ErrorCode::kUnacceptableAlgorithm, 0},
      {"SHA-1 further up",
       [](World& w) {
         w.policy.algorithm = mint::SignatureAlgorithm::kEcdsaSha1;
       },
       ErrorCode::kUnacceptableAlgorithm, 2},
      {"the anchor's own algorithm is not looked at",
       [](World& w) {
         w.root.algorithm = mint::SignatureAlgorithm::kEcdsaSha1;
       }},
      {"the two algorithms differ",
       [](World& w) {
         w.leaf.inner_algorithm = mint::SignatureAlgorithm::kEcdsaSha384;
       },
       ErrorCode::kInvalidProfile, 0},
      {"leaf's key is weak",
       [](World& w) { w.leaf_key = Key::Shared("rsa1024-weak"); },
       ErrorCode::kUnacceptableKey, 0},
      {"intermediate's key is weak",
       [](World& w) { w.policy_key = Key::Shared("rsa1024-weak"); },
       ErrorCode::kUnacceptableKey, 2},
      {"anchor's key is weak",
       [](World& w) { w.root_key = Key::Shared("rsa1024-weak"); },
       ErrorCode::kUnacceptableKey, 3},
      {"distrusted leaf", [](World& w) { w.distrusted_depth = 0; },
       ErrorCode::kDistrustedAnchor, 0},
      {"distrusted intermediate", [](World& w) { w.distrusted_depth = 2; },
       ErrorCode::kDistrustedAnchor, 2},
      {"distrusted anchor", [](World& w) { w.distrusted_depth = 3; },
       ErrorCode::kDistrustedAnchor, 3},
  });
}

TEST(PathChecksTest, Profile) {
  const ErrorCode code = ErrorCode::kInvalidProfile;
  CheckRows({
      {"serial of 20 octets", [](World& w) { w.leaf.serial.assign(20, 0x7f); }},
      {"serial of 21 octets", [](World& w) { w.leaf.serial.assign(21, 0x7f); },
       code, 0},
      {"serial is zero", [](World& w) { w.policy.serial = {0}; }},
      {"serial of the anchor is zero", [](World& w) { w.root.serial = {0}; }},
      {"serial is negative", [](World& w) { w.leaf.serial = {0x80}; }},
      {"empty subject",
       [](World& w) {
         w.leaf.subject_der = {0x30, 0x00};
       },
       code, 0},
      {"empty subject, alternative critical",
       [](World& w) {
         w.leaf.subject_der = {0x30, 0x00};
         w.leaf.san_critical = true;
       }},
      {"keyCertSign of a leaf",
       [](World& w) { w.leaf.key_usage = kDigitalSignature | kKeyCertSign; },
       code, 0},
      {"name constraints of a leaf",
       [](World& w) { w.leaf.permitted = {"dns:example.com"}; }, code, 0},
      {"critical key identifier",
       [](World& w) {
         w.policy.subject_key_id = false;
         w.policy.extra = {{"2.5.29.14", true, {0x04, 0x01, 0x07}}};
       },
       code, 2},
      {"critical key identifier of the anchor",
       [](World& w) {
         w.root.subject_key_id = false;
         w.root.extra = {{"2.5.29.14", true, {0x04, 0x01, 0x07}}};
       },
       code, 3},
      {"no key identifiers",
       [](World& w) {
         w.leaf.authority_key_id = false;
         w.policy.subject_key_id = false;
       }},
  });
}

}  // namespace
}  // namespace pinning
