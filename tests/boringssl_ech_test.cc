#include <openssl/hpke.h>
#include <openssl/mem.h>
#include <openssl/ssl.h>

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "pinning/boringssl.h"
#include "pinning/error.h"
#include "pinning/pin_store.h"
#include "pinning/verdict.h"
#include "tests/testing/handshake.h"
#include "tests/testing/pki.h"

// Encrypted ClientHello: a server without the key answers for the public name,
// which is then the one to judge. Judging by the secret name would call every
// stale ECHConfig an attack.
namespace pinning {
namespace {

using testing_support::ClientContext;
using testing_support::Connection;
using testing_support::MakePki;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::PinPolicy;
using testing_support::PinStoreOf;
using testing_support::Pki;
using testing_support::ServerContext;
using testing_support::TrustStoreOf;
using testing_support::VerifierOf;

constexpr char kSecret[] = "secret.example";
constexpr char kPublic[] = "public.example";

// An EchKey is a server's ECH key and the ECHConfigList that announces it.
struct EchKey {
  explicit EchKey(uint8_t id) : keys(SSL_ECH_KEYS_new()) {
    bssl::ScopedEVP_HPKE_KEY key;
    EXPECT_TRUE(
        EVP_HPKE_KEY_generate(key.get(), EVP_hpke_x25519_hkdf_sha256()));
    uint8_t* data = nullptr;
    size_t size = 0;
    EXPECT_TRUE(
        SSL_marshal_ech_config(&data, &size, id, key.get(), kPublic, 32));
    const bssl::UniquePtr<uint8_t> config(data);
    EXPECT_TRUE(SSL_ECH_KEYS_add(keys.get(), 1, config.get(), size, key.get()));
    EXPECT_TRUE(SSL_ECH_KEYS_marshal_retry_configs(keys.get(), &data, &size));
    const bssl::UniquePtr<uint8_t> all(data);
    list.assign(all.get(), all.get() + size);
  }
  bssl::UniquePtr<SSL_ECH_KEYS> keys;
  std::vector<uint8_t> list;
};

class EchTest : public testing::Test {
 protected:
  EchTest() : client_(ClientContext(TLS1_3_VERSION)) {
    // Pins on the secret name that no server of these tests meets, so that
    // only a verification by the public name can accept.
    const Pki any = MakePki("good", kPublic);
    EXPECT_TRUE(InstallVerifier(client_.get(),
                                VerifierOf(TrustStoreOf({any.root}),
                                           PinStoreOf(PinPolicy(), {kSecret})),
                                [] { return Now(); })
                    .ok());
  }

  void Offer(SSL* ssl, const EchKey& offered) {
    ASSERT_TRUE(SSL_set1_ech_config_list(ssl, offered.list.data(),
                                         offered.list.size()));
  }

  bssl::UniquePtr<SSL_CTX> client_;
  const EchKey old_{1};
  const EchKey current_{2};
};

TEST_F(EchTest, AcceptedIsJudgedByTheSecretName) {
  const auto server =
      ServerContext(TLS1_3_VERSION, MakePki("good", kSecret).Presented());
  ASSERT_TRUE(SSL_CTX_set1_ech_keys(server.get(), current_.keys.get()));
  Connection connection(client_.get(), server.get());
  ASSERT_TRUE(SetServerName(connection.client(), NameOf(kSecret)).ok());
  Offer(connection.client(), current_);
  EXPECT_FALSE(connection.Handshake());
  const Verdict* verdict = LastVerdict(connection.client());
  ASSERT_NE(verdict, nullptr);
  EXPECT_EQ(verdict->host(), kSecret);
  EXPECT_EQ(verdict->error().code, ErrorCode::kPinMismatch);
}

TEST_F(EchTest, RejectedIsJudgedByThePublicNameAndFailsWithRetryConfigs) {
  const auto server =
      ServerContext(TLS1_3_VERSION, MakePki("good", kPublic).Presented());
  ASSERT_TRUE(SSL_CTX_set1_ech_keys(server.get(), current_.keys.get()));
  Connection connection(client_.get(), server.get());
  ASSERT_TRUE(SetServerName(connection.client(), NameOf(kSecret)).ok());
  Offer(connection.client(), old_);
  EXPECT_FALSE(connection.Handshake());
  EXPECT_EQ(connection.alert(), SSL_AD_ECH_REQUIRED);
  const uint8_t* retry = nullptr;
  size_t retry_size = 0;
  SSL_get0_ech_retry_configs(connection.client(), &retry, &retry_size);
  EXPECT_EQ(std::vector<uint8_t>(retry, retry + retry_size), current_.list);
  EXPECT_EQ(LastVerdict(connection.client()), nullptr)
      << "the handshake has not finished, so nothing is accepted";
}

TEST_F(EchTest, RejectedByAServerWithoutThePublicNameIsRefused) {
  const auto server =
      ServerContext(TLS1_3_VERSION, MakePki("good", kSecret).Presented());
  Connection connection(client_.get(), server.get());
  ASSERT_TRUE(SetServerName(connection.client(), NameOf(kSecret)).ok());
  Offer(connection.client(), old_);
  EXPECT_FALSE(connection.Handshake());
  const Verdict* verdict = LastVerdict(connection.client());
  ASSERT_NE(verdict, nullptr);
  EXPECT_EQ(verdict->host(), kPublic);
  EXPECT_EQ(verdict->error().code, ErrorCode::kNameMismatch);
  EXPECT_EQ(connection.alert(), AlertFor(ErrorCode::kNameMismatch));
}

// The public name comes from the network's configuration, not from the caller,
// and makes up for no name.
TEST_F(EchTest, RejectedWithoutServerNameIsRefused) {
  const auto server =
      ServerContext(TLS1_3_VERSION, MakePki("good", kPublic).Presented());
  Connection connection(client_.get(), server.get());
  Offer(connection.client(), old_);
  EXPECT_FALSE(connection.Handshake());
  const Verdict* verdict = LastVerdict(connection.client());
  ASSERT_NE(verdict, nullptr);
  EXPECT_EQ(verdict->error().code, ErrorCode::kNoServerName);
}

// The verdict on early data is reached before the server has said whether it
// accepts Encrypted ClientHello, and is the verdict still when it has.
TEST_F(EchTest, AcceptedWithEarlyDataIsJudgedOnce) {
  const Pki pki = MakePki("good", kSecret);
  const auto server = ServerContext(TLS1_3_VERSION, pki.Presented());
  ASSERT_TRUE(SSL_CTX_set1_ech_keys(server.get(), current_.keys.get()));
  ASSERT_TRUE(
      ReplaceVerifier(client_.get(),
                      VerifierOf(TrustStoreOf({pki.root}), PinStore::Empty()))
          .ok());
  SSL_CTX_set_early_data_enabled(client_.get(), 1);
  SSL_CTX_set_early_data_enabled(server.get(), 1);
  bssl::UniquePtr<SSL_SESSION> session;
  for (const bool early : {false, true}) {
    Connection connection(client_.get(), server.get());
    ASSERT_TRUE(SetServerName(connection.client(), NameOf(kSecret)).ok());
    Offer(connection.client(), current_);
    if (early) {
      SSL_set_session(connection.client(), session.get());
      ASSERT_EQ(SSL_do_handshake(connection.client()), 1);
      ASSERT_EQ(SSL_write(connection.client(), "early", 5), 5);
      ASSERT_EQ(SSL_do_handshake(connection.server()), 1);
      char read[5];
      ASSERT_EQ(SSL_read(connection.server(), read, sizeof(read)), 5);
    }
    ASSERT_TRUE(connection.Handshake());
    EXPECT_TRUE(SSL_ech_accepted(connection.client()));
    EXPECT_EQ(SSL_early_data_accepted(connection.client()), early);
    const Verdict* verdict = LastVerdict(connection.client());
    ASSERT_NE(verdict, nullptr);
    EXPECT_TRUE(verdict->accepted());
    EXPECT_EQ(verdict->host(), kSecret);
    ASSERT_TRUE(connection.Exchange());
    session = connection.session();
  }
}

}  // namespace
}  // namespace pinning
