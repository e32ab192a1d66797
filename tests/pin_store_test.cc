#include "pinning/pin_store.h"

#include <array>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/mapped_file.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/server_name.h"

namespace pinning {
namespace {

Pin TestPin(uint8_t n) {
  std::array<uint8_t, Pin::kSize> digest{};
  digest[0] = n;
  return Pin(digest);
}

// A Row maps a pattern to a set. The patterns of the tests, in file order.
using Row = std::pair<absl::string_view, absl::string_view>;
const Row kHosts[] = {
    {"example.com", "exact"},
    {"*.example.com", "one"},
    {"**.example.com", "any"},
    {"special.example.com", "exact"},
    {"free.example.com", "none"},
    {"**.free.example.com", "none"},
    {"**.deep.free.example.com", "any"},
    {"*.foo.com", "one"},
    {"**.domain.com", "any"},
    {"Mixed.Example.NET.", "exact"},
    {"xn--mnchen-3ya.example", "exact"},
    {"192.0.2.7", "exact"},
    {"[2001:DB8::7]", "exact"},
    {"*.wbx2.com", "one"},
    {"*.trailing.example.", "one"},
};

PinSet TestSet(absl::string_view name, uint8_t n) {
  return *PinSet::Builder(std::string(name))
              .AddPin({TestPin(n), "in service"})
              .AddBackupPin({TestPin(n + 1), "kept offline"})
              .SetExpiry(absl::FromCivil(absl::CivilDay(2030, 3, 17),
                                         absl::UTCTimeZone()),
                         PinSet::OnExpiry::kReject)
              .Build();
}

std::shared_ptr<const PinStore> BuiltStore() {
  PinStore::Builder builder;
  builder.SetUpdated(absl::FromUnixSeconds(1'767'225'600));
  uint8_t n = 0;
  for (absl::string_view name : {"exact", "one", "any"}) {
    EXPECT_TRUE(builder.AddPinSet(TestSet(name, n += 2)).ok());
  }
  for (const auto& [pattern, set] : kHosts) {
    EXPECT_TRUE(builder.MapHost(pattern, set).ok()) << pattern;
  }
  auto store = builder.Build();
  EXPECT_TRUE(store.ok()) << store.status();
  return *store;
}

std::string SetJson(absl::string_view name, uint8_t n) {
  return absl::StrCat(
      "\"", name, R"(": {"mode": "enforce", "expires": "2030-03-17",)",
      R"("on-expiry": "reject", "pins": [{"name": "in service", "pin": ")",
      TestPin(n).ToString(),
      R"("}], "backup-pins": [{"name": "kept offline", "pin": ")",
      TestPin(n + 1).ToString(), "\"}]}");
}

std::string StoreJson() {
  std::string text = absl::StrCat(
      R"({"schema": "pinning.pins/1", "updated": "2026-01-01", "sets": {)",
      SetJson("exact", 2), ",", SetJson("one", 4), ",", SetJson("any", 6),
      "}, \"hosts\": {");
  absl::string_view comma = "";
  for (const auto& [pattern, set] : kHosts) {
    absl::StrAppend(&text, comma, "\"", pattern, "\": \"", set, "\"");
    comma = ",";
  }
  return absl::StrCat(text, "}}");
}

std::shared_ptr<const PinStore> ParsedStore() {
  auto store = PinStore::FromJson(StoreJson(), "test.json");
  EXPECT_TRUE(store.ok()) << store.status();
  return *store;
}

std::shared_ptr<const PinStore> CompiledStore(const PinStore& store) {
  const auto bytes = std::make_shared<const std::string>(*store.Compile());
  auto compiled = PinStore::FromCompiled(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(bytes->data()),
                          bytes->size()),
      bytes);
  EXPECT_TRUE(compiled.ok()) << compiled.status();
  return *compiled;
}

std::shared_ptr<const PinStore> MappedStore(const PinStore& store) {
  const std::string path = absl::StrCat(testing::TempDir(), "/mapped.pins");
  std::ofstream(path, std::ios::binary) << *store.Compile();
  auto mapped = OpenCompiledPins(path);
  EXPECT_TRUE(mapped.ok()) << mapped.status();
  return *mapped;
}

// The forms that a store can be reached in. Every lookup is asked of each.
struct Form {
  absl::string_view name;
  std::shared_ptr<const PinStore> store;
};

std::vector<Form> AllForms() {
  std::vector<Form> forms = {{"parsed", ParsedStore()},
                             {"built", BuiltStore()}};
  std::shared_ptr<const PinStore> swapped = PinStore::Empty();
  EXPECT_FALSE(
      swapped->Find(*ServerName::FromString("example.com"))->has_value());
  swapped = ParsedStore();
  forms.push_back({"swapped in", swapped});
  forms.push_back({"compiled", CompiledStore(*ParsedStore())});
  forms.push_back({"built, compiled", CompiledStore(*BuiltStore())});
  forms.push_back({"mapped", MappedStore(*ParsedStore())});
  return forms;
}

struct Lookup {
  absl::string_view what;
  absl::string_view host;
  absl::string_view pattern;  // empty: not covered
  absl::string_view set;      // empty: carved out
};

constexpr absl::string_view kUncovered = "";

TEST(PinStore, FindsTheMostSpecificPattern) {
  const Lookup kLookups[] = {
      {"exact before *. and **.", "example.com", "example.com", "exact"},
      {"exact before *.", "special.example.com", "special.example.com",
       "exact"},
      {"*. before **.", "www.example.com", "*.example.com", "one"},
      {"*. is one label only", "a.b.example.com", "**.example.com", "any"},
      {"under an exact name", "x.special.example.com", "**.example.com", "any"},
      {"carved out exactly", "free.example.com", "free.example.com", ""},
      {"carved out with all under it", "x.free.example.com",
       "**.free.example.com", ""},
      {"the longest **. wins in a carve-out", "x.deep.free.example.com",
       "**.deep.free.example.com", "any"},
      {"**. covers its base", "deep.free.example.com",
       "**.deep.free.example.com", "any"},
      {"*. does not cover its base", "foo.com", kUncovered, ""},
      {"one label under *.", "bar.foo.com", "*.foo.com", "one"},
      {"two labels under *.", "a.bar.foo.com", kUncovered, ""},
      {"pattern inside a longer name (square/okhttp#3324)",
       "bar.foo.com.notfoo.com", kUncovered, ""},
      {"no label boundary under *.", "notfoo.com", kUncovered, ""},
      {"no label boundary under *., one label more", "x.notfoo.com", kUncovered,
       ""},
      {"no label boundary (TrustKit#156)", "totallynotthesamedomain.com",
       kUncovered, ""},
      {"sibling top level (TrustKit#138)", "api.domain.net", kUncovered, ""},
      {"**. with any number", "a.b.c.d.domain.com", "**.domain.com", "any"},
      {"**. with none", "domain.com", "**.domain.com", "any"},
      {"the top level alone", "com", kUncovered, ""},
      {"trailing dot (square/okhttp#9724)", "special.example.com.",
       "special.example.com", "exact"},
      {"trailing dot under *.", "www.example.com.", "*.example.com", "one"},
      {"upper case", "SPECIAL.EXAMPLE.COM", "special.example.com", "exact"},
      {"upper case under **.", "A.B.Domain.COM", "**.domain.com", "any"},
      {"pattern given in mixed case with a dot", "mixed.example.net",
       "mixed.example.net", "exact"},
      {"pattern given with a dot under *.", "a.trailing.example",
       "*.trailing.example", "one"},
      {"A-label", "XN--MNCHEN-3YA.example", "xn--mnchen-3ya.example", "exact"},
      {"IPv4", "192.0.2.7", "192.0.2.7", "exact"},
      {"another IPv4", "192.0.2.70", kUncovered, ""},
      {"IPv4 mapped into IPv6", "::ffff:192.0.2.7", "192.0.2.7", "exact"},
      {"IPv6", "[2001:db8::7]", "2001:db8::7", "exact"},
      {"IPv6, long form", "2001:0db8:0:0:0:0:0:7", "2001:db8::7", "exact"},
      {"wildcard of the founding example", "idbroker.wbx2.com", "*.wbx2.com",
       "one"},
      {"its base", "wbx2.com", kUncovered, ""},
      {"nothing like it", "example.org", kUncovered, ""},
  };
  for (const Form& form : AllForms()) {
    for (const Lookup& l : kLookups) {
      auto name = ServerName::FromString(l.host);
      ASSERT_TRUE(name.ok()) << l.what;
      SCOPED_TRACE(absl::StrCat(form.name, ": ", l.what));
      const auto found = form.store->Find(*name);
      ASSERT_TRUE(found.ok()) << found.status();
      ASSERT_EQ(found->has_value(), l.pattern != kUncovered);
      if (!found->has_value()) {
        continue;
      }
      const PinStore::Entry& entry = **found;
      EXPECT_EQ(entry.pattern(), l.pattern);
      EXPECT_EQ(entry.is_pinned(), !l.set.empty());
      const auto set = entry.pin_set();
      ASSERT_TRUE(set.ok()) << set.status();
      EXPECT_EQ(*set == nullptr ? "" : (*set)->name(), l.set);
    }
  }
}

// A name that is not canonical never reaches a store: it is no ServerName.
TEST(PinStore, NamesThatOnlyLookAlikeAreRefused) {
  for (absl::string_view host :
       {"a.example..", ".example.com", "special.example.com\xE3\x80\x82",
        "special\xE3\x80\x82"
        "example.com",  // ideographic full stop
        "special\xEF\xBC\x8E"
        "example.com",  // fullwidth full stop
        "wb\xE2\x84\xAA"
        ".com",  // U+212A KELVIN SIGN
        "m\xC3\xBCnchen.example", "192.0.2.7.", "0xc0.0.2.7", "192.0.519",
        "*.example.com", "special.example.com:443"}) {
    EXPECT_FALSE(ServerName::FromString(host).ok()) << host;
    PinStore::Builder builder;
    EXPECT_TRUE(builder.AddPinSet(TestSet("s", 2)).ok());
    if (!absl::StartsWith(host, "*")) {
      EXPECT_EQ(builder.MapHost(host, "s").code(),
                absl::StatusCode::kInvalidArgument)
          << host;
    }
  }
}

void ExpectTestSet(const PinSet& set, absl::string_view name, uint8_t n) {
  EXPECT_EQ(set.name(), name);
  EXPECT_EQ(set.mode(), PinSet::Mode::kEnforce);
  EXPECT_EQ(set.on_expiry(), PinSet::OnExpiry::kReject);
  ASSERT_EQ(set.pins().size(), 1u);
  EXPECT_EQ(set.pins()[0].pin, TestPin(n));
  EXPECT_EQ(set.pins()[0].name, "in service");
  ASSERT_EQ(set.backup_pins().size(), 1u);
  EXPECT_EQ(set.backup_pins()[0].pin, TestPin(n + 1));
  EXPECT_TRUE(set.blocked_pins().empty());
}

TEST(PinStore, EveryFormHoldsTheSameInFileOrder) {
  const std::shared_ptr<const PinStore> parsed = ParsedStore();
  for (const Form& form : AllForms()) {
    SCOPED_TRACE(form.name);
    EXPECT_EQ(form.store->updated(), parsed->updated());
    EXPECT_EQ(form.store->Digest(), parsed->Digest());
    EXPECT_TRUE(form.store->CheckAll().ok());
    EXPECT_EQ(form.store->size(), std::size(kHosts));
    const auto entries = form.store->entries();
    ASSERT_TRUE(entries.ok()) << entries.status();
    ASSERT_EQ(entries->size(), std::size(kHosts));
    for (size_t i = 0; i < std::size(kHosts); ++i) {
      const PinStore::Entry& entry = (*entries)[i];
      EXPECT_EQ(entry.pattern(), (*parsed->entries())[i].pattern());
      const auto set = entry.pin_set();
      ASSERT_TRUE(set.ok()) << set.status();
      EXPECT_EQ(*set == nullptr ? "none" : (*set)->name(), kHosts[i].second);
      std::vector<std::string> patterns;
      for (size_t j = 0; j < std::size(kHosts); ++j) {
        if (entry.is_pinned() && kHosts[j].second == kHosts[i].second) {
          patterns.emplace_back((*parsed->entries())[j].pattern());
        }
      }
      EXPECT_EQ(*form.store->PatternsOf(entry), patterns);
    }
    const auto sets = form.store->pin_sets();
    ASSERT_TRUE(sets.ok()) << sets.status();
    ASSERT_EQ(sets->size(), 3u);
    ExpectTestSet(*(*sets)[0], "exact", 2);
    ExpectTestSet(*(*sets)[1], "one", 4);
    ExpectTestSet(*(*sets)[2], "any", 6);
  }
}

TEST(PinStore, ManyAtOnceAreFoundAsOneByOne) {
  std::vector<ServerName> names;
  for (int i = 0; i < 40; ++i) {
    for (absl::string_view host :
         {"example.com", "x.free.example.com", "nothing.example", "192.0.2.7",
          "a.b.c.d.domain.com"}) {
      names.push_back(*ServerName::FromString(host));
    }
  }
  for (const Form& form : AllForms()) {
    SCOPED_TRACE(form.name);
    const auto many = form.store->FindMany(names);
    ASSERT_EQ(many.size(), names.size());
    for (size_t i = 0; i < names.size(); ++i) {
      ASSERT_TRUE(many[i].ok()) << many[i].status();
      const auto one = *form.store->Find(names[i]);
      ASSERT_EQ(many[i]->has_value(), one.has_value());
      if (one.has_value()) {
        EXPECT_EQ((*many[i])->pattern(), one->pattern());
      }
    }
  }
}

TEST(PinStore, EmptyPinsNothing) {
  std::shared_ptr<const PinStore> store = PinStore::Empty();
  for (const auto& form : {store, CompiledStore(*store)}) {
    EXPECT_FALSE(
        form->Find(*ServerName::FromString("example.com"))->has_value());
    EXPECT_TRUE(form->entries()->empty());
    EXPECT_TRUE(form->pin_sets()->empty());
    EXPECT_EQ(form->size(), 0u);
  }
}

TEST(PinStore, AnEntryOutlivesTheBuilderAndTheText) {
  std::shared_ptr<const PinStore> store;
  {
    std::string text = StoreJson();
    store = *PinStore::FromJson(text);
    text.assign(text.size(), 'x');
  }
  const auto entry = *store->Find(*ServerName::FromString("a.wbx2.com"));
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->pin_set()->get(), (*store->pin_sets())[1].get());
}

TEST(PinStoreBuilder, RefusesPatternsThatAreNone) {
  PinStore::Builder builder;
  ASSERT_TRUE(builder.AddPinSet(TestSet("s", 2)).ok());
  for (absl::string_view pattern : {"",
                                    ".",
                                    "*",
                                    "**",
                                    "*.",
                                    "**.",
                                    "***.example.com",
                                    "*example.com",
                                    "a*.example.com",
                                    "*.*.example.com",
                                    "a.*.example.com",
                                    "example.*",
                                    ".example.com",
                                    "https://example.com",
                                    "https://example.com/path",
                                    "example.com/",
                                    "example.com:443",
                                    "user@example.com",
                                    "exa mple.com",
                                    " example.com",
                                    "*.192.0.2.7",
                                    "**.[::1]",
                                    "com",
                                    "*.com",
                                    "**.com",
                                    "co.uk",
                                    "*.co.uk",
                                    "**.co.uk",
                                    "azurewebsites.net",
                                    "*.azurewebsites.net",
                                    "*.amazonaws.com",
                                    "**.kobe.jp",
                                    "localhost"}) {
    EXPECT_EQ(builder.MapHost(pattern, "s").code(),
              absl::StatusCode::kInvalidArgument)
        << pattern;
  }
  EXPECT_TRUE(builder.MapHost("*.city.kobe.jp", "s").ok());
  EXPECT_TRUE(builder.MapHost("s3-host.amazonaws.com", "s").ok());
}

TEST(PinStoreBuilder, RefusesWhatDoesNotFitTogether) {
  PinStore::Builder builder;
  EXPECT_EQ(builder.MapHost("example.com", "s").code(),
            absl::StatusCode::kInvalidArgument)
      << "a set that was not added";
  ASSERT_TRUE(builder.AddPinSet(TestSet("s", 2)).ok());
  EXPECT_EQ(builder.AddPinSet(TestSet("s", 4)).code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(builder.AddPinSet(TestSet("none", 4)).code(),
            absl::StatusCode::kInvalidArgument);
  ASSERT_TRUE(builder.MapHost("a.example", "s").ok());
  EXPECT_EQ(builder.MapHost("A.Example.", "none").code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(builder.Build().status().code(), absl::StatusCode::kInvalidArgument)
      << "updated was not set";
  EXPECT_EQ(builder.Build().status().code(),
            absl::StatusCode::kFailedPrecondition)
      << "spent";
  EXPECT_EQ(builder.MapHost("b.example", "none").code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(builder.AddPinSet(TestSet("t", 4)).code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(PinStoreBuilder, RefusesASetWithoutHost) {
  PinStore::Builder builder;
  builder.SetUpdated(absl::UnixEpoch());
  ASSERT_TRUE(builder.AddPinSet(TestSet("s", 2)).ok());
  ASSERT_TRUE(builder.MapHost("example.com", "none").ok());
  EXPECT_EQ(builder.Build().status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(PinStore, AFileOverTheLimitIsResourceExhausted) {
  std::string text(PinStore::kMaxFileSize + 1, ' ');
  EXPECT_EQ(PinStore::FromJson(text).status().code(),
            absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace pinning
