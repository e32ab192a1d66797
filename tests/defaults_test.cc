// Holds the library's numbers to docs/defaults.md, so that changing one is a
// visible change of both.
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/certificate.h"
#include "pinning/chain.h"
#include "pinning/connection_facts.h"
#include "pinning/ct_log_list.h"
#include "pinning/internal/json_reader.h"
#include "pinning/internal/path_judge.h"
#include "pinning/key_observer.h"
#include "pinning/path_builder.h"
#include "pinning/pin_store.h"
#include "pinning/report_file.h"
#include "pinning/report_sinks.h"
#include "pinning/revocation.h"
#include "pinning/sct.h"

namespace pinning {
namespace {

std::string Document() {
  std::stringstream text;
  text << std::ifstream("docs/defaults.md").rdbuf();
  return text.str();
}

TEST(DefaultsTest, AreWhatTheDocumentSays) {
  const struct {
    const char* name;
    size_t value;
    size_t expected;
    const char* written;
  } kRows[] = {
      {"Chain::kMaxLength", Chain::kMaxLength, 32, "32"},
      {"kMaxSctsPerList", kMaxSctsPerList, 32, "32"},
      {"kMaxOcspSize", kMaxOcspSize, 65536, "64 KiB"},
      {"kMaxOcspAnswers", kMaxOcspAnswers, 64, "64"},
      {"CtLogList::kMaxFileSize", CtLogList::kMaxFileSize, 8 << 20, "8 MiB"},
      {"CtLogList::kMaxLogs", CtLogList::kMaxLogs, 4096, "4,096"},
      {"KeyObserver::kDefaultMaxHosts", KeyObserver::kDefaultMaxHosts, 512,
       "512"},
      {"SeenElsewhere::kMaxHosts", SeenElsewhere::kMaxHosts, 8, "8"},
      {"Certificate::kMaxDerSize", Certificate::kMaxDerSize, 65536, "64 KiB"},
      {"Limits::max_depth", size_t(Limits().max_depth), 8, "8"},
      {"Limits::max_signatures", size_t(Limits().max_signatures), 100, "100"},
      {"Limits::max_build_calls", size_t(Limits().max_build_calls), 2000,
       "2,000"},
      {"Limits::max_name_comparisons", size_t(Limits().max_name_comparisons),
       250000, "250,000"},
      {"Limits::max_policy_nodes", size_t(Limits().max_policy_nodes), 10000,
       "10,000"},
      {"JsonDocument::kMaxDepth", internal::JsonDocument::kMaxDepth, 64, "64"},
      {"JsonDocument::kMaxValues", internal::JsonDocument::kMaxValues, 16 << 20,
       "16 Mi"},
      {"PathJudge::kMaxPathsKept", internal::PathJudge::kMaxPathsKept, 16,
       "16"},
      {"PathBuilder::kMaxFailedPaths", PathBuilder::kMaxFailedPaths, 16, "16"},
      {"RevocationData::kMaxCrls", RevocationData::kMaxCrls, 1000, "1,000"},
      {"RevocationData::kMaxCrlSize", RevocationData::kMaxCrlSize, 16 << 20,
       "16 MiB"},
      {"RevocationData::kMaxCrlEntries", RevocationData::kMaxCrlEntries, 500000,
       "500,000"},
      {"PinStore::kMaxFileSize", PinStore::kMaxFileSize, 256 << 20, "256 MiB"},
      {"LimitedSink::Options::repeat_after",
       size_t(LimitedSink::Options().repeat_after / absl::Hours(1)), 24,
       "24 hours"},
      {"max_remembered", size_t(LimitedSink::Options().max_remembered), 256,
       "256"},
      {"QueueSink::Options::max_reports", QueueSink::Options().max_reports, 64,
       "64"},
      {"QueueSink::Options::max_bytes", QueueSink::Options().max_bytes, 8 << 20,
       "8 MiB"},
      {"ReportFile::kMaxSize", ReportFile::kMaxSize, 64 << 20, "64 MiB"},
  };
  const std::string document = Document();
  for (const auto& row : kRows) {
    EXPECT_EQ(row.value, row.expected) << row.name;
    EXPECT_TRUE(absl::StrContains(
        document, absl::StrCat("(`", row.name, "`) | ", row.written, " |")))
        << row.name;
  }
  // Two to a row.
  const LimitedSink::Options limits;
  EXPECT_EQ(limits.host_burst, 5);
  EXPECT_EQ(limits.host_interval, absl::Hours(1));
  EXPECT_TRUE(absl::StrContains(
      document, "(`host_burst`, `host_interval`) | 5; 1 hour |"));
  EXPECT_EQ(limits.burst, 20);
  EXPECT_EQ(limits.interval, absl::Minutes(1));
  EXPECT_TRUE(
      absl::StrContains(document, "(`burst`, `interval`) | 20; 1 minute |"));
}

}  // namespace
}  // namespace pinning
