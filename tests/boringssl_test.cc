#include "pinning/boringssl.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/error.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/boringssl_fixture.h"
#include "tests/testing/handshake.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

// What handshakes come to. Setting up is in boringssl_install_test.cc;
// sessions, early data and threads are in boringssl_session_test.cc.
namespace pinning {
namespace {

using testing_support::BoringSslTest;
using testing_support::ClientContext;
using testing_support::Connection;
using testing_support::LoneEnd;
using testing_support::MakePki;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::PinOf;
using testing_support::PinPolicy;
using testing_support::Pki;
using testing_support::TrustStoreOf;
using testing_support::VerifierOf;
using testing_support::VersionName;

INSTANTIATE_TEST_SUITE_P(Versions, BoringSslTest,
                         testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         VersionName);

TEST_P(BoringSslTest, AcceptsPinnedChain) {
  const auto client = Client(Policy(PinnedToGood()));
  const auto server = Server(good_.Presented());
  Connection connection(client.get(), server.get());
  ASSERT_TRUE(SetServerName(connection.client(), NameOf(kHost)).ok());
  EXPECT_EQ(LastVerdict(connection.client()), nullptr);
  ASSERT_TRUE(connection.Handshake());
  EXPECT_TRUE(connection.Exchange());
  const Verdict* verdict = LastVerdict(connection.client());
  ASSERT_NE(verdict, nullptr);
  EXPECT_TRUE(verdict->accepted());
  EXPECT_EQ(verdict->pin_status(), PinStatus::kMatched);
  EXPECT_EQ(verdict->host(), kHost);
  EXPECT_EQ(verdict->time(), Now());
  EXPECT_EQ(SSL_get_verify_mode(connection.client()) & SSL_VERIFY_PEER,
            SSL_VERIFY_PEER);
}

TEST_P(BoringSslTest, RefusesForTheReasonThereIs) {
  const Pki other_name = MakePki("good", "b.example");
  const Pki stranger = MakePki("stranger", kHost);
  PinPolicy blocked = PinnedToGood();
  blocked.blocked = {PinOf(good_.root)};
  PinPolicy expired = PinnedToGood();
  expired.expires = Now() - absl::Hours(1);
  mint::Spec spec = mint::Leaf({kHost});
  spec.corrupt_signature = true;
  const mint::Minted corrupt =
      mint::Issue(spec, good_.leaf.key, good_.intermediate);
  spec = mint::Leaf({kHost});
  spec.extended_key_usage = {"1.3.6.1.5.5.7.3.2"};
  const mint::Minted for_clients =
      mint::Issue(spec, good_.leaf.key, good_.intermediate);

  struct Row {
    const char* name;
    std::vector<mint::Minted> presented;
    PinPolicy policy;
    absl::Time now;
    ErrorCode code;
    int depth;
  };
  const absl::Time now = Now();
  const std::vector<Row> rows = {
      {"pins not met", evil_.Presented(), PinnedToGood(), now,
       ErrorCode::kPinMismatch, -1},
      // CVE-2016-2402: pins compared with whatever the peer sent along.
      {"pinned certificates stapled to another path",
       {evil_.leaf, evil_.intermediate, good_.intermediate, good_.root,
        good_.leaf},
       PinnedToGood(),
       now,
       ErrorCode::kPinMismatch,
       -1},
      {"pinned certificates stapled to a lone leaf",
       {stranger.leaf, good_.intermediate, good_.root, good_.leaf},
       PinnedToGood(),
       now,
       ErrorCode::kNoPath,
       0},
      {"another name", other_name.Presented(), PinnedToGood(), now,
       ErrorCode::kNameMismatch, 0},
      {"no trusted root", stranger.Presented(), PinnedToGood(), now,
       ErrorCode::kNoPath, 1},
      {"a missing intermediate",
       {good_.leaf},
       PinnedToGood(),
       now,
       ErrorCode::kNoPath,
       0},
      {"a blocked pin", good_.Presented(), blocked, now, ErrorCode::kBlockedPin,
       2},
      {"an expired pin set", good_.Presented(), expired, now,
       ErrorCode::kPinSetExpired, -1},
      {"an expired certificate", good_.Presented(), PinnedToGood(),
       now + absl::Hours(24 * 365), ErrorCode::kExpired, 0},
      {"a certificate of the future", good_.Presented(), PinnedToGood(),
       now - absl::Hours(24 * 365), ErrorCode::kNotYetValid, 0},
      {"a bad signature",
       {corrupt, good_.intermediate},
       PinnedToGood(),
       now,
       ErrorCode::kBadSignature,
       0},
      {"another purpose",
       {for_clients, good_.intermediate},
       PinnedToGood(),
       now,
       ErrorCode::kExtendedKeyUsage,
       0},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto client = Client(Policy(row.policy), row.now);
    const auto server = Server(row.presented);
    Connection connection(client.get(), server.get());
    ASSERT_TRUE(SetServerName(connection.client(), NameOf(kHost)).ok());
    ExpectRefused(&connection, row.code);
    const Verdict* verdict = LastVerdict(connection.client());
    ASSERT_NE(verdict, nullptr);
    EXPECT_EQ(verdict->error().depth, row.depth) << verdict->ToString();
  }
}

TEST_P(BoringSslTest, RefusesWithoutServerName) {
  const auto client = Client(Policy(PinnedToGood()));
  const auto server = Server(good_.Presented());
  Connection connection(client.get(), server.get());
  // SNI by BoringSSL's own means is no name to verify.
  SSL_set_tlsext_host_name(connection.client(), kHost);
  ExpectRefused(&connection, ErrorCode::kNoServerName);
}

TEST_P(BoringSslTest, ReportOnlyAcceptsAndSaysSo) {
  PinPolicy policy = PinnedToGood();
  policy.mode = PinSet::Mode::kReportOnly;
  const auto client = Client(Policy(policy));
  const auto server = Server(evil_.Presented());
  Connection connection(client.get(), server.get());
  ASSERT_TRUE(SetServerName(connection.client(), NameOf(kHost)).ok());
  ASSERT_TRUE(connection.Handshake());
  const Verdict* verdict = LastVerdict(connection.client());
  ASSERT_NE(verdict, nullptr);
  EXPECT_TRUE(verdict->accepted());
  EXPECT_TRUE(verdict->would_reject());
  EXPECT_EQ(verdict->pin_status(), PinStatus::kMismatch);
}

TEST_P(BoringSslTest, PinsLeavesOfEveryKeyType) {
  for (const char* type : {"p256", "p384", "p521", "rsa2048", "ed25519"}) {
    SCOPED_TRACE(type);
    const Pki pki = MakePki("good", kHost, type);
    PinPolicy policy;
    policy.pins = {PinOf(pki.leaf)};
    const auto client = Client(Policy(policy));
    const auto server = Server(pki.Presented());
    Connection connection(client.get(), server.get());
    ASSERT_TRUE(SetServerName(connection.client(), NameOf(kHost)).ok());
    ASSERT_TRUE(connection.Handshake());
    EXPECT_EQ(LastVerdict(connection.client())->pins()->matched_depth, 0);
  }
}

// square/okhttp#9724: a trailing dot or upper case must not lose the pins.
TEST_P(BoringSslTest, EverySpellingOfTheHostIsPinnedOrRefused) {
  const auto parsed = PinStore::FromJson(absl::StrFormat(
      R"({
        "schema": "pinning.pins/1",
        "updated": "2026-05-31",
        "sets": {
          "good": {
            "mode": "enforce",
            "expires": "2026-12-31",
            "on-expiry": "reject",
            "pins": [{"name": "root", "pin": "%s"}],
            "backup-pins": [{"name": "spare", "pin": "%s"}]
          }
        },
        "hosts": {"a.example": "good"}
      })",
      PinOf(good_.root).ToString(),
      PinOf(mint::Key::Shared("p256-spare")).ToString()));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  const auto trust = TrustStoreOf({good_.root, evil_.root});
  const auto pinned = VerifierOf(trust, *parsed);
  const auto server = Server(evil_.Presented());
  for (const bool swapped_in : {false, true}) {
    const auto client =
        Client(swapped_in ? VerifierOf(trust, PinStore::Empty()) : pinned);
    if (swapped_in) {
      ASSERT_TRUE(ReplaceVerifier(client.get(), pinned).ok());
    }
    for (const char* host :
         {"a.example", "a.example.", "A.EXAMPLE", "A.Example.", "a.example..",
          "a。example", "\u212a.example", "a.exampl\u00e9", "a.example ",
          "a.example\n", ".a.example"}) {
      SCOPED_TRACE(host);
      const auto name = ServerName::FromString(host);
      if (!name.ok()) {
        continue;  // refused before there is a connection
      }
      EXPECT_EQ(name->ToString(), kHost);
      Connection connection(client.get(), server.get());
      ASSERT_TRUE(SetServerName(connection.client(), *name).ok());
      ExpectRefused(&connection, ErrorCode::kPinMismatch);
    }
  }
  EXPECT_FALSE(ServerName::FromString("a.example..").ok());
  EXPECT_FALSE(ServerName::FromString("\u212a.example").ok());
}

// A peer that stops or babbles anywhere before the end of its first flight has
// proved nothing, even where its certificates were judged good by then.
TEST_P(BoringSslTest, CutOrGarbledHandshakeShowsNoAcceptance) {
  int judged = 0;
  const auto verifier = Policy(PinnedToGood());
  const auto client = ClientContext(GetParam());
  ASSERT_TRUE(InstallVerifier(client.get(), verifier, [&judged] {
                ++judged;
                return Now();
              }).ok());
  const auto server = Server(good_.Presented());
  // Returns the size of the flight, of which `cut` octets are left out.
  const auto run = [&](int fragment, size_t cut, bool garble) {
    LoneEnd lone(client.get(), LoneEnd::Role::kClient);
    EXPECT_TRUE(SetServerName(lone.ssl(), NameOf(kHost)).ok());
    SSL_do_handshake(lone.ssl());
    LoneEnd remote(server.get(), LoneEnd::Role::kServer);
    SSL_set_max_send_fragment(remote.ssl(), fragment);
    remote.Feed(lone.Take());
    SSL_do_handshake(remote.ssl());
    const std::string flight = remote.Take();
    const size_t kept = flight.size() - std::min(cut, flight.size());
    lone.Feed(flight.substr(0, kept));
    if (garble) {
      // The first octet is not the one that was cut.
      lone.Feed(std::string(1, static_cast<char>(~flight[kept])));
      lone.Feed(std::string(600, '\x16'));
    }
    lone.Close();
    EXPECT_NE(SSL_do_handshake(lone.ssl()), 1);
    const Verdict* verdict = LastVerdict(lone.ssl());
    EXPECT_TRUE(verdict == nullptr || (garble && !verdict->accepted())) << cut;
    EXPECT_EQ(
        VerifyChain(lone.ssl(), *verifier, NameOf(kHost), Now()).error().code,
        ErrorCode::kEmptyChain)
        << cut;
    return flight.size();
  };
  for (const bool garble : {false, true}) {
    for (size_t cut = 1; run(16384, cut, garble) > cut;) {
      cut += 13;
    }
    // TLS 1.3 puts messages together in records: short ones, of many lengths,
    // make one end between CertificateVerify and Finished.
    for (int fragment = 512; fragment < 1100; fragment += 4) {
      run(fragment, 1, garble);
    }
  }
  EXPECT_GT(judged, 0) << "no certificate was judged: nothing was tested";
}

TEST(AlertForTest, EveryCodeHasItsAlert) {
  const std::map<ErrorCode, uint8_t> alerts = {
      {ErrorCode::kNoPath, SSL_AD_UNKNOWN_CA},
      {ErrorCode::kBudgetExhausted, SSL_AD_CERTIFICATE_UNKNOWN},
      {ErrorCode::kDistrustedAnchor, SSL_AD_UNKNOWN_CA},
      {ErrorCode::kBadSignature, SSL_AD_BAD_CERTIFICATE},
      {ErrorCode::kExpired, SSL_AD_CERTIFICATE_EXPIRED},
      {ErrorCode::kNotYetValid, SSL_AD_CERTIFICATE_EXPIRED},
      {ErrorCode::kNotACa, SSL_AD_BAD_CERTIFICATE},
      {ErrorCode::kPathLengthExceeded, SSL_AD_BAD_CERTIFICATE},
      {ErrorCode::kNameConstraintViolated, SSL_AD_BAD_CERTIFICATE},
      {ErrorCode::kUnhandledCriticalExtension, SSL_AD_UNSUPPORTED_CERTIFICATE},
      {ErrorCode::kKeyUsage, SSL_AD_UNSUPPORTED_CERTIFICATE},
      {ErrorCode::kExtendedKeyUsage, SSL_AD_UNSUPPORTED_CERTIFICATE},
      {ErrorCode::kUnacceptableAlgorithm, SSL_AD_BAD_CERTIFICATE},
      {ErrorCode::kUnacceptableKey, SSL_AD_UNSUPPORTED_CERTIFICATE},
      {ErrorCode::kInvalidProfile, SSL_AD_BAD_CERTIFICATE},
      {ErrorCode::kPolicy, SSL_AD_BAD_CERTIFICATE},
      {ErrorCode::kRevoked, SSL_AD_CERTIFICATE_REVOKED},
      {ErrorCode::kRevocationUnknown, SSL_AD_CERTIFICATE_UNKNOWN},
      {ErrorCode::kNameMismatch, SSL_AD_BAD_CERTIFICATE},
      {ErrorCode::kNoServerName, SSL_AD_INTERNAL_ERROR},
      {ErrorCode::kPinMismatch, SSL_AD_BAD_CERTIFICATE},
      {ErrorCode::kBlockedPin, SSL_AD_BAD_CERTIFICATE},
      {ErrorCode::kPinSetExpired, SSL_AD_CERTIFICATE_UNKNOWN},
      {ErrorCode::kPinStoreDamaged, SSL_AD_INTERNAL_ERROR},
      {ErrorCode::kEmptyChain, SSL_AD_DECODE_ERROR},
      {ErrorCode::kChainTooLong, SSL_AD_CERTIFICATE_UNKNOWN},
      {ErrorCode::kMalformedCertificate, SSL_AD_BAD_CERTIFICATE},
  };
  for (const ErrorCode code : AllErrorCodes()) {
    const auto found = alerts.find(code);
    ASSERT_NE(found, alerts.end()) << ErrorCodeName(code);
    EXPECT_EQ(AlertFor(code), found->second) << ErrorCodeName(code);
  }
  EXPECT_EQ(AlertFor(ErrorCode::kUnspecified), SSL_AD_INTERNAL_ERROR);
}

}  // namespace
}  // namespace pinning
