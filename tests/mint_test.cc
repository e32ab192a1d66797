#include "tools/mint/mint.h"

#include <openssl/evp.h>
#include <openssl/mem.h>
#include <openssl/nid.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstring>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"

// What is minted is checked by BoringSSL's X.509 code, which shares nothing
// with mint but the signatures themselves.
namespace mint {
namespace {

constexpr int64_t kNow = 1780000000;  // 2026-05-28

bssl::UniquePtr<X509> Parse(const Minted& minted) {
  const uint8_t* data = minted.der.data();
  bssl::UniquePtr<X509> x509(d2i_X509(nullptr, &data, minted.der.size()));
  EXPECT_TRUE(x509 != nullptr) << "BoringSSL does not parse the certificate";
  EXPECT_EQ(data, minted.der.data() + minted.der.size());
  return x509;
}

// VerifyError returns BoringSSL's X509_V_* for `leaf` under `root` by way of
// `intermediates`, X509_V_OK if it is satisfied.
int VerifyError(const Minted& leaf, const std::vector<Minted>& intermediates,
                const Minted& root, const char* host) {
  bssl::UniquePtr<X509_STORE> store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), Parse(root).get());
  bssl::UniquePtr<STACK_OF(X509)> untrusted(sk_X509_new_null());
  for (const Minted& intermediate : intermediates) {
    bssl::PushToStack(untrusted.get(), Parse(intermediate));
  }
  const bssl::UniquePtr<X509> parsed = Parse(leaf);
  bssl::UniquePtr<X509_STORE_CTX> ctx(X509_STORE_CTX_new());
  X509_STORE_CTX_init(ctx.get(), store.get(), parsed.get(), untrusted.get());
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(ctx.get());
  X509_VERIFY_PARAM_set_time(param, kNow);
  X509_VERIFY_PARAM_set1_host(param, host, strlen(host));
  X509_STORE_CTX_set_purpose(ctx.get(), X509_PURPOSE_SSL_SERVER);
  if (X509_verify_cert(ctx.get()) == 1) {
    return X509_V_OK;
  }
  return X509_STORE_CTX_get_error(ctx.get());
}

struct AlgorithmRow {
  const char* name;
  const char* key;
  SignatureAlgorithm algorithm;
};

class AlgorithmTest : public testing::TestWithParam<AlgorithmRow> {};

TEST_P(AlgorithmTest, ChainIsValidToX509VerifyCert) {
  const AlgorithmRow& row = GetParam();
  const std::string type = row.key;
  Spec root_spec = Ca("Root");
  Spec ca_spec = Ca("Intermediate");
  Spec leaf_spec = Leaf({"a.example"});
  root_spec.algorithm = ca_spec.algorithm = leaf_spec.algorithm = row.algorithm;
  const Minted root = SelfSigned(root_spec, Key::Shared(type + "-root"));
  const Minted ca = Issue(ca_spec, Key::Shared(type + "-ca"), root);
  const Minted leaf = Issue(leaf_spec, Key::Shared(type + "-leaf"), ca);
  EXPECT_EQ(VerifyError(leaf, {ca}, root, "a.example"), X509_V_OK);

  leaf_spec.corrupt_signature = true;
  const Minted corrupt = Issue(leaf_spec, leaf.key, ca);
  EXPECT_EQ(VerifyError(corrupt, {ca}, root, "a.example"),
            X509_V_ERR_CERT_SIGNATURE_FAILURE);
}

INSTANTIATE_TEST_SUITE_P(
    Algorithms, AlgorithmTest,
    testing::Values(
        AlgorithmRow{"P256", "p256", SignatureAlgorithm::kDefault},
        AlgorithmRow{"P384", "p384", SignatureAlgorithm::kDefault},
        AlgorithmRow{"P521", "p521", SignatureAlgorithm::kDefault},
        AlgorithmRow{"Ed25519", "ed25519", SignatureAlgorithm::kDefault},
        AlgorithmRow{"Rsa2048", "rsa2048", SignatureAlgorithm::kDefault},
        AlgorithmRow{"Rsa1024", "rsa1024", SignatureAlgorithm::kDefault},
        AlgorithmRow{"RsaSha1", "rsa2048", SignatureAlgorithm::kRsaSha1},
        AlgorithmRow{"RsaSha384", "rsa2048", SignatureAlgorithm::kRsaSha384},
        AlgorithmRow{"RsaSha512", "rsa2048", SignatureAlgorithm::kRsaSha512},
        AlgorithmRow{"PssSha256", "rsa2048", SignatureAlgorithm::kRsaPssSha256},
        AlgorithmRow{"PssSha384", "rsa2048", SignatureAlgorithm::kRsaPssSha384},
        AlgorithmRow{"PssSha512", "rsa2048", SignatureAlgorithm::kRsaPssSha512},
        AlgorithmRow{"EcdsaSha1", "p256", SignatureAlgorithm::kEcdsaSha1},
        AlgorithmRow{"P256Sha384", "p256", SignatureAlgorithm::kEcdsaSha384},
        AlgorithmRow{"P384Sha512", "p384", SignatureAlgorithm::kEcdsaSha512}),
    [](const auto& info) { return std::string(info.param.name); });

// A Pki is a root, an intermediate under it and a leaf for a.example under
// that.
struct Pki {
  Minted root = SelfSigned(Ca("Root"), Key::Shared("p256-root"));
  Minted ca = Issue(Ca("Intermediate"), Key::Shared("p256-ca"), root);
  Minted Leaf(const Spec& spec) const {
    return Issue(spec, Key::Shared("p256-leaf"), ca);
  }
  int Error(const Spec& spec) const {
    return VerifyError(Leaf(spec), {ca}, root, "a.example");
  }
};

TEST(MintTest, BreaksOneThingAtATime) {
  const Pki pki;
  struct Row {
    const char* name;
    void (*breakage)(Spec*);
    int error;
  };
  const Row rows[] = {
      {"nothing", [](Spec*) {}, X509_V_OK},
      {"expired",
       [](Spec* spec) { spec->not_after = absl::FromUnixSeconds(kNow - 1); },
       X509_V_ERR_CERT_HAS_EXPIRED},
      {"not yet valid",
       [](Spec* spec) { spec->not_before = absl::FromUnixSeconds(kNow + 1); },
       X509_V_ERR_CERT_NOT_YET_VALID},
      {"valid from 1949 to 9999",
       [](Spec* spec) {
         spec->not_before =
             absl::FromCivil(absl::CivilYear(1949), absl::UTCTimeZone());
         spec->not_after = absl::FromCivil(
             absl::CivilSecond(9999, 12, 31, 23, 59, 59), absl::UTCTimeZone());
       },
       X509_V_OK},
      {"another name", [](Spec* spec) { spec->dns_names = {"b.example"}; },
       X509_V_ERR_HOSTNAME_MISMATCH},
      {"another purpose",
       [](Spec* spec) { spec->extended_key_usage = {"1.3.6.1.5.5.7.3.2"}; },
       X509_V_ERR_INVALID_PURPOSE},
      {"an unknown critical extension",
       [](Spec* spec) {
         spec->extra.push_back({"1.2.3.4", true, DerWrap(0x05, {})});
       },
       X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION},
      {"another issuer name",
       [](Spec* spec) { spec->issuer_der = DerWrap(0x30, {}); },
       X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Spec spec = Leaf({"a.example"});
    row.breakage(&spec);
    EXPECT_EQ(pki.Error(spec), row.error);
  }
}

TEST(MintTest, NameConstraintsBind) {
  struct Row {
    const char* name;
    std::vector<std::string> permitted, excluded;
    int error;
  };
  const std::vector<Row> rows = {
      {"permitted", {"dns:a.example", "ip:10.0.0.0/8"}, {}, X509_V_OK},
      {"not permitted", {"dns:b.example"}, {}, X509_V_ERR_PERMITTED_VIOLATION},
      {"excluded", {}, {"dns:example"}, X509_V_ERR_EXCLUDED_VIOLATION},
      {"directory name excluded",
       {},
       {"cn:a.example"},
       X509_V_ERR_EXCLUDED_VIOLATION},
  };
  const Pki pki;
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Spec ca_spec = Ca("Constrained");
    ca_spec.permitted = row.permitted;
    ca_spec.excluded = row.excluded;
    const Minted ca = Issue(ca_spec, Key::Shared("p256-ca"), pki.root);
    const Minted leaf =
        Issue(Leaf({"a.example"}), Key::Shared("p256-leaf"), ca);
    EXPECT_EQ(VerifyError(leaf, {ca}, pki.root, "a.example"), row.error);
  }
}

TEST(MintTest, FieldsAreWhereX509FindsThem) {
  const Pki pki;
  Spec spec = Leaf({"a.example"});
  spec.subject = {{"2.5.4.6", "CH"}, {"2.5.4.10", "Mallory & Söhne"}};
  spec.ip_addresses = {"192.0.2.1", "2001:db8::1"};
  spec.emails = {"m@a.example"};
  spec.serial = {0x01, 0x02};
  spec.key_usage = 1 << 8;  // decipherOnly, the ninth bit
  const bssl::UniquePtr<X509> x509 = Parse(pki.Leaf(spec));
  const uint8_t v4[] = {192, 0, 2, 1};
  const uint8_t v6[16] = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0,
                          0,    0,    0,    0,    0, 0, 0, 1};
  EXPECT_EQ(X509_check_ip(x509.get(), v4, sizeof(v4), 0), 1);
  EXPECT_EQ(X509_check_ip(x509.get(), v6, sizeof(v6), 0), 1);
  EXPECT_EQ(X509_check_email(x509.get(), "m@a.example", 11, 0), 1);
  EXPECT_EQ(ASN1_INTEGER_get(X509_get0_serialNumber(x509.get())), 0x0102);
  EXPECT_EQ(X509_get_key_usage(x509.get()), KU_DECIPHER_ONLY);
  EXPECT_EQ(X509_get_version(x509.get()), X509_VERSION_3);
  EXPECT_EQ(X509_NAME_entry_count(X509_get_subject_name(x509.get())), 2);
  EXPECT_EQ(X509_check_issued(Parse(pki.ca).get(), x509.get()), X509_V_OK);
}

// X509_verify_cert refuses MD5, so only the signature itself is looked at.
TEST(MintTest, SignsWithMd5) {
  Spec spec = Ca("Root");
  spec.algorithm = SignatureAlgorithm::kRsaMd5;
  const Minted root = SelfSigned(spec, Key::Shared("rsa2048-root"));
  const bssl::UniquePtr<X509> x509 = Parse(root);
  EXPECT_EQ(X509_get_signature_nid(x509.get()), NID_md5WithRSAEncryption);
}

TEST(MintTest, VersionOneHasNoExtensions) {
  Spec spec = Ca("Old root");
  spec.version = 1;
  const bssl::UniquePtr<X509> x509 =
      Parse(SelfSigned(spec, Key::Shared("p256-root")));
  EXPECT_EQ(X509_get_version(x509.get()), X509_VERSION_1);
  EXPECT_EQ(X509_get_ext_count(x509.get()), 0);
}

TEST(MintTest, PathLengthZeroIsWritten) {
  Spec spec = Ca("Root");
  spec.path_length = 0;
  const bssl::UniquePtr<X509> x509 =
      Parse(SelfSigned(spec, Key::Shared("p256-root")));
  EXPECT_EQ(X509_get_pathlen(x509.get()), 0);
}

TEST(MintTest, InnerAlgorithmDiffersFromOuter) {
  Spec spec = Ca("Root");
  spec.inner_algorithm = SignatureAlgorithm::kEcdsaSha384;
  const bssl::UniquePtr<X509> x509 =
      Parse(SelfSigned(spec, Key::Shared("p256-root")));
  const X509_ALGOR* outer = nullptr;
  X509_get0_signature(nullptr, &outer, x509.get());
  EXPECT_NE(X509_ALGOR_cmp(outer, X509_get0_tbs_sigalg(x509.get())), 0);
}

TEST(MintTest, KeysAreReadBack) {
  for (const char* name : {"p256", "p384", "p521", "ed25519", "rsa2048"}) {
    SCOPED_TRACE(name);
    const Key key = Key::Shared(name);
    const std::string secret = key.PrivatePem();
    bssl::UniquePtr<BIO> bio(BIO_new_mem_buf(secret.data(), secret.size()));
    bssl::UniquePtr<EVP_PKEY> read(
        PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
    ASSERT_TRUE(read != nullptr);
    EXPECT_EQ(EVP_PKEY_cmp(read.get(), key.get()), 1);

    const std::string open = key.PublicPem();
    bio.reset(BIO_new_mem_buf(open.data(), open.size()));
    read.reset(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
    ASSERT_TRUE(read != nullptr);
    EXPECT_EQ(EVP_PKEY_cmp(read.get(), key.get()), 1);

    const std::string request = key.CsrPem("a.example");
    bio.reset(BIO_new_mem_buf(request.data(), request.size()));
    bssl::UniquePtr<X509_REQ> csr(
        PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr));
    ASSERT_TRUE(csr != nullptr);
    EXPECT_EQ(X509_REQ_verify(csr.get(), key.get()), 1);
  }
}

TEST(MintTest, SharedKeysAreSharedByName) {
  EXPECT_EQ(Key::Shared("p256-x").SpkiDer(), Key::Shared("p256-x").SpkiDer());
  EXPECT_NE(Key::Shared("p256-x").SpkiDer(), Key::Shared("p256-y").SpkiDer());
}

TEST(MintTest, PemHoldsEveryCertificateInOrder) {
  const Pki pki;
  const std::string pem = PemOf({pki.ca, pki.root});
  bssl::UniquePtr<BIO> bio(BIO_new_mem_buf(pem.data(), pem.size()));
  for (const Minted* minted : {&pki.ca, &pki.root}) {
    bssl::UniquePtr<X509> x509(
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    ASSERT_TRUE(x509 != nullptr);
    EXPECT_EQ(X509_cmp(x509.get(), Parse(*minted).get()), 0);
  }
}

TEST(DerWrapTest, WritesShortAndLongLengths) {
  EXPECT_EQ(DerWrap(0x04, {}), (std::vector<uint8_t>{0x04, 0x00}));
  const std::vector<uint8_t> der = DerWrap(0x04, std::vector<uint8_t>(300, 7));
  EXPECT_EQ(der.size(), 304u);
  EXPECT_EQ(std::vector<uint8_t>(der.begin(), der.begin() + 4),
            (std::vector<uint8_t>{0x04, 0x82, 0x01, 0x2c}));
}

}  // namespace
}  // namespace mint
