#include "pinning/internal/path_graph.h"

#include <algorithm>
#include <utility>

#include "pinning/internal/byte_hash.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/parsed_certificate.h"

namespace pinning {
namespace internal {
namespace {

// FindExact returns the anchor that is `leaf` itself, or null. A leaf that is
// an anchor needs no issuer, but has to be that very certificate: a name and a
// key do for an authority, while the other names in a leaf are nobody's word
// but its own.
const TrustAnchor* FindExact(const TrustStore& store, const Certificate& leaf) {
  if (store.FindKey(leaf) == nullptr) {
    return nullptr;
  }
  for (const TrustAnchor& anchor : store.anchors()) {
    if (anchor.certificate == leaf) {
      return &anchor;
    }
  }
  return nullptr;
}

}  // namespace

PathGraph::PathGraph(const TrustStore& trust_store, const Chain& chain)
    : trust_store_(trust_store) {
  Add(chain.leaf(), /*is_leaf=*/true, FindExact(trust_store, chain.leaf()));
  for (const Certificate& certificate : chain.intermediates()) {
    const bool known =
        std::any_of(nodes_.begin(), nodes_.end(), [&](const Node& node) {
          return *node.position.certificate == certificate;
        });
    if (!known) {
      Add(certificate, /*is_leaf=*/false, nullptr);
    }
  }
  presented_ = nodes_.size();
}

void PathGraph::Add(const Certificate& certificate, bool is_leaf,
                    const TrustAnchor* anchor) {
  Node node;
  node.position.certificate = &certificate;
  node.position.is_leaf = is_leaf;
  node.position.anchor = anchor;
  node.key = static_cast<int>(nodes_.size());
  for (const Node& other : nodes_) {
    if (SameBytes(other.position.certificate->spki_der(),
                  certificate.spki_der())) {
      node.key = other.key;
      break;
    }
  }
  nodes_.push_back(std::move(node));
}

int PathGraph::NodeOf(const TrustAnchor& anchor) {
  for (size_t i = presented_; i < nodes_.size(); ++i) {
    if (nodes_[i].position.anchor == &anchor) {
      return static_cast<int>(i);
    }
  }
  Add(anchor.certificate, /*is_leaf=*/false, &anchor);
  return static_cast<int>(nodes_.size()) - 1;
}

Nodes PathGraph::IssuersOf(int node) {
  if (!nodes_[node].issuers.has_value()) {
    Nodes issuers = FindIssuers(node);  // which may add nodes
    nodes_[node].issuers = std::move(issuers);
  }
  return *nodes_[node].issuers;
}

Nodes PathGraph::FindIssuers(int node) {
  Nodes issuers;
  // Adds to those from `first` on, in order of their hints.
  const auto add = [&](size_t first, int candidate) {
    const auto place = std::upper_bound(
        issuers.begin() + first, issuers.end(), HintOf(node, candidate),
        [&](int hint, int other) { return hint < HintOf(node, other); });
    issuers.insert(place, candidate);
  };
  const Certificate& issued = *At(node).certificate;
  for (const TrustAnchor* anchor : trust_store_.AnchorsFor(issued)) {
    add(0, NodeOf(*anchor));
  }
  const size_t anchors = issuers.size();
  for (size_t i = 1; i < presented_; ++i) {
    const Certificate& candidate = *nodes_[i].position.certificate;
    if (NamesMatch(candidate.parsed().subject, issued.parsed().issuer)) {
      add(anchors, static_cast<int>(i));
    }
  }
  return issuers;
}

// HintOf returns 0 if the key identifiers of `node` and `candidate` agree, 1 if
// one is missing, 2 if they differ.
int PathGraph::HintOf(int node, int candidate) const {
  const auto& wanted = At(node).certificate->parsed().authority_key_id;
  const auto& had = At(candidate).certificate->parsed().subject_key_id;
  if (!wanted.has_value() || !wanted->key_id.has_value() || !had.has_value()) {
    return 1;
  }
  return SameBytes(*wanted->key_id, *had) ? 0 : 2;
}

bool PathGraph::IsOnPath(absl::Span<const int> path, int candidate) const {
  const Certificate& sought = *At(candidate).certificate;
  return std::any_of(path.begin(), path.end(), [&](int node) {
    const Certificate& held = *At(node).certificate;
    return KeyOf(node) == KeyOf(candidate) &&
           NamesMatch(held.parsed().subject, sought.parsed().subject);
  });
}

}  // namespace internal
}  // namespace pinning
