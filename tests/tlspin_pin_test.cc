#include <openssl/bn.h>
#include <openssl/bytestring.h>
#include <openssl/ec.h>
#include <openssl/ec_key.h>
#include <openssl/evp.h>
#include <openssl/mem.h>
#include <openssl/rsa.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/internal/pem.h"
#include "tests/testing/pki.h"
#include "tests/testing/process.h"
#include "tests/testing/tls_server.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"

namespace {

using ::pinning::internal::PemEncode;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing_support::PinTextOf;
using ::testing_support::ProcessOptions;
using ::testing_support::ProcessResult;
using ::testing_support::RunTlspin;

ProcessResult PinOfInput(absl::string_view content,
                         std::vector<std::string> flags = {}) {
  ProcessOptions options;
  options.standard_input = std::string(content);
  flags.insert(flags.begin(), {"pin", "-"});
  return RunTlspin(flags, options);
}

std::string Text(const std::vector<uint8_t>& bytes) {
  return std::string(bytes.begin(), bytes.end());
}

// Take returns what `cbb` holds.
std::vector<uint8_t> Take(CBB* cbb) {
  uint8_t* data = nullptr;
  size_t size = 0;
  EXPECT_TRUE(CBB_finish(cbb, &data, &size));
  const bssl::UniquePtr<uint8_t> owned(data);
  return std::vector<uint8_t>(data, data + size);
}

// The private forms of a key before PKCS #8: PKCS #1 and SEC 1.
std::vector<uint8_t> Traditional(const mint::Key& key) {
  bssl::ScopedCBB cbb;
  EXPECT_TRUE(CBB_init(cbb.get(), 0));
  if (EVP_PKEY_id(key.get()) == EVP_PKEY_RSA) {
    EXPECT_TRUE(
        RSA_marshal_private_key(cbb.get(), EVP_PKEY_get0_RSA(key.get())));
  } else {
    EXPECT_TRUE(EC_KEY_marshal_private_key(cbb.get(),
                                           EVP_PKEY_get0_EC_KEY(key.get()), 0));
  }
  return Take(cbb.get());
}

std::vector<uint8_t> Pkcs8(const mint::Key& key) {
  bssl::ScopedCBB cbb;
  EXPECT_TRUE(CBB_init(cbb.get(), 0));
  EXPECT_TRUE(EVP_marshal_private_key(cbb.get(), key.get()));
  return Take(cbb.get());
}

std::vector<uint8_t> DerOf(absl::string_view pem) {
  return pinning::internal::ParsePem(pem)->front().der;
}

TEST(PinTest, EveryFormOfAKeyHasItsPin) {
  const struct {
    mint::Key key;
    std::string name;
    std::string traditional_label;
  } kKeys[] = {
      {mint::Key::P256(), "EC P-256", "EC PRIVATE KEY"},
      {mint::Key::P384(), "EC P-384", "EC PRIVATE KEY"},
      {mint::Key::P521(), "EC P-521", "EC PRIVATE KEY"},
      {mint::Key::Rsa(2048), "RSA 2048", "RSA PRIVATE KEY"},
      {mint::Key::Ed25519(), "Ed25519", ""},
  };
  for (const auto& row : kKeys) {
    const std::string pin = PinTextOf(row.key);
    const std::string private_line =
        absl::StrCat(pin, "  private key, ", row.name, "\n");
    const std::string public_line =
        absl::StrCat(pin, "  public key, ", row.name, "\n");
    const std::string csr = row.key.CsrPem("host.example");
    const std::string request_line =
        absl::StrCat(pin, "  request, ", row.name, ", CN=host.example\n");

    EXPECT_EQ(PinOfInput(row.key.PrivatePem()).standard_output, private_line);
    EXPECT_EQ(PinOfInput(Text(Pkcs8(row.key))).standard_output, private_line);
    EXPECT_EQ(PinOfInput(row.key.PublicPem()).standard_output, public_line);
    EXPECT_EQ(PinOfInput(Text(row.key.SpkiDer())).standard_output, public_line);
    EXPECT_EQ(PinOfInput(csr).standard_output, request_line);
    EXPECT_EQ(PinOfInput(Text(DerOf(csr))).standard_output, request_line);
    if (!row.traditional_label.empty()) {
      const std::vector<uint8_t> der = Traditional(row.key);
      EXPECT_EQ(PinOfInput(Text(der)).standard_output, private_line);
      EXPECT_EQ(
          PinOfInput(PemEncode(row.traditional_label, der)).standard_output,
          private_line);
    }
  }
}

TEST(PinTest, EveryCertificateOfABundle) {
  const testing_support::Pki pki =
      testing_support::MakePki("Bundle", "host.example");
  const ProcessResult result = PinOfInput(
      absl::StrCat(mint::PemOf(pki.Presented()), pki.leaf.key.PrivatePem()));
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.standard_output,
            absl::StrCat(PinTextOf(pki.leaf),
                         "  certificate, EC P-256, CN=host.example\n",
                         PinTextOf(pki.intermediate),
                         "  certificate, EC P-256, CN=Bundle Intermediate\n",
                         PinTextOf(pki.leaf), "  private key, EC P-256\n"));
  EXPECT_EQ(result.standard_error, "");
  EXPECT_EQ(PinOfInput(Text(pki.root.der)).standard_output,
            absl::StrCat(PinTextOf(pki.root),
                         "  certificate, EC P-256, CN=Bundle Root\n"));
}

TEST(PinTest, Json) {
  const mint::Key key = mint::Key::P256();
  EXPECT_EQ(PinOfInput(key.CsrPem("host.example"), {"--json"}).standard_output,
            absl::StrCat(R"({"schema":"tlspin.pin/1","file":"-","index":0,)"
                         R"("kind":"request","key":"EC P-256",)"
                         R"("subject":"CN=host.example","pin":")",
                         PinTextOf(key), "\"}\n"));
  EXPECT_EQ(PinOfInput(key.PrivatePem(), {"--json"}).standard_output,
            absl::StrCat(R"({"schema":"tlspin.pin/1","file":"-","index":0,)"
                         R"("kind":"private key","key":"EC P-256",)"
                         R"("subject":null,"pin":")",
                         PinTextOf(key), "\"}\n"));
}

TEST(PinTest, JwkAndJwkSet) {
  const mint::Key key = mint::Key::Ed25519();
  const std::vector<uint8_t> spki = key.SpkiDer();
  // The raw key is the last 32 bytes of the SPKI (RFC 8410, 4).
  const std::string x = absl::WebSafeBase64Escape(
      absl::string_view(Text(spki)).substr(spki.size() - 32));
  const std::string jwk =
      absl::StrCat(R"({"kty":"OKP","crv":"Ed25519","x":")", x, "\"}");
  EXPECT_EQ(PinOfInput(jwk).standard_output,
            absl::StrCat(PinTextOf(key), "  public key, Ed25519\n"));
  EXPECT_EQ(PinOfInput(absl::StrCat(R"({"keys":[)", jwk, ",", jwk, "]}"))
                .standard_output,
            absl::StrCat(PinTextOf(key), "  public key, Ed25519\n",
                         PinTextOf(key), "  public key, Ed25519\n"));
}

std::string NumberText(const BIGNUM* number, size_t size) {
  std::vector<uint8_t> bytes(size);
  EXPECT_TRUE(BN_bn2bin_padded(bytes.data(), bytes.size(), number));
  return absl::WebSafeBase64Escape(Text(bytes));
}

TEST(PinTest, JwkRsaAndEc) {
  const mint::Key rsa = mint::Key::Rsa(2048);
  const RSA* rsa_key = EVP_PKEY_get0_RSA(rsa.get());
  EXPECT_EQ(PinOfInput(absl::StrCat(R"({"kty":"RSA","n":")",
                                    NumberText(RSA_get0_n(rsa_key), 256),
                                    R"(","e":"AQAB"})"))
                .standard_output,
            absl::StrCat(PinTextOf(rsa), "  public key, RSA 2048\n"));

  const mint::Key ec = mint::Key::P256();
  // The last 64 bytes of the SPKI are the point (RFC 5480, 2.2).
  const std::vector<uint8_t> spki = ec.SpkiDer();
  const std::string point = Text(spki).substr(spki.size() - 64);
  const std::string x = absl::WebSafeBase64Escape(point.substr(0, 32));
  const std::string y = absl::WebSafeBase64Escape(point.substr(32));
  EXPECT_EQ(PinOfInput(absl::StrCat(R"({"kty":"EC","crv":"P-256","x":")", x,
                                    R"(","y":")", y, "\"}"))
                .standard_output,
            absl::StrCat(PinTextOf(ec), "  public key, EC P-256\n"));
  // Not on the curve.
  EXPECT_EQ(PinOfInput(absl::StrCat(R"({"kty":"EC","crv":"P-256","x":")", x,
                                    R"(","y":")", x, "\"}"))
                .exit_code,
            3);
}

TEST(PinTest, EncryptedKeysThatNoPasswordOpens) {
  const std::vector<uint8_t> encrypted = {
      0x30, 0x11, 0x30, 0x0b, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
      0xf7, 0x0d, 0x01, 0x05, 0x0d, 0x04, 0x02, 0x01, 0x02};
  const std::string kContents[] = {
      PemEncode("ENCRYPTED PRIVATE KEY", encrypted), Text(encrypted),
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
      "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
      "AAAA\n-----END RSA PRIVATE KEY-----\n"};
  for (const std::string& content : kContents) {
    ProcessOptions options;
    options.standard_input = content;
    options.environment = {{"TLSPIN_PASSWORD", "password"}};
    const ProcessResult result = RunTlspin({"pin", "-"}, options);
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_EQ(result.standard_output, "");
    EXPECT_THAT(result.standard_error,
                HasSubstr("the password is wrong, or it is damaged\n"));
    EXPECT_THAT(result.standard_error,
                HasSubstr("tlspin: hint: its certificate or public key"));
  }
  // Beside another block there is no telling which the headers belong to.
  const ProcessResult two = PinOfInput(kContents[2] + kContents[2]);
  EXPECT_EQ(two.exit_code, 3);
  EXPECT_THAT(two.standard_error, HasSubstr("it has to be alone in its file"));
}

TEST(PinTest, OfAServer) {
  const testing_support::Pki pki =
      testing_support::MakePki("Served", "host.example");
  const mint::Minted stray =
      mint::SelfSigned(mint::Ca("Stray Root"), mint::Key::Shared("p256-stray"));
  const testing_support::TlsServer server(
      {pki.leaf, pki.intermediate, pki.root, stray});
  const std::string target = server.Target("host.example");
  const std::string expected = absl::StrCat(
      PinTextOf(pki.leaf), "  certificate, EC P-256, CN=host.example, leaf\n",
      PinTextOf(pki.intermediate),
      "  certificate, EC P-256, CN=Served Intermediate, issuer\n",
      PinTextOf(pki.root), "  certificate, EC P-256, CN=Served Root, root\n",
      PinTextOf(stray),
      "  certificate, EC P-256, CN=Stray Root, not the issuer of the one "
      "before\n");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"pin", target},
        std::vector<std::string>{"pin", "--connect", target}}) {
    const ProcessResult result = RunTlspin(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    EXPECT_EQ(result.standard_output, expected);
    EXPECT_THAT(result.standard_error, HasSubstr("nothing was verified"));
  }
  const ProcessResult json = RunTlspin({"pin", "--json", target});
  EXPECT_THAT(
      json.standard_output,
      HasSubstr(absl::StrCat(
          R"({"schema":"tlspin.pin/1","file":null,"index":1,)"
          R"("kind":"certificate","key":"EC P-256",)"
          R"("subject":"CN=Served Intermediate","pin":")",
          PinTextOf(pki.intermediate),
          R"(","endpoint":{"host":"host.example","address":"127.0.0.1",)"
          R"("port":)",
          server.port(), R"(},"role":"issuer"})")));
  const std::string closed =
      absl::StrCat("host.example@127.0.0.1:", testing_support::ClosedPort());
  EXPECT_EQ(RunTlspin({"pin", closed}).exit_code, 3);
}

TEST(PinTest, WhatIsThereIsAFileAndNoHost) {
  const testing_support::TempDirectory directory;
  const mint::Key key = mint::Key::P256();
  directory.Write("host.example", key.PublicPem());
  ProcessOptions options;
  options.working_directory = directory.path();
  ProcessResult result = RunTlspin({"pin", "host.example"}, options);
  EXPECT_EQ(result.standard_output,
            absl::StrCat(PinTextOf(key), "  public key, EC P-256\n"));
  // What is missing and looks like a file is never asked for on the network.
  for (const char* missing : {"backup.key", "Bundle.P12", "./host"}) {
    result = RunTlspin({"pin", missing}, options);
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.standard_error, HasSubstr("No such file or directory"));
  }
  EXPECT_EQ(RunTlspin({"pin"}).exit_code, 2);
  EXPECT_EQ(RunTlspin({"pin", "host.example:port"}).exit_code, 2);
  EXPECT_EQ(RunTlspin({"pin", "--connect", "a b"}).exit_code, 2);
}

TEST(PinTest, BadInput) {
  const mint::Key key = mint::Key::P256();
  const std::string kContents[] = {
      "",
      "text",
      "{",
      "{}",
      R"({"keys":[]})",
      R"({"kty":"RSA","n":"!","e":"AQAB"})",
      std::string(1, '\0'),
      PemEncode("CERTIFICATE", key.SpkiDer()),
      PemEncode("PUBLIC KEY", std::vector<uint8_t>{0x30, 0x00}),
      PemEncode("PRIVATE KEY", std::vector<uint8_t>{0x30, 0x00}),
      PemEncode("DH PARAMETERS", std::vector<uint8_t>{0x30, 0x00}),
      key.PublicPem().substr(0, 60),
      // Nothing is printed of a file whose second part is bad.
      absl::StrCat(key.PublicPem(),
                   PemEncode("CERTIFICATE", std::vector<uint8_t>{0x30})),
      Text(key.SpkiDer()) + "x",
  };
  for (const std::string& content : kContents) {
    const ProcessResult result = PinOfInput(content);
    EXPECT_EQ(result.exit_code, 3) << content;
    EXPECT_EQ(result.standard_output, "") << content;
    EXPECT_THAT(result.standard_error,
                testing::StartsWith("tlspin: standard input: "))
        << content;
  }
  EXPECT_EQ(RunTlspin({"pin", "/nowhere"}).exit_code, 3);
}

TEST(PinTest, OnePrivateKeyByteIsNeverPrinted) {
  const mint::Key key = mint::Key::P256();
  std::string pem = key.PrivatePem();
  const std::string secret = pem.substr(60, 16);
  pem[100] = '!';  // breaks it
  const ProcessResult result = PinOfInput(pem);
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.standard_error, Not(HasSubstr(secret)));
}

}  // namespace
