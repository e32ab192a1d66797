#include "pinning/key_observer.h"

#include <openssl/bytestring.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <list>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/registered_domain.h"
#include "pinning/pin.h"

namespace pinning {
namespace {

// Hosts with one key whose names are compared: a leaf may have thousands.
constexpr size_t kMaxSameKey = 64;

std::string TextOf(absl::Span<const uint8_t> bytes) {
  return std::string(bytes.begin(), bytes.end());
}

// An IssuerId tells one issuer from another; empty if it cannot be told.
struct IssuerId {
  std::string id;
  bool proved = false;
};

IssuerId IssuerOf(const KeyObserver::Sighting& sighting) {
  if (sighting.issuer != nullptr && sighting.issuer_signed) {
    return {TextOf(sighting.issuer->pin().digest()), true};
  }
  // Without a key identifier a name says too little: "CN=proxy" is many.
  const internal::ParsedCertificate& leaf = sighting.leaf->parsed();
  if (!leaf.authority_key_id.has_value() ||
      !leaf.authority_key_id->key_id.has_value() ||
      internal::NamesMatch(leaf.issuer, leaf.subject)) {
    return {};
  }
  return {absl::StrCat(internal::NormalizedOf(leaf.issuer), "\n",
                       TextOf(*leaf.authority_key_id->key_id)),
          false};
}

void DescribeKey(const Certificate& leaf, LastSeen* seen) {
  CBS cbs;
  CBS_init(&cbs, leaf.spki_der().data(), leaf.spki_der().size());
  const bssl::UniquePtr<EVP_PKEY> key(EVP_parse_public_key(&cbs));
  ERR_clear_error();
  if (key == nullptr) {
    return;
  }
  seen->key_bits = EVP_PKEY_bits(key.get());
  switch (EVP_PKEY_id(key.get())) {
    case EVP_PKEY_RSA:
      seen->key_type = "RSA";
      break;
    case EVP_PKEY_EC:
      seen->key_type = "EC";
      break;
    case EVP_PKEY_ED25519:
      seen->key_type = "Ed25519";
      break;
    default:
      break;
  }
}

LastSeen Describe(const KeyObserver::Sighting& sighting) {
  LastSeen seen;
  seen.when = sighting.now;
  seen.accepted = sighting.accepted;
  DescribeKey(*sighting.leaf, &seen);
  seen.serial = absl::BytesToHexString(TextOf(sighting.leaf->serial()));
  const ConnectionFacts& facts = *sighting.facts;
  if (facts.alpn.has_value()) {
    seen.had_alpn = !facts.alpn->empty();
  }
  if (facts.ocsp_response.has_value()) {
    seen.had_staple = !facts.ocsp_response->empty();
  }
  if (facts.sct_list.has_value()) {
    seen.had_tls_sct = !facts.sct_list->empty();
  }
  return seen;
}

// A Host is what is remembered of one.
struct Host {
  ServerName name;
  std::string domain;  // registered; empty: compared with nothing
  Certificate leaf;    // of the latest sighting
  IssuerId issuer;
  bool vouched = false;  // by a bundled anchor, for this name or not
  bool hosted = false;   // vouched, and the leaf covers the name
  LastSeen last;         // see LastSeen for which sighting it is of
  Pin last_key;          // the leaf's then
};

Host HostOf(const KeyObserver::Sighting& sighting) {
  const ServerName& name = *sighting.name;
  Host host{name,
            std::string(),
            *sighting.leaf,
            IssuerOf(sighting),
            sighting.vouched,
            sighting.vouched && name.Matches(*sighting.leaf),
            Describe(sighting),
            sighting.leaf->pin()};
  if (name.kind() == ServerName::Kind::kDns) {
    host.domain = std::string(internal::RegisteredDomain(name.ToString()));
  }
  return host;
}

bool Unrelated(const Host& a, const Host& b) {
  return !a.domain.empty() && !b.domain.empty() && a.domain != b.domain;
}

// CoversBoth returns whether `leaf` is for both names: then it is one server's
// certificate for both.
bool CoversBoth(const Certificate& leaf, const Host& a, const Host& b) {
  return a.name.Matches(leaf) && b.name.Matches(leaf);
}

// SharesLeafKey returns whether it is a sign that `a` and `b` have one key.
bool SharesLeafKey(const Host& a, const Host& b) {
  return !a.hosted && !b.hosted && Unrelated(a, b) &&
         !CoversBoth(a.leaf, a, b) && !CoversBoth(b.leaf, a, b);
}

bool SharesIssuer(const Host& a, const Host& b) {
  return !a.issuer.id.empty() && a.issuer.proved == b.issuer.proved &&
         a.issuer.id == b.issuer.id && !a.vouched && !b.vouched &&
         Unrelated(a, b);
}

void Append(const Host& host, std::vector<std::string>* hosts) {
  if (hosts->size() < SeenElsewhere::kMaxHosts) {
    hosts->push_back(host.name.ToString());
  }
}

}  // namespace

struct KeyObserver::Rep {
  explicit Rep(size_t max) : max_hosts(max) {}

  const size_t max_hosts;
  mutable absl::Mutex mutex;
  std::list<Host> hosts ABSL_GUARDED_BY(mutex);  // most recent first
  absl::flat_hash_map<std::string, std::list<Host>::iterator> by_name
      ABSL_GUARDED_BY(mutex);

  // Compare returns what the other hosts have in common with `seen`.
  SeenElsewhere Compare(const Host& seen) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);

  // Replace puts `seen` in front, in place of what is known of it.
  void Replace(Host seen) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
};

SeenElsewhere KeyObserver::Rep::Compare(const Host& seen) const {
  SeenElsewhere result;
  result.issuer_key_proved = seen.issuer.proved;
  size_t same_key = 0;
  for (const Host& host : hosts) {
    if (host.leaf.pin() == seen.leaf.pin() && ++same_key <= kMaxSameKey &&
        SharesLeafKey(seen, host)) {
      Append(host, &result.leaf_key_hosts);
    }
    if (SharesIssuer(seen, host)) {
      Append(host, &result.issuer_key_hosts);
    }
  }
  const auto known = by_name.find(seen.name.ToString());
  if (known != by_name.end()) {
    result.last_seen = known->second->last;
    result.last_seen->same_key = known->second->last_key == seen.leaf.pin();
  }
  return result;
}

void KeyObserver::Rep::Replace(Host seen) {
  const auto known = by_name.find(seen.name.ToString());
  if (known != by_name.end()) {
    const Host& before = *known->second;
    if (before.last.accepted && !seen.last.accepted) {
      seen.last = before.last;
      seen.last_key = before.last_key;
    }
    hosts.erase(known->second);
    by_name.erase(known);
  }
  hosts.push_front(std::move(seen));
  by_name.emplace(hosts.front().name.ToString(), hosts.begin());
  while (hosts.size() > max_hosts) {
    by_name.erase(hosts.back().name.ToString());
    hosts.pop_back();
  }
}

KeyObserver::KeyObserver(size_t max_hosts)
    : rep_(std::make_unique<Rep>(max_hosts)) {}

KeyObserver::~KeyObserver() = default;

SeenElsewhere KeyObserver::Record(const Sighting& sighting) {
  Host seen = HostOf(sighting);  // the work, and outside the lock
  absl::MutexLock lock(&rep_->mutex);
  SeenElsewhere result = rep_->Compare(seen);
  rep_->Replace(std::move(seen));
  return result;
}

size_t KeyObserver::size() const {
  absl::MutexLock lock(&rep_->mutex);
  return rep_->hosts.size();
}

}  // namespace pinning
