// The table of what each format can say, and pin files that come back from
// every format that loses nothing of them with the same digest.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/internal/config_digest.h"
#include "pinning/path_builder.h"
#include "pinning/pin_store.h"
#include "pinning/policy_options.h"
#include "pinning/trust_store.h"
#include "tests/testing/process.h"
#include "tools/tlspin/formats/export_plan.h"
#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/formats/import_plan.h"
#include "tools/tlspin/pin_file.h"

namespace tlspin {
namespace {

using ::pinning::PinStore;
using ::testing::HasSubstr;

constexpr char kSpare[] = "sha256/P8TM/nRYcOLA2Z9x8w/wZWyN7dQcwdfT03aw2+aF4vM=";

std::string PinFileWith(const std::string& hosts) {
  return absl::StrCat(
      R"({"schema":"pinning.pins/1","updated":"2026-01-31","sets":{"app":{)",
      R"("mode":"enforce","expires":"2026-12-31",)",
      R"("on-expiry":"stop-enforcing","pins":[{"name":"Root","pin":)",
      R"("sha256/dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0="}],)",
      R"("backup-pins":[{"name":"Spare","pin":")", kSpare, R"("}]}},)",
      R"("hosts":{)", hosts, "}}");
}

std::array<uint8_t, 32> DigestOf(const std::string& pin_file) {
  const auto store = PinStore::FromJson(pin_file);
  EXPECT_TRUE(store.ok()) << store.status();
  const auto roots = pinning::TrustStore::Builder().Build();
  return pinning::internal::ConfigDigest(
      *roots, **store, pinning::KeyPurpose::kServerAuth,
      pinning::Profile::kRfc5280, {}, {}, {});
}

// There exports `text` as `name` and imports it again.
absl::StatusOr<std::string> ThereAndBack(const std::string& name,
                                         const std::string& text) {
  const absl::StatusOr<PinDocument> document = ReadPinDocument(text, "pins");
  const FormatSpec& format = *FindFormat(name);
  ExportPlan plan;
  plan.document = &*document;
  std::vector<Loss> losses;
  absl::Status status = MakeExportPlan(format, "", plan, losses);
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_TRUE(losses.empty()) << losses[0].message;
  const absl::StatusOr<std::vector<std::string>> files = format.write(plan);
  const SourceText source(files->front(), "file");
  absl::StatusOr<Imported> imported = format.read({source, source, {}});
  if (!imported.ok()) {
    return imported.status();
  }
  EXPECT_TRUE(imported->losses.empty());
  ImportOptions options;
  options.file_name = "file";
  options.updated = absl::UnixEpoch();
  options.backups = {{{*pinning::Pin::FromString(kSpare), "spare"}, ""}};
  const absl::StatusOr<PinFile> file = MakePinFile(format, *imported, options);
  return file.ok() ? PinFileToJson(*file) : file.status();
}

TEST(FormatsTest, WhatLosesNothingComesBackWithTheSameDigest) {
  for (const std::string hosts :
       {R"("**.example.com":"app","example.net":"app")",
        R"("**.example.com":"app","status.example.com":"none")"}) {
    for (const std::string format : {"android", "trustkit-ios"}) {
      const std::string text = PinFileWith(hosts);
      const absl::StatusOr<std::string> back = ThereAndBack(format, text);
      ASSERT_TRUE(back.ok()) << back.status();
      EXPECT_EQ(DigestOf(*back), DigestOf(text)) << *back;
    }
  }
  const std::string trees =
      PinFileWith(R"("**.example.com":"app","**.labs.example.com":"none")");
  EXPECT_EQ(DigestOf(*ThereAndBack("android", trees)), DigestOf(trees));
  // The digest does tell pin files apart.
  EXPECT_NE(DigestOf(trees),
            DigestOf(PinFileWith(R"("**.example.com":"app")")));
}

TEST(FormatsTest, DocumentHasTheTable) {
  EXPECT_THAT(testing_support::ReadFile("docs/export.md"),
              HasSubstr(FormatTable()))
      << FormatTable();
}

TEST(FormatsTest, NamesAreUniqueAndCautionsAreDocumented) {
  const std::string document = testing_support::ReadFile("docs/export.md");
  for (const FormatSpec* format : AllFormats()) {
    EXPECT_EQ(FindFormat(format->name), format);
    if (!format->caution.empty()) {
      EXPECT_THAT(document, HasSubstr(std::string(format->caution)));
    }
  }
  EXPECT_EQ(FindFormat("nsc"), nullptr);
}

}  // namespace
}  // namespace tlspin
