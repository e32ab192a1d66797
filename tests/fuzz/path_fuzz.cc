// The search for paths, on certificate graphs that the input draws: names and
// keys that repeat, cross-signs, loops, wrong keys, path lengths, constraints,
// times. Every signature is real, or is wrong because the input chose so.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/chain.h"
#include "pinning/error.h"
#include "pinning/interception.h"
#include "pinning/path_builder.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/path_world.h"
#include "tests/testing/x509_oracle.h"

namespace {

using fuzz::Require;
using fuzz::World;
using pinning::Certificate;
using pinning::PathBuilder;
using pinning::VerifiedPath;

bool Holds(absl::Span<const Certificate> all, const Certificate& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// Issued is X509Issued, asked once of each two certificates of the cache.
bool Issued(const Certificate& issuer, const Certificate& issued) {
  static auto& cache =
      *new std::map<std::pair<const uint8_t*, const uint8_t*>, bool>();
  const auto [found, added] = cache.emplace(
      std::make_pair(issuer.der().data(), issued.der().data()), false);
  if (added) {
    found->second = testing_support::X509Issued(issuer.der(), issued.der());
  }
  return found->second;
}

// CheckPath proves a path that was accepted with BoringSSL's X.509 code.
void CheckPath(const World& world, const VerifiedPath& path) {
  const absl::Span<const Certificate> certificates = path.certificates();
  Require(certificates.size() <= static_cast<size_t>(world.limits.max_depth),
          "a path is no longer than the limit");
  Require(path.leaf() == world.presented.front(), "a path is of the leaf");
  Require(std::any_of(world.trust_store->anchors().begin(),
                      world.trust_store->anchors().end(),
                      [&](const pinning::TrustAnchor& anchor) {
                        return anchor.certificate == path.anchor();
                      }),
          "a path ends in an anchor");
  for (size_t depth = 0; depth < certificates.size(); ++depth) {
    const Certificate& certificate = certificates[depth];
    Require(!world.trust_store->IsDistrusted(certificate.pin()),
            "no key on a path is distrusted");
    if (depth + 1 < certificates.size()) {
      Require(Holds(world.presented, certificate),
              "what is below the anchor was presented");
      Require(certificate.not_before() <= fuzz::Now() &&
                  fuzz::Now() <= certificate.not_after(),
              "what is below the anchor is valid now");
      Require(Issued(certificates[depth + 1], certificate),
              "each certificate is signed by the next");
    }
  }
}

// CheckWithX509 has X509_verify_cert judge an accepted path. It may look at
// another path through the same certificates; then it says nothing of this one.
void CheckWithX509(const World& world, const VerifiedPath& path) {
  const absl::Span<const Certificate> certificates = path.certificates();
  testing_support::X509Question question;
  question.leaf = path.leaf().der();
  for (size_t depth = 1; depth + 1 < certificates.size(); ++depth) {
    question.intermediates.push_back(certificates[depth].der());
  }
  question.roots = {path.anchor().der()};
  question.now = fuzz::Now();
  question.client_auth = world.purpose == pinning::KeyPurpose::kClientAuth;
  question.host = world.host;
  const testing_support::X509Answer answer = testing_support::AskX509(question);
  const bool same_path = std::equal(
      certificates.begin(), certificates.end(), answer.chain.begin(),
      answer.chain.end(), [](const Certificate& ours, const auto& theirs) {
        return ours.der() == absl::MakeConstSpan(theirs);
      });
  Require(!same_path || answer.error == 0, "X509_verify_cert accepts it too");
}

// CheckSearch returns what a search found in words: two that are equal found
// the same.
std::string CheckSearch(const World& world, const pinning::Chain& chain) {
  const PathBuilder builder(world.trust_store, world.limits);
  std::vector<std::string> seen;
  const PathBuilder::Result result = builder.Search(
      chain, world.purpose, fuzz::Now(), [&](const VerifiedPath& path) {
        CheckPath(world, path);
        std::string text;
        for (const Certificate& certificate : path.certificates()) {
          text.append(certificate.der().begin(), certificate.der().end());
        }
        Require(std::find(seen.begin(), seen.end(), text) == seen.end(),
                "no path is visited twice");
        seen.push_back(std::move(text));
        return PathBuilder::Visit::kContinue;
      });
  Require(result.paths_visited == static_cast<int>(seen.size()),
          "visits are counted");
  Require(result.signatures_checked <= world.limits.max_signatures,
          "signatures are within the limit");
  Require(result.failed_paths.size() <= PathBuilder::kMaxFailedPaths,
          "few failures are kept");
  if (seen.empty()) {
    const auto code = result.best_error.code;
    Require(code != pinning::ErrorCode::kUnspecified,
            "a search without a path says why");
    Require(
        code != pinning::ErrorCode::kBudgetExhausted || result.exhausted_budget,
        "what is cut off is reported");
    Require(result.best_error.depth < world.limits.max_depth,
            "a depth is on the path");
  }
  return absl::StrCat(seen.size(), " ", result.signatures_checked, " ",
                      pinning::ErrorCodeName(result.best_error.code), " ",
                      result.best_error.depth, " ", result.best_error.detail,
                      " ", result.failed_paths.size(), "\n",
                      seen.empty() ? "" : seen.front());
}

std::shared_ptr<const pinning::Verifier> VerifierOf(const World& world) {
  static const auto& catalogue =
      *new std::shared_ptr<const pinning::InterceptorCatalogue>(
          pinning::InterceptorCatalogue::BuiltIn());
  pinning::Verifier::Options options;
  options.trust_store = world.trust_store;
  options.pin_store = pinning::PinStore::Empty();
  options.interceptors = catalogue;
  options.purpose = world.purpose;
  options.limits = world.limits;
  const auto verifier = pinning::Verifier::Create(std::move(options));
  Require(verifier.ok(), "a verifier is made");
  return *verifier;
}

std::string CheckVerdict(const World& world, const pinning::Verifier& verifier,
                         const pinning::Chain& chain) {
  const auto name = pinning::ServerName::FromString(world.host);
  Require(name.ok(), "the host is a name");
  const pinning::Verdict verdict = verifier.Verify(chain, *name, fuzz::Now());
  Require(verdict.accepted() ==
              (verdict.error().code == pinning::ErrorCode::kUnspecified),
          "a refusal has a reason, and nothing else has");
  if (verdict.accepted()) {
    Require(verdict.path() != nullptr, "what is accepted has a path");
    CheckPath(world, *verdict.path());
    Require(
        testing_support::X509IsFor(verdict.path()->leaf().der(), world.host),
        "the leaf is for the host");
    if (world.strict_anchors) {
      CheckWithX509(world, *verdict.path());
    }
  }
  return verdict.ToString();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::ByteSource bytes(data, size);
  const World world = fuzz::WorldOf(bytes);
  const auto chain = pinning::Chain::FromCertificates(world.presented);
  Require(chain.ok(), "a chain is made");
  Require(CheckSearch(world, *chain) == CheckSearch(world, *chain),
          "a search is deterministic");
  const std::shared_ptr<const pinning::Verifier> verifier = VerifierOf(world);
  Require(CheckVerdict(world, *verifier, *chain) ==
              CheckVerdict(world, *verifier, *chain),
          "a verdict is deterministic");
  return 0;
}
