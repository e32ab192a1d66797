// Judges every path of random PKIs, one by one, with PathBuilder and with
// BoringSSL's X509_verify_cert. X509_verify_cert builds one path and goes back
// to no other candidate; asked about each path by itself it has no choice, so
// the two are to agree on all of them, but for the rules in Explain below.
//
// PINNING_DIFFERENTIAL_SEEDS=N in the environment judges N seeds, not kSeeds.
#include <openssl/x509.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/certificate.h"
#include "pinning/chain.h"
#include "pinning/path_builder.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/dice.h"
#include "tests/testing/paths.h"
#include "tests/testing/x509_oracle.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using mint::Key;
using mint::Minted;
using testing::Dice;
using testing::MintedNow;
using testing_support::AskX509;
using testing_support::X509Answer;
using testing_support::X509Question;

constexpr int kSeeds = 4;
constexpr int kPkisPerSeed = 250;

constexpr char kServerAuth[] = "1.3.6.1.5.5.7.3.1";
constexpr char kClientAuth[] = "1.3.6.1.5.5.7.3.2";
constexpr char kAnyPurpose[] = "2.5.29.37.0";

// An Identity is a name and a key that certificates are issued to and by.
// Names are fewer than identities: some name has several keys.
struct Identity {
  std::string name;
  std::string key;
};

struct Made {
  mint::Spec spec;
  Identity subject;
  Identity issuer;
  Minted minted = {{}, Key::Shared("p256-leaf")};
};

struct Pki {
  std::vector<Made> roots;
  std::vector<Made> authorities;
  Made leaf;
  std::string host;
  KeyPurpose purpose = KeyPurpose::kServerAuth;
};

// A Path is certificates of one Pki, leaf first, root last.
using Path = std::vector<const Made*>;

void Break(Dice& dice, mint::Spec* spec) {
  switch (dice.Below(80)) {
    case 0:
      spec->not_after = MintedNow() - absl::Hours(1);
      break;
    case 1:
      spec->not_before = MintedNow() + absl::Hours(1);
      break;
    case 2:
      spec->is_ca = false;
      spec->key_usage.reset();
      break;
    case 3:
      spec->key_usage = 1 << 6;  // cRLSign
      break;
    case 4:
      spec->extended_key_usage = {kClientAuth};
      break;
    case 5:
      spec->extended_key_usage = {kServerAuth};
      break;
    case 6:
      spec->extended_key_usage = {kServerAuth, kClientAuth};
      break;
    case 7:
      spec->extra.push_back({"1.3.6.1.4.1.55555.1", true, {0x05, 0x00}});
      break;
    case 8:
      spec->corrupt_signature = true;
      break;
    case 9:
      spec->subject_key_id = false;
      break;
    case 10:
      spec->authority_key_id = false;
      break;
    case 11:
      spec->is_ca.reset();
      break;
    case 12:
      spec->extended_key_usage = {kAnyPurpose};
      break;
    default:
      break;
  }
}

// Constrain writes constraints of one kind: X509_verify_cert stops at the first
// that it does not know (x509_oracle.h), which would hide one that it does.
void Constrain(Dice& dice, mint::Spec* spec) {
  static const std::vector<std::string> kDns = {
      "dns:example.com", "dns:example.net", "dns:www.example.com", "dns:com"};
  static const std::vector<std::string> kIp = {
      "ip:192.0.2.0/24", "ip:192.0.2.0/31", "ip:198.51.100.0/24",
      "ip:2001:db8::/32"};
  if (dice.OneIn(5)) {
    spec->path_length = static_cast<int>(dice.Below(3));
  }
  const std::vector<std::string>& trees = dice.OneIn(2) ? kIp : kDns;
  for (auto* subtrees : {&spec->permitted, &spec->excluded}) {
    if (dice.OneIn(10)) {
      subtrees->push_back(dice.Pick(trees));
      if (dice.OneIn(3)) {
        subtrees->push_back(dice.Pick(trees));
      }
    }
  }
}

void Sign(Made* made) {
  const Minted issuer = mint::SelfSigned(mint::Ca(made->issuer.name),
                                         Key::Shared(made->issuer.key));
  made->minted =
      mint::Issue(made->spec, Key::Shared(made->subject.key), issuer);
}

Made MakeRoot(Dice& dice, const Identity& identity) {
  Made root;
  root.subject = root.issuer = identity;
  root.spec = mint::Ca(identity.name);
  // Of an anchor's own powers, X509_verify_cert heeds its name constraints and
  // its validity only: path_checks_test has the others.
  Constrain(dice, &root.spec);
  root.spec.path_length.reset();
  if (dice.OneIn(30)) {
    root.spec.not_after = MintedNow() - absl::Hours(1);
  }
  Sign(&root);
  return root;
}

// MakeEdge returns a certificate for one identity by another, in whatever
// direction: cross-signs, loops and certificates for the root are among them.
Made MakeEdge(Dice& dice, const std::vector<Identity>& identities) {
  Made made;
  made.subject = dice.Pick(identities);
  made.issuer = dice.Pick(identities);
  made.spec = mint::Ca(made.subject.name);
  Constrain(dice, &made.spec);
  Break(dice, &made.spec);
  Sign(&made);
  return made;
}

Made MakeLeaf(Dice& dice, const std::vector<Identity>& identities,
              const std::vector<std::string>& hosts) {
  Made leaf;
  leaf.subject = {"leaf", "p256-leaf"};
  leaf.issuer = dice.Pick(identities);
  leaf.spec = mint::Leaf({});
  leaf.spec.common_name = "leaf";
  leaf.spec.extended_key_usage = {kServerAuth, kClientAuth};
  for (size_t names = 1 + dice.Below(2); names > 0; --names) {
    const std::string& host = dice.Pick(hosts);
    const bool is_ip =
        host.find_first_not_of("0123456789abcdef.:") == std::string::npos;
    (is_ip ? leaf.spec.ip_addresses : leaf.spec.dns_names).push_back(host);
  }
  Break(dice, &leaf.spec);
  Sign(&leaf);
  return leaf;
}

Pki MakePki(Dice& dice) {
  static const std::vector<std::string> kHosts = {
      "www.example.com", "*.example.com", "example.com",
      "a.example.net",   "192.0.2.1",     "2001:db8::1"};
  Pki pki;
  std::vector<Identity> identities;
  for (size_t i = 0; i < 1 + dice.Below(2); ++i) {
    identities.push_back(
        {absl::StrCat("Root", i), absl::StrCat("p256-root", i)});
    pki.roots.push_back(MakeRoot(dice, identities.back()));
  }
  const size_t count = identities.size() + 1 + dice.Below(4);
  while (identities.size() < count) {
    const size_t i = identities.size();
    identities.push_back({absl::StrCat("CA", dice.Below(4)),
                          absl::StrCat("p256-", dice.OneIn(9) ? i - 1 : i)});
  }
  for (size_t edges = dice.Below(12); edges > 0; --edges) {
    pki.authorities.push_back(MakeEdge(dice, identities));
  }
  pki.leaf = MakeLeaf(dice, identities, kHosts);
  pki.host = dice.Pick(kHosts);
  if (absl::StartsWith(pki.host, "*")) {
    pki.host = "b.example.com";
  }
  if (dice.OneIn(5)) {
    pki.purpose = KeyPurpose::kClientAuth;
  }
  return pki;
}

// AppendPaths walks from `path` along names to every root, and never to a name
// and key that are on the path already.
void AppendPaths(const Pki& pki, Path* path, std::vector<Path>* out) {
  const auto extend = [&](const Made& next, bool is_root) {
    const bool leads_on = next.subject.name == path->back()->issuer.name;
    const bool is_loop =
        std::any_of(path->begin(), path->end(), [&](const Made* held) {
          return held->subject.name == next.subject.name &&
                 held->subject.key == next.subject.key;
        });
    if (!leads_on || is_loop) {
      return;
    }
    path->push_back(&next);
    if (is_root) {
      out->push_back(*path);
    } else {
      AppendPaths(pki, path, out);
    }
    path->pop_back();
  };
  for (const Made& root : pki.roots) {
    extend(root, true);
  }
  for (const Made& authority : pki.authorities) {
    extend(authority, false);
  }
}

std::vector<std::vector<uint8_t>> DersOf(const Path& path) {
  std::vector<std::vector<uint8_t>> ders;
  for (const Made* made : path) {
    ders.push_back(made->minted.der);
  }
  return ders;
}

X509Question QuestionOf(const Pki& pki, const Path& path) {
  X509Question question;
  question.leaf = path.front()->minted.der;
  for (size_t depth = 1; depth + 1 < path.size(); ++depth) {
    question.intermediates.push_back(path[depth]->minted.der);
  }
  question.roots = {path.back()->minted.der};
  question.now = MintedNow();
  question.client_auth = pki.purpose == KeyPurpose::kClientAuth;
  return question;
}

Verifier::Options OptionsOf(const Pki& pki) {
  std::vector<TrustAnchor> anchors;
  for (const Made& root : pki.roots) {
    anchors.push_back(testing::AnchorOf(root.minted));
    anchors.back().enforce_expiry = true;  // as X509_verify_cert does
  }
  Verifier::Options options;
  options.trust_store = testing::StoreOf(std::move(anchors));
  options.pin_store = PinStore::Empty();
  options.purpose = pki.purpose;
  // What is compared here is what is right, not how long it may take.
  options.limits.max_depth = 32;
  options.limits.max_signatures = 100'000;
  options.limits.max_build_calls = 1'000'000;
  return options;
}

Chain ChainOf(const Pki& pki) {
  std::vector<Minted> presented = {pki.leaf.minted};
  for (const Made& authority : pki.authorities) {
    presented.push_back(authority.minted);
  }
  return testing::ChainOf(presented);
}

using Ders = std::vector<std::vector<uint8_t>>;

// FindPaths returns every path that PathBuilder visits.
std::set<Ders> FindPaths(const Pki& pki) {
  const Verifier::Options options = OptionsOf(pki);
  std::set<Ders> paths;
  const PathBuilder::Result result =
      PathBuilder(options.trust_store, options.limits)
          .Search(ChainOf(pki), pki.purpose, MintedNow(),
                  [&](const VerifiedPath& path) {
                    Ders ders;
                    for (const Certificate& one : path.certificates()) {
                      ders.emplace_back(one.der().begin(), one.der().end());
                    }
                    paths.insert(std::move(ders));
                    return PathBuilder::Visit::kContinue;
                  });
  EXPECT_FALSE(result.exhausted_budget);
  return paths;
}

// IsIpInside returns whether the octets of `address` are in `subtree`, the
// "ip:ADDRESS/BITS" of a spec, by this test's own arithmetic.
bool IsIpInside(absl::string_view address, const std::string& subtree) {
  const std::map<std::string, std::pair<std::string, int>> kRanges = {
      {"ip:192.0.2.0/24", {std::string("\300\0\2\0", 4), 24}},
      {"ip:192.0.2.0/31", {std::string("\300\0\2\0", 4), 31}},
      {"ip:198.51.100.0/24", {std::string("\306\63\144\0", 4), 24}},
      {"ip:2001:db8::/32", {std::string("\40\1\15\270", 4), 32}}};
  const auto& [prefix, bits] = kRanges.at(subtree);
  const bool is_v6 = absl::StrContains(subtree, "::");
  if (address.size() != (is_v6 ? 16u : 4u)) {
    return false;
  }
  for (int bit = 0; bit < bits; ++bit) {
    if (((address[bit / 8] ^ prefix[bit / 8]) >> (7 - bit % 8) & 1) != 0) {
      return false;
    }
  }
  return true;
}

// KeepsToIpConstraints judges what X509_verify_cert does not know: whether the
// addresses of the leaf are permitted by all and excluded by none.
bool KeepsToIpConstraints(const Path& path) {
  const Certificate leaf = testing::CertificateOf(path.front()->minted);
  for (const absl::string_view address : leaf.ip_addresses()) {
    const auto is_inside = [&](const std::string& subtree) {
      return absl::StartsWith(subtree, "ip:") && IsIpInside(address, subtree);
    };
    for (size_t depth = 1; depth < path.size(); ++depth) {
      const auto& permitted = path[depth]->spec.permitted;
      const auto& excluded = path[depth]->spec.excluded;
      const bool is_bound =
          !permitted.empty() && absl::StartsWith(permitted.front(), "ip:");
      if ((is_bound &&
           std::none_of(permitted.begin(), permitted.end(), is_inside)) ||
          std::any_of(excluded.begin(), excluded.end(), is_inside)) {
        return false;
      }
    }
  }
  return true;
}

bool IsSelfIssued(const Made& made) {
  return made.subject.name == made.issuer.name;
}

// ExceedsSelfIssuedLength returns whether a self-issued intermediate is higher
// above the leaf than its own path length allows.
bool ExceedsSelfIssuedLength(const Path& path) {
  int below = 0;
  for (size_t depth = 1; depth + 1 < path.size(); ++depth) {
    if (IsSelfIssued(*path[depth]) && path[depth]->spec.path_length &&
        below > *path[depth]->spec.path_length) {
      return true;
    }
    below += IsSelfIssued(*path[depth]) ? 0 : 1;
  }
  return false;
}

// ExcludesPartOfWildcard returns whether a host that a wildcard of the leaf
// stands for is in an excluded subtree.
bool ExcludesPartOfWildcard(const Path& path) {
  const auto& names = path.front()->spec.dns_names;
  return std::find(names.begin(), names.end(), "*.example.com") !=
             names.end() &&
         std::any_of(path.begin() + 1, path.end(), [](const Made* made) {
           const auto& excluded = made->spec.excluded;
           return std::find(excluded.begin(), excluded.end(),
                            "dns:www.example.com") != excluded.end();
         });
}

// HasPurposeByAny returns whether an authority below the root has a purpose
// only as it has any.
bool HasPurposeByAny(const Path& path) {
  return std::any_of(path.begin() + 1, path.end() - 1, [](const Made* made) {
    return made->spec.extended_key_usage ==
           std::vector<std::string>{kAnyPurpose};
  });
}

// Explain returns which rule says why the two differ on `path`, or nothing.
std::optional<std::string> Explain(const Path& path, bool we_accept,
                                   const X509Answer& theirs) {
  if (theirs.chain != DersOf(path)) {
    // It took another way through the same certificates, or stopped at one
    // that names itself as its issuer as if that were the end.
    return "X509_verify_cert looked at another path";
  }
  if (we_accept) {
    if (theirs.error == X509_V_ERR_INVALID_PURPOSE && HasPurposeByAny(path)) {
      return "anyExtendedKeyUsage of an authority is every purpose";
    }
    return std::nullopt;
  }
  if (ExceedsSelfIssuedLength(path)) {
    // RFC 5280, 6.1.4(m) lets it go uncounted, not unheard.
    return "X509_verify_cert skips the path length of what is self-issued";
  }
  if (ExcludesPartOfWildcard(path)) {
    return "X509_verify_cert takes a wildcard for a host (CVE-2025-61727)";
  }
  if (!KeepsToIpConstraints(path)) {
    return "X509_verify_cert knows no constraints on addresses";
  }
  return std::nullopt;
}

struct Tally {
  int pkis = 0;
  int paths_accepted = 0;
  int paths_refused = 0;
  int hosts_accepted = 0;
  int hosts_refused = 0;
  std::map<std::string, int> explained;
};

std::string TextOf(const Path& path) {
  std::string text;
  for (const Made* made : path) {
    absl::StrAppend(&text, made->subject.name, "(", made->subject.key, ") by ",
                    made->issuer.name, "(", made->issuer.key, "); ");
  }
  return text;
}

// ComparePaths asks about each path of `pki`.
void ComparePaths(const Pki& pki, Tally* tally) {
  std::set<Ders> found = FindPaths(pki);
  std::vector<Path> paths;
  Path path = {&pki.leaf};
  AppendPaths(pki, &path, &paths);
  for (const Path& one : paths) {
    const bool we_accept = found.erase(DersOf(one)) > 0;
    const X509Answer theirs = AskX509(QuestionOf(pki, one));
    // What X509_verify_cert does not know is judged here.
    const bool they_accept =
        theirs.error == X509_V_OK && KeepsToIpConstraints(one);
    if (we_accept == they_accept &&
        (!we_accept || theirs.chain == DersOf(one))) {
      ++(we_accept ? tally->paths_accepted : tally->paths_refused);
      continue;
    }
    const std::optional<std::string> rule = Explain(one, we_accept, theirs);
    EXPECT_TRUE(rule.has_value())
        << TextOf(one) << "PathBuilder " << (we_accept ? "accepts" : "refuses")
        << "; X509_verify_cert: "
        << testing_support::X509ErrorText(theirs.error);
    if (we_accept) {
      // Whatever it says of the path: the signatures are not in doubt.
      for (size_t depth = 0; depth + 1 < one.size(); ++depth) {
        EXPECT_TRUE(testing_support::X509Issued(one[depth + 1]->minted.der,
                                                one[depth]->minted.der));
      }
    }
    ++tally->explained[rule.value_or("unexplained")];
  }
  EXPECT_TRUE(found.empty()) << "paths that are none by name";
}

// CompareHosts asks the Verifier, and X509_verify_cert with everything at once.
void CompareHosts(const Pki& pki, Tally* tally) {
  const bool is_for = testing_support::X509IsFor(pki.leaf.minted.der, pki.host);
  const auto verifier = Verifier::Create(OptionsOf(pki));
  ASSERT_TRUE(verifier.ok());
  const Verdict verdict = (*verifier)->Verify(
      ChainOf(pki), *ServerName::FromString(pki.host), MintedNow());
  // Which paths are valid was compared; here it is the name.
  EXPECT_EQ(verdict.accepted(), is_for && !FindPaths(pki).empty())
      << verdict.ToString();

  X509Question question = QuestionOf(pki, {&pki.leaf, &pki.roots.front()});
  question.roots.clear();
  for (const Made& root : pki.roots) {
    question.roots.push_back(root.minted.der);
  }
  for (const Made& authority : pki.authorities) {
    question.intermediates.push_back(authority.minted.der);
  }
  question.host = pki.host;
  const X509Answer theirs = AskX509(question);
  if (verdict.accepted() == (theirs.error == X509_V_OK)) {
    ++(verdict.accepted() ? tally->hosts_accepted : tally->hosts_refused);
    return;
  }
  if (verdict.accepted()) {
    ++tally->explained["X509_verify_cert tries one path only"];
    return;
  }
  // The path that it took has been compared above, by itself.
  std::vector<Path> paths;
  Path path = {&pki.leaf};
  AppendPaths(pki, &path, &paths);
  const auto taken = std::find_if(
      paths.begin(), paths.end(),
      [&](const Path& one) { return DersOf(one) == theirs.chain; });
  ASSERT_NE(taken, paths.end()) << "X509_verify_cert made a path of its own";
  const auto rule = Explain(*taken, /*we_accept=*/false, theirs);
  EXPECT_TRUE(rule.has_value()) << TextOf(*taken) << verdict.ToString();
  ++tally->explained[rule.value_or("unexplained")];
}

int SeedsToJudge() {
  const char* text = std::getenv("PINNING_DIFFERENTIAL_SEEDS");
  int seeds = kSeeds;
  if (text != nullptr && !absl::SimpleAtoi(text, &seeds)) {
    ADD_FAILURE() << "PINNING_DIFFERENTIAL_SEEDS is no number: " << text;
  }
  return seeds;
}

TEST(PathGraphDifferentialTest, AgreesWithBoringSslOnEveryPath) {
  Tally tally;
  for (int seed = 1; seed <= SeedsToJudge(); ++seed) {
    Dice dice(static_cast<uint32_t>(seed));
    for (int i = 0; i < kPkisPerSeed; ++i) {
      SCOPED_TRACE(absl::StrCat("seed ", seed, ", PKI ", i));
      const Pki pki = MakePki(dice);
      ComparePaths(pki, &tally);
      CompareHosts(pki, &tally);
      ++tally.pkis;
    }
  }
  int explained = 0;
  for (const auto& [rule, count] : tally.explained) {
    std::printf("%6d %s\n", count, rule.c_str());
    explained += count;
  }
  std::printf(
      "%d PKIs; paths accepted by both %d, refused by both %d; hosts accepted "
      "by both %d, refused by both %d; explained %d\n",
      tally.pkis, tally.paths_accepted, tally.paths_refused,
      tally.hosts_accepted, tally.hosts_refused, explained);
  // Neither answer is the exception, and agreement is the rule.
  EXPECT_GT(tally.paths_accepted, tally.pkis / 4);
  EXPECT_GT(tally.paths_refused, tally.pkis / 4);
  EXPECT_GT(tally.hosts_accepted, tally.pkis / 20);
  EXPECT_GT(tally.hosts_refused, tally.pkis / 20);
  EXPECT_LT(explained * 4, tally.paths_accepted + tally.paths_refused);
}

}  // namespace
}  // namespace pinning
