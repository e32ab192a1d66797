#include <openssl/ssl.h>

#include <cstdint>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "pinning/boringssl.h"
#include "pinning/error.h"
#include "pinning/pin_store.h"
#include "pinning/verdict.h"
#include "tests/testing/boringssl_fixture.h"
#include "tests/testing/handshake.h"
#include "tests/testing/pki.h"

namespace pinning {
namespace {

using testing_support::BoringSslTest;
using testing_support::ClientContext;
using testing_support::Connection;
using testing_support::MakePki;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::PinPolicy;
using testing_support::Pki;
using testing_support::TrustStoreOf;
using testing_support::VerifierOf;
using testing_support::VersionName;

INSTANTIATE_TEST_SUITE_P(Versions, BoringSslTest,
                         testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         VersionName);

// TLS_method() with no verifier accepts anyone: the hook has to set the mode.
TEST_P(BoringSslTest, DecidesForTlsMethodToo) {
  bssl::UniquePtr<SSL_CTX> client = ClientContext(GetParam(), TLS_method());
  const auto good = Server(good_.Presented());
  const auto evil = Server(evil_.Presented());
  {
    Connection unguarded(client.get(), evil.get());
    EXPECT_TRUE(unguarded.Handshake()) << "the hole that the hook closes";
  }
  ASSERT_TRUE(InstallVerifier(client.get(), Policy(PinnedToGood()), [] {
                return Now();
              }).ok());
  Connection refused(client.get(), evil.get());
  ASSERT_TRUE(SetServerName(refused.client(), NameOf(kHost)).ok());
  ExpectRefused(&refused, ErrorCode::kPinMismatch);
  Connection accepted(client.get(), good.get());
  ASSERT_TRUE(SetServerName(accepted.client(), NameOf(kHost)).ok());
  EXPECT_TRUE(accepted.Handshake());
}

TEST_P(BoringSslTest, SetServerNameSendsSniForDnsNamesOnly) {
  const auto client = Client(Policy(PinnedToGood()));
  const auto server = Server(good_.Presented());
  Connection dns(client.get(), server.get());
  ASSERT_TRUE(SetServerName(dns.client(), NameOf("A.example.")).ok());
  dns.Handshake();
  EXPECT_STREQ(SSL_get_servername(dns.server(), TLSEXT_NAMETYPE_host_name),
               kHost);

  Connection ip(client.get(), server.get());
  ASSERT_TRUE(SetServerName(ip.client(), NameOf(kHost)).ok());
  ASSERT_TRUE(SetServerName(ip.client(), NameOf("192.0.2.1")).ok());
  ip.Handshake();
  EXPECT_EQ(SSL_get_servername(ip.server(), TLSEXT_NAMETYPE_host_name),
            nullptr);
  EXPECT_EQ(LastVerdict(ip.client())->error().code, ErrorCode::kNameMismatch);
}

TEST_P(BoringSslTest, CallbackReplacedBehindItsBackLeavesNoVerdict) {
  const auto client = Client(Policy(PinnedToGood()));
  const auto server = Server(evil_.Presented());
  Connection connection(client.get(), server.get());
  ASSERT_TRUE(SetServerName(connection.client(), NameOf(kHost)).ok());
  SSL_set_custom_verify(connection.client(), SSL_VERIFY_PEER,
                        [](SSL*, uint8_t*) { return ssl_verify_ok; });
  ASSERT_TRUE(connection.Handshake());
  EXPECT_EQ(LastVerdict(connection.client()), nullptr);
}

TEST_P(BoringSslTest, ServersAreRefusedWithOrWithoutClientCertificate) {
  for (const bool with_certificate : {false, true}) {
    SCOPED_TRACE(with_certificate);
    const auto client = ClientContext(GetParam());
    SSL_CTX_set_custom_verify(client.get(), SSL_VERIFY_PEER,
                              [](SSL*, uint8_t*) { return ssl_verify_ok; });
    if (with_certificate) {
      testing_support::UseCertificates(client.get(), good_.Presented());
    }
    const auto server = Server(good_.Presented());
    {
      Connection unguarded(client.get(), server.get());
      ASSERT_TRUE(unguarded.Handshake());
    }
    ASSERT_TRUE(InstallVerifier(server.get(), Policy(PinnedToGood()), [] {
                  return Now();
                }).ok());
    Connection connection(client.get(), server.get());
    EXPECT_EQ(SetServerName(connection.server(), NameOf(kHost)).code(),
              absl::StatusCode::kFailedPrecondition);
    // Nor does a name count that was set before the role was.
    SSL_set_connect_state(connection.server());
    ASSERT_TRUE(SetServerName(connection.server(), NameOf(kHost)).ok());
    SSL_set_accept_state(connection.server());
    EXPECT_FALSE(connection.Handshake());
    EXPECT_TRUE(SSL_in_init(connection.server()));
    const Verdict* verdict = LastVerdict(connection.server());
    if (with_certificate) {
      ASSERT_NE(verdict, nullptr);
      EXPECT_EQ(verdict->error().code, ErrorCode::kNoServerName);
    } else {
      EXPECT_EQ(verdict, nullptr);
    }
  }
}

TEST_P(BoringSslTest, VerifyChainJudgesAfterTheHandshake) {
  bssl::UniquePtr<SSL_CTX> client = ClientContext(GetParam());
  SSL_CTX_set_custom_verify(client.get(), SSL_VERIFY_PEER,
                            [](SSL*, uint8_t*) { return ssl_verify_ok; });
  const auto verifier = Policy(PinnedToGood());
  const auto judge = [&](const SSL* ssl, const char* host) {
    return VerifyChain(ssl, *verifier, NameOf(host), Now());
  };
  const auto good = Server(good_.Presented());
  Connection accepted(client.get(), good.get());
  EXPECT_EQ(judge(accepted.client(), kHost).error().code,
            ErrorCode::kEmptyChain);
  ASSERT_TRUE(accepted.Handshake());
  EXPECT_TRUE(judge(accepted.client(), kHost).accepted());
  EXPECT_EQ(judge(accepted.client(), "b.example").error().code,
            ErrorCode::kNameMismatch);
  EXPECT_EQ(LastVerdict(accepted.client()), nullptr);

  const auto evil = Server(evil_.Presented());
  Connection refused(client.get(), evil.get());
  ASSERT_TRUE(refused.Handshake());
  EXPECT_EQ(judge(refused.client(), kHost).error().code,
            ErrorCode::kPinMismatch);
}

// What is installed already must still decide after a refused installation.
TEST_P(BoringSslTest, InstallVerifierTakesOverNothing) {
  const auto verifier = Policy(PinnedToGood());
  const auto refuse_all = [](SSL*, uint8_t*) { return ssl_verify_invalid; };
  const auto good = Server(good_.Presented());
  const auto expect_untouched = [&](SSL_CTX* ctx) {
    EXPECT_EQ(InstallVerifier(ctx, verifier).code(),
              absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(ReplaceVerifier(ctx, verifier).code(),
              absl::StatusCode::kFailedPrecondition);
    Connection connection(ctx, good.get());
    EXPECT_TRUE(SetServerName(connection.client(), NameOf(kHost)).ok());
    EXPECT_FALSE(connection.Handshake());
    EXPECT_EQ(LastVerdict(connection.client()), nullptr);
  };
  for (const SSL_METHOD* method : {TLS_method(), TLS_with_buffers_method()}) {
    const auto custom = ClientContext(GetParam(), method);
    SSL_CTX_set_custom_verify(custom.get(), SSL_VERIFY_PEER, refuse_all);
    expect_untouched(custom.get());
  }
  const auto builtin = ClientContext(GetParam(), TLS_method());
  SSL_CTX_set_verify(builtin.get(), SSL_VERIFY_PEER, nullptr);
  expect_untouched(builtin.get());
}

TEST_P(BoringSslTest, SecondVerifierIsRefusedAndTheFirstDecides) {
  PinPolicy lax = PinnedToGood();
  lax.mode = PinSet::Mode::kReportOnly;
  const auto client = Client(Policy(PinnedToGood()));
  EXPECT_EQ(InstallVerifier(client.get(), Policy(lax)).code(),
            absl::StatusCode::kFailedPrecondition);
  const auto evil = Server(evil_.Presented());
  Connection connection(client.get(), evil.get());
  ASSERT_TRUE(SetServerName(connection.client(), NameOf(kHost)).ok());
  ExpectRefused(&connection, ErrorCode::kPinMismatch);
}

TEST(InstallVerifierTest, RefusesNull) {
  constexpr char kHost[] = "a.example";
  const auto ctx = ClientContext(TLS1_3_VERSION);
  const Pki pki = MakePki("good", kHost);
  const auto verifier = VerifierOf(TrustStoreOf({pki.root}), PinStore::Empty());
  EXPECT_EQ(InstallVerifier(nullptr, verifier).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(InstallVerifier(ctx.get(), nullptr).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReplaceVerifier(nullptr, verifier).code(),
            absl::StatusCode::kInvalidArgument);
  ASSERT_TRUE(InstallVerifier(ctx.get(), verifier).ok());
  EXPECT_EQ(ReplaceVerifier(ctx.get(), nullptr).code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace pinning
