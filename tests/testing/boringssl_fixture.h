#ifndef TESTS_TESTING_BORINGSSL_FIXTURE_H_
#define TESTS_TESTING_BORINGSSL_FIXTURE_H_

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/boringssl.h"
#include "pinning/error.h"
#include "pinning/verifier.h"
#include "tests/testing/handshake.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

namespace testing_support {

// BoringSslTest is the fixture of the tests of the verify hook. Its parameter
// is the TLS version.
class BoringSslTest : public testing::TestWithParam<uint16_t> {
 protected:
  static constexpr char kHost[] = "a.example";

  // A verifier that trusts both infrastructures and applies `policy`.
  std::shared_ptr<const pinning::Verifier> Policy(
      const PinPolicy& policy) const {
    return VerifierOf(TrustStoreOf({good_.root, evil_.root}),
                      PinStoreOf(policy, {kHost}));
  }
  PinPolicy PinnedToGood() const {
    PinPolicy policy;
    policy.pins = {PinOf(good_.intermediate)};
    return policy;
  }

  bssl::UniquePtr<SSL_CTX> Client(
      std::shared_ptr<const pinning::Verifier> verifier,
      absl::Time now = Now()) const {
    bssl::UniquePtr<SSL_CTX> ctx = ClientContext(GetParam());
    EXPECT_TRUE(pinning::InstallVerifier(ctx.get(), verifier, [now] {
                  return now;
                }).ok());
    return ctx;
  }
  bssl::UniquePtr<SSL_CTX> Server(
      const std::vector<mint::Minted>& presented) const {
    return ServerContext(GetParam(), presented);
  }

  // ExpectRefused expects that `connection` fails for `code`, and that the
  // server is told so.
  static void ExpectRefused(Connection* connection, pinning::ErrorCode code) {
    EXPECT_FALSE(connection->Handshake());
    EXPECT_FALSE(connection->client_done());
    const pinning::Verdict* verdict =
        pinning::LastVerdict(connection->client());
    ASSERT_NE(verdict, nullptr);
    EXPECT_FALSE(verdict->accepted());
    EXPECT_EQ(pinning::ErrorCodeName(verdict->error().code),
              pinning::ErrorCodeName(code));
    ASSERT_TRUE(connection->alert().has_value());
    EXPECT_EQ(*connection->alert(), pinning::AlertFor(code));
  }

  const Pki good_ = MakePki("good", kHost);
  // Trusted as well, and for the same host: a misled authority, or a middlebox
  // whose root is installed.
  const Pki evil_ = MakePki("evil", kHost);
};

// VersionName names an instance of a test by its TLS version.
inline std::string VersionName(const testing::TestParamInfo<uint16_t>& info) {
  return info.param == TLS1_2_VERSION ? "Tls12" : "Tls13";
}

}  // namespace testing_support

#endif  // TESTS_TESTING_BORINGSSL_FIXTURE_H_
