#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "pinning/certificate.h"
#include "pinning/internal/json_reader.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"

// Holds the pin files of the tree to the parser, and the pins we ship to the
// certificates they were computed from.
namespace pinning {
namespace {

using internal::JsonDocument;
using internal::JsonMember;
using internal::JsonValue;

constexpr absl::string_view kMozillaBundle =
    "/usr/share/ca-certificates/mozilla";

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> PinFiles(absl::string_view prefix) {
  std::vector<std::string> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator("tests/pin_files")) {
    if (absl::StartsWith(entry.path().filename().string(), prefix)) {
      paths.push_back(entry.path().string());
    }
  }
  return paths;
}

TEST(PinFiles, GoodOnesAreRead) {
  std::vector<std::string> paths = PinFiles("good-");
  EXPECT_GE(paths.size(), 2u);
  for (const std::string& path : paths) {
    auto store = PinStore::FromJson(ReadFile(path), path);
    EXPECT_TRUE(store.ok()) << store.status();
  }
}

TEST(PinFiles, BadOnesAreRefusedWithTheirPlace) {
  std::vector<std::string> paths = PinFiles("bad-");
  EXPECT_GE(paths.size(), 30u);
  for (const std::string& path : PinFiles("parser-")) {
    paths.push_back(path);
  }
  for (const std::string& path : paths) {
    auto store = PinStore::FromJson(ReadFile(path), path);
    EXPECT_EQ(store.status().code(), absl::StatusCode::kInvalidArgument)
        << path;
    EXPECT_TRUE(
        absl::StartsWith(store.status().message(), absl::StrCat(path, ":")))
        << store.status();
  }
}

TEST(PinFiles, TheExampleOfTheDocumentationIsRead) {
  std::string text = ReadFile("docs/pin-file.md");
  size_t begin = text.find("```json\n");
  ASSERT_NE(begin, std::string::npos);
  begin += 8;
  auto store = PinStore::FromJson(
      absl::string_view(text).substr(begin, text.find("```", begin) - begin),
      "docs/pin-file.md");
  EXPECT_TRUE(store.ok()) << store.status();
}

TEST(WebexPins, CoverTheHostsThatTheAppPins) {
  auto store = PinStore::FromJson(ReadFile("pins/webex.json"), "webex.json");
  ASSERT_TRUE(store.ok()) << store.status();
  for (absl::string_view host :
       {"identity.webex.com", "idbroker.webex.com", "conv-a.wbx2.com"}) {
    const auto entry = *(*store)->Find(*ServerName::FromString(host));
    ASSERT_TRUE(entry.has_value()) << host;
    ASSERT_TRUE(entry->is_pinned()) << host;
    const std::shared_ptr<const PinSet> set = *entry->pin_set();
    EXPECT_EQ(set->name(), "webex");
    EXPECT_EQ(set->mode(), PinSet::Mode::kEnforce);
  }
  for (absl::string_view host :
       {"wbx2.com", "a.b.wbx2.com", "www.webex.com", "api.ciscospark.com"}) {
    EXPECT_FALSE((*store)->Find(*ServerName::FromString(host))->has_value())
        << host;
  }
}

// CheckPin recomputes the pin `json` from the certificate that its source
// names, and returns whether this machine has that certificate.
bool CheckPin(const JsonValue& json) {
  const absl::string_view source = json.Find("source")->string();
  size_t slash = source.rfind("mozilla/");
  EXPECT_NE(slash, std::string::npos) << source;
  std::string path = absl::StrCat(kMozillaBundle, source.substr(slash + 7));
  if (!std::filesystem::exists(path)) {
    return false;
  }
  auto certificates = Certificate::ListFromPem(ReadFile(path));
  EXPECT_TRUE(certificates.ok()) << path << certificates.status();
  EXPECT_EQ(certificates->size(), 1u);
  EXPECT_EQ(certificates->front().pin().ToString(), json.Find("pin")->string());
  EXPECT_EQ(certificates->front().SubjectAttribute("2.5.4.3"),
            std::vector<std::string>{std::string(json.Find("name")->string())});
  return true;
}

TEST(WebexPins, AreThoseOfTheRootsTheyName) {
  const std::string text = ReadFile("pins/webex.json");
  auto document = JsonDocument::Parse(text, "webex.json");
  ASSERT_TRUE(document.ok()) << document.status();
  const std::optional<JsonValue> set =
      document->root().Find("sets")->Find("webex");
  int checked = 0, missing = 0;
  for (absl::string_view list : {"pins", "backup-pins"}) {
    for (const JsonValue& pin : set->Find(list)->elements()) {
      (CheckPin(pin) ? checked : missing) += 1;
    }
  }
  if (missing > 0) {
    GTEST_SKIP() << missing << " of " << checked + missing
                 << " roots are not in " << kMozillaBundle;
  }
}

}  // namespace
}  // namespace pinning
