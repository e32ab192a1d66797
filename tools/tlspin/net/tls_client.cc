#include "tools/tlspin/net/tls_client.h"

#include <openssl/bytestring.h>
#include <openssl/pool.h>
#include <openssl/ssl.h>

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "pinning/server_name.h"

namespace tlspin {
namespace {

// What a web client offers; a server that selects by ALPN presents to a web
// client what it would to others.
constexpr uint8_t kAlpn[] = "\x02h2\x08http/1.1";

// LetThrough accepts every chain, so that the handshake runs to its end and the
// peer has to prove that it holds the leaf's key. Nothing is sent or believed
// on the strength of it: see served.h.
ssl_verify_result_t LetThrough(SSL*, uint8_t*) { return ssl_verify_ok; }

std::vector<uint8_t> Bytes(const uint8_t* data, size_t size) {
  return std::vector<uint8_t>(data, data + size);
}

}  // namespace

Served WhatWasServed(SSL* ssl) {
  Served served;
  const STACK_OF(CRYPTO_BUFFER)* chain = SSL_get0_peer_certificates(ssl);
  for (size_t i = 0; i < sk_CRYPTO_BUFFER_num(chain); ++i) {
    const CRYPTO_BUFFER* der = sk_CRYPTO_BUFFER_value(chain, i);
    served.certificates.push_back(
        Bytes(CRYPTO_BUFFER_data(der), CRYPTO_BUFFER_len(der)));
  }
  served.tls_version = SSL_get_version(ssl);
  served.version = static_cast<uint16_t>(SSL_version(ssl));
  if (const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl)) {
    served.cipher = SSL_CIPHER_standard_name(cipher);
  }
  const uint8_t* data = nullptr;
  unsigned alpn_size = 0;
  SSL_get0_alpn_selected(ssl, &data, &alpn_size);
  for (const uint8_t byte : Bytes(data, alpn_size)) {
    served.alpn.push_back(static_cast<char>(byte));
  }
  size_t size = 0;
  SSL_get0_ocsp_response(ssl, &data, &size);
  served.ocsp = Bytes(data, size);
  SSL_get0_signed_cert_timestamp_list(ssl, &data, &size);
  served.scts = Bytes(data, size);
  return served;
}

absl::StatusOr<TlsClient> TlsClient::Create() {
  bssl::UniquePtr<SSL_CTX> ctx(SSL_CTX_new(TLS_with_buffers_method()));
  if (!ctx) {
    return absl::InternalError("out of memory");
  }
  SSL_CTX_set_custom_verify(ctx.get(), SSL_VERIFY_PEER, LetThrough);
  SSL_CTX_enable_ocsp_stapling(ctx.get());
  SSL_CTX_enable_signed_cert_timestamps(ctx.get());
  return TlsClient(std::move(ctx));
}

absl::StatusOr<bssl::UniquePtr<SSL>> TlsClient::NewSsl(
    const std::string& host, const TlsOffer& offer) const {
  const absl::StatusOr<pinning::ServerName> name =
      pinning::ServerName::FromString(host);
  if (!name.ok()) {
    return name.status();
  }
  bssl::UniquePtr<SSL> ssl(SSL_new(ctx_.get()));
  if (!ssl) {
    return absl::InternalError("out of memory");
  }
  if (!SSL_set_min_proto_version(ssl.get(), offer.min_version) ||
      !SSL_set_max_proto_version(ssl.get(), offer.max_version)) {
    return absl::InvalidArgumentError("the TLS versions are not valid");
  }
  // RFC 6066, section 3: no SNI for an address.
  if (name->kind() == pinning::ServerName::Kind::kDns &&
      !SSL_set_tlsext_host_name(ssl.get(), name->ToString().c_str())) {
    return absl::InternalError("out of memory");
  }
  // SSL_set_alpn_protos returns zero on success, unlike its neighbours.
  if (offer.alpn &&
      SSL_set_alpn_protos(ssl.get(), kAlpn, sizeof(kAlpn) - 1) != 0) {
    return absl::InternalError("out of memory");
  }
  SSL_set_enforce_rsa_key_usage(ssl.get(), offer.enforce_key_usage);
  SSL_set_connect_state(ssl.get());
  return ssl;
}

}  // namespace tlspin
