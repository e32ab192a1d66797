#ifndef PINNING_CONNECTION_FACTS_H_
#define PINNING_CONNECTION_FACTS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"

namespace pinning {

// LastSeen is what a host presented earlier: material to say what has changed.
// It is of the last accepted verification of that host, or of the last refused
// one if none was accepted.
struct LastSeen {
  absl::Time when;  // the `now` of that verification
  bool accepted = false;
  bool same_key = false;            // the leaf has the same key now
  std::string key_type;             // "RSA", "EC", "Ed25519"; empty: another
  int key_bits = 0;                 // 2048, 256; 0 if not known
  std::string serial;               // lower-case hex of the leaf's serial
  std::optional<bool> had_alpn;     // a protocol was selected
  std::optional<bool> had_staple;   // an OCSP response was stapled
  std::optional<bool> had_tls_sct;  // SCTs were sent in the TLS extension
};

// SeenElsewhere is what a KeyObserver (key_observer.h) remembers that bears on
// one verification. Hosts are of another registered domain than the one being
// verified, canonical, most recent first and at most kMaxHosts of each kind.
struct SeenElsewhere {
  static constexpr size_t kMaxHosts = 8;

  // Unrelated hosts that presented a leaf with the same key, where no one
  // certificate covers both names. A leaf that a bundled anchor vouches for and
  // that covers its host counts for neither side: that is hosting.
  std::vector<std::string> leaf_key_hosts;
  // Unrelated hosts whose leaf has the same issuer, where no bundled anchor
  // vouches for either leaf: a private authority that signs for everybody.
  std::vector<std::string> issuer_key_hosts;
  // Whether `issuer_key_hosts` is by the issuer's key, which the signature of
  // the leaf proves. If not, its certificate is not at hand: by name and key
  // identifier, which anyone can write.
  bool issuer_key_proved = false;
  // What the same host presented earlier, if it was seen.
  std::optional<LastSeen> last_seen;

  // any returns whether anything is known.
  bool any() const {
    return !leaf_key_hosts.empty() || !issuer_key_hosts.empty() ||
           last_seen.has_value();
  }
};

// ConnectionFacts are what is known of a connection besides certificates. They
// are evidence for people and never change whether a chain is accepted.
//
// Everything is optional: nullopt says that it is not known, and that nothing
// follows from its absence. An empty value says that it is known that there was
// none. The hook of boringssl.h fills what BoringSSL tells when it asks for a
// verdict; see VerifyChain and AskForEvidence there for what it does not tell.
// Other callers of Verifier fill what they know, and may leave all of it out.
//
// Spans are borrowed: they need to outlive the call they are given to, no more.
struct ConnectionFacts {
  // ProtocolVersion (RFC 8446, 4.1.2): 0x0303 is TLS 1.2, 0x0304 TLS 1.3.
  std::optional<uint16_t> tls_version;

  // Whether this client offered ALPN (RFC 7301). That none was selected means
  // something only if it did.
  std::optional<bool> offered_alpn;
  // The protocol that the server selected; empty: it selected none.
  std::optional<std::string> alpn;

  // The stapled OCSPResponse (RFC 6066, 8; RFC 6960), DER, as sent and not
  // verified. Empty: asked for, and none came. nullopt: not asked for, or it is
  // not known whether it was.
  std::optional<absl::Span<const uint8_t>> ocsp_response;

  // The SignedCertificateTimestampList of the TLS extension (RFC 6962, 3.3.1),
  // as sent. Empty and nullopt mean the same as with `ocsp_response`.
  std::optional<absl::Span<const uint8_t>> sct_list;

  // Whether the session was resumed: the staple and the SCTs are then those of
  // the handshake that the session comes from.
  std::optional<bool> resumed;

  // Filled by the Verifier if it has a KeyObserver, whatever the caller gives.
  std::optional<SeenElsewhere> seen_elsewhere;
};

}  // namespace pinning

#endif  // PINNING_CONNECTION_FACTS_H_
