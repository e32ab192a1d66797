#ifndef TOOLS_TLSPIN_SERVED_H_
#define TOOLS_TLSPIN_SERVED_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace tlspin {

// Served is what a server presented in a handshake that was completed, so that
// it has proved to hold the key of the first certificate.
struct Served {
  std::vector<std::vector<uint8_t>> certificates;  // DER, leaf first
  std::string tls_version;                         // "TLSv1.3"
  uint16_t version = 0;                            // TLS1_3_VERSION
  std::string cipher;                              // IANA name
  bool offered_alpn = true;   // whether the client offered any
  std::string alpn;           // empty: none selected
  std::vector<uint8_t> ocsp;  // stapled; empty: none
  std::vector<uint8_t> scts;  // SignedCertificateTimestampList; empty: none
  std::string peer;  // the address that answered; empty: a proxy knows it
  // Not OK: the handshake failed over the key usage of the certificate, and
  // what is here was fetched by a client that does not mind, to say whose it
  // is. Whatever a verdict says, it is not to be accepted.
  absl::Status objection;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_SERVED_H_
