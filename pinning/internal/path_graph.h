#ifndef PINNING_INTERNAL_PATH_GRAPH_H_
#define PINNING_INTERNAL_PATH_GRAPH_H_

#include <cstddef>
#include <optional>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/chain.h"
#include "pinning/internal/path_checks.h"
#include "pinning/trust_store.h"

namespace pinning {
namespace internal {

// Nodes of a PathGraph. Of a usual chain they need no memory of their own.
using Nodes = absl::InlinedVector<int, 8>;

// A PathGraph is what a search walks: certificates in their roles, numbered,
// and who could have issued whom, by name. It points into the chain and the
// trust store, which must outlive it, and is used by one thread.
class PathGraph {
 public:
  // The leaf is node 0. A certificate that is served many times is one node.
  PathGraph(const TrustStore& trust_store, const Chain& chain);

  const Position& At(int node) const { return nodes_[node].position; }
  // size returns how many nodes there are: those presented, and the anchors met
  // so far.
  int size() const { return static_cast<int>(nodes_.size()); }

  // KeyOf returns the first node that has the key of `node`: a number for a
  // key.
  int KeyOf(int node) const { return nodes_[node].key; }

  // IssuersOf returns the nodes whose subject is the issuer of `node` (RFC
  // 5280, 7.1): anchors first, as they end the search; then by key identifier,
  // which puts candidates in order and never excludes one: authorities do get
  // them wrong (RFC 4158, 3.5.12). The leaf issues nothing.
  Nodes IssuersOf(int node);

  // IsOnPath returns whether `path` holds the subject and key of `candidate`
  // already: another certificate for them adds nothing but a loop (RFC 4158,
  // 5.2).
  bool IsOnPath(absl::Span<const int> path, int candidate) const;

 private:
  struct Node {
    Position position;
    int key = 0;
    std::optional<Nodes> issuers;  // once asked for
  };

  void Add(const Certificate& certificate, bool is_leaf,
           const TrustAnchor* anchor);
  int NodeOf(const TrustAnchor& anchor);
  Nodes FindIssuers(int node);
  int HintOf(int node, int candidate) const;

  const TrustStore& trust_store_;
  absl::InlinedVector<Node, 4> nodes_;
  size_t presented_;  // nodes_[0, presented_) are the chain's
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_PATH_GRAPH_H_
