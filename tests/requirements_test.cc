#include "pinning/requirements.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/internal/exempt_hosts.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/pin_store.h"
#include "tests/testing/pki.h"
#include "tests/testing/process.h"

namespace pinning {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing_support::NameOf;
using ::testing_support::ReadFile;

using Inspection = HostRequirement::Inspection;

absl::StatusOr<std::shared_ptr<const Requirements>> Load(
    const std::string& path) {
  return Requirements::FromJson(ReadFile(path), path);
}

std::shared_ptr<const Requirements> LoadGood(const std::string& path) {
  const auto requirements = Load(path);
  EXPECT_TRUE(requirements.ok()) << requirements.status();
  return requirements.value_or(nullptr);
}

std::shared_ptr<const Requirements> Webex() {
  return LoadGood("pins/webex.requirements.json");
}

std::vector<std::string> Files(absl::string_view prefix) {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator("tests/requirements_files")) {
    if (absl::StartsWith(entry.path().filename().string(), prefix)) {
      files.push_back(entry.path().string());
    }
  }
  return files;
}

TEST(Requirements, ReadsEverything) {
  const auto read = LoadGood("tests/requirements_files/good-everything.json");
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(read->application(), "Example");
  EXPECT_EQ(absl::FormatTime(read->updated(), absl::UTCTimeZone()),
            "2026-01-31T12:00:00+00:00");
  ASSERT_EQ(read->hosts().size(), 3u);
  const HostRequirement& first = read->hosts()[0];
  EXPECT_EQ(first.pattern, "*.app.example.com");
  EXPECT_EQ(first.inspection, Inspection::kPinned);
  EXPECT_EQ(first.purpose, "messages");
  EXPECT_EQ(first.source, "https://www.example.com/requirements");
  ASSERT_EQ(first.ports.size(), 2u);
  EXPECT_EQ(first.ports[1].protocol, "wss");
  EXPECT_EQ(first.ports[1].purpose, "notifications");
  EXPECT_EQ(read->hosts()[1].inspection, Inspection::kAllowed);
  EXPECT_EQ(read->hosts()[1].ports[0].first, 8000);
  EXPECT_EQ(read->hosts()[1].ports[0].last, 8100);
  EXPECT_EQ(read->hosts()[2].inspection, Inspection::kExempt);
  EXPECT_EQ(read->hosts()[2].reason, "it asks for a client certificate");
  EXPECT_EQ(read->hosts()[2].ports[0].transport,
            RequiredPorts::Transport::kUdp);
  EXPECT_EQ(read->hosts()[2].ports[0].last, 65535);
  ASSERT_EQ(read->anywhere().size(), 1u);
  EXPECT_EQ(read->anywhere()[0].first, 33434);
  EXPECT_EQ(read->anywhere()[0].last, 33598);
}

TEST(Requirements, GoodFilesAreRead) {
  ASSERT_GE(Files("good-").size(), 2u);
  for (const std::string& file : Files("good-")) {
    EXPECT_NE(LoadGood(file), nullptr) << file;
  }
}

TEST(Requirements, BadFilesAreRefusedWithTheirPlace) {
  std::vector<std::string> files = Files("bad-");
  for (const std::string& file : Files("parser-")) {
    files.push_back(file);
  }
  ASSERT_GE(files.size(), 40u);
  for (const std::string& file : files) {
    const absl::Status status = Load(file).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << file;
    EXPECT_THAT(std::string(status.message()),
                MatchesRegex(absl::StrCat(file, ":[0-9]+:[0-9]+: [^\n]+")));
  }
}

TEST(Requirements, ErrorsNameTheirPlace) {
  const struct {
    const char* file;
    const char* message;
  } kRows[] = {
      {"bad-unknown-key-of-host", ":17:7: "},
      {"bad-exempt-without-reason", ":8:21: "},
      {"bad-port-zero", ":12:20: "},
      {"parser-pattern-twice", "\"api.example.com\" is already on line 7"},
      {"parser-public-suffix", "is a public suffix"},
  };
  for (const auto& row : kRows) {
    EXPECT_THAT(std::string(Load(absl::StrCat("tests/requirements_files/",
                                              row.file, ".json"))
                                .status()
                                .message()),
                HasSubstr(row.message))
        << row.file;
  }
}

TEST(Requirements, KeysTwiceAreRefused) {
  const std::string good =
      ReadFile("tests/requirements_files/good-minimal.json");
  const std::string twice = absl::StrReplaceAll(
      good, {{R"("application":)", R"("updated": "2026-01-31",
  "application":)"}});
  ASSERT_NE(good, twice);
  EXPECT_THAT(
      std::string(Requirements::FromJson(twice, "f").status().message()),
      HasSubstr("f:5:3: this key is already"));
}

TEST(Requirements, TheMostSpecificHostIsFound) {
  const auto webex = Webex();
  ASSERT_NE(webex, nullptr);
  const struct {
    const char* name;
    const char* pattern;  // null: none
  } kRows[] = {
      {"identity.webex.com", "identity.webex.com"},
      {"IDENTITY.webex.com.", "identity.webex.com"},
      {"www.webex.com", "*.webex.com"},
      {"webex.com", nullptr},
      {"a.b.webex.com", nullptr},
      {"a.wbx2.com", "*.wbx2.com"},
      {"evilwbx2.com", nullptr},
      {"192.0.2.1", nullptr},
  };
  for (const auto& row : kRows) {
    const HostRequirement* found = webex->Find(NameOf(row.name));
    EXPECT_EQ(found == nullptr ? "" : found->pattern,
              row.pattern == nullptr ? "" : row.pattern)
        << row.name;
  }
}

TEST(Requirements, ShippedFileSaysWhatIsPinned) {
  const auto webex = Webex();
  ASSERT_NE(webex, nullptr);
  const auto pins =
      PinStore::FromJson(ReadFile("pins/webex.json"), "pins/webex.json");
  ASSERT_TRUE(pins.ok()) << pins.status();
  std::vector<std::string> required, pinned;
  for (const HostRequirement& host : webex->hosts()) {
    if (host.inspection == Inspection::kPinned) {
      required.push_back(host.pattern);
    }
  }
  const auto entries = *(*pins)->entries();
  for (const PinStore::Entry& entry : entries) {
    pinned.emplace_back(entry.pattern());
  }
  EXPECT_THAT(required, testing::UnorderedElementsAreArray(pinned));
}

TEST(HostPattern, Covers) {
  const struct {
    const char* wide;
    const char* narrow;
    bool covers;
  } kRows[] = {
      {"a.example.com", "a.example.com", true},
      {"a.example.com", "b.example.com", false},
      {"a.example.com", "*.example.com", false},
      {"*.example.com", "a.example.com", true},
      {"*.example.com", "example.com", false},
      {"*.example.com", "a.b.example.com", false},
      {"*.example.com", "a.notexample.com", false},
      {"*.example.com", "*.example.com", true},
      {"*.example.com", "**.example.com", false},
      {"*.example.com", "*.a.example.com", false},
      {"**.example.com", "example.com", true},
      {"**.example.com", "a.b.example.com", true},
      {"**.example.com", "*.example.com", true},
      {"**.example.com", "*.a.example.com", true},
      {"**.example.com", "**.a.example.com", true},
      {"**.a.example.com", "**.example.com", false},
      {"**.example.com", "notexample.com", false},
      {"192.0.2.1", "192.0.2.1", true},
      {"192.0.2.1", "192.0.2.11", false},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(internal::Covers(*internal::HostPattern::FromString(row.wide),
                               *internal::HostPattern::FromString(row.narrow)),
              row.covers)
        << row.wide << " " << row.narrow;
  }
}

TEST(HostPattern, WithoutCovered) {
  using internal::WithoutCovered;
  EXPECT_THAT(WithoutCovered({}), ElementsAre());
  EXPECT_THAT(WithoutCovered({"b.example.com", "a.example.com", "b.example.com",
                              "c.example.net"}),
              ElementsAre("b.example.com", "a.example.com", "c.example.net"));
  EXPECT_THAT(WithoutCovered({"a.example.com", "c.example.net", "b.example.com",
                              "*.example.com"}),
              ElementsAre("*.example.com", "c.example.net"));
  EXPECT_THAT(WithoutCovered({"**.example.com", "*.a.example.com", "x.y.test"}),
              ElementsAre("**.example.com", "x.y.test"));
  EXPECT_THAT(WithoutCovered({"localhost", "localhost", "192.0.2.1"}),
              ElementsAre("localhost", "192.0.2.1"));
}

// What the administrator is told to exempt.
TEST(ExemptHosts, PinsAndRequirementsTogether) {
  const auto pins = testing_support::PinStoreOf(
      {}, {"idbroker.webex.com", "pinned.example.com", "*.wbx2.com"});
  const auto exempt = [&](absl::string_view host, bool with_pins,
                          const Requirements* requirements) {
    const ServerName name = NameOf(host);
    return internal::ExemptHosts(name, with_pins ? pins.get() : nullptr,
                                 requirements);
  };
  const auto webex = Webex();
  // In the order of the pin file, then what the requirements add.
  EXPECT_THAT(exempt("idbroker.webex.com", true, webex.get()),
              ElementsAre("idbroker.webex.com", "pinned.example.com",
                          "*.wbx2.com", "identity.webex.com"));
  EXPECT_THAT(
      exempt("idbroker.webex.com", true, nullptr),
      ElementsAre("idbroker.webex.com", "pinned.example.com", "*.wbx2.com"));
  EXPECT_THAT(
      exempt("idbroker.webex.com", false, webex.get()),
      ElementsAre("*.wbx2.com", "identity.webex.com", "idbroker.webex.com"));
  EXPECT_THAT(exempt("idbroker.webex.com", false, nullptr),
              ElementsAre("idbroker.webex.com"));
  // A host that tolerates inspection and was refused is to be mended too.
  EXPECT_THAT(exempt("www.webex.com", false, webex.get()),
              ElementsAre("*.wbx2.com", "identity.webex.com",
                          "idbroker.webex.com", "www.webex.com"));
  // The requirements of another application say nothing about this one.
  EXPECT_THAT(exempt("www.example.org", false, webex.get()),
              ElementsAre("www.example.org"));
  EXPECT_THAT(
      exempt("pinned.example.com", true, webex.get()),
      ElementsAre("idbroker.webex.com", "pinned.example.com", "*.wbx2.com"));
}

}  // namespace
}  // namespace pinning
