#ifndef TESTS_E2E_OFFICE_H_
#define TESTS_E2E_OFFICE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/e2e/authority.h"
#include "tests/e2e/inspection.h"
#include "tests/e2e/network.h"
#include "tests/e2e/nginx.h"
#include "tools/mint/mint.h"

namespace e2e {

// The hosts of an Office. All are pinned.
constexpr char kRsaHost[] = "a.wbx2.com";
constexpr char kEcdsaHost[] = "identity.webex.com";
constexpr char kExemptHost[] = "idbroker.webex.com";  // from inspection
constexpr char kBlockedHost[] = "b.wbx2.com";         // by the interceptor
// An interceptor does not trust the authority of this one.
constexpr char kStrangeHost[] = "c.wbx2.com";
// And this one is served like kRsaHost, but is not pinned.
constexpr char kUnpinnedHost[] = "www.webex.com";

// An Office is a Network with the genuine servers, and a company's own
// authority, under which an interceptor may mint. The authority is three years
// old and its name does not say what it is for.
class Office {
 public:
  Office();

  bool ok() const { return network.ok() && nginx != nullptr; }

  // Inspect inspects `host` by its pins; `more` are further arguments, and
  // `environment` is as Network::Tlspin takes it.
  Inspection Inspect(absl::string_view host,
                     const std::vector<std::string>& more = {},
                     const std::vector<std::string>& environment = {}) const;

  // kFew: an interceptor whose certificates only look made at home, so that
  // confidence is not to be had before its root is on the machine.
  enum class Signs { kTelling, kFew };

  // ExpectRefused inspects the hosts through what is in between, with its root
  // `root_path` unknown to the client and with it added to the machine, and
  // expects each to be refused as intercepted by `product`, with at least
  // medium confidence but for `signs`. It notes what was concluded under
  // `scenario`.
  void ExpectRefused(absl::string_view scenario,
                     const std::vector<std::string>& hosts,
                     const std::vector<std::string>& more,
                     const std::string& root_path, absl::string_view product,
                     Signs signs = Signs::kTelling) const;

  // What an interceptor trusts when it connects on.
  std::string UpstreamRoots() const {
    return mint::PemOf({rsa.root, ecdsa.root});
  }

  const Authority rsa, ecdsa, strange;
  const mint::Minted company_root;
  const Network network;
  std::string company_root_path;
  std::unique_ptr<Nginx> nginx;
};

// kCompany is what the company's authority calls itself.
constexpr char kCompany[] = "Example Corp Root CA 2";

}  // namespace e2e

#endif  // TESTS_E2E_OFFICE_H_
