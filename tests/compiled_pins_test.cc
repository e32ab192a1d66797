// The compiled form of a pin store: what it refuses, and that damage is never
// taken for "not pinned". That it finds what the parsed form finds is in
// pin_store_test.

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/internal/compiled_layout.h"
#include "pinning/mapped_file.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"

namespace pinning {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

Pin PinOf(int n) {
  std::array<uint8_t, Pin::kSize> digest{};
  for (int i = 0; i < 4; ++i) {
    digest[i] = static_cast<uint8_t>(n >> (8 * i));
  }
  return Pin(digest);
}

PinSet SetOf(const std::string& name, int n) {
  PinSet::Builder builder(name);
  builder.AddPin({PinOf(3 * n), "in service", PinRole::kIssuer})
      .AddPin({PinOf(3 * n + 1), "the next"})
      .AddBackupPin({PinOf(3 * n + 2), "kept offline"});
  if (n % 2 == 1) {
    builder.AddBlockedPin({PinOf(-n), "stolen"})
        .SetMode(PinSet::Mode::kReportOnly);
  }
  builder.SetExpiry(absl::FromUnixSeconds(1'900'000'000) + absl::Nanoseconds(n),
                    n % 3 == 0 ? PinSet::OnExpiry::kReject
                               : PinSet::OnExpiry::kStopEnforcing);
  return *builder.Build();
}

// A store of every kind of row: sets of one host and of several, those with the
// name of their host, patterns of each kind, addresses, and carve-outs.
std::shared_ptr<const PinStore> Store(int size) {
  PinStore::Builder builder;
  builder.SetUpdated(absl::FromUnixSeconds(1'800'000'000) +
                     absl::Nanoseconds(5));
  EXPECT_TRUE(builder.AddPinSet(SetOf("shared", 1'000'000)).ok());
  for (int i = 0; i < size; ++i) {
    const std::string base = absl::StrCat("host-", i, ".example");
    const std::string pattern = absl::StrCat(i % 5 == 1   ? "*."
                                             : i % 5 == 2 ? "**."
                                                          : "",
                                             base);
    std::string set = "shared";
    if (i % 4 == 1) {
      set = pattern;
    } else if (i % 4 == 2) {
      set = absl::StrCat("set ", i);
    } else if (i % 16 == 3) {
      set = "none";
    }
    if (set != "shared" && set != "none") {
      EXPECT_TRUE(builder.AddPinSet(SetOf(set, i)).ok());
    }
    EXPECT_TRUE(builder.MapHost(pattern, set).ok());
  }
  EXPECT_TRUE(builder.MapHost("192.0.2.7", "shared").ok());
  EXPECT_TRUE(builder.MapHost("2001:db8::7", "none").ok());
  return *builder.Build();
}

// Names that Store(size) has something to say about, and some that it has not.
std::vector<ServerName> Names(int size) {
  std::vector<ServerName> names;
  for (int i = 0; i < size + size / 4; ++i) {
    for (absl::string_view prefix : {"", "a.", "b.a."}) {
      names.push_back(*ServerName::FromString(
          absl::StrCat(prefix, "host-", i, ".example")));
    }
  }
  names.push_back(*ServerName::FromString("192.0.2.7"));
  names.push_back(*ServerName::FromString("2001:db8::7"));
  names.push_back(*ServerName::FromString("2001:db8::8"));
  return names;
}

std::shared_ptr<const std::string> Compiled(const PinStore& store) {
  auto bytes = store.Compile();
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return std::make_shared<const std::string>(*std::move(bytes));
}

absl::StatusOr<std::shared_ptr<const PinStore>> Open(
    const std::shared_ptr<const std::string>& bytes) {
  return PinStore::FromCompiled(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(bytes->data()),
                          bytes->size()),
      bytes);
}

void ExpectSame(const PinSet& a, const PinSet& b) {
  EXPECT_EQ(a.name(), b.name());
  EXPECT_EQ(a.mode(), b.mode());
  EXPECT_EQ(a.on_expiry(), b.on_expiry());
  EXPECT_EQ(a.expires(), b.expires());
  const auto expect_same = [](absl::Span<const NamedPin> x,
                              absl::Span<const NamedPin> y) {
    ASSERT_EQ(x.size(), y.size());
    for (size_t i = 0; i < x.size(); ++i) {
      EXPECT_EQ(x[i].pin, y[i].pin);
      EXPECT_EQ(x[i].name, y[i].name);
      EXPECT_EQ(x[i].role, y[i].role);
    }
  };
  expect_same(a.pins(), b.pins());
  expect_same(a.backup_pins(), b.backup_pins());
  expect_same(a.blocked_pins(), b.blocked_pins());
}

TEST(CompiledPins, SayWhatTheStoreTheyWereMadeOfSays) {
  for (const int size : {0, 1, 7, 100, 5000}) {
    SCOPED_TRACE(size);
    const std::shared_ptr<const PinStore> store = Store(size);
    const auto compiled = Open(Compiled(*store));
    ASSERT_TRUE(compiled.ok()) << compiled.status();
    EXPECT_EQ((*compiled)->updated(), store->updated());
    EXPECT_EQ((*compiled)->size(), store->size());
    EXPECT_TRUE((*compiled)->CheckAll().ok()) << (*compiled)->CheckAll();
    for (const ServerName& name : Names(size)) {
      const auto want = *store->Find(name);
      const auto got = (*compiled)->Find(name);
      ASSERT_TRUE(got.ok()) << got.status();
      ASSERT_EQ(got->has_value(), want.has_value()) << name.ToString();
      if (!want.has_value()) {
        continue;
      }
      EXPECT_EQ((*got)->pattern(), want->pattern());
      ASSERT_EQ((*got)->is_pinned(), want->is_pinned());
      if (want->is_pinned()) {
        const auto set = (*got)->pin_set();
        ASSERT_TRUE(set.ok()) << set.status();
        ExpectSame(**set, **want->pin_set());
      }
    }
  }
}

TEST(CompiledPins, AreTheSameBytesForTheSamePins) {
  EXPECT_EQ(*Compiled(*Store(300)), *Compiled(*Store(300)));
  const auto compiled = *Open(Compiled(*Store(300)));
  EXPECT_EQ(*Compiled(*compiled), *Compiled(*Store(300)));
}

// Whether the answers of `damaged` are those of `good`, or are refused, and are
// the same to many questions at once.
void ExpectRightOrRefused(const PinStore& good, const PinStore& damaged,
                          absl::Span<const ServerName> names) {
  const auto many = damaged.FindMany(names);
  for (size_t i = 0; i < names.size(); ++i) {
    const ServerName& name = names[i];
    const auto got = damaged.Find(name);
    ASSERT_EQ(many[i].status(), got.status());
    if (!got.ok()) {
      EXPECT_EQ(got.status().code(), absl::StatusCode::kDataLoss);
      continue;
    }
    const auto want = *good.Find(name);
    ASSERT_EQ(got->has_value(), want.has_value()) << name.ToString();
    ASSERT_EQ(many[i]->has_value(), want.has_value()) << name.ToString();
    if (!want.has_value()) {
      continue;
    }
    ASSERT_EQ((*got)->pattern(), want->pattern());
    ASSERT_EQ((*many[i])->pattern(), want->pattern());
    ASSERT_EQ((*got)->is_pinned(), want->is_pinned());
    const auto set = (*got)->pin_set();
    if (!set.ok()) {
      EXPECT_EQ(set.status().code(), absl::StatusCode::kDataLoss);
    } else if (want->is_pinned()) {
      ExpectSame(**set, **want->pin_set());
    }
  }
}

// Each octet in turn, changed: refused when it is opened, or when a look-up
// meets it. No answer changes, and CheckAll always finds it.
TEST(CompiledPins, NoOctetChangesAnAnswer) {
  constexpr int kSize = 12;
  const std::shared_ptr<const PinStore> store = Store(kSize);
  const std::shared_ptr<const std::string> bytes = Compiled(*store);
  const std::vector<ServerName> names = Names(kSize);
  for (size_t i = 0; i < bytes->size(); ++i) {
    for (const uint8_t mask : {0x01, 0x80, 0xff}) {
      auto changed = std::make_shared<std::string>(*bytes);
      (*changed)[i] = static_cast<char>((*changed)[i] ^ mask);
      const auto damaged = Open(changed);
      if (!damaged.ok()) {
        EXPECT_THAT(damaged.status().code(),
                    AnyOf(absl::StatusCode::kDataLoss,
                          absl::StatusCode::kUnimplemented));
        continue;
      }
      SCOPED_TRACE(absl::StrCat("octet ", i, " ^ ", mask));
      EXPECT_GE(i, internal::compiled::kHeaderSize);
      EXPECT_EQ((*damaged)->CheckAll().code(), absl::StatusCode::kDataLoss);
      ExpectRightOrRefused(*store, **damaged, names);
      if (testing::Test::HasFatalFailure()) {
        return;
      }
    }
  }
}

TEST(CompiledPins, LinesInEachOthersPlaceAreDamage) {
  const std::shared_ptr<const PinStore> store = Store(100);
  const std::shared_ptr<const std::string> bytes = Compiled(*store);
  constexpr size_t kLine = internal::compiled::kLine;
  const size_t first = internal::compiled::kHeaderSize;
  for (size_t line = first; line + 2 * kLine < first + 20 * kLine;
       line += kLine) {
    auto changed = std::make_shared<std::string>(*bytes);
    changed->replace(line, kLine, bytes->substr(line + kLine, kLine));
    changed->replace(line + kLine, kLine, bytes->substr(line, kLine));
    const auto damaged = Open(changed);
    ASSERT_TRUE(damaged.ok());
    ExpectRightOrRefused(*store, **damaged, Names(100));
    if (testing::Test::HasFatalFailure()) {
      return;
    }
  }
}

TEST(CompiledPins, CutShortOrContinuedIsRefused) {
  const std::shared_ptr<const std::string> bytes = Compiled(*Store(20));
  for (size_t size = 0; size < bytes->size(); ++size) {
    const auto cut =
        std::make_shared<const std::string>(bytes->substr(0, size));
    EXPECT_EQ(Open(cut).status().code(), absl::StatusCode::kDataLoss) << size;
  }
  const auto more = std::make_shared<const std::string>(*bytes + "x");
  EXPECT_EQ(Open(more).status().code(), absl::StatusCode::kDataLoss);
}

TEST(CompiledPins, AnotherVersionIsSaidToBeOne) {
  auto bytes = std::make_shared<std::string>(*Compiled(*Store(1)));
  (*bytes)[internal::compiled::kVersionAt] = 1;
  const absl::Status status = Open(bytes).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
  EXPECT_THAT(std::string(status.message()), HasSubstr("version 1"));
}

TEST(CompiledPins, WhatIsTooLargeIsRefused) {
  PinStore::Builder builder;
  builder.SetUpdated(absl::UnixEpoch());
  PinSet::Builder set("large");
  for (int i = 0; i < 9000; ++i) {
    set.AddPin({PinOf(i + 1), "a pin"});
  }
  set.AddBackupPin({PinOf(0), "kept offline"})
      .SetExpiry(absl::FromUnixSeconds(1), PinSet::OnExpiry::kReject);
  ASSERT_TRUE(builder.AddPinSet(*set.Build()).ok());
  ASSERT_TRUE(builder.MapHost("www.example.com", "large").ok());
  const absl::Status status = (*builder.Build())->Compile().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("too large"));
}

std::string WriteFile(absl::string_view name, absl::string_view content) {
  const std::string path = absl::StrCat(testing::TempDir(), "/", name);
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

TEST(OpenCompiledPins, OutlivesTheFileThatIsReplaced) {
  const std::string path = WriteFile("store.pins", *Compiled(*Store(8)));
  const auto old = OpenCompiledPins(path);
  ASSERT_TRUE(old.ok()) << old.status();
  const std::string next = WriteFile("next.pins", *Compiled(*Store(20)));
  ASSERT_EQ(std::rename(next.c_str(), path.c_str()), 0);
  EXPECT_EQ((*old)->size(), 10u);
  EXPECT_TRUE((*old)->CheckAll().ok());
  EXPECT_EQ((*OpenCompiledPins(path))->size(), 22u);
}

// What the kernel says of the memory of this process that is a file whose path
// ends in `name`: in kB, by the name of the row (proc(5), smaps).
std::map<std::string, int> MemoryOf(absl::string_view name) {
  std::map<std::string, int> rows;
  bool is_of_file = false;
  std::ifstream smaps("/proc/self/smaps");
  for (std::string line; std::getline(smaps, line);) {
    const size_t colon = line.find(": ");
    int size = 0;
    if (line.find('-') < line.find(' ')) {  // the first line of a mapping
      is_of_file = absl::EndsWith(line, name);
    } else if (is_of_file && colon != line.npos &&
               absl::SimpleAtoi(absl::StripSuffix(line.substr(colon + 1), "kB"),
                                &size)) {
      rows[line.substr(0, colon)] += size;
    }
  }
  return rows;
}

TEST(OpenCompiledPins, ShareTheirMemoryBetweenProcesses) {
  const std::string path = WriteFile("shared.pins", *Compiled(*Store(20'000)));
  int is_open[2], done[2];
  ASSERT_EQ(pipe(is_open) | pipe(done), 0);
  const pid_t other = fork();
  if (other == 0) {
    close(done[1]);
    const auto store = OpenCompiledPins(path);
    char octet = store.ok() && (*store)->CheckAll().ok();
    _exit(write(is_open[1], &octet, 1) == 1 && read(done[0], &octet, 1) == 0
              ? 0
              : 1);
  }
  char read_all = 0;
  ASSERT_EQ(read(is_open[0], &read_all, 1), 1);
  ASSERT_EQ(read_all, 1);
  const auto store = OpenCompiledPins(path);
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_TRUE((*store)->CheckAll().ok());
  const std::map<std::string, int> memory = MemoryOf("/shared.pins");
  close(done[1]);
  int status = -1;
  ASSERT_EQ(waitpid(other, &status, 0), other);
  EXPECT_EQ(status, 0);
  // All of it is there, once for both, and each counts half of it.
  const int size = memory.at("Rss");
  EXPECT_GT(size, 1000);
  EXPECT_EQ(memory.at("Shared_Clean") + memory.at("Shared_Dirty"), size);
  EXPECT_EQ(memory.at("Private_Clean") + memory.at("Private_Dirty"), 0);
  EXPECT_LE(memory.at("Pss"), size / 2 + 4);
  for (const int end : {is_open[0], is_open[1], done[0]}) {
    close(end);
  }
}

TEST(OpenCompiledPins, NamesTheFileThatItCannotUse) {
  const std::string missing = absl::StrCat(testing::TempDir(), "/missing");
  const struct {
    std::string path;
    absl::StatusCode code;
  } kRows[] = {
      {missing, absl::StatusCode::kNotFound},
      {testing::TempDir(), absl::StatusCode::kInvalidArgument},
      {"/dev/null", absl::StatusCode::kInvalidArgument},
      {WriteFile("empty", ""), absl::StatusCode::kInvalidArgument},
      {WriteFile("short", "PINST"), absl::StatusCode::kDataLoss},
      {WriteFile("json", "{\"schema\": \"pinning.pins/1\"}"),
       absl::StatusCode::kDataLoss},
  };
  for (const auto& row : kRows) {
    const absl::Status status = OpenCompiledPins(row.path).status();
    EXPECT_EQ(status.code(), row.code) << row.path << ": " << status;
    EXPECT_THAT(std::string(status.message()), testing::StartsWith(row.path));
  }
}

}  // namespace
}  // namespace pinning
