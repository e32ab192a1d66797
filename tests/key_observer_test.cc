#include "pinning/key_observer.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/chain.h"
#include "pinning/connection_facts.h"
#include "pinning/pin_store.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "pinning/verdict_json.h"
#include "pinning/verifier.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using testing_support::ChainOf;
using testing_support::NameOf;
using testing_support::Now;

using testing::ElementsAre;
using testing::IsEmpty;
using testing_support::TrustStoreOf;

// A Proxy is an authority that issues for anyone.
struct Proxy {
  explicit Proxy(const std::string& label)
      : root(mint::SelfSigned(mint::Ca(label),
                              mint::Key::Shared("p256-" + label))) {}

  mint::Minted LeafFor(const std::vector<std::string>& names,
                       const std::string& key) const {
    return mint::Issue(mint::Leaf(names), mint::Key::Shared(key), root);
  }

  mint::Minted root;
};

class KeyObserverTest : public testing::Test {
 protected:
  // Visit verifies `presented` for `host` with an observer.
  SeenElsewhere Visit(const std::string& host,
                      const std::vector<mint::Minted>& presented,
                      const std::shared_ptr<const TrustStore>& store,
                      const ConnectionFacts& facts = {},
                      absl::Time now = Now()) {
    Verifier::Options options;
    options.trust_store = store;
    options.pin_store = PinStore::Empty();
    options.observer = observer_;
    const auto verifier = Verifier::Create(options);
    EXPECT_TRUE(verifier.ok());
    const Verdict verdict =
        (*verifier)->Verify(ChainOf(presented), NameOf(host), now, {}, facts);
    EXPECT_NE(verdict.seen_elsewhere(), nullptr);
    last_json_ = VerdictToJson(verdict);
    return *verdict.seen_elsewhere();
  }

  const Proxy proxy_{"proxy"};
  const Proxy other_{"other"};
  const std::shared_ptr<const TrustStore> unaware_ =
      TrustStoreOf({other_.root});
  const std::shared_ptr<const TrustStore> local_ =
      TrustStoreOf({proxy_.root}, TrustAnchor::Origin::kLocal);
  const std::shared_ptr<const TrustStore> bundled_ =
      TrustStoreOf({proxy_.root});
  std::shared_ptr<KeyObserver> observer_ = std::make_shared<KeyObserver>();
  std::string last_json_;
};

TEST_F(KeyObserverTest, NoticesOneLeafKeyOverUnrelatedHosts) {
  for (const auto& store : {unaware_, local_}) {
    observer_ = std::make_shared<KeyObserver>();
    EXPECT_THAT(
        Visit("www.webex.com",
              {proxy_.LeafFor({"www.webex.com"}, "p256-mitm"), proxy_.root},
              store)
            .leaf_key_hosts,
        IsEmpty());
    const SeenElsewhere second = Visit(
        "example.org",
        {proxy_.LeafFor({"example.org"}, "p256-mitm"), proxy_.root}, store);
    EXPECT_THAT(second.leaf_key_hosts, ElementsAre("www.webex.com"));
    EXPECT_THAT(second.issuer_key_hosts, ElementsAre("www.webex.com"));
    EXPECT_TRUE(second.issuer_key_proved);
    EXPECT_FALSE(second.last_seen.has_value());
    EXPECT_TRUE(absl::StrContains(
        last_json_, R"("seen_elsewhere":{"leaf_key_hosts":["www.webex.com"],)"))
        << last_json_;
    const SeenElsewhere third = Visit(
        "github.com",
        {proxy_.LeafFor({"github.com"}, "p256-mitm"), proxy_.root}, store);
    EXPECT_THAT(third.leaf_key_hosts,
                ElementsAre("example.org", "www.webex.com"));
  }
}

TEST_F(KeyObserverTest, NoticesAnIssuerThatIsNotServed) {
  Visit("www.webex.com", {proxy_.LeafFor({"www.webex.com"}, "p256-x")},
        unaware_);
  const SeenElsewhere seen = Visit(
      "example.org", {proxy_.LeafFor({"example.org"}, "p256-y")}, unaware_);
  EXPECT_THAT(seen.leaf_key_hosts, IsEmpty());
  EXPECT_THAT(seen.issuer_key_hosts, ElementsAre("www.webex.com"));
  EXPECT_FALSE(seen.issuer_key_proved);
}

// What is no sign: each row visits two hosts, and nothing may be said.
TEST_F(KeyObserverTest, DoesNotCryWolf) {
  struct Row {
    const char* name;
    std::string first, second;  // hosts
    std::vector<std::string> names_first, names_second;
    std::string key_first, key_second;
    std::shared_ptr<const TrustStore> store;
    absl::Time now = Now();
  };
  const absl::Time later = Now() + absl::Hours(24 * 500);
  const Row rows[] = {
      {"one registered domain",
       "a.webex.com",
       "b.webex.com",
       {"a.webex.com"},
       {"b.webex.com"},
       "p256-k",
       "p256-k",
       unaware_},
      {"one certificate of a content network",
       "webex.com",
       "example.org",
       {"webex.com", "example.org"},
       {"webex.com", "example.org"},
       "p256-k",
       "p256-k",
       bundled_},
      {"public hosting with one key",
       "webex.com",
       "example.org",
       {"webex.com"},
       {"example.org"},
       "p256-k",
       "p256-k",
       bundled_},
      {"a public authority",
       "webex.com",
       "example.org",
       {"webex.com"},
       {"example.org"},
       "p256-k",
       "p256-l",
       bundled_},
      {"a public authority, under a wrong clock",
       "webex.com",
       "example.org",
       {"webex.com"},
       {"example.org"},
       "p256-k",
       "p256-l",
       bundled_,
       later},
      {"devices at home",
       "printer.local",
       "camera.lan",
       {"printer.local"},
       {"camera.lan"},
       "p256-k",
       "p256-k",
       unaware_},
      {"addresses",
       "192.0.2.1",
       "192.0.2.2",
       {"a.b"},
       {"a.b"},
       "p256-k",
       "p256-k",
       unaware_},
      {"a domain under a public suffix of two labels",
       "a.co.uk",
       "x.a.co.uk",
       {"a.co.uk"},
       {"x.a.co.uk"},
       "p256-k",
       "p256-k",
       unaware_},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    observer_ = std::make_shared<KeyObserver>();
    Visit(row.first,
          {proxy_.LeafFor(row.names_first, row.key_first), proxy_.root},
          row.store, {}, row.now);
    const SeenElsewhere seen =
        Visit(row.second,
              {proxy_.LeafFor(row.names_second, row.key_second), proxy_.root},
              row.store, {}, row.now);
    EXPECT_THAT(seen.leaf_key_hosts, IsEmpty());
    EXPECT_THAT(seen.issuer_key_hosts, IsEmpty());
  }
}

// A captive portal has a public certificate for its own name, and shows it for
// every host.
TEST_F(KeyObserverTest, PublicCertificateForOtherNamesIsASign) {
  const mint::Minted portal = proxy_.LeafFor({"login.hotel.com"}, "p256-k");
  Visit("webex.com", {portal, proxy_.root}, bundled_);
  const SeenElsewhere seen =
      Visit("example.org", {portal, proxy_.root}, bundled_);
  EXPECT_THAT(seen.leaf_key_hosts, ElementsAre("webex.com"));
  EXPECT_THAT(seen.issuer_key_hosts, IsEmpty());
}

TEST_F(KeyObserverTest, TwoHostsUnderAPublicSuffixAreUnrelated) {
  Visit("a.co.uk", {proxy_.LeafFor({"a.co.uk"}, "p256-k")}, unaware_);
  EXPECT_THAT(
      Visit("b.co.uk", {proxy_.LeafFor({"b.co.uk"}, "p256-k")}, unaware_)
          .leaf_key_hosts,
      ElementsAre("a.co.uk"));
}

TEST_F(KeyObserverTest, RemembersWhatTheHostHadWhenItWasAccepted) {
  ConnectionFacts facts;
  facts.alpn = "h2";
  facts.ocsp_response.emplace();
  const mint::Minted good = proxy_.LeafFor({"webex.com"}, "rsa2048-a");
  Visit("webex.com", {good}, bundled_, facts);
  const SeenElsewhere refused =
      Visit("webex.com", {proxy_.LeafFor({"webex.com"}, "p256-mitm")}, unaware_,
            {}, Now() + absl::Hours(1));
  for (const SeenElsewhere& seen :
       {refused, Visit("webex.com", {good}, bundled_)}) {
    ASSERT_TRUE(seen.last_seen.has_value());
    EXPECT_TRUE(seen.last_seen->accepted);
    EXPECT_EQ(seen.last_seen->when, Now());
    EXPECT_EQ(seen.last_seen->key_type, "RSA");
    EXPECT_EQ(seen.last_seen->key_bits, 2048);
    EXPECT_EQ(seen.last_seen->had_alpn, true);
    EXPECT_EQ(seen.last_seen->had_staple, false);
    EXPECT_EQ(seen.last_seen->had_tls_sct, std::nullopt);
    EXPECT_EQ(seen.last_seen->serial.size(), 32u);
  }
  EXPECT_FALSE(refused.last_seen->same_key);
  const SeenElsewhere again = Visit("webex.com", {good}, bundled_);
  EXPECT_TRUE(again.last_seen->same_key);
}

TEST_F(KeyObserverTest, ForgetsTheHostSeenLongestAgo) {
  observer_ = std::make_shared<KeyObserver>(2);
  const auto visit = [this](const std::string& host) {
    return Visit(host, {proxy_.LeafFor({host}, "p256-mitm")}, unaware_)
        .leaf_key_hosts;
  };
  visit("a.com");
  visit("b.com");
  visit("a.com");  // b.com is the older one now
  EXPECT_THAT(visit("c.com"), ElementsAre("a.com", "b.com"));
  EXPECT_EQ(observer_->size(), 2u);
  EXPECT_THAT(visit("d.com"), ElementsAre("c.com", "a.com"));
  observer_ = std::make_shared<KeyObserver>(0);
  visit("a.com");
  EXPECT_THAT(visit("b.com"), IsEmpty());
  EXPECT_EQ(observer_->size(), 0u);
}

TEST_F(KeyObserverTest, SaysNoMoreThanSoMany) {
  for (int i = 0; i < 20; ++i) {
    const std::string host = absl::StrCat("h", i, ".com");
    const SeenElsewhere seen =
        Visit(host, {proxy_.LeafFor({host}, "p256-mitm")}, unaware_);
    EXPECT_LE(seen.leaf_key_hosts.size(), SeenElsewhere::kMaxHosts);
    EXPECT_LE(seen.issuer_key_hosts.size(), SeenElsewhere::kMaxHosts);
    if (i > 0) {
      EXPECT_EQ(seen.leaf_key_hosts.front(), absl::StrCat("h", i - 1, ".com"));
    }
  }
}

TEST_F(KeyObserverTest, TwoObserversShareNothing) {
  Visit("a.com", {proxy_.LeafFor({"a.com"}, "p256-mitm")}, unaware_);
  observer_ = std::make_shared<KeyObserver>();
  EXPECT_THAT(Visit("b.com", {proxy_.LeafFor({"b.com"}, "p256-mitm")}, unaware_)
                  .leaf_key_hosts,
              IsEmpty());
}

TEST_F(KeyObserverTest, SeveralThreadsMayUseOne) {
  constexpr int kThreads = 4;
  constexpr int kHosts = 24;
  observer_ = std::make_shared<KeyObserver>(kHosts / 2);
  Verifier::Options options;
  options.trust_store = unaware_;
  options.pin_store = PinStore::Empty();
  options.observer = observer_;
  const auto verifier = Verifier::Create(options);
  ASSERT_TRUE(verifier.ok());
  std::vector<Chain> chains;
  for (int i = 0; i < kHosts; ++i) {
    chains.push_back(
        ChainOf({proxy_.LeafFor({absl::StrCat("h", i, ".com")}, "p256-mitm")}));
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kHosts; ++i) {
        const int host = (i + t * 5) % kHosts;
        const Verdict verdict = (*verifier)->Verify(
            chains[host], NameOf(absl::StrCat("h", host, ".com")), Now());
        EXPECT_NE(verdict.seen_elsewhere(), nullptr);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(observer_->size(), size_t{kHosts / 2});
}

}  // namespace
}  // namespace pinning
