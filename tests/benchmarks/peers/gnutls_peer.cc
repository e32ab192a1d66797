// gnutls_x509_trust_list_verify_crt2, of GnuTLS: see peer.h.
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <string>

#include "tests/benchmarks/peers/peer.h"

namespace {

gnutls_datum_t Datum(const std::string& text) {
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())),
          static_cast<unsigned>(text.size())};
}

gnutls_x509_crt_t Parse(const std::string& der) {
  gnutls_x509_crt_t parsed;
  const gnutls_datum_t datum = Datum(der);
  peer::Require(
      gnutls_x509_crt_init(&parsed) == 0 &&
          gnutls_x509_crt_import(parsed, &datum, GNUTLS_X509_FMT_DER) == 0,
      "a certificate");
  return parsed;
}

gnutls_x509_trust_list_t Load(const std::string& pem) {
  gnutls_x509_trust_list_t roots;
  gnutls_x509_trust_list_init(&roots, 0);
  const gnutls_datum_t datum = Datum(pem);
  peer::Require(gnutls_x509_trust_list_add_trust_mem(
                    roots, &datum, nullptr, GNUTLS_X509_FMT_PEM, 0, 0) == 151,
                "151 roots");
  return roots;
}

void Verify(gnutls_x509_trust_list_t roots, gnutls_x509_crt_t leaf,
            gnutls_x509_crt_t intermediate) {
  gnutls_x509_crt_t chain[] = {leaf, intermediate};
  gnutls_typed_vdata_st data[2] = {};
  data[0].type = GNUTLS_DT_DNS_HOSTNAME;
  data[0].data =
      reinterpret_cast<unsigned char*>(const_cast<char*>(peer::kHost));
  data[1].type = GNUTLS_DT_KEY_PURPOSE_OID;
  data[1].data = reinterpret_cast<unsigned char*>(
      const_cast<char*>(GNUTLS_KP_TLS_WWW_SERVER));
  unsigned status = ~0u;
  peer::Require(gnutls_x509_trust_list_verify_crt2(roots, chain, 2, data, 2, 0,
                                                   &status, nullptr) == 0 &&
                    status == 0,
                "the chain is accepted");
}

}  // namespace

int main(int argc, char** argv) {
  peer::Require(argc == 4, "three arguments");
  const peer::Files files(argv[1], argv[2]);
  const double seconds = std::atof(argv[3]);
  gnutls_global_set_time_function([](time_t* out) -> time_t {
    if (out != nullptr) {
      *out = peer::kNow;
    }
    return peer::kNow;
  });
  const auto roots = Load(files.roots);
  peer::Measure("verify", seconds, [&] {
    const auto leaf = Parse(files.leaf);
    const auto intermediate = Parse(files.intermediate);
    Verify(roots, leaf, intermediate);
    gnutls_x509_crt_deinit(leaf);
    gnutls_x509_crt_deinit(intermediate);
  });
  const auto leaf = Parse(files.leaf);
  const auto intermediate = Parse(files.intermediate);
  peer::Measure("preparsed", seconds,
                [&] { Verify(roots, leaf, intermediate); });
  peer::Measure("parse", seconds, [&] {
    gnutls_x509_crt_deinit(Parse(files.leaf));
    gnutls_x509_crt_deinit(Parse(files.intermediate));
  });
  peer::Measure("load", seconds,
                [&] { gnutls_x509_trust_list_deinit(Load(files.roots), 1); });
  return 0;
}
