#include <openssl/x509.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/certificate.h"
#include "pinning/error.h"
#include "pinning/path_builder.h"
#include "tests/testing/dice.h"
#include "tests/testing/paths.h"
#include "tests/testing/x509_oracle.h"
#include "tools/mint/mint.h"

// Judges random small PKIs with PathBuilder and with BoringSSL's
// X509_verify_cert. They are to agree, but for the rules in Explains below.
namespace pinning {
namespace {

using mint::Key;
using mint::Minted;
using testing::AnchorOf;
using testing::ChainOf;
using testing::Dice;
using testing::MintedNow;
using testing_support::Der;

constexpr int kPkis = 600;

struct Made {
  std::string name;
  mint::Spec spec;
  std::string issuer;
  Minted minted = {{}, Key::Shared("p256-leaf")};
};

struct Pki {
  std::vector<Made> roots;
  std::vector<Made> authorities;
  Made leaf;
};

// Break spoils `spec` in one of many ways, now and then.
void Break(Dice& dice, mint::Spec* spec) {
  switch (dice.Below(90)) {
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
      spec->extended_key_usage = {"1.3.6.1.5.5.7.3.2"};  // clientAuth
      break;
    case 5:
      spec->extended_key_usage = {"1.3.6.1.5.5.7.3.1"};  // serverAuth
      break;
    case 6:
      spec->extra.push_back({"1.3.6.1.4.1.55555.1", true, {0x05, 0x00}});
      break;
    case 7:
      spec->corrupt_signature = true;
      break;
    case 8:
      spec->subject_key_id = false;
      break;
    case 9:
      spec->authority_key_id = false;
      break;
    default:
      break;
  }
}

void Constrain(Dice& dice, mint::Spec* spec) {
  static const std::vector<std::string> kTrees = {
      "dns:example.com", "dns:example.net", "dns:www.example.com", "dns:com"};
  if (dice.OneIn(6)) {
    spec->path_length = static_cast<int>(dice.Below(3));
  }
  if (dice.OneIn(12)) {
    spec->permitted = {dice.Pick(kTrees)};
  }
  if (dice.OneIn(12)) {
    spec->excluded = {dice.Pick(kTrees)};
  }
}

Made MakeCa(Dice& dice, const std::string& name, const Made* issuer) {
  Made made;
  made.name = name;
  made.issuer = issuer == nullptr ? name : issuer->name;
  made.spec = mint::Ca(name);
  Constrain(dice, &made.spec);
  Break(dice, &made.spec);
  if (issuer == nullptr) {
    // Of an anchor's own powers, X509_verify_cert heeds its name constraints
    // and its validity only: path_checks_test has the others.
    const mint::Spec spec = std::move(made.spec);
    made.spec = mint::Ca(name);
    made.spec.not_before = spec.not_before;
    made.spec.not_after = spec.not_after;
    made.spec.permitted = spec.permitted;
    made.spec.excluded = spec.excluded;
  }
  // A name has a second key now and then.
  const Key key =
      Key::Shared(absl::StrCat("p256-", name, dice.OneIn(12) ? "-2" : ""));
  made.minted = issuer == nullptr ? mint::SelfSigned(made.spec, key)
                                  : mint::Issue(made.spec, key, issuer->minted);
  return made;
}

Pki MakePki(Dice& dice) {
  Pki pki;
  std::vector<Made> all;
  for (const char* name : {"Root 1", "Root 2"}) {
    pki.roots.push_back(MakeCa(dice, name, nullptr));
    all.push_back(pki.roots.back());
  }
  const size_t authorities = dice.Below(6);
  for (size_t i = 0; i < authorities; ++i) {
    static const std::vector<std::string> kNames = {"A", "B", "C", "D"};
    const Made issuer = dice.Pick(all);
    pki.authorities.push_back(MakeCa(dice, dice.Pick(kNames), &issuer));
    all.push_back(pki.authorities.back());
  }
  static const std::vector<std::string> kHosts = {
      "www.example.com", "example.com", "a.example.net", "*.example.com"};
  const Made issuer = all.back();
  pki.leaf.name = "leaf";
  pki.leaf.issuer = issuer.name;
  pki.leaf.spec = mint::Leaf({dice.Pick(kHosts)});
  Break(dice, &pki.leaf.spec);
  pki.leaf.minted =
      mint::Issue(pki.leaf.spec, Key::Shared("p256-leaf"), issuer.minted);
  // What the server sends: in no order, and perhaps not all.
  for (size_t i = pki.authorities.size(); i > 1; --i) {
    std::swap(pki.authorities[i - 1], pki.authorities[dice.Below(i)]);
  }
  if (!pki.authorities.empty() && dice.OneIn(12)) {
    pki.authorities.pop_back();
  }
  if (dice.OneIn(4)) {
    pki.roots.erase(pki.roots.begin() + dice.Below(2));
  }
  return pki;
}

// An Answer is PathBuilder's, with the first path it found.
struct Answer {
  PathBuilder::Result result;
  std::vector<Certificate> path;
};

Answer AskPathBuilder(const Pki& pki) {
  std::vector<TrustAnchor> anchors;
  for (const Made& root : pki.roots) {
    anchors.push_back(AnchorOf(root.minted));
    anchors.back().enforce_expiry = true;  // as X509_verify_cert does
  }
  std::vector<Minted> chain = {pki.leaf.minted};
  for (const Made& authority : pki.authorities) {
    chain.push_back(authority.minted);
  }
  Answer answer;
  const PathBuilder builder(testing::StoreOf(std::move(anchors)), Limits());
  answer.result =
      builder.Search(ChainOf(chain), KeyPurpose::kServerAuth, MintedNow(),
                     [&](const VerifiedPath& path) {
                       answer.path.assign(path.certificates().begin(),
                                          path.certificates().end());
                       return PathBuilder::Visit::kStop;
                     });
  return answer;
}

// AskBoringSsl returns X509_V_OK or the error.
int AskBoringSsl(Der leaf, std::vector<Der> intermediates,
                 std::vector<Der> roots) {
  testing_support::X509Question question;
  question.leaf = leaf;
  question.intermediates = std::move(intermediates);
  question.roots = std::move(roots);
  question.now = MintedNow();
  return testing_support::AskX509(question).error;
}

int AskBoringSsl(const Pki& pki) {
  std::vector<Der> intermediates;
  for (const Made& authority : pki.authorities) {
    intermediates.push_back(authority.minted.der);
  }
  std::vector<Der> roots;
  for (const Made& root : pki.roots) {
    roots.push_back(root.minted.der);
  }
  return AskBoringSsl(pki.leaf.minted.der, intermediates, roots);
}

// AskBoringSslAboutPath asks about one path and nothing else.
int AskBoringSslAboutPath(const std::vector<Certificate>& path) {
  std::vector<Der> intermediates;
  for (size_t depth = 1; depth + 1 < path.size(); ++depth) {
    intermediates.push_back(path[depth].der());
  }
  return AskBoringSsl(path.front().der(), intermediates, {path.back().der()});
}

bool HasFailed(const Answer& answer, ErrorCode code) {
  const auto& failed = answer.result.failed_paths;
  return std::any_of(failed.begin(), failed.end(), [&](const FailedPath& path) {
    return path.error.code == code;
  });
}

bool AnyAuthority(const Pki& pki, bool (*holds)(const Made&)) {
  return std::any_of(pki.roots.begin(), pki.roots.end(), holds) ||
         std::any_of(pki.authorities.begin(), pki.authorities.end(), holds);
}

// Explains returns whether a rule says why the two differ.
bool Explains(const Pki& pki, const Answer& answer) {
  if (!answer.path.empty()) {
    // X509_verify_cert builds one path and does not go back to another
    // candidate when that one fails. Left no choice, it must agree.
    return AskBoringSslAboutPath(answer.path) == X509_V_OK;
  }
  // X509_verify_cert does not heed the path length of a self-issued
  // certificate. (RFC 5280, 6.1.4(m) lets it go uncounted, not unheard.)
  if (HasFailed(answer, ErrorCode::kPathLengthExceeded)) {
    return AnyAuthority(pki, [](const Made& made) {
      return made.issuer == made.name && made.spec.path_length.has_value();
    });
  }
  // X509_verify_cert compares a wildcard with an excluded host as if it were a
  // host itself, though it matches that one (CVE-2025-61727).
  return HasFailed(answer, ErrorCode::kNameConstraintViolated) &&
         absl::StartsWith(pki.leaf.spec.dns_names[0], "*") &&
         AnyAuthority(
             pki, [](const Made& made) { return !made.spec.excluded.empty(); });
}

TEST(PathDifferentialTest, AgreesWithBoringSslOnRandomPkis) {
  Dice dice(/*seed=*/20260101);
  int both_accept = 0;
  int both_refuse = 0;
  int explained = 0;
  for (int i = 0; i < kPkis; ++i) {
    SCOPED_TRACE(absl::StrCat("PKI ", i));
    const Pki pki = MakePki(dice);
    const Answer answer = AskPathBuilder(pki);
    const PathBuilder::Result& ours = answer.result;
    const int theirs = AskBoringSsl(pki);
    const bool accepted = !answer.path.empty();
    EXPECT_FALSE(ours.exhausted_budget);
    if (accepted == (theirs == X509_V_OK)) {
      ++(accepted ? both_accept : both_refuse);
      continue;
    }
    ++explained;
    EXPECT_TRUE(Explains(pki, answer))
        << "PathBuilder: "
        << (accepted ? "accepts" : ErrorCodeName(ours.best_error.code))
        << " at depth " << ours.best_error.depth << ", "
        << ours.best_error.detail
        << "; X509_verify_cert: " << testing_support::X509ErrorText(theirs);
  }
  RecordProperty("both_accept", both_accept);
  RecordProperty("both_refuse", both_refuse);
  RecordProperty("explained", explained);
  // Neither answer is the exception, and agreement is the rule.
  EXPECT_GT(both_accept, kPkis / 5);
  EXPECT_GT(both_refuse, kPkis / 5);
  EXPECT_LT(explained, kPkis / 10);
  EXPECT_GT(explained, 0);
}

}  // namespace
}  // namespace pinning
