#include <algorithm>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "pinning/chain.h"
#include "pinning/connection_facts.h"
#include "pinning/ct_log_list.h"
#include "pinning/diagnosis.h"
#include "pinning/internal/interception_scene.h"
#include "pinning/internal/interception_signs.h"
#include "pinning/language.h"
#include "pinning/observation.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/server_name.h"
#include "pinning/trust_store.h"
#include "tests/testing/observe.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

// Each sign of interception by itself: a chain that shows it, and one next to
// it that must not.
namespace pinning {
namespace {

using testing_support::Bare;
using testing_support::CorpRoot;
using testing_support::ForgedKey;
using testing_support::kAskedHost;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::PinOf;
using testing_support::PublicPki;
using testing_support::RootOf;

constexpr absl::Duration kDay = absl::Hours(24);

// A Look is what there is to be seen.
struct Look {
  std::vector<mint::Minted> served;
  std::vector<mint::Minted> local = {};
  std::vector<Pin> pins = {};
  ConnectionFacts facts = {};
  SctEvidence scts = {};
};

std::vector<Evidence> SignsOf(const Look& look) {
  TrustStore::Builder trust;
  EXPECT_TRUE(
      trust.AddPem(PublicPki().root.Pem(), TrustAnchor::Origin::kBundled).ok());
  for (const mint::Minted& anchor : look.local) {
    EXPECT_TRUE(trust.AddPem(anchor.Pem(), TrustAnchor::Origin::kLocal).ok());
  }
  const auto store = trust.Build();
  const Chain chain = testing_support::ChainOf(look.served);
  const ServerName name = NameOf(kAskedHost);
  testing_support::PinPolicy policy;
  policy.pins = look.pins;
  const PinSet set = testing_support::PinSetOf(policy);
  Observation observation;
  observation.chain = &chain;
  observation.name = &name;
  observation.now = Now();
  observation.trust_store = store.get();
  observation.pin_set = look.pins.empty() ? nullptr : &set;
  observation.facts = &look.facts;
  observation.scts = &look.scts;
  return internal::FindSigns(internal::MakeScene(observation));
}

const Evidence* FindCode(const std::vector<Evidence>& signs,
                         absl::string_view code) {
  for (const Evidence& sign : signs) {
    if (sign.code == code) {
      return &sign;
    }
  }
  return nullptr;
}

struct Row {
  absl::string_view code;
  std::string name;
  Look shown;
  Look absent;
  int depth = 0;
};

void Check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string(row.code) + ": " + row.name);
    const std::vector<Evidence> signs = SignsOf(row.shown);
    const Evidence* sign = FindCode(signs, row.code);
    ASSERT_NE(sign, nullptr);
    EXPECT_EQ(sign->depth, row.depth);
    EXPECT_EQ(sign->sentence, EvidenceSentence(*sign, Language::kEnglish));
    EXPECT_NE(sign->sentence, EvidenceSentence(*sign, Language::kSpanish));
    EXPECT_EQ(FindCode(SignsOf(row.absent), row.code), nullptr);
  }
}

mint::Minted ForgedBy(const mint::Minted& issuer,
                      const std::function<void(mint::Spec*)>& change = {}) {
  mint::Spec spec = Bare({std::string(kAskedHost)});
  if (change) {
    change(&spec);
  }
  return mint::Issue(spec, ForgedKey(), issuer);
}

Look Forged(const std::function<void(mint::Spec*)>& change = {}) {
  const mint::Minted corp = CorpRoot();
  return {{ForgedBy(corp, change), corp}};
}

Look Genuine() { return {PublicPki().Presented()}; }

Look WithPins(Look look, std::vector<Pin> pins) {
  look.pins = std::move(pins);
  return look;
}

Look WithFacts(Look look, ConnectionFacts facts) {
  look.facts = std::move(facts);
  return look;
}

ConnectionFacts SeenBefore(const std::function<void(LastSeen*)>& change) {
  ConnectionFacts facts;
  LastSeen last;
  last.accepted = true;
  last.key_type = "EC";
  last.key_bits = 256;
  change(&last);
  facts.seen_elsewhere.emplace().last_seen = last;
  return facts;
}

mint::Minted Intermediate(const mint::Minted& root) {
  return mint::Issue(mint::Ca("Example Corp Issuing"),
                     mint::Key::Shared("p256-corp-issuing"), root);
}

// An authorityKeyIdentifier with `content`.
mint::Extension AuthorityKeyId(std::vector<uint8_t> content) {
  return {"2.5.29.35", false, mint::DerWrap(0x30, content)};
}

std::vector<uint8_t> KeyIdField(uint8_t octet) {
  return mint::DerWrap(0x80, std::vector<uint8_t>(20, octet));
}

TEST(InterceptionEvidence, OnWhoSigned) {
  const mint::Minted corp = CorpRoot();
  const mint::Minted own =
      mint::Issue(Bare({std::string(kAskedHost)}), corp.key, corp);
  const mint::Minted named = RootOf("Acme TLS Inspection CA", "p256-acme");
  const mint::Minted imitation = RootOf("genuine Root", "p256-imitated-root");
  mint::Spec young = mint::Ca("Young Root");
  young.not_before = Now() - absl::Hours(1);
  const mint::Minted young_root =
      mint::SelfSigned(young, mint::Key::Shared("p256-young"));
  const mint::Minted issuing = Intermediate(corp);
  const mint::Minted by_issuing = ForgedBy(issuing);
  const mint::Minted marked =
      mint::Issue(mint::Leaf({std::string(kAskedHost)}), ForgedKey(),
                  PublicPki().intermediate);
  const Look no_path = {{marked}};
  const auto other_key_id = [](mint::Spec* spec) {
    spec->authority_key_id = false;
    spec->extra.push_back(AuthorityKeyId(KeyIdField(7)));
  };
  const auto of_issuer = [](mint::Spec* spec) {
    spec->subject = {{"2.5.4.10", "Acme"},
                     {"2.5.4.11", "IT"},
                     {"2.5.4.3", std::string(kAskedHost)}};
  };
  mint::Spec acme = mint::Ca("");
  acme.subject = {
      {"2.5.4.10", "Acme"}, {"2.5.4.11", "IT"}, {"2.5.4.3", "Acme CA"}};
  acme.not_after += absl::Hours(1);
  const mint::Minted acme_root =
      mint::SelfSigned(acme, mint::Key::Shared("p256-acme-ca"));

  Check({
      {"leaf-key-is-issuer-key", "authority served", {{own, corp}}, Forged()},
      {"leaf-key-is-issuer-key", "authority not at hand", {{own}}, Forged()},
      {"leaf-key-is-issuer-key",
       "authority installed",
       {{own}, {corp}},
       {{ForgedBy(corp)}, {corp}}},
      {"imitated-issuer", "root", {{ForgedBy(imitation), imitation}}, Forged()},
      {"inspection-name", "of the root", {{ForgedBy(named), named}}, Forged()},
      {"genuine-appended",
       "intermediate",
       {{ForgedBy(corp), PublicPki().intermediate}},
       Forged(),
       1},
      {"leaf-older-than-issuer",
       "by months",
       {{ForgedBy(young_root), young_root}},
       Forged()},
      {"pinned-keys-absent", "forged",
       WithPins(Forged(), {PinOf(PublicPki().root)}),
       WithPins(Forged(), {PinOf(corp)}), -1},
      {"public-authority-pinned", "root pinned",
       WithPins(Forged(), {PinOf(PublicPki().root)}),
       WithPins(Forged(), {PinOf(PublicPki().intermediate)}), -1},
      {"public-authority-pinned", "not for a forgotten intermediate",
       WithPins(Forged(), {PinOf(PublicPki().root)}),
       WithPins(no_path, {PinOf(PublicPki().root)}), -1},
      {"served-root-issued-leaf", "root", Forged(), {{ForgedBy(corp)}}, 1},
      {"served-root-issued-leaf",
       "two tiers",
       {{by_issuing, issuing, corp}},
       {{by_issuing, issuing}},
       2},
      {"validity-is-issuers", "to the second", Forged(),
       Forged([](mint::Spec* spec) { spec->not_after -= absl::Seconds(1); })},
      {"issuer-key-id-differs", "copied", Forged(other_key_id), Forged()},
      {"subject-is-issuers",
       "but for the common name",
       {{ForgedBy(acme_root, of_issuer), acme_root}},
       Forged(of_issuer)},
  });
}

TEST(InterceptionEvidence, OnTheLeaf) {
  ConnectionFacts none_known;
  none_known.sct_list = absl::Span<const uint8_t>();
  none_known.ocsp_response = absl::Span<const uint8_t>();
  static const std::vector<uint8_t> list = {0, 1, 0};
  ConnectionFacts in_handshake = none_known;
  in_handshake.sct_list = list;
  static const std::vector<uint8_t> staple = {0x30, 0x0c, 0x06, 0x0a, 0x2b,
                                              0x06, 0x01, 0x04, 0x01, 0xd6,
                                              0x79, 0x02, 0x04, 0x05};
  ConnectionFacts in_staple = none_known;
  in_staple.ocsp_response = staple;
  const auto no_ids = [](mint::Spec* spec) {
    spec->subject_key_id = spec->authority_key_id = false;
  };
  const auto own_id = [](mint::Spec* spec) {
    spec->subject_key_id = false;
    spec->extra.push_back(
        {"2.5.29.14", false, mint::DerWrap(0x04, std::vector<uint8_t>(20, 9))});
  };
  const auto by_serial = [](mint::Spec* spec) {
    spec->authority_key_id = false;
    std::vector<uint8_t> content = KeyIdField(7);
    for (uint8_t octet : {0xa1, 0x04, 0xa4, 0x02, 0x30, 0x00, 0x82, 0x01, 5}) {
      content.push_back(octet);
    }
    spec->extra.push_back(AuthorityKeyId(content));
  };
  const auto no_usage = [](mint::Spec* spec) { spec->key_usage.reset(); };
  const auto mild_usage = [](mint::Spec* spec) {
    spec->key_usage.reset();
    spec->extra.push_back({"2.5.29.15", false, {0x03, 0x02, 0x07, 0x80}});
  };
  const auto lasts = [](absl::Duration duration) {
    return [duration](mint::Spec* spec) {
      spec->not_after = spec->not_before + duration;
    };
  };
  const auto serial = [](std::vector<uint8_t> octets) {
    return [octets](mint::Spec* spec) { spec->serial = octets; };
  };
  std::vector<uint8_t> negative(16, 1);
  negative[0] = 0x81;
  const auto minted = [](absl::Duration ago) {
    return [ago](mint::Spec* spec) { spec->not_before = Now() - ago; };
  };

  Check({
      {"no-timestamps", "chain alone", Forged(), Genuine()},
      {"no-timestamps", "in the handshake", WithFacts(Forged(), none_known),
       WithFacts(Forged(), in_handshake)},
      {"no-timestamps", "in the staple", Forged(),
       WithFacts(Forged(), in_staple)},
      {"no-public-ca-marks", "bare", Forged(), Genuine()},
      {"no-key-ids", "none", Forged(no_ids), Forged()},
      {"key-id-not-of-key", "made up", Forged(own_id), Forged()},
      {"authority-named-by-serial", "too", Forged(by_serial), Forged()},
      {"no-key-usage", "none", Forged(no_usage), Forged()},
      {"key-usage-not-critical", "mild", Forged(mild_usage), Forged()},
      {"validity-too-long", "a day", Forged(lasts(399 * kDay)),
       Forged(lasts(398 * kDay))},
      {"validity-of-whole-days", "a year", Forged(),
       Forged(lasts(365 * kDay - absl::Seconds(1)))},
      {"odd-serial", "short", Forged(serial({1, 2})),
       Forged(serial(std::vector<uint8_t>(8, 1)))},
      {"odd-serial", "negative", Forged(serial(negative)), Forged()},
      {"minted-recently", "this second", Forged(minted(absl::ZeroDuration())),
       Forged(minted(4 * kDay))},
      {"minted-recently", "two days", Forged(minted(2 * kDay)),
       Forged(minted(4 * kDay))},
  });
  EXPECT_EQ(
      FindCode(SignsOf(Forged(minted(absl::ZeroDuration()))), "minted-recently")
          ->sentence,
      "the leaf became valid this very second");
  EXPECT_EQ(
      FindCode(SignsOf(Forged(minted(absl::Seconds(1)))), "minted-recently")
          ->sentence,
      "the leaf became valid 1s ago");
  EXPECT_EQ(FindCode(SignsOf(Forged()), "no-timestamps")->message,
            "no-timestamps.chain");
  EXPECT_EQ(FindCode(SignsOf(WithFacts(Forged(), none_known)), "no-timestamps")
                ->message,
            "no-timestamps");
}

TEST(InterceptionEvidence, OnTheConnection) {
  const mint::Minted corp = CorpRoot();
  const mint::Minted other = RootOf("Other Root", "p256-other-root");
  ConnectionFacts shared;
  shared.seen_elsewhere.emplace().leaf_key_hosts = {"bank.example.com"};
  ConnectionFacts everybody;
  everybody.seen_elsewhere.emplace().issuer_key_hosts = {"a.example.com",
                                                         "b.example.org"};
  everybody.seen_elsewhere->issuer_key_proved = true;
  const std::vector<uint8_t> genuine_serial = {
      0x40, 0xe8, 0xca, 0x5b, 0x95, 0xef, 0x27, 0xe2,
      0x36, 0x73, 0x7d, 0x82, 0x70, 0xca, 0x3c, 0x02};
  std::vector<uint8_t> near_serial = genuine_serial;
  near_serial[11] = 0x83;
  near_serial[13] = 0xfa;
  std::vector<uint8_t> next_serial = genuine_serial;
  next_serial[15] = 0x03;
  const ConnectionFacts before = SeenBefore([](LastSeen* last) {
    last->serial = "40e8ca5b95ef27e236737d8270ca3c02";
  });
  const auto with = [](std::vector<uint8_t> serial) {
    return Forged([serial](mint::Spec* spec) { spec->serial = serial; });
  };
  const ConnectionFacts rsa = SeenBefore([](LastSeen* last) {
    last->key_type = "RSA";
    last->key_bits = 2048;
  });
  const ConnectionFacts same = SeenBefore([](LastSeen*) {});
  ConnectionFacts lost = SeenBefore([](LastSeen* last) {
    last->had_alpn = true;
    last->had_staple = true;
  });
  lost.offered_alpn = true;
  lost.alpn = "";
  lost.ocsp_response = absl::Span<const uint8_t>();
  ConnectionFacts kept = lost;
  kept.alpn = "h2";
  static const std::vector<uint8_t> staple = {0x30, 0x00};
  kept.ocsp_response = staple;
  SctResult wrong;
  wrong.status = SctStatus::kBadSignature;
  SctResult unknown;
  unknown.status = SctStatus::kUnknownLog;
  Look bad = Forged();
  bad.scts.results = {wrong};
  Look good = Forged();
  good.scts.results = {unknown};
  Look appended = with(near_serial);
  mint::Spec genuine = mint::Leaf({std::string(kAskedHost)});
  genuine.serial = genuine_serial;
  appended.served.push_back(
      mint::Issue(genuine, ForgedKey(), PublicPki().intermediate));

  Check({
      {"leaf-key-elsewhere", "one other", WithFacts(Forged(), shared),
       WithFacts(Genuine(), shared)},
      {"issuer-elsewhere", "two others", WithFacts(Forged(), everybody),
       WithFacts(Genuine(), everybody)},
      {"bad-timestamps", "copied", bad, good},
      {"serial-near-genuine", "last accepted",
       WithFacts(with(near_serial), before), WithFacts(Forged(), before)},
      {"serial-near-genuine", "appended", appended, Forged()},
      {"serial-sequential", "last seen", WithFacts(with(next_serial), before),
       WithFacts(with(near_serial), before)},
      {"key-unlike-last-seen", "was RSA", WithFacts(Forged(), rsa),
       WithFacts(Forged(), same)},
      {"no-alpn", "lost", WithFacts(Forged(), lost), WithFacts(Forged(), kept),
       -1},
      {"no-staple", "lost", WithFacts(Forged(), lost),
       WithFacts(Forged(), kept), -1},
      {"served-twice", "the root", {{ForgedBy(corp), corp, corp}}, Forged(), 2},
      {"served-unrelated",
       "another root",
       {{ForgedBy(corp), corp, other}},
       Forged(),
       2},
  });
  EXPECT_EQ(
      FindCode(SignsOf(WithFacts(Forged(), everybody)), "issuer-elsewhere")
          ->weight,
      EvidenceWeight::kTelling);
  everybody.seen_elsewhere->issuer_key_hosts.pop_back();
  EXPECT_EQ(
      FindCode(SignsOf(WithFacts(Forged(), everybody)), "issuer-elsewhere")
          ->weight,
      EvidenceWeight::kWeak);
}

TEST(InterceptionEvidence, IsStrongestFirstAndSilentOnAGenuineChain) {
  for (const Evidence& sign :
       SignsOf(WithPins(Genuine(), {PinOf(PublicPki().intermediate)}))) {
    ADD_FAILURE() << sign.code;
  }
  const std::vector<Evidence> signs =
      SignsOf(WithPins(Forged(), {PinOf(PublicPki().root)}));
  EXPECT_TRUE(std::is_sorted(signs.begin(), signs.end(),
                             [](const Evidence& a, const Evidence& b) {
                               return a.weight < b.weight;
                             }));
  EXPECT_EQ(signs.front().weight, EvidenceWeight::kTelling);
}

}  // namespace
}  // namespace pinning
