// CERT_PKIXVerifyCert and CERT_VerifyCertName, of NSS: see peer.h. Roots are
// temporary certificates of an NSS without a data base. NSS remembers
// certificates and the signatures that it has verified; there is no way to
// have it forget them but NSS_Shutdown.
#include <cert.h>
#include <nss.h>

#include <string>

#include "tests/benchmarks/peers/peer.h"

namespace {

CERTCertificate* Parse(const std::string& der) {
  SECItem item = {
      siBuffer, reinterpret_cast<unsigned char*>(const_cast<char*>(der.data())),
      static_cast<unsigned>(der.size())};
  CERTCertificate* parsed = CERT_NewTempCertificate(
      CERT_GetDefaultCertDB(), &item, nullptr, PR_FALSE, PR_TRUE);
  peer::Require(parsed != nullptr, "a certificate");
  return parsed;
}

// Load gives every certificate of `pem` the trust of a root for servers.
CERTCertList* Load(const std::string& pem) {
  static constexpr char kEnd[] = "-----END CERTIFICATE-----";
  CERTCertList* roots = CERT_NewCertList();
  size_t at = 0;
  for (size_t end; (end = pem.find(kEnd, at)) != std::string::npos;) {
    end += sizeof(kEnd) - 1;
    std::string block = pem.substr(at, end - at);
    CERTCertificate* root = CERT_DecodeCertFromPackage(
        block.data(), static_cast<int>(block.size()));
    peer::Require(root != nullptr, "a root");
    CERT_AddCertToListTail(roots, root);
    at = end + 1;
  }
  return roots;
}

void Verify(CERTCertList* roots, CERTCertificate* leaf) {
  // Without this, it asks for revocation lists that nobody has.
  static PRUint64 methods[2] = {0, 0};
  static CERTRevocationFlags unasked = {};
  unasked.leafTests.number_of_defined_methods = 2;
  unasked.leafTests.cert_rev_flags_per_method = methods;
  unasked.chainTests = unasked.leafTests;
  CERTValInParam in[4] = {};
  in[0].type = cert_pi_trustAnchors;
  in[0].value.pointer.chain = roots;
  in[1].type = cert_pi_date;
  in[1].value.scalar.time = static_cast<PRTime>(peer::kNow) * PR_USEC_PER_SEC;
  in[2].type = cert_pi_revocationFlags;
  in[2].value.pointer.revocation = &unasked;
  in[3].type = cert_pi_end;
  CERTValOutParam out[1] = {};
  out[0].type = cert_po_end;
  peer::Require(CERT_PKIXVerifyCert(leaf, certificateUsageSSLServer, in, out,
                                    nullptr) == SECSuccess &&
                    CERT_VerifyCertName(leaf, peer::kHost) == SECSuccess,
                "the chain is accepted");
}

}  // namespace

int main(int argc, char** argv) {
  peer::Require(argc == 4, "three arguments");
  const peer::Files files(argv[1], argv[2]);
  const double seconds = std::atof(argv[3]);
  peer::Require(NSS_NoDB_Init(nullptr) == SECSuccess, "NSS");
  CERTCertList* roots = Load(files.roots);
  peer::Measure("verify", seconds, [&] {
    CERTCertificate* leaf = Parse(files.leaf);
    CERTCertificate* intermediate = Parse(files.intermediate);
    Verify(roots, leaf);
    CERT_DestroyCertificate(leaf);
    CERT_DestroyCertificate(intermediate);
  });
  CERTCertificate* leaf = Parse(files.leaf);
  CERTCertificate* intermediate = Parse(files.intermediate);
  peer::Measure("preparsed", seconds, [&] { Verify(roots, leaf); });
  CERT_DestroyCertificate(leaf);
  CERT_DestroyCertificate(intermediate);
  peer::Measure("parse", seconds, [&] {
    CERT_DestroyCertificate(Parse(files.leaf));
    CERT_DestroyCertificate(Parse(files.intermediate));
  });
  CERT_DestroyCertList(roots);
  peer::Measure("load", seconds,
                [&] { CERT_DestroyCertList(Load(files.roots)); });
  return 0;
}
