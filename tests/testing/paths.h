#ifndef TESTS_TESTING_PATHS_H_
#define TESTS_TESTING_PATHS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "pinning/certificate.h"
#include "pinning/chain.h"
#include "pinning/path_builder.h"
#include "pinning/trust_store.h"
#include "tools/mint/mint.h"

// Shorthand for tests of path building: minted certificates as this library
// sees them.
namespace pinning {
namespace testing {

// MintedNow is half-way through the validity of a default mint::Spec.
inline absl::Time MintedNow() { return absl::FromUnixSeconds(1783000000); }

inline Certificate CertificateOf(const mint::Minted& minted) {
  return *Certificate::FromDer(minted.der);
}

inline Chain ChainOf(const std::vector<mint::Minted>& minted) {
  std::vector<Certificate> certificates;
  for (const mint::Minted& one : minted) {
    certificates.push_back(CertificateOf(one));
  }
  return *Chain::FromCertificates(std::move(certificates));
}

// AnchorOf returns `minted` as an anchor with the default flags.
inline TrustAnchor AnchorOf(const mint::Minted& minted) {
  return TrustAnchor{CertificateOf(minted)};
}

inline std::shared_ptr<const TrustStore> StoreOf(
    std::vector<TrustAnchor> anchors) {
  TrustStore::Builder builder;
  for (TrustAnchor& anchor : anchors) {
    builder.AddAnchor(std::move(anchor));
  }
  return builder.Build();
}

// NamesOf returns the common names on a path, leaf first: "leaf<Issuing<Root".
template <typename Path>
std::string NamesOf(const Path& certificates) {
  return absl::StrJoin(
      certificates, "<", [](std::string* out, const Certificate& certificate) {
        out->append(
            absl::StrJoin(certificate.SubjectAttribute("2.5.4.3"), "+"));
      });
}

// Found is what a search visited, with the visitor always asking for more.
struct Found {
  std::vector<std::string> paths;  // NamesOf each
  PathBuilder::Result result;
};

inline Found FindAll(const PathBuilder& builder, const Chain& chain,
                     KeyPurpose purpose = KeyPurpose::kServerAuth,
                     absl::Time now = MintedNow()) {
  Found found;
  found.result =
      builder.Search(chain, purpose, now, [&](const VerifiedPath& path) {
        found.paths.push_back(NamesOf(path.certificates()));
        return PathBuilder::Visit::kContinue;
      });
  return found;
}

}  // namespace testing
}  // namespace pinning

#endif  // TESTS_TESTING_PATHS_H_
