#include "pinning/trust_store.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/status_macros.h"

namespace pinning {

struct TrustStore::Rep {
  std::vector<TrustAnchor> anchors;  // in the order added
  // Indices into `anchors`, ascending, by normalized subject.
  absl::flat_hash_map<std::string, std::vector<size_t>> by_subject;
  std::vector<Pin> distrusted;  // ascending, no duplicates
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
  const auto found = rep_->by_subject.find(issued.parsed().issuer.normalized);
  if (found == rep_->by_subject.end()) {
    return anchors;
  }
  for (const size_t index : found->second) {
    anchors.push_back(&rep_->anchors[index]);
  }
  return anchors;
}

const TrustAnchor* TrustStore::FindKey(const Certificate& certificate) const {
  const auto found =
      rep_->by_subject.find(certificate.parsed().subject.normalized);
  if (found == rep_->by_subject.end()) {
    return nullptr;
  }
  const TrustAnchor* first = nullptr;
  for (const size_t index : found->second) {
    const TrustAnchor& anchor = rep_->anchors[index];
    if (anchor.certificate.spki_der() != certificate.spki_der()) {
      continue;
    }
    if (anchor.origin == TrustAnchor::Origin::kBundled) {
      return &anchor;
    }
    if (first == nullptr) {
      first = &anchor;
    }
  }
  return first;
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
  for (const TrustAnchor& anchor : anchors_) {
    std::vector<size_t>& same_subject =
        rep->by_subject[anchor.certificate.parsed().subject.normalized];
    const auto known = std::find_if(
        same_subject.begin(), same_subject.end(), [&](size_t index) {
          return rep->anchors[index].certificate == anchor.certificate;
        });
    if (known == same_subject.end()) {
      same_subject.push_back(rep->anchors.size());
      rep->anchors.push_back(anchor);
      continue;
    }
    TrustAnchor& kept = rep->anchors[*known];
    if (anchor.origin == TrustAnchor::Origin::kBundled) {
      kept.origin = TrustAnchor::Origin::kBundled;
    }
    kept.enforce_expiry |= anchor.enforce_expiry;
    kept.enforce_constraints |= anchor.enforce_constraints;
  }
  rep->distrusted = distrusted_;
  std::sort(rep->distrusted.begin(), rep->distrusted.end());
  rep->distrusted.erase(
      std::unique(rep->distrusted.begin(), rep->distrusted.end()),
      rep->distrusted.end());
  // The constructor is private, so std::make_shared cannot call it.
  return std::shared_ptr<const TrustStore>(new TrustStore(std::move(rep)));
}

}  // namespace pinning
