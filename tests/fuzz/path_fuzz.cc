// The search for paths, on certificate graphs that the input draws: names and
// keys that repeat, cross-signs, loops, wrong keys, path lengths, constraints,
// times. Every signature is real, or is wrong because the input chose so.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/chain.h"
#include "pinning/error.h"
#include "pinning/path_builder.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/fuzz/fuzz.h"
#include "tests/testing/x509_oracle.h"
#include "tools/mint/mint.h"

namespace {

using fuzz::ByteSource;
using fuzz::Require;
using pinning::Certificate;
using pinning::PathBuilder;
using pinning::VerifiedPath;

constexpr size_t kNames = 5;
constexpr size_t kKeys = 4;
constexpr size_t kFlaws = 12;
constexpr size_t kConstraints = 10;
constexpr size_t kHosts = 5;
constexpr size_t kMaxPresented = 12;

const absl::Time kNow = absl::FromUnixSeconds(1783000000);

// A Choice is what the input decides of one certificate.
struct Choice {
  std::array<size_t, 7> digits = {};
  size_t name() const { return digits[0]; }
  size_t key() const { return digits[1]; }
  size_t issuer_name() const { return digits[2]; }
  size_t issuer_key() const { return digits[3]; }
  size_t flaw() const { return digits[4]; }
  size_t constraint() const { return digits[5]; }
  size_t host() const { return digits[6]; }  // of a leaf; else kHosts
};

std::string NameOf(size_t name) { return absl::StrCat("N", name); }

mint::Key KeyOf(size_t key) {
  return mint::Key::Shared(absl::StrCat("p256-", key));
}

std::string HostOf(size_t host) {
  static const char* const kTexts[kHosts] = {"www.example.com", "example.com",
                                             "*.example.com", "a.example.net",
                                             "192.0.2.1"};
  return kTexts[host];
}

void Spoil(size_t flaw, mint::Spec* spec) {
  switch (flaw) {
    case 1:
      spec->not_after = kNow - absl::Hours(1);
      break;
    case 2:
      spec->not_before = kNow + absl::Hours(1);
      break;
    case 3:
      spec->is_ca = false;
      break;
    case 4:
      spec->key_usage = 1 << 6;  // cRLSign
      break;
    case 5:
      spec->extended_key_usage = {"1.3.6.1.5.5.7.3.2"};  // clientAuth
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
    case 10:
      spec->serial = {0};
      break;
    case 11:
      spec->is_ca.reset();
      break;
    default:
      break;
  }
}

void Constrain(size_t constraint, mint::Spec* spec) {
  switch (constraint) {
    case 1:
    case 2:
    case 3:
      spec->path_length = static_cast<int>(constraint) - 1;
      break;
    case 4:
      spec->permitted = {"dns:example.com"};
      break;
    case 5:
      spec->permitted = {"dns:example.net", "ip:192.0.2.0/24"};
      break;
    case 6:
      spec->excluded = {"dns:www.example.com"};
      break;
    case 7:
      spec->excluded = {"ip:192.0.2.0/24"};
      break;
    case 8:
      spec->permitted = {"cn:N1"};
      break;
    case 9:
      spec->excluded = {"dns:example.net", "cn:N2"};
      break;
    default:
      break;
  }
}

// IssuerOf returns who signs as the name and key that `choice` gives.
const mint::Minted& IssuerOf(const Choice& choice) {
  static auto& cache = *new std::map<std::pair<size_t, size_t>, mint::Minted>();
  const std::pair<size_t, size_t> key(choice.issuer_name(),
                                      choice.issuer_key());
  const auto found = cache.find(key);
  return found != cache.end()
             ? found->second
             : cache
                   .emplace(key, mint::SelfSigned(
                                     mint::Ca(NameOf(choice.issuer_name())),
                                     KeyOf(choice.issuer_key())))
                   .first->second;
}

Certificate Make(const Choice& choice) {
  const bool is_leaf = choice.host() < kHosts;
  mint::Spec spec = is_leaf ? mint::Leaf({}) : mint::Ca(NameOf(choice.name()));
  if (is_leaf) {
    spec.common_name = "leaf";
    (choice.host() == kHosts - 1 ? spec.ip_addresses
                                 : spec.dns_names) = {HostOf(choice.host())};
  } else {
    Constrain(choice.constraint(), &spec);
  }
  spec.serial = {1};
  Spoil(choice.flaw(), &spec);
  const mint::Key key = KeyOf(is_leaf ? kKeys : choice.key());
  const auto certificate =
      Certificate::FromDer(mint::Issue(spec, key, IssuerOf(choice)).der);
  Require(certificate.ok(), "what is minted parses");
  return *certificate;
}

// Minted returns the certificate that `choice` describes. Signing dominates
// the time of a run, so certificates are kept for the next one.
const Certificate& Minted(const Choice& choice) {
  static auto& cache = *new std::map<std::array<size_t, 7>, Certificate>();
  const auto found = cache.find(choice.digits);
  return found != cache.end()
             ? found->second
             : cache.emplace(choice.digits, Make(choice)).first->second;
}

Choice ChooseAuthority(ByteSource& bytes) {
  Choice choice;
  choice.digits = {bytes.Below(kNames),
                   bytes.Below(kKeys),
                   bytes.Below(kNames),
                   bytes.Below(kKeys),
                   0,
                   0,
                   kHosts};
  // One octet for both, so that most certificates have no flaw.
  const size_t trouble = bytes.Below(256);
  if (trouble >= 192) {
    choice.digits[4] = trouble % kFlaws;
  } else if (trouble >= 96) {
    choice.digits[5] = trouble % kConstraints;
  }
  return choice;
}

// A World is everything that one input describes.
struct World {
  std::vector<Certificate> presented;
  std::shared_ptr<const pinning::TrustStore> trust_store;
  pinning::KeyPurpose purpose;
  pinning::Limits limits;
  std::string host;
};

World WorldOf(ByteSource& bytes) {
  World world;
  const size_t setup = bytes.Below(256);
  world.purpose = (setup & 1) != 0 ? pinning::KeyPurpose::kClientAuth
                                   : pinning::KeyPurpose::kServerAuth;
  if ((setup & 2) != 0) {
    world.limits.max_signatures = 1 + static_cast<int>(setup >> 4);
  }
  if ((setup & 4) != 0) {
    world.limits.max_build_calls = 1 + static_cast<int>(setup >> 3);
    world.limits.max_depth = 1 + static_cast<int>(setup >> 5);
  }
  if ((setup & 8) != 0) {
    world.limits.max_name_comparisons = 1 + static_cast<int>(setup >> 4);
  }
  const size_t host = bytes.Below(kHosts);
  world.host = HostOf(host == 2 ? 0 : host);  // a wildcard is no host
  pinning::TrustStore::Builder store;
  const size_t anchors = 1 + bytes.Below(3);
  for (size_t i = 0; i < anchors; ++i) {
    Choice choice = ChooseAuthority(bytes);
    choice.digits[2] = choice.name();
    choice.digits[3] = choice.key();
    pinning::TrustAnchor anchor{Minted(choice)};
    anchor.enforce_expiry = (setup & 16) != 0;
    anchor.enforce_constraints = (setup & 32) == 0;
    store.AddAnchor(std::move(anchor));
  }
  Choice leaf = ChooseAuthority(bytes);
  leaf.digits[0] = leaf.digits[1] = leaf.digits[5] = 0;
  leaf.digits[6] = bytes.Below(kHosts);
  world.presented.push_back(Minted(leaf));
  while (!bytes.empty() && world.presented.size() < kMaxPresented) {
    world.presented.push_back(Minted(ChooseAuthority(bytes)));
  }
  if ((setup & 64) != 0) {
    store.AddDistrusted(world.presented.back().pin());
  }
  world.trust_store = store.Build();
  return world;
}

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
      Require(
          certificate.not_before() <= kNow && kNow <= certificate.not_after(),
          "what is below the anchor is valid now");
      Require(Issued(certificates[depth + 1], certificate),
              "each certificate is signed by the next");
    }
  }
}

// CheckSearch returns what a search found in words: two that are equal found
// the same.
std::string CheckSearch(const World& world, const pinning::Chain& chain) {
  const PathBuilder builder(world.trust_store, world.limits);
  std::vector<std::string> seen;
  const PathBuilder::Result result =
      builder.Search(chain, world.purpose, kNow, [&](const VerifiedPath& path) {
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

std::string CheckVerdict(const World& world, const pinning::Chain& chain) {
  pinning::Verifier::Options options;
  options.trust_store = world.trust_store;
  options.pin_store = pinning::PinStore::Empty();
  options.purpose = world.purpose;
  options.limits = world.limits;
  const auto verifier = pinning::Verifier::Create(std::move(options));
  const auto name = pinning::ServerName::FromString(world.host);
  Require(verifier.ok() && name.ok(), "a verifier and a name are made");
  const pinning::Verdict verdict = (*verifier)->Verify(chain, *name, kNow);
  Require(verdict.accepted() ==
              (verdict.error().code == pinning::ErrorCode::kUnspecified),
          "a refusal has a reason, and nothing else has");
  if (verdict.accepted()) {
    Require(verdict.path() != nullptr, "what is accepted has a path");
    CheckPath(world, *verdict.path());
    Require(
        testing_support::X509IsFor(verdict.path()->leaf().der(), world.host),
        "the leaf is for the host");
  }
  return verdict.ToString();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteSource bytes(data, size);
  const World world = WorldOf(bytes);
  const auto chain = pinning::Chain::FromCertificates(world.presented);
  Require(chain.ok(), "a chain is made");
  Require(CheckSearch(world, *chain) == CheckSearch(world, *chain),
          "a search is deterministic");
  Require(CheckVerdict(world, *chain) == CheckVerdict(world, *chain),
          "a verdict is deterministic");
  return 0;
}
