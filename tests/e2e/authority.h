#ifndef TESTS_E2E_AUTHORITY_H_
#define TESTS_E2E_AUTHORITY_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tools/mint/mint.h"

// The genuine authorities of the end-to-end tests, and their pins.

namespace e2e {

// An Authority is a root and the intermediate it signed, both in force.
struct Authority {
  mint::Minted root;
  mint::Minted intermediate;
};

// MakeAuthority mints an authority of RSA or ECDSA P-256 keys; `name` starts
// the common names, and keeps the keys of two authorities apart.
Authority MakeAuthority(absl::string_view name, bool rsa);

// A Site is what a server presents for one name.
struct Site {
  std::string host;
  std::string chain_pem;  // leaf first, without the root
  std::string key_pem;
};

// MakeSite mints a leaf for `host` with the key `key`, 30 days old.
Site MakeSite(const std::string& host, const Authority& authority,
              const mint::Key& key);

// PinText returns the pin of `key`, "sha256/...".
std::string PinText(const mint::Key& key);

// PinFile returns a pin file that enforces the pins of `keys` for `hosts`, in
// one set; its backup pin is of a key of its own.
std::string PinFile(const std::vector<std::string>& hosts,
                    const std::vector<mint::Key>& keys);

}  // namespace e2e

#endif  // TESTS_E2E_AUTHORITY_H_
