#include "tests/fuzz/path_world.h"

#include <array>
#include <cstddef>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/mint/mint.h"

namespace fuzz {
namespace {

using pinning::Certificate;

constexpr size_t kNames = 5;
constexpr size_t kKeys = 4;
constexpr size_t kFlaws = 12;
constexpr size_t kConstraints = 10;
constexpr size_t kHosts = 5;
constexpr size_t kMaxPresented = 12;

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
      spec->not_after = Now() - absl::Hours(1);
      break;
    case 2:
      spec->not_before = Now() + absl::Hours(1);
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

}  // namespace

absl::Time Now() { return absl::FromUnixSeconds(1783000000); }

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
  world.strict_anchors = (setup & 16) != 0 && (setup & 32) == 0;
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

}  // namespace fuzz
