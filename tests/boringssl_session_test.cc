#include <openssl/err.h>
#include <openssl/ssl.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/boringssl.h"
#include "pinning/error.h"
#include "pinning/pin_store.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/boringssl_fixture.h"
#include "tests/testing/handshake.h"
#include "tests/testing/pki.h"

// A session is a handshake that was judged once and is used again: whatever
// changed since has to count.
namespace pinning {
namespace {

using testing_support::ClientContext;
using testing_support::Connection;
using testing_support::LoneEnd;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::PinOf;
using testing_support::PinPolicy;
using testing_support::TrustStoreOf;
using testing_support::VerifierOf;
using testing_support::VersionName;

class BoringSslSessionTest : public testing_support::BoringSslTest {
 protected:
  // NewSession returns a session that a good handshake has left.
  static bssl::UniquePtr<SSL_SESSION> NewSession(SSL_CTX* client,
                                                 SSL_CTX* server) {
    Connection connection(client, server);
    EXPECT_TRUE(SetServerName(connection.client(), NameOf(kHost)).ok());
    EXPECT_TRUE(connection.Handshake());
    EXPECT_TRUE(connection.Exchange());
    EXPECT_NE(connection.session(), nullptr);
    return connection.session();
  }

  // PinnedElsewhere is a policy that no chain of the tests meets.
  static PinPolicy PinnedElsewhere() { return PinPolicy(); }
};

INSTANTIATE_TEST_SUITE_P(Versions, BoringSslSessionTest,
                         testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         VersionName);

TEST_P(BoringSslSessionTest, ResumesUnderUnchangedPinsAndIsJudgedAgain) {
  int judged = 0;
  const auto client = ClientContext(GetParam());
  ASSERT_TRUE(InstallVerifier(client.get(), Policy(PinnedToGood()), [&judged] {
                ++judged;
                return Now();
              }).ok());
  const auto server = Server(good_.Presented());
  const auto session = NewSession(client.get(), server.get());
  EXPECT_EQ(judged, 1);

  Connection resumed(client.get(), server.get());
  SSL_set_session(resumed.client(), session.get());
  ASSERT_TRUE(SetServerName(resumed.client(), NameOf(kHost)).ok());
  ASSERT_TRUE(resumed.Handshake());
  EXPECT_TRUE(SSL_session_reused(resumed.client()));
  EXPECT_EQ(judged, 2);
  const Verdict* verdict = LastVerdict(resumed.client());
  ASSERT_NE(verdict, nullptr);
  EXPECT_TRUE(verdict->accepted());
  EXPECT_EQ(verdict->pin_status(), PinStatus::kMatched);
  EXPECT_TRUE(VerifyChain(resumed.client(), *Policy(PinnedToGood()),
                          NameOf(kHost), Now())
                  .accepted());
}

TEST_P(BoringSslSessionTest, IsNotResumedIntoWhatHasChanged) {
  PinPolicy blocked = PinnedToGood();
  blocked.blocked = {PinOf(good_.leaf)};
  const auto distrusting =
      VerifierOf(TrustStoreOf({evil_.root}), PinStore::Empty());

  struct Row {
    const char* name;
    std::shared_ptr<const Verifier> verifier;  // from now on
    const char* host;                          // null: none is set
    absl::Time now;
    ErrorCode code;
  };
  const auto unchanged = Policy(PinnedToGood());
  const std::vector<Row> rows = {
      {"tightened pins", Policy(PinnedElsewhere()), kHost, Now(),
       ErrorCode::kPinMismatch},
      {"a key blocked since", Policy(blocked), kHost, Now(),
       ErrorCode::kBlockedPin},
      {"a root distrusted since", distrusting, kHost, Now(),
       ErrorCode::kNoPath},
      {"another host", unchanged, "b.example", Now(), ErrorCode::kNameMismatch},
      {"no host", unchanged, nullptr, Now(), ErrorCode::kNoServerName},
      {"a certificate expired since", unchanged, kHost,
       Now() + absl::Hours(24 * 365), ErrorCode::kExpired},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    absl::Time now = Now();
    const auto client = ClientContext(GetParam());
    ASSERT_TRUE(
        InstallVerifier(client.get(), unchanged, [&now] { return now; }).ok());
    const auto server = Server(good_.Presented());
    const auto session = NewSession(client.get(), server.get());
    ASSERT_TRUE(ReplaceVerifier(client.get(), row.verifier).ok());
    now = row.now;

    Connection resumed(client.get(), server.get());
    SSL_set_session(resumed.client(), session.get());
    if (row.host != nullptr) {
      ASSERT_TRUE(SetServerName(resumed.client(), NameOf(row.host)).ok());
    }
    ExpectRefused(&resumed, row.code);
  }
}

TEST_P(BoringSslSessionTest, SessionOfAnotherContextIsJudgedByThisOne) {
  const auto lax = Client(Policy(PinnedToGood()));
  const auto strict = Client(Policy(PinnedElsewhere()));
  const auto server = Server(good_.Presented());
  const auto session = NewSession(lax.get(), server.get());
  Connection resumed(strict.get(), server.get());
  SSL_set_session(resumed.client(), session.get());
  ASSERT_TRUE(SetServerName(resumed.client(), NameOf(kHost)).ok());
  ExpectRefused(&resumed, ErrorCode::kPinMismatch);
}

// A session from before there was a verifier at all.
TEST_P(BoringSslSessionTest, SessionOfAnUnguardedContextIsJudged) {
  const auto unguarded = ClientContext(GetParam());
  SSL_CTX_set_custom_verify(unguarded.get(), SSL_VERIFY_PEER,
                            [](SSL*, uint8_t*) { return ssl_verify_ok; });
  const auto server = Server(evil_.Presented());
  const auto session = NewSession(unguarded.get(), server.get());
  const auto client = Client(Policy(PinnedToGood()));
  Connection resumed(client.get(), server.get());
  SSL_set_session(resumed.client(), session.get());
  ASSERT_TRUE(SetServerName(resumed.client(), NameOf(kHost)).ok());
  ExpectRefused(&resumed, ErrorCode::kPinMismatch);
}

// One SSL may make one handshake after the other. What was accepted in the
// first says nothing of the second, least of all if other code has taken the
// place of the verifier in between.
TEST_P(BoringSslSessionTest, ClearedConnectionShowsNoEarlierVerdict) {
  const auto accept_all = [](SSL*, uint8_t*) { return ssl_verify_ok; };
  for (const bool replaced : {false, true}) {
    for (const bool resumed : {false, true}) {
      SCOPED_TRACE(testing::Message() << replaced << resumed);
      const auto client = Client(Policy(PinnedToGood()));
      const auto good = Server(good_.Presented());
      Connection connection(client.get(), good.get());
      SSL* ssl = connection.client();
      ASSERT_TRUE(SetServerName(ssl, NameOf(kHost)).ok());
      ASSERT_TRUE(connection.Handshake());
      ASSERT_NE(LastVerdict(ssl), nullptr);

      connection.Clear();
      EXPECT_EQ(LastVerdict(ssl), nullptr);
      if (!resumed) {
        SSL_set_session(ssl, nullptr);
      }
      if (replaced) {
        SSL_set_custom_verify(ssl, SSL_VERIFY_PEER, accept_all);
      }
      ASSERT_TRUE(connection.Handshake());
      EXPECT_EQ(LastVerdict(ssl) != nullptr, !replaced);
    }
  }
}

TEST_P(BoringSslSessionTest, ANewNameForgetsTheVerdict) {
  const auto client = Client(Policy(PinnedToGood()));
  const auto good = Server(good_.Presented());
  Connection connection(client.get(), good.get());
  ASSERT_TRUE(SetServerName(connection.client(), NameOf(kHost)).ok());
  ASSERT_TRUE(connection.Handshake());
  ASSERT_TRUE(SetServerName(connection.client(), NameOf("b.example")).ok());
  EXPECT_EQ(LastVerdict(connection.client()), nullptr);
}

TEST_P(BoringSslSessionTest, ReplacedVerifierDecidesTheNextHandshake) {
  const auto client = Client(Policy(PinnedElsewhere()));
  const auto server = Server(good_.Presented());
  for (const bool accepted : {false, true, false}) {
    ASSERT_TRUE(
        ReplaceVerifier(client.get(),
                        Policy(accepted ? PinnedToGood() : PinnedElsewhere()))
            .ok());
    Connection connection(client.get(), server.get());
    ASSERT_TRUE(SetServerName(connection.client(), NameOf(kHost)).ok());
    EXPECT_EQ(connection.Handshake(), accepted);
  }
}

TEST_P(BoringSslSessionTest, VerifierIsReplacedDuringHandshakesOfOtherThreads) {
  const auto matching = Policy(PinnedToGood());
  const auto failing = Policy(PinnedElsewhere());
  const auto client = Client(matching);
  const auto server = Server(good_.Presented());
  std::atomic<bool> done = false;
  std::atomic<int> other_outcomes = 0;
  std::thread swapper([&] {
    for (bool flip = false; !done; flip = !flip) {
      if (!ReplaceVerifier(client.get(), flip ? matching : failing).ok()) {
        ++other_outcomes;
      }
      std::this_thread::yield();
    }
  });
  std::vector<std::thread> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back([&] {
      for (int j = 0; j < 40; ++j) {
        Connection connection(client.get(), server.get());
        const bool named =
            SetServerName(connection.client(), NameOf(kHost)).ok();
        const bool accepted = connection.Handshake();
        const Verdict* verdict = LastVerdict(connection.client());
        const bool whole =
            named && verdict != nullptr && verdict->accepted() == accepted &&
            verdict->pin_status() ==
                (accepted ? PinStatus::kMatched : PinStatus::kMismatch);
        if (!whole) {
          ++other_outcomes;
        }
      }
    });
  }
  for (std::thread& thread : clients) {
    thread.join();
  }
  done = true;
  swapper.join();
  EXPECT_EQ(other_outcomes, 0);
}

TEST_P(BoringSslSessionTest, ContextSharesOwnershipAndLetsGo) {
  auto verifier = Policy(PinnedToGood());
  const std::weak_ptr<const Verifier> first = verifier;
  auto client = Client(verifier);
  verifier.reset();
  EXPECT_FALSE(first.expired());
  auto second_verifier = Policy(PinnedToGood());
  const std::weak_ptr<const Verifier> second = second_verifier;
  ASSERT_TRUE(ReplaceVerifier(client.get(), std::move(second_verifier)).ok());
  EXPECT_TRUE(first.expired());
  {
    const auto server = Server(good_.Presented());
    Connection connection(client.get(), server.get());
    ASSERT_TRUE(SetServerName(connection.client(), NameOf(kHost)).ok());
    client.reset();  // the connection keeps the context
    EXPECT_TRUE(connection.Handshake());
    EXPECT_FALSE(second.expired());
  }
  EXPECT_TRUE(second.expired());
}

// 0-RTT exists in TLS 1.3 only.
class EarlyDataTest : public BoringSslSessionTest {
 protected:
  void SetUp() override {
    client_ = Client(Policy(PinnedToGood()));
    server_ = Server(good_.Presented());
    SSL_CTX_set_early_data_enabled(client_.get(), 1);
    SSL_CTX_set_early_data_enabled(server_.get(), 1);
    session_ = NewSession(client_.get(), server_.get());
    ASSERT_TRUE(SSL_SESSION_early_data_capable(session_.get()));
  }

  bssl::UniquePtr<SSL_CTX> client_;
  bssl::UniquePtr<SSL_CTX> server_;
  bssl::UniquePtr<SSL_SESSION> session_;
};

INSTANTIATE_TEST_SUITE_P(Versions, EarlyDataTest,
                         testing::Values(TLS1_3_VERSION), VersionName);

TEST_P(EarlyDataTest, IsSentUnderUnchangedPinsAndProvedByTheEnd) {
  Connection connection(client_.get(), server_.get());
  SSL_set_session(connection.client(), session_.get());
  ASSERT_TRUE(SetServerName(connection.client(), NameOf(kHost)).ok());
  ASSERT_EQ(SSL_do_handshake(connection.client()), 1);
  ASSERT_TRUE(SSL_in_early_data(connection.client()));
  EXPECT_EQ(LastVerdict(connection.client()), nullptr)
      << "the server has proved nothing yet";
  ASSERT_EQ(SSL_write(connection.client(), "early", 5), 5);
  ASSERT_EQ(SSL_do_handshake(connection.server()), 1);
  char read[5];
  ASSERT_EQ(SSL_read(connection.server(), read, sizeof(read)), 5);
  ASSERT_TRUE(connection.Handshake());
  EXPECT_TRUE(SSL_early_data_accepted(connection.client()));
  const Verdict* verdict = LastVerdict(connection.client());
  ASSERT_NE(verdict, nullptr);
  EXPECT_TRUE(verdict->accepted());
}

TEST_P(EarlyDataTest, IsNotSentOncePinsAreTightened) {
  ASSERT_TRUE(ReplaceVerifier(client_.get(), Policy(PinnedElsewhere())).ok());
  LoneEnd lone(client_.get(), LoneEnd::Role::kClient);
  SSL_set_session(lone.ssl(), session_.get());
  ASSERT_TRUE(SetServerName(lone.ssl(), NameOf(kHost)).ok());
  ERR_clear_error();
  EXPECT_EQ(SSL_do_handshake(lone.ssl()), -1);
  EXPECT_EQ(ERR_GET_REASON(ERR_peek_error()), SSL_R_CERTIFICATE_VERIFY_FAILED);
  EXPECT_LE(SSL_write(lone.ssl(), "early", 5), 0);
  const Verdict* verdict = LastVerdict(lone.ssl());
  ASSERT_NE(verdict, nullptr);
  EXPECT_EQ(verdict->error().code, ErrorCode::kPinMismatch);

  // Everything that has left is the ClientHello and, for middleboxes, a
  // ChangeCipherSpec: no application data, no alert (RFC 8446, 5.1).
  const std::string sent = lone.Take();
  size_t records = 0;
  for (size_t at = 0; at + 5 <= sent.size(); ++records) {
    const auto octet = [&](size_t i) {
      return static_cast<uint8_t>(sent[at + i]);
    };
    EXPECT_TRUE(octet(0) == SSL3_RT_HANDSHAKE ||
                octet(0) == SSL3_RT_CHANGE_CIPHER_SPEC)
        << static_cast<int>(octet(0));
    at += 5 + (octet(3) << 8 | octet(4));
  }
  EXPECT_LE(records, 2u);
}

// Early data goes to whoever answers, readable to the old server alone; the
// one who answered is judged in full.
TEST_P(EarlyDataTest, RejectedByAnotherServerThatIsThenRefused) {
  const auto evil = Server(evil_.Presented());
  Connection connection(client_.get(), evil.get());
  SSL_set_session(connection.client(), session_.get());
  ASSERT_TRUE(SetServerName(connection.client(), NameOf(kHost)).ok());
  ASSERT_EQ(SSL_do_handshake(connection.client()), 1);
  ASSERT_EQ(SSL_write(connection.client(), "early", 5), 5);
  bool rejected = false;
  for (int i = 0; i < 8; ++i) {
    if (connection.StepClient() == SSL_ERROR_EARLY_DATA_REJECTED) {
      rejected = true;
      SSL_reset_early_data_reject(connection.client());
      EXPECT_EQ(LastVerdict(connection.client()), nullptr);
    }
    connection.StepServer();
  }
  EXPECT_TRUE(rejected);
  ExpectRefused(&connection, ErrorCode::kPinMismatch);
}

}  // namespace
}  // namespace pinning
