#ifndef PINNING_INTERNAL_SSL_FACTS_H_
#define PINNING_INTERNAL_SSL_FACTS_H_

#include <openssl/ssl.h>

#include "pinning/connection_facts.h"

namespace pinning::internal {

// What a client asked for that BoringSSL does not tell later.
struct AskedFor {
  bool scts = false;
};

// FactsOf returns what BoringSSL tells of the client `ssl`, in a verify
// callback or after the handshake. Spans point into its session. See
// boringssl.h for what can be told when.
ConnectionFacts FactsOf(const SSL* ssl, const AskedFor& asked);

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_SSL_FACTS_H_
