#include "pinning/trust_store.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/hash/hash.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/status_macros.h"

namespace pinning {

namespace {

// HashOf returns a hash of `name` that names which match have in common.
uint32_t HashOf(const std::string& normalized) {
  return static_cast<uint32_t>(absl::HashOf(normalized));
}

}  // namespace

struct TrustStore::Rep {
  // A Subject is that of the anchor at `index`.
  struct Subject {
    uint32_t hash;
    uint32_t index;

    friend bool operator<(const Subject& a, const Subject& b) {
      return std::tie(a.hash, a.index) < std::tie(b.hash, b.index);
    }
  };

  // Visit calls `visit` with the anchors whose subject matches `name`, in
  // order, until it returns false.
  void Visit(const internal::Name& name,
             absl::FunctionRef<bool(const TrustAnchor&)> visit) const {
    const uint32_t hash = HashOf(internal::NormalizedOf(name));
    for (auto found = std::lower_bound(by_subject.begin(), by_subject.end(),
                                       Subject{hash, 0});
         found != by_subject.end() && found->hash == hash; ++found) {
      const TrustAnchor& anchor = anchors[found->index];
      if (internal::NamesMatch(anchor.certificate.parsed().subject, name) &&
          !visit(anchor)) {
        return;
      }
    }
  }

  std::vector<TrustAnchor> anchors;  // in the order added
  std::vector<Subject> by_subject;   // ascending
  std::vector<Pin> distrusted;       // ascending, no duplicates
};

absl::StatusOr<std::shared_ptr<const TrustStore>> TrustStore::FromPem(
    absl::string_view pem, TrustAnchor::Origin origin) {
  Builder builder;
  PINNING_RETURN_IF_ERROR(builder.AddPem(pem, origin));
  return builder.Build();
}

std::vector<const TrustAnchor*> TrustStore::AnchorsFor(
    const Certificate& issued) const {
  std::vector<const TrustAnchor*> anchors;
  rep_->Visit(issued.parsed().issuer, [&anchors](const TrustAnchor& anchor) {
    anchors.push_back(&anchor);
    return true;
  });
  return anchors;
}

const TrustAnchor* TrustStore::FindKey(const Certificate& certificate) const {
  const TrustAnchor* found = nullptr;
  rep_->Visit(certificate.parsed().subject, [&](const TrustAnchor& anchor) {
    const bool bundled = anchor.origin == TrustAnchor::Origin::kBundled;
    if (anchor.certificate.spki_der() == certificate.spki_der() &&
        (found == nullptr || bundled)) {
      found = &anchor;
    }
    return found == nullptr || found->origin != TrustAnchor::Origin::kBundled;
  });
  return found;
}

bool TrustStore::IsDistrusted(const Pin& spki) const {
  return std::binary_search(rep_->distrusted.begin(), rep_->distrusted.end(),
                            spki);
}

bool TrustStore::IsDistrusted(const Certificate& certificate) const {
  return !rep_->distrusted.empty() && IsDistrusted(certificate.pin());
}

absl::Span<const TrustAnchor> TrustStore::anchors() const {
  return rep_->anchors;
}

std::vector<Pin> TrustStore::distrusted() const { return rep_->distrusted; }

TrustStore::TrustStore(std::unique_ptr<const Rep> rep) : rep_(std::move(rep)) {}

TrustStore::~TrustStore() = default;

TrustStore::Builder& TrustStore::Builder::AddAnchor(TrustAnchor anchor) {
  anchors_.push_back(std::move(anchor));
  return *this;
}

absl::Status TrustStore::Builder::AddPem(absl::string_view pem,
                                         TrustAnchor::Origin origin) {
  PINNING_ASSIGN_OR_RETURN(std::vector<Certificate> certificates,
                           Certificate::ListFromPem(pem));
  for (Certificate& certificate : certificates) {
    anchors_.push_back(TrustAnchor{std::move(certificate), origin});
  }
  return absl::OkStatus();
}

TrustStore::Builder& TrustStore::Builder::AddDistrusted(const Pin& spki) {
  distrusted_.push_back(spki);
  return *this;
}

std::shared_ptr<const TrustStore> TrustStore::Builder::Build() const {
  auto rep = std::make_unique<Rep>();
  rep->anchors.reserve(anchors_.size());
  absl::flat_hash_map<absl::Span<const uint8_t>, size_t> by_der;
  for (const TrustAnchor& anchor : anchors_) {
    const auto [known, is_new] =
        by_der.try_emplace(anchor.certificate.der(), rep->anchors.size());
    if (is_new) {
      rep->anchors.push_back(anchor);
      continue;
    }
    TrustAnchor& kept = rep->anchors[known->second];
    if (anchor.origin == TrustAnchor::Origin::kBundled) {
      kept.origin = TrustAnchor::Origin::kBundled;
    }
    kept.enforce_expiry |= anchor.enforce_expiry;
    kept.enforce_constraints |= anchor.enforce_constraints;
  }
  rep->by_subject.reserve(rep->anchors.size());
  for (const TrustAnchor& anchor : rep->anchors) {
    rep->by_subject.push_back(
        {HashOf(internal::Normalize(anchor.certificate.parsed().subject.der)),
         static_cast<uint32_t>(rep->by_subject.size())});
  }
  std::sort(rep->by_subject.begin(), rep->by_subject.end());
  rep->distrusted = distrusted_;
  std::sort(rep->distrusted.begin(), rep->distrusted.end());
  rep->distrusted.erase(
      std::unique(rep->distrusted.begin(), rep->distrusted.end()),
      rep->distrusted.end());
  // The constructor is private, so std::make_shared cannot call it.
  return std::shared_ptr<const TrustStore>(new TrustStore(std::move(rep)));
}

}  // namespace pinning
