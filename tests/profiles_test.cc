#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "pinning/error.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/path_builder.h"
#include "pinning/trust_store.h"
#include "tests/testing/paths.h"
#include "tools/mint/mint.h"

// What the stricter profiles refuse and the default lets pass, rule by rule,
// through PathBuilder: the code and the depth.
namespace pinning {
namespace {

using internal::kDigitalSignature;
using internal::kKeyCertSign;
using mint::Key;
using testing::AnchorOf;
using testing::ChainOf;
using testing::FindAll;
using testing::StoreOf;

constexpr char kServerAuth[] = "1.3.6.1.5.5.7.3.1";
constexpr char kClientAuth[] = "1.3.6.1.5.5.7.3.2";
constexpr char kCodeSigning[] = "1.3.6.1.5.5.7.3.3";
constexpr char kAnyPurpose[] = "2.5.29.37.0";

constexpr ErrorCode kPasses = ErrorCode::kUnspecified;
constexpr ErrorCode kInvalid = ErrorCode::kInvalidProfile;
constexpr ErrorCode kPurpose = ErrorCode::kExtendedKeyUsage;

// A World is a root, an issuing authority and a leaf, at depths 2 to 0. All
// profiles accept it unchanged.
struct World {
  mint::Spec root = mint::Ca("Root");
  mint::Spec issuing = mint::Ca("Issuing");
  mint::Spec leaf = mint::Leaf({"www.example.com"});
  bool enforce_constraints = true;
};

// A Row changes the world. `strict` and `web_pki` are what those two profiles
// say to it, at `depth`; the default accepts them all.
struct Row {
  const char* name;
  std::function<void(World&)> change;
  ErrorCode strict;
  ErrorCode web_pki;
  int depth;
};

PathError ErrorOf(const World& world, Profile profile) {
  const mint::Minted root =
      mint::SelfSigned(world.root, Key::Shared("p256-root"));
  const mint::Minted issuing =
      mint::Issue(world.issuing, Key::Shared("p256-issuing"), root);
  const mint::Minted leaf =
      mint::Issue(world.leaf, Key::Shared("p256-leaf"), issuing);
  TrustAnchor anchor = AnchorOf(root);
  anchor.enforce_constraints = world.enforce_constraints;
  const PathBuilder builder(StoreOf({anchor}), Limits(),
                            PathBuilder::ValidityPeriod::kEnforce, profile);
  const PathBuilder::Result result =
      FindAll(builder, ChainOf({leaf, issuing})).result;
  return result.paths_visited > 0 ? PathError() : result.best_error;
}

void CheckRows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    World world;
    row.change(world);
    const struct {
      Profile profile;
      ErrorCode code;
    } kProfiles[] = {{Profile::kRfc5280, kPasses},
                     {Profile::kRfc5280Strict, row.strict},
                     {Profile::kWebPki, row.web_pki}};
    for (const auto& [profile, code] : kProfiles) {
      SCOPED_TRACE(static_cast<int>(profile));
      const PathError error = ErrorOf(world, profile);
      EXPECT_EQ(error.code, code)
          << ErrorCodeName(error.code) << ": " << error.detail;
      EXPECT_EQ(error.depth, code == kPasses ? -1 : row.depth);
    }
  }
}

// NotCritical returns an extension that is not critical: id-ce and the last
// arc.
mint::Extension NotCritical(const std::string& arc,
                            std::vector<uint8_t> value) {
  return {"2.5.29." + arc, false, std::move(value)};
}

mint::Extension AuthorityKeyId(std::vector<uint8_t> fields) {
  return NotCritical("35", mint::DerWrap(0x30, fields));
}

TEST(ProfilesTest, TheUnchangedWorldIsAccepted) {
  CheckRows({{"nothing changed", [](World&) {}, kPasses, kPasses, 0}});
}

TEST(ProfilesTest, FieldsOfRfc5280) {
  CheckRows({
      {"serial is zero", [](World& w) { w.leaf.serial = {0}; }, kInvalid,
       kInvalid, 0},
      {"serial of the anchor is zero", [](World& w) { w.root.serial = {0}; },
       kInvalid, kInvalid, 2},
      {"serial is negative", [](World& w) { w.issuing.serial = {0x80}; },
       kInvalid, kInvalid, 1},
      {"serial of the anchor is too long",
       [](World& w) { w.root.serial.assign(21, 0x7f); }, kInvalid, kInvalid, 2},
      {"anchor not enforced",
       [](World& w) {
         w.root.serial = {0};
         w.enforce_constraints = false;
       },
       kPasses, kPasses, 2},
  });
}

TEST(ProfilesTest, KeyIdentifiers) {
  CheckRows({
      {"leaf without authority's",
       [](World& w) { w.leaf.authority_key_id = false; }, kInvalid, kInvalid,
       0},
      {"intermediate without authority's",
       [](World& w) { w.issuing.authority_key_id = false; }, kInvalid, kInvalid,
       1},
      {"anchor without authority's: self-signed",
       [](World& w) { w.root.authority_key_id = false; }, kPasses, kPasses, 2},
      {"anchor without authority's: signed by another",
       [](World& w) {
         w.root.authority_key_id = false;
         w.root.issuer_der =
             std::vector<uint8_t>{0x30, 0x0c, 0x31, 0x0a, 0x30, 0x08, 0x06,
                                  0x03, 0x55, 0x04, 0x03, 0x0c, 0x01, 'X'};
       },
       kInvalid, kInvalid, 2},
      {"leaf without its own", [](World& w) { w.leaf.subject_key_id = false; },
       kPasses, kPasses, 0},
      {"intermediate without its own",
       [](World& w) { w.issuing.subject_key_id = false; }, kInvalid, kInvalid,
       1},
      {"anchor without its own",
       [](World& w) {
         w.root.subject_key_id = false;
         w.root.authority_key_id = false;
       },
       kInvalid, kInvalid, 2},
  });
}

TEST(ProfilesTest, AuthorityKeyIdentifiersOfTheWeb) {
  const auto root_has = [](std::vector<uint8_t> fields) {
    return [fields](World& w) {
      w.root.authority_key_id = false;
      w.root.extra = {AuthorityKeyId(fields)};
    };
  };
  CheckRows({
      {"none of the fields", root_has({}), kPasses, kInvalid, 2},
      {"of another key", root_has({0x80, 0x01, 0x07}), kPasses, kInvalid, 2},
      {"serial number beside it", root_has({0x80, 0x01, 0x07, 0x82, 0x01, 1}),
       kPasses, kInvalid, 2},
      {"serial number in a leaf",
       [](World& w) {
         w.leaf.authority_key_id = false;
         w.leaf.extra = {AuthorityKeyId({0x80, 0x01, 0x07, 0x82, 0x01, 1})};
       },
       kPasses, kInvalid, 0},
  });
}

TEST(ProfilesTest, Criticality) {
  const std::vector<uint8_t> ca = {0x30, 0x03, 0x01, 0x01, 0xff};
  const std::vector<uint8_t> permits_com = {0x30, 0x09, 0xa0, 0x07, 0x30, 0x05,
                                            0x82, 0x03, 'c',  'o',  'm'};
  const std::vector<uint8_t> inhibits = {0x30, 0x03, 0x81, 0x01, 0x00};
  CheckRows({
      {"basic constraints of the anchor",
       [ca](World& w) {
         w.root.is_ca.reset();
         w.root.extra = {NotCritical("19", ca)};
       },
       kInvalid, kInvalid, 2},
      {"basic constraints of an intermediate",
       [ca](World& w) {
         w.issuing.is_ca.reset();
         w.issuing.extra = {NotCritical("19", ca)};
       },
       kInvalid, kInvalid, 1},
      {"name constraints: an exception in the Web",
       [permits_com](World& w) {
         w.issuing.extra = {NotCritical("30", permits_com)};
       },
       kInvalid, kPasses, 1},
      {"policy constraints",
       [inhibits](World& w) {
         w.issuing.extra = {NotCritical("36", inhibits)};
       },
       kInvalid, kInvalid, 1},
      {"inhibitAnyPolicy",
       [](World& w) {
         w.issuing.extra = {NotCritical("54", {0x02, 0x01, 0x00})};
       },
       kInvalid, kInvalid, 1},
  });
}

TEST(ProfilesTest, NamesOfRfc5280) {
  const auto named = [](const std::string& name) {
    return [name](World& w) { w.leaf.dns_names = {"www.example.com", name}; };
  };
  CheckRows({
      {"underscore", named("a_b.example.com"), kInvalid, kInvalid, 0},
      {"leading period", named(".example.com"), kInvalid, kInvalid, 0},
      {"trailing period", named("example.com."), kInvalid, kInvalid, 0},
      {"hyphen first", named("-a.example.com"), kInvalid, kInvalid, 0},
      {"hyphen last", named("a-.example.com"), kInvalid, kInvalid, 0},
      {"label of 63", named(std::string(63, 'a') + ".com"), kPasses, kPasses,
       0},
      {"label of 64", named(std::string(64, 'a') + ".com"), kInvalid, kInvalid,
       0},
      {"blank", named("a b.example.com"), kInvalid, kInvalid, 0},
      {"asterisk within", named("a.*.example.com"), kInvalid, kInvalid, 0},
      {"wildcard", named("*.example.com"), kPasses, kPasses, 0},
      {"digits and capitals", named("1A.Example.com"), kPasses, kPasses, 0},
      {"constraint with a leading period",
       [](World& w) { w.issuing.permitted = {"dns:.example.com"}; }, kInvalid,
       kInvalid, 1},
      {"exclusion with a leading period, in the anchor",
       [](World& w) { w.root.excluded = {"dns:.example.net"}; }, kInvalid,
       kInvalid, 2},
  });
}

TEST(ProfilesTest, ServersOfTheWeb) {
  CheckRows({
      {"no extended key usage",
       [](World& w) { w.leaf.extended_key_usage.clear(); }, kPasses, kPurpose,
       0},
      {"any purpose beside",
       [](World& w) {
         w.leaf.extended_key_usage = {kServerAuth, kAnyPurpose};
       },
       kPasses, kPurpose, 0},
      {"code signing beside",
       [](World& w) {
         w.leaf.extended_key_usage = {kServerAuth, kCodeSigning};
       },
       kPasses, kPurpose, 0},
      {"client authentication beside",
       [](World& w) {
         w.leaf.extended_key_usage = {kServerAuth, kClientAuth};
       },
       kPasses, kPasses, 0},
      {"critical extended key usage",
       [](World& w) {
         w.leaf.extended_key_usage.clear();
         w.leaf.extra = {{"2.5.29.37", true,
                          mint::DerWrap(0x30, {0x06, 0x08, 0x2b, 0x06, 0x01,
                                               0x05, 0x05, 0x07, 0x03, 0x01})}};
       },
       kPasses, kPurpose, 0},
      {"an authority",
       [](World& w) {
         w.leaf.is_ca = true;
         w.leaf.key_usage = kDigitalSignature | kKeyCertSign;
       },
       kPasses, kInvalid, 0},
      {"critical alternative name beside a subject",
       [](World& w) { w.leaf.san_critical = true; }, kPasses, kInvalid, 0},
      {"root with extended key usage",
       [](World& w) { w.root.extended_key_usage = {kServerAuth}; }, kPasses,
       kPurpose, 2},
      {"intermediate with extended key usage",
       [](World& w) { w.issuing.extended_key_usage = {kServerAuth}; }, kPasses,
       kPasses, 1},
      {"malformed authority information access",
       [](World& w) {
         w.leaf.extra = {{"1.3.6.1.5.5.7.1.1", false, {0x30, 0x00}}};
       },
       kPasses, kInvalid, 0},
  });
}

TEST(ProfilesTest, CommonNamesOfTheWeb) {
  const auto named = [](const char* common_name) {
    return [common_name](World& w) {
      w.leaf.common_name = common_name;
      w.leaf.dns_names = {"www.example.com", "*.example.net"};
      w.leaf.ip_addresses = {"192.0.2.1", "2001:db8::1:0:0:1"};
    };
  };
  CheckRows({
      {"one of the names", named("www.example.com"), kPasses, kPasses, 0},
      {"the wildcard", named("*.example.net"), kPasses, kPasses, 0},
      {"covered by the wildcard", named("a.example.net"), kPasses, kInvalid, 0},
      {"another name", named("example.com"), kPasses, kInvalid, 0},
      {"in capitals", named("WWW.example.com"), kPasses, kInvalid, 0},
      {"no host", named("Example Server"), kPasses, kInvalid, 0},
      {"IPv4", named("192.0.2.1"), kPasses, kPasses, 0},
      {"IPv4 with zeros", named("192.000.002.001"), kPasses, kInvalid, 0},
      {"IPv6", named("2001:db8::1:0:0:1"), kPasses, kPasses, 0},
      {"IPv6 not compressed first", named("2001:db8:0:0:1::1"), kPasses,
       kInvalid, 0},
  });
}

TEST(ProfilesTest, WildcardsOverPublicSuffixes) {
  const auto named = [](const char* name) {
    return [name](World& w) {
      w.leaf.common_name = name;
      w.leaf.dns_names = {name};
    };
  };
  CheckRows({
      {"below a suffix", named("*.example.co.uk"), kPasses, kPasses, 0},
      {"a suffix of one label", named("*.com"), kPasses, kInvalid, 0},
      {"a suffix of two", named("*.co.uk"), kPasses, kInvalid, 0},
      {"in capitals", named("*.CO.uk"), kPasses, kInvalid, 0},
      {"a private suffix", named("*.s3.amazonaws.com"), kPasses, kInvalid, 0},
  });
}

TEST(ProfilesTest, MaxPathLengthCountsWhatIsNotSelfIssued) {
  const struct {
    const char* name;
    const char* policy;  // common name of the upper intermediate
    int max_path_length;
    ErrorCode code;
    int depth;
  } kRows[] = {
      {"two intermediates, two allowed", "Policy", 2, kPasses, -1},
      {"two intermediates, one allowed", "Policy", 1,
       ErrorCode::kPathLengthExceeded, 1},
      {"two intermediates, none allowed", "Policy", 0,
       ErrorCode::kPathLengthExceeded, 1},
      {"one is self-issued", "Root", 1, kPasses, -1},
      {"one is self-issued, none allowed", "Root", 0,
       ErrorCode::kPathLengthExceeded, 1},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    const mint::Minted root =
        mint::SelfSigned(mint::Ca("Root"), Key::Shared("p256-root"));
    const mint::Minted policy =
        mint::Issue(mint::Ca(row.policy), Key::Shared("p256-policy"), root);
    const mint::Minted issuing =
        mint::Issue(mint::Ca("Issuing"), Key::Shared("p256-issuing"), policy);
    const mint::Minted leaf = mint::Issue(mint::Leaf({"www.example.com"}),
                                          Key::Shared("p256-leaf"), issuing);
    Limits limits;
    limits.max_path_length = row.max_path_length;
    const PathBuilder builder(StoreOf({AnchorOf(root)}), limits);
    const PathBuilder::Result result =
        FindAll(builder, ChainOf({leaf, issuing, policy})).result;
    EXPECT_EQ(result.paths_visited, row.code == kPasses ? 1 : 0);
    if (row.code != kPasses) {
      EXPECT_EQ(result.best_error.code, row.code);
      EXPECT_EQ(result.best_error.depth, row.depth);
    }
  }
}

}  // namespace
}  // namespace pinning
