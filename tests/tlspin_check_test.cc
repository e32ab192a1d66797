#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/testing/pki.h"
#include "tests/testing/process.h"
#include "tests/testing/tls_server.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"

namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing_support::MakePki;
using ::testing_support::PinFileSet;
using ::testing_support::PinFileText;
using ::testing_support::PinTextOf;
using ::testing_support::Pki;
using ::testing_support::ProcessResult;
using ::testing_support::TempDirectory;
using ::testing_support::TlsServer;
using Json = nlohmann::ordered_json;

constexpr char kHost[] = "good.example.com";
constexpr char kAt[] = "2026-06-01T00:00:00Z";

class CheckTest : public ::testing::Test {
 protected:
  CheckTest() {
    directory_.Write("roots.pem", pki_.root.Pem());
    set_.pins = {{PinTextOf(pki_.intermediate), "A Intermediate"}};
    set_.backup_pins = {{PinTextOf(mint::Key::Shared("p256-spare")), "Spare"}};
    set_.role = "issuer";
    set_.hosts = {kHost};
  }

  ProcessResult Check(const PinFileSet& set, std::vector<std::string> more) {
    more.insert(more.begin(),
                {"check", directory_.Write("pins.json", PinFileText({set}))});
    more.insert(more.end(),
                {"--roots", directory_.Path("roots.pem"), "--at", kAt});
    return testing_support::RunTlspin(more);
  }

  std::string Closed(const std::string& host) const {
    return absl::StrCat(host, "@127.0.0.1:", testing_support::ClosedPort());
  }

  Pki pki_ = MakePki("A", kHost);
  Pki rotated_ = MakePki("B", kHost);
  PinFileSet set_;
  TempDirectory directory_;
  TlsServer server_{pki_.Presented()};
};

TEST_F(CheckTest, SpeaksSpanish) {
  const std::string closed = Closed(kHost);
  const ProcessResult result = Check(set_, {closed, "--lang=es"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.standard_output, HasSubstr("hora     "));
  EXPECT_THAT(result.standard_output, HasSubstr("\nsin ver  "));
  EXPECT_THAT(result.standard_output,
              HasSubstr("patrones comprobados; faltan"));
  EXPECT_THAT(result.standard_output,
              HasSubstr("de 1 host, no se pudieron comprobar: 1"));
}

TEST_F(CheckTest, AcceptsTheHostThatMatches) {
  const ProcessResult result = Check(set_, {server_.Target(kHost)});
  EXPECT_EQ(result.exit_code, 0) << result.standard_output;
  EXPECT_THAT(result.standard_output,
              HasSubstr("matches \"A Intermediate\" (depth 1), example has 213 "
                        "days left"));
  EXPECT_THAT(result.standard_output, HasSubstr("1 of 1 patterns checked"));
  EXPECT_THAT(result.standard_output, Not(HasSubstr("drift")));
}

TEST_F(CheckTest, ShowsWhatChanged) {
  directory_.Write("roots.pem", mint::PemOf({pki_.root, rotated_.root}));
  const TlsServer rotated(rotated_.Presented());
  const ProcessResult result = Check(set_, {rotated.Target(kHost)});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output,
              HasSubstr(absl::StrCat(
                  "changed  issuer  expected  ", PinTextOf(pki_.intermediate),
                  "  A Intermediate\n         issuer  served    ",
                  PinTextOf(rotated_.intermediate), "  CN=B Intermediate\n")));
  EXPECT_THAT(result.standard_output, HasSubstr("REJECT   PIN_MISMATCH"));

  const ProcessResult json = Check(set_, {rotated.Target(kHost), "--json"});
  const Json changed = Json::parse(json.standard_output)["changed"][0];
  EXPECT_EQ(changed["role"], "issuer");
  EXPECT_EQ(changed["expected"][0]["pin"], PinTextOf(pki_.intermediate));
  EXPECT_EQ(changed["served"][0]["pin"], PinTextOf(rotated_.intermediate));
}

TEST_F(CheckTest, ReportOnlyIsNoYes) {
  directory_.Write("roots.pem", mint::PemOf({pki_.root, rotated_.root}));
  const TlsServer rotated(rotated_.Presented());
  set_.mode = "report-only";
  const ProcessResult result = Check(set_, {rotated.Target(kHost)});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output, HasSubstr("report-only"));
  EXPECT_THAT(result.standard_output, HasSubstr("changed  issuer  expected"));
  EXPECT_EQ(Check(set_, {server_.Target(kHost)}).exit_code, 0);
}

TEST_F(CheckTest, AnExpiredSetIsNoYes) {
  set_.expires = "2026-05-31";
  for (const char* effect : {"stop-enforcing", "reject"}) {
    SCOPED_TRACE(effect);
    set_.on_expiry = effect;
    const ProcessResult result = Check(set_, {server_.Target(kHost)});
    EXPECT_EQ(result.exit_code, 1) << result.standard_output;
  }
}

TEST_F(CheckTest, WarnsBeforeExpiry) {
  set_.expires = "2026-06-20";
  const ProcessResult result = Check(set_, {server_.Target(kHost)});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.standard_output, HasSubstr("[expires-soon]"));
  EXPECT_EQ(Check(set_, {server_.Target(kHost), "--strict"}).exit_code, 1);
  const ProcessResult later =
      Check(set_, {server_.Target(kHost), "--strict", "--warn-days", "5"});
  EXPECT_EQ(later.exit_code, 0) << later.standard_output;
}

TEST_F(CheckTest, ABackupInServiceIsAWarning) {
  set_.pins = {{PinTextOf(rotated_.intermediate), "Old"}};
  set_.backup_pins = {{PinTextOf(pki_.intermediate), "New"}};
  const ProcessResult result = Check(set_, {server_.Target(kHost)});
  EXPECT_EQ(result.exit_code, 0) << result.standard_output;
  EXPECT_THAT(result.standard_output, HasSubstr("[backup-in-use]"));
  EXPECT_THAT(result.standard_output,
              HasSubstr("drift    example: the pin \"Old\" (issuer)"));
  EXPECT_EQ(Check(set_, {server_.Target(kHost), "--strict"}).exit_code, 1);
}

TEST_F(CheckTest, AHostThatTheFileDoesNotCoverIsNoYes) {
  set_.hosts = {"www.example.com"};
  const ProcessResult result = Check(set_, {server_.Target(kHost)});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output, HasSubstr("does not cover this name"));
}

TEST_F(CheckTest, WhatIsNotReachedIsUndecided) {
  const ProcessResult result =
      Check(set_, {server_.Target(kHost), Closed(kHost)});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.standard_output, HasSubstr("connection refused"));
  EXPECT_THAT(result.standard_output,
              HasSubstr("of 2 hosts 1 could not be checked"));
  // A refusal wins.
  directory_.Write("roots.pem", rotated_.root.Pem());
  EXPECT_EQ(Check(set_, {Closed(kHost), server_.Target(kHost)}).exit_code, 1);
}

TEST_F(CheckTest, PatternsNeedAHost) {
  set_.hosts = {"*.example.com"};
  const ProcessResult none = Check(set_, {});
  EXPECT_EQ(none.exit_code, 3);
  EXPECT_THAT(none.standard_output, HasSubstr("unknown  *.example.com: "));
  EXPECT_THAT(none.standard_error, HasSubstr("--all www.example.com"));
  EXPECT_EQ(Check(set_, {server_.Target(kHost)}).exit_code, 0);
  EXPECT_EQ(Check(set_, {server_.Target(kHost), "--all"}).exit_code, 0);

  // --all still asks what no host that was named stands for.
  set_.hosts = {"*.example.com", "no.invalid"};
  const ProcessResult all = Check(set_, {server_.Target(kHost), "--all"});
  EXPECT_EQ(all.exit_code, 3);
  EXPECT_THAT(all.standard_output, HasSubstr("1 of 2 patterns checked; not "
                                             "no.invalid"));
}

TEST_F(CheckTest, JsonIsInTheOrderAsked) {
  const ProcessResult result =
      Check(set_, {Closed("b.example.com"), server_.Target(kHost),
                   Closed("a.example.com"), "--json"});
  const std::vector<std::string> lines =
      absl::StrSplit(result.standard_output, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 3u);
  const char* hosts[] = {"b.example.com", kHost, "a.example.com"};
  const char* results[] = {"not-reached", "accepted", "not-reached"};
  for (size_t i = 0; i < lines.size(); ++i) {
    const Json json = Json::parse(lines[i]);
    EXPECT_EQ(json["endpoint"]["host"], hosts[i]);
    EXPECT_EQ(json["result"], results[i]);
    if (json["result"] == "not-reached") {
      EXPECT_EQ(json["code"], "connection-refused");
      EXPECT_TRUE(json["hint"].is_string()) << lines[i];
    }
  }
}

TEST_F(CheckTest, ABadPinFileIsUndecidedWithItsPlace) {
  const std::string path = directory_.Write("bad.json", "{\n  \"sets\": 1\n}");
  const ProcessResult result = testing_support::RunTlspin(
      {"check", path, "--roots", directory_.Path("roots.pem")});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.standard_error, HasSubstr(absl::StrCat(path, ":")));
}

}  // namespace
