#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "pinning/error.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/verdict.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

// Mistakes that other libraries have made and that no room's own test shows
// whole. docs/testing.md lists these and those that the rooms' tests show.
namespace pinning {
namespace {

using testing_support::ChainOf;
using testing_support::MakePki;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::PinOf;
using testing_support::PinPolicy;
using testing_support::PinStoreOf;
using testing_support::Pki;
using testing_support::TrustStoreOf;
using testing_support::VerifierOf;

constexpr char kHost[] = "a.example.com";

// A pin file whose one set holds `pin`, with `hosts` as its hosts.
std::string PinFileOf(const Pin& pin, const std::string& hosts) {
  return absl::StrFormat(
      R"({"schema": "pinning.pins/1", "updated": "2026-05-31", "sets": {
        "set": {"mode": "enforce", "expires": "2026-12-31",
          "on-expiry": "reject",
          "pins": [{"name": "pin", "pin": "%s"}],
          "backup-pins": [{"name": "backup", "pin": "%s"}]}},
        "hosts": {%s}})",
      pin.ToString(), PinOf(mint::Key::Shared("p256-backup")).ToString(),
      hosts);
}

// AFNetworking#2590: without pins for a host, nothing was checked at all.
TEST(PeerBugsTest, NoPinsIsNotNoValidation) {
  const Pki good = MakePki("good", kHost);
  const Pki stranger = MakePki("stranger", kHost);
  const Pki other_name = MakePki("good", "b.example.org");
  const auto carved_out = PinStore::FromJson(PinFileOf(
      PinOf(good.root), R"("**.example.com": "set", "a.example.com": "none")"));
  ASSERT_TRUE(carved_out.ok()) << carved_out.status();
  for (const auto& pins : {PinStore::Empty(), *carved_out}) {
    const auto verifier = VerifierOf(TrustStoreOf({good.root}), pins);
    const auto judge = [&](const Pki& pki, absl::Time now) {
      return verifier->Verify(ChainOf(pki.Presented()), NameOf(kHost), now);
    };
    EXPECT_TRUE(judge(good, Now()).accepted());
    EXPECT_EQ(judge(good, Now()).pin_status(), PinStatus::kNotPinned);
    EXPECT_EQ(judge(stranger, Now()).error().code, ErrorCode::kNoPath);
    EXPECT_EQ(judge(other_name, Now()).error().code, ErrorCode::kNameMismatch);
    EXPECT_EQ(judge(good, Now() + absl::Hours(24 * 365)).error().code,
              ErrorCode::kExpired);
  }
}

// AFNetworking (CVE-2015-3996) and the apps of "Spinner": with a pin met, the
// name was not looked at, whichever certificate was pinned.
TEST(PeerBugsTest, APinThatIsMetDoesNotReplaceTheName) {
  const Pki pki = MakePki("good", "customer.example.org");
  for (const mint::Minted& pinned : {pki.leaf, pki.intermediate, pki.root}) {
    PinPolicy policy;
    policy.pins = {PinOf(pinned)};
    const auto verifier =
        VerifierOf(TrustStoreOf({pki.root}), PinStoreOf(policy, {kHost}));
    const Verdict verdict =
        verifier->Verify(ChainOf(pki.Presented()), NameOf(kHost), Now());
    EXPECT_FALSE(verdict.accepted());
    EXPECT_EQ(verdict.error().code, ErrorCode::kNameMismatch);
    EXPECT_EQ(verdict.error().depth, 0);
  }
}

// TrustKit#187: a switch that was there and said no was taken for yes. A pin
// file has no switches; what looks like one is refused.
TEST(PeerBugsTest, ASwitchIsNoValue) {
  const Pin pin = PinOf(mint::Key::Shared("p256-pin"));
  const std::string good = PinFileOf(pin, R"("a.example.com": "set")");
  ASSERT_TRUE(PinStore::FromJson(good).ok());
  for (const char* value : {"true", "false", "null", "0", "1", "\"false\"",
                            "\"true\"", "\"no\"", "\"yes\"", "\"\""}) {
    SCOPED_TRACE(value);
    EXPECT_FALSE(
        PinStore::FromJson(PinFileOf(pin, absl::StrFormat(
                                              R"("**.example.com": "set",
                                           "a.example.com": %s)",
                                              value)))
            .ok());
    for (const char* known : {"\"enforce\"", "\"reject\""}) {
      std::string text = good;
      text.replace(text.find(known), std::string(known).size(), value);
      EXPECT_FALSE(PinStore::FromJson(text).ok()) << known;
    }
  }
}

// TrustKit-Android#78: of several hosts with one policy, the last was pinned.
TEST(PeerBugsTest, EveryHostOfASetIsPinned) {
  const auto store = PinStore::FromJson(PinFileOf(
      PinOf(mint::Key::Shared("p256-pin")),
      R"("a.example.com": "set", "b.example.org": "set", "*.c.example.net": "set")"));
  ASSERT_TRUE(store.ok()) << store.status();
  for (const char* host :
       {"a.example.com", "b.example.org", "x.c.example.net"}) {
    const auto entry = *(*store)->Find(NameOf(host));
    ASSERT_TRUE(entry.has_value()) << host;
    ASSERT_TRUE(entry->is_pinned()) << host;
    EXPECT_EQ((*entry->pin_set())->name(), "set");
  }
}

// TrustKit for Android reads a date in the time zone of the device, TrustKit
// for iOS in UTC: one policy, two instants.
TEST(PeerBugsTest, ADateIsUtcInEveryTimeZone) {
  for (const char* zone :
       {"UTC", "Fixed/UTC+14:00:00", "Fixed/UTC-12:00:00", "<+14>-14"}) {
    SCOPED_TRACE(zone);
    setenv("TZ", zone, 1);
    tzset();
    const auto store = PinStore::FromJson(PinFileOf(
        PinOf(mint::Key::Shared("p256-pin")), R"("a.example.com": "set")"));
    ASSERT_TRUE(store.ok()) << store.status();
    EXPECT_EQ(
        (*(*store)->pin_sets())[0]->expires(),
        absl::FromCivil(absl::CivilDay(2026, 12, 31), absl::UTCTimeZone()));
    EXPECT_EQ((*store)->updated(), absl::FromCivil(absl::CivilDay(2026, 5, 31),
                                                   absl::UTCTimeZone()));
  }
  unsetenv("TZ");
  tzset();
}

// OkHttp (CVE-2021-0341) folded the Kelvin sign of a certificate to a "k".
TEST(PeerBugsTest, TheKelvinSignIsNoLetterK) {
  const Pki pki = MakePki("good", kHost);
  const mint::Minted leaf = mint::Issue(mint::Leaf({"wor\u212a.example.com"}),
                                        pki.leaf.key, pki.intermediate);
  const auto verifier = VerifierOf(TrustStoreOf({pki.root}), PinStore::Empty());
  const std::vector<absl::Span<const uint8_t>> presented = {
      leaf.der, pki.intermediate.der};
  const Verdict verdict =
      verifier->VerifyDer(presented, NameOf("work.example.com"), Now());
  EXPECT_FALSE(verdict.accepted());
  EXPECT_EQ(verdict.error().code, ErrorCode::kNameMismatch);
  EXPECT_EQ(verdict.error().depth, 0);
  EXPECT_FALSE(ServerName::FromString("wor\u212a.example.com").ok());
}

}  // namespace
}  // namespace pinning
