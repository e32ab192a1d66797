#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "pinning/boringssl.h"
#include "pinning/connection_facts.h"
#include "pinning/internal/ssl_facts.h"
#include "pinning/key_observer.h"
#include "pinning/pin_store.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/boringssl_fixture.h"
#include "tests/testing/handshake.h"
#include "tests/testing/pki.h"

// What BoringSSL tells of a connection when the hook is asked: the table of
// boringssl.h.
namespace pinning {
namespace {

using internal::AskedFor;
using internal::FactsOf;
using testing_support::ClientContext;
using testing_support::Connection;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::ServerContext;
using testing_support::TrustStoreOf;
using testing_support::VersionName;

const std::vector<uint8_t> kStaple = {0x30, 0x03, 0x0a, 0x01, 0x06};
// A list of one SCT of a version that nobody knows.
const std::vector<uint8_t> kScts = {0, 3, 0, 1, 9};

std::optional<std::vector<uint8_t>> Copy(
    const std::optional<absl::Span<const uint8_t>>& bytes) {
  if (!bytes.has_value()) {
    return std::nullopt;
  }
  return std::vector<uint8_t>(bytes->begin(), bytes->end());
}

// Told is what a verify callback was told; the bytes copied.
struct Told {
  int times = 0;
  ConnectionFacts facts;
  std::optional<std::vector<uint8_t>> staple, scts;
};

int ToldIndex() {
  static const int index =
      SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

ssl_verify_result_t Tell(SSL* ssl, uint8_t* /*alert*/) {
  Told* told = static_cast<Told*>(
      SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), ToldIndex()));
  ++told->times;
  told->facts = FactsOf(ssl, AskedFor{true});
  told->staple = Copy(told->facts.ocsp_response);
  told->scts = Copy(told->facts.sct_list);
  return ssl_verify_ok;
}

class BoringSslFactsTest : public testing_support::BoringSslTest {
 protected:
  // Listening returns a client that asks for everything, and tells `told` what
  // its verify callback is told.
  bssl::UniquePtr<SSL_CTX> Listening(Told* told) const {
    bssl::UniquePtr<SSL_CTX> ctx = ClientContext(GetParam());
    SSL_CTX_set_custom_verify(ctx.get(), SSL_VERIFY_PEER, Tell);
    SSL_CTX_set_reverify_on_resume(ctx.get(), 1);
    SSL_CTX_set_ex_data(ctx.get(), ToldIndex(), told);
    SSL_CTX_enable_ocsp_stapling(ctx.get());
    SSL_CTX_enable_signed_cert_timestamps(ctx.get());
    Offer(ctx.get());
    return ctx;
  }
  static void Offer(SSL_CTX* ctx) {
    constexpr uint8_t kProtocols[] = "\x02h2\x08http/1.1";
    SSL_CTX_set_alpn_protos(ctx, kProtocols, sizeof(kProtocols) - 1);
  }
  // Generous returns a server that staples, sends SCTs and selects h2.
  bssl::UniquePtr<SSL_CTX> Generous() const {
    bssl::UniquePtr<SSL_CTX> ctx = Server(good_.Presented());
    SSL_CTX_set_ocsp_response(ctx.get(), kStaple.data(), kStaple.size());
    SSL_CTX_set_signed_cert_timestamp_list(ctx.get(), kScts.data(),
                                           kScts.size());
    SSL_CTX_set_alpn_select_cb(
        ctx.get(),
        [](SSL*, const uint8_t** out, uint8_t* out_size, const uint8_t* in,
           unsigned /*in_size*/, void*) {
          *out = in + 1;
          *out_size = in[0];
          return SSL_TLSEXT_ERR_OK;
        },
        nullptr);
    return ctx;
  }
};

INSTANTIATE_TEST_SUITE_P(Versions, BoringSslFactsTest,
                         testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         VersionName);

TEST_P(BoringSslFactsTest, TellsAllInTheVerifyCallback) {
  Told told;
  const auto client = Listening(&told);
  const auto server = Generous();
  Connection connection(client.get(), server.get());
  ASSERT_TRUE(connection.Handshake());
  EXPECT_EQ(told.times, 1);
  EXPECT_EQ(told.facts.tls_version, GetParam());
  EXPECT_EQ(told.facts.alpn, "h2");
  EXPECT_EQ(told.facts.offered_alpn, true);
  EXPECT_EQ(told.facts.resumed, false);
  EXPECT_EQ(told.staple, kStaple);
  EXPECT_EQ(told.scts, kScts);
  EXPECT_FALSE(told.facts.seen_elsewhere.has_value());
  // And after the handshake, as VerifyChain asks.
  const ConnectionFacts after = FactsOf(connection.client(), AskedFor());
  EXPECT_EQ(after.tls_version, GetParam());
  EXPECT_EQ(after.alpn, "h2");
  EXPECT_EQ(Copy(after.ocsp_response), kStaple);
  EXPECT_EQ(Copy(after.sct_list), kScts);
}

TEST_P(BoringSslFactsTest, TellsThatThereIsNothing) {
  Told told;
  const auto client = Listening(&told);
  const auto server = Server(good_.Presented());
  Connection connection(client.get(), server.get());
  ASSERT_TRUE(connection.Handshake());
  EXPECT_EQ(told.facts.alpn, "");
  EXPECT_EQ(told.facts.offered_alpn, std::nullopt);
  EXPECT_EQ(told.staple, std::vector<uint8_t>());
  EXPECT_EQ(told.scts, std::vector<uint8_t>());
  // After the handshake nobody knows what was asked for.
  const ConnectionFacts after = FactsOf(connection.client(), AskedFor{true});
  EXPECT_EQ(after.alpn, "");
  EXPECT_EQ(Copy(after.ocsp_response), std::nullopt);
  EXPECT_EQ(Copy(after.sct_list), std::nullopt);
}

TEST_P(BoringSslFactsTest, DoesNotKnowWhatWasNotAskedFor) {
  Told told;
  const auto client = ClientContext(GetParam());
  SSL_CTX_set_custom_verify(
      client.get(), SSL_VERIFY_PEER, [](SSL* ssl, uint8_t* /*alert*/) {
        Told* told = static_cast<Told*>(
            SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), ToldIndex()));
        told->facts = FactsOf(ssl, AskedFor());
        return ssl_verify_ok;
      });
  SSL_CTX_set_ex_data(client.get(), ToldIndex(), &told);
  const auto server = Generous();
  Connection connection(client.get(), server.get());
  ASSERT_TRUE(connection.Handshake());
  EXPECT_FALSE(told.facts.ocsp_response.has_value());
  EXPECT_FALSE(told.facts.sct_list.has_value());
  EXPECT_EQ(told.facts.alpn, "");
}

TEST_P(BoringSslFactsTest, ResumedSessionTellsWhatItsFirstHandshakeHad) {
  Told told;
  const auto client = Listening(&told);
  const auto server = Generous();
  Connection first(client.get(), server.get());
  ASSERT_TRUE(first.Handshake());
  ASSERT_TRUE(first.Exchange());
  ASSERT_NE(first.session(), nullptr);
  told = Told();
  Connection resumed(client.get(), server.get());
  SSL_set_session(resumed.client(), first.session().get());
  ASSERT_TRUE(resumed.Handshake());
  ASSERT_TRUE(SSL_session_reused(resumed.client()));
  EXPECT_EQ(told.times, 1);
  EXPECT_EQ(told.facts.resumed, true);
  EXPECT_EQ(told.facts.tls_version, GetParam());
  EXPECT_EQ(told.facts.alpn, "h2");
  EXPECT_EQ(told.staple, kStaple);
  EXPECT_EQ(told.scts, kScts);
}

TEST_P(BoringSslFactsTest, SessionWithoutSaysNothing) {
  Told told;
  const auto client = Listening(&told);
  const auto server = Server(good_.Presented());
  Connection first(client.get(), server.get());
  ASSERT_TRUE(first.Handshake());
  ASSERT_TRUE(first.Exchange());
  told = Told();
  Connection resumed(client.get(), server.get());
  SSL_set_session(resumed.client(), first.session().get());
  ASSERT_TRUE(resumed.Handshake());
  EXPECT_EQ(told.facts.resumed, true);
  EXPECT_EQ(told.staple, std::nullopt);
  EXPECT_EQ(told.scts, std::nullopt);
}

TEST_P(BoringSslFactsTest, EarlyDataIsJudgedBeforeTheServerHasSpoken) {
  if (GetParam() != TLS1_3_VERSION) {
    return;  // TLS 1.2 has no early data
  }
  Told told;
  const auto client = Listening(&told);
  const auto server = Generous();
  SSL_CTX_set_early_data_enabled(client.get(), 1);
  SSL_CTX_set_early_data_enabled(server.get(), 1);
  Connection first(client.get(), server.get());
  ASSERT_TRUE(first.Handshake());
  ASSERT_TRUE(first.Exchange());
  told = Told();
  Connection early(client.get(), server.get());
  SSL_set_session(early.client(), first.session().get());
  early.StepClient();
  ASSERT_EQ(told.times, 1);
  EXPECT_EQ(told.facts.resumed, true);
  EXPECT_EQ(told.facts.tls_version, TLS1_3_VERSION);
  EXPECT_FALSE(told.facts.alpn.has_value());
  EXPECT_EQ(told.staple, kStaple);
  EXPECT_EQ(told.scts, kScts);
}

// The observer sees what the hook hands on.
TEST_P(BoringSslFactsTest, HookHandsThemToTheVerifier) {
  Verifier::Options options;
  options.trust_store = TrustStoreOf({good_.root});
  options.pin_store = PinStore::Empty();
  options.observer = std::make_shared<KeyObserver>();
  const auto verifier = Verifier::Create(options);
  ASSERT_TRUE(verifier.ok());
  const auto client = Client(*verifier);
  ASSERT_TRUE(AskForEvidence(client.get()).ok());
  Offer(client.get());
  const auto generous = Generous();
  const auto plain = Server(good_.Presented());
  std::optional<LastSeen> seen;
  for (SSL_CTX* server : {generous.get(), plain.get(), plain.get()}) {
    Connection connection(client.get(), server);
    ASSERT_TRUE(SetServerName(connection.client(), NameOf(kHost)).ok());
    ASSERT_TRUE(connection.Handshake());
    const Verdict* verdict = LastVerdict(connection.client());
    ASSERT_NE(verdict, nullptr);
    ASSERT_NE(verdict->seen_elsewhere(), nullptr);
    seen = verdict->seen_elsewhere()->last_seen;
    if (server == generous.get()) {
      EXPECT_FALSE(seen.has_value());
    } else {
      ASSERT_TRUE(seen.has_value());
    }
    if (seen.has_value() && server == plain.get() && *seen->had_staple) {
      EXPECT_EQ(seen->had_alpn, true);
      EXPECT_EQ(seen->had_tls_sct, true);
      EXPECT_TRUE(seen->same_key);
      EXPECT_TRUE(seen->accepted);
      EXPECT_EQ(seen->key_type, "EC");
      EXPECT_EQ(seen->key_bits, 256);
    }
  }
  EXPECT_EQ(seen->had_staple, false);
  EXPECT_EQ(seen->had_alpn, false);
  EXPECT_EQ(seen->had_tls_sct, false);
}

TEST(AskForEvidence, NeedsAVerifier) {
  EXPECT_EQ(AskForEvidence(nullptr).code(), absl::StatusCode::kInvalidArgument);
  const auto ctx = ClientContext(TLS1_3_VERSION);
  EXPECT_EQ(AskForEvidence(ctx.get()).code(),
            absl::StatusCode::kFailedPrecondition);
}

// A ServerHello cannot answer what was not asked: InstallVerifier alone leaves
// the ClientHello as it was.
TEST_P(BoringSslFactsTest, InstallVerifierAsksForNothing) {
  const auto client = Client(Policy(PinnedToGood()));
  const auto server = Generous();
  Connection connection(client.get(), server.get());
  ASSERT_TRUE(SetServerName(connection.client(), NameOf(kHost)).ok());
  ASSERT_TRUE(connection.Handshake());
  const ConnectionFacts facts = FactsOf(connection.client(), AskedFor());
  EXPECT_FALSE(facts.ocsp_response.has_value());
  EXPECT_FALSE(facts.sct_list.has_value());
}

}  // namespace
}  // namespace pinning
