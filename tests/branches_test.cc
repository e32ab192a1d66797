#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/chain.h"
#include "pinning/path_builder.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/paths.h"
#include "tools/mint/mint.h"

// Many small PKIs, made by combining: what is wrong with one branch must not
// hide another, and names are constrained whatever else a leaf holds. What is
// expected is computed, not listed.
namespace pinning {
namespace {

using mint::Key;
using mint::Minted;
using testing::AnchorOf;
using testing::ChainOf;
using testing::FindAll;
using testing::Found;
using testing::MintedNow;
using testing::StoreOf;

Key KeyOf(const std::string& name) { return Key::Shared("p256-" + name); }

// A Fault makes a certificate of an authority useless for the leaf below.
struct Fault {
  const char* name;
  std::function<void(mint::Spec&)> apply;
};

std::vector<Fault> Faults() {
  return {
      {"expired",
       [](mint::Spec& s) { s.not_after = MintedNow() - absl::Hours(1); }},
      {"of the future",
       [](mint::Spec& s) { s.not_before = MintedNow() + absl::Hours(1); }},
      {"for clients only",
       [](mint::Spec& s) { s.extended_key_usage = {"1.3.6.1.5.5.7.3.2"}; }},
      {"no authority", [](mint::Spec& s) { s.is_ca = false; }},
      {"no basic constraints", [](mint::Spec& s) { s.is_ca.reset(); }},
      {"may not sign", [](mint::Spec& s) { s.key_usage = 1 << 6; }},
      {"constrained to other names",
       [](mint::Spec& s) { s.permitted = {"dns:example.net"}; }},
      {"excluding the name",
       [](mint::Spec& s) { s.excluded = {"dns:example.com"}; }},
      {"badly signed", [](mint::Spec& s) { s.corrupt_signature = true; }},
      {"signed with SHA-1",
       [](mint::Spec& s) {
         s.algorithm = mint::SignatureAlgorithm::kEcdsaSha1;
       }},
      {"unknown critical extension",
       [](mint::Spec& s) {
         s.extra = {{"1.3.6.1.4.1.55555.1", true, {0x05, 0x00}}};
       }},
  };
}

// Two roots cross-sign two layers of authorities: four paths. One certificate
// is faulty, so the two paths through it are none, wherever it is, in whatever
// order all of them are served, and with the roots served along.
TEST(BranchesTest, AFaultyCrossSignHidesNoOtherPath) {
  const Minted roots[] = {mint::SelfSigned(mint::Ca("A"), KeyOf("a")),
                          mint::SelfSigned(mint::Ca("B"), KeyOf("b"))};
  for (const Fault& fault : Faults()) {
    for (int place = 0; place < 4; ++place) {
      SCOPED_TRACE(absl::StrCat(fault.name, ", place ", place));
      const auto authority = [&](const std::string& name, int at) {
        mint::Spec spec = mint::Ca(name);
        if (at == place) {
          fault.apply(spec);
        }
        return spec;
      };
      const std::vector<Minted> upper = {
          mint::Issue(authority("Upper", 0), KeyOf("upper"), roots[0]),
          mint::Issue(authority("Upper", 1), KeyOf("upper"), roots[1])};
      // A second name above the lower layer.
      const Minted other =
          mint::Issue(mint::Ca("Other"), KeyOf("other"), roots[0]);
      const std::vector<Minted> lower = {
          mint::Issue(authority("Lower", 2), KeyOf("lower"), upper[0]),
          mint::Issue(authority("Lower", 3), KeyOf("lower"), other)};
      const Minted leaf =
          mint::Issue(mint::Leaf({"www.example.com"}), KeyOf("leaf"), lower[0]);
      // leaf < Lower(2) < Upper(0) < A, ... < Upper(1) < B;
      // leaf < Lower(3) < Other < A.
      const size_t expected = place == 2 ? 1 : 2;
      std::vector<Minted> served = {upper[0], upper[1], lower[0], lower[1],
                                    other,    roots[0], roots[1]};
      for (size_t turn = 0; turn < served.size(); ++turn) {
        std::rotate(served.begin(), served.begin() + 1, served.end());
        std::vector<Minted> chain = {leaf};
        chain.insert(chain.end(), served.begin(), served.end());
        const Found found = FindAll(
            PathBuilder(StoreOf({AnchorOf(roots[0]), AnchorOf(roots[1])}),
                        Limits()),
            ChainOf(chain));
        EXPECT_EQ(found.paths.size(), expected);
        EXPECT_FALSE(found.result.exhausted_budget);
      }
    }
  }
}

// A Constraint is one side of the constraints on one kind of name.
enum class Constraint { kNone, kCovers, kElsewhere };
constexpr Constraint kConstraints[] = {Constraint::kNone, Constraint::kCovers,
                                       Constraint::kElsewhere};

void Constrain(Constraint constraint, const char* covering,
               const char* elsewhere, std::vector<std::string>* out) {
  if (constraint != Constraint::kNone) {
    out->push_back(constraint == Constraint::kCovers ? covering : elsewhere);
  }
}

bool Allows(Constraint permitted, Constraint excluded) {
  return permitted != Constraint::kElsewhere && excluded != Constraint::kCovers;
}

struct NamesCase {
  Constraint permitted_dns, excluded_dns, permitted_ip, excluded_ip;
  bool on_root;  // else on the intermediate
};

// Accepted returns whether a leaf with these names under constraints `c` is
// accepted for the host `name` and for the address.
std::pair<bool, bool> Accepted(const NamesCase& c, const mint::Spec& leaf) {
  mint::Spec constrained;
  Constrain(c.permitted_dns, "dns:example.com", "dns:example.net",
            &constrained.permitted);
  Constrain(c.permitted_ip, "ip:192.0.2.0/24", "ip:198.51.100.0/24",
            &constrained.permitted);
  Constrain(c.excluded_dns, "dns:example.com", "dns:example.net",
            &constrained.excluded);
  Constrain(c.excluded_ip, "ip:192.0.2.0/24", "ip:198.51.100.0/24",
            &constrained.excluded);
  mint::Spec root_spec = mint::Ca("Root");
  mint::Spec issuing_spec = mint::Ca("Issuing");
  mint::Spec& bearer = c.on_root ? root_spec : issuing_spec;
  bearer.permitted = constrained.permitted;
  bearer.excluded = constrained.excluded;
  const Minted root = mint::SelfSigned(root_spec, KeyOf("a"));
  const Minted issuing = mint::Issue(issuing_spec, KeyOf("b"), root);

  Verifier::Options options;
  options.trust_store = StoreOf({AnchorOf(root)});
  options.pin_store = PinStore::Empty();
  const std::shared_ptr<const Verifier> verifier =
      *Verifier::Create(std::move(options));
  const Chain chain =
      ChainOf({mint::Issue(leaf, KeyOf("leaf"), issuing), issuing});
  const auto accepts = [&](const char* name) {
    return verifier->Verify(chain, *ServerName::FromString(name), MintedNow())
        .accepted();
  };
  return {accepts("www.example.com"), accepts("192.0.2.1")};
}

// Each name of the leaf obeys the constraints on its kind; a name of another
// kind, and a host name for a common name, is no matter.
TEST(BranchesTest, EveryCombinationOfNamesAndConstraints) {
  for (int names = 0; names < 16; ++names) {
    const bool has_dns = (names & 1) != 0;
    const bool has_ip = (names & 2) != 0;
    const bool common_name_elsewhere = (names & 4) != 0;
    mint::Spec leaf = mint::Leaf({"www.example.com"});
    leaf.dns_names.clear();
    if (has_dns) {
      leaf.dns_names = {"www.example.com"};
    }
    if (has_ip) {
      leaf.ip_addresses = {"192.0.2.1"};
    }
    if (common_name_elsewhere) {
      leaf.common_name = "www.example.org";
    }
    for (const Constraint permitted_dns : kConstraints) {
      for (const Constraint excluded_dns : kConstraints) {
        for (const Constraint permitted_ip : kConstraints) {
          for (const Constraint excluded_ip : kConstraints) {
            const NamesCase c = {permitted_dns, excluded_dns, permitted_ip,
                                 excluded_ip, (names & 8) != 0};
            const bool valid =
                (!has_dns || Allows(permitted_dns, excluded_dns)) &&
                (!has_ip || Allows(permitted_ip, excluded_ip));
            EXPECT_EQ(Accepted(c, leaf),
                      std::make_pair(valid && has_dns, valid && has_ip))
                << names << " " << static_cast<int>(permitted_dns)
                << static_cast<int>(excluded_dns)
                << static_cast<int>(permitted_ip)
                << static_cast<int>(excluded_ip);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace pinning
