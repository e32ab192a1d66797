#include <openssl/ssl.h>

#include <memory>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/boringssl.h"
#include "pinning/error.h"
#include "pinning/verdict.h"
#include "tests/testing/boringssl_fixture.h"
#include "tests/testing/handshake.h"
#include "tests/testing/pki.h"

// What the verify hook remembers from one handshake to the next.
namespace pinning {
namespace {

using testing_support::BoringSslTest;
using testing_support::Connection;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::PinPolicy;
using testing_support::VersionName;

class BoringSslCacheTest : public BoringSslTest {
 protected:
  // Connect returns the verdict of a new handshake.
  Verdict Connect(SSL_CTX* client, SSL_CTX* server) {
    Connection connection(client, server);
    EXPECT_TRUE(SetServerName(connection.client(), NameOf(kHost)).ok());
    connection.Handshake();
    const Verdict* verdict = LastVerdict(connection.client());
    return verdict == nullptr ? Verdict::Reject(PathError(), Now()) : *verdict;
  }
};

TEST_P(BoringSslCacheTest, RemembersOverHandshakes) {
  const auto client = Client(Policy(PinnedToGood()));
  const auto server = Server(good_.Presented());
  EXPECT_FALSE(Connect(client.get(), server.get()).work().from_cache);
  const Verdict again = Connect(client.get(), server.get());
  EXPECT_TRUE(again.accepted());
  EXPECT_TRUE(again.work().from_cache);
  // Another server is judged for itself.
  const auto evil = Server(evil_.Presented());
  const Verdict other = Connect(client.get(), evil.get());
  EXPECT_FALSE(other.work().from_cache);
  EXPECT_EQ(other.error().code, ErrorCode::kPinMismatch);
  EXPECT_TRUE(Connect(client.get(), server.get()).accepted());
}

TEST_P(BoringSslCacheTest, ForgetsWithTheVerifier) {
  const auto client = Client(Policy(PinnedToGood()));
  const auto server = Server(good_.Presented());
  EXPECT_TRUE(Connect(client.get(), server.get()).accepted());
  EXPECT_TRUE(Connect(client.get(), server.get()).work().from_cache);
  ASSERT_TRUE(ReplaceVerifier(client.get(), Policy(PinPolicy())).ok());
  const Verdict verdict = Connect(client.get(), server.get());
  EXPECT_FALSE(verdict.work().from_cache);
  EXPECT_EQ(verdict.error().code, ErrorCode::kPinMismatch);
}

TEST_P(BoringSslCacheTest, AsksTheClockEachTime) {
  const auto now = std::make_shared<absl::Time>(Now());
  const auto client = testing_support::ClientContext(GetParam());
  ASSERT_TRUE(InstallVerifier(client.get(), Policy(PinnedToGood()), [now] {
                return *now;
              }).ok());
  const auto server = Server(good_.Presented());
  EXPECT_TRUE(Connect(client.get(), server.get()).accepted());
  *now += absl::Hours(1);
  const Verdict later = Connect(client.get(), server.get());
  EXPECT_TRUE(later.work().from_cache);
  EXPECT_EQ(later.time(), *now);
  *now += absl::Hours(24 * 365);
  EXPECT_FALSE(Connect(client.get(), server.get()).accepted());
}

INSTANTIATE_TEST_SUITE_P(Versions, BoringSslCacheTest,
                         testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         VersionName);

}  // namespace
}  // namespace pinning
