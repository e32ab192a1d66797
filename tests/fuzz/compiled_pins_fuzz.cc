// PinStore::FromCompiled on any bytes, and on any bytes with right checksums:
// no crash, nothing read outside of them, and what is found is a host that
// covers the name. The first octet says whether the checksums are made right.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "pinning/internal/compiled_layout.h"
#include "pinning/internal/words.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "tests/fuzz/fuzz.h"

namespace {

using fuzz::Require;
using pinning::PinStore;
using pinning::ServerName;
using Bytes = std::vector<uint8_t>;

namespace layout = pinning::internal::compiled;

uint64_t At(const Bytes& file, size_t offset) {
  return pinning::internal::Load64(&file[offset]);
}

uint32_t ChecksumOf(const Bytes& file, size_t offset, size_t from,
                    size_t size) {
  return layout::Checksum(offset,
                          absl::MakeConstSpan(file).subspan(from, size));
}

// Seal makes the checksums right, as far as the sections lie within the file,
// so that what is behind them is reached.
void Seal(Bytes& file) {
  if (file.size() < layout::kHeaderSize) {
    return;
  }
  const absl::string_view magic(layout::kMagic);
  std::copy(magic.begin(), magic.end(), file.begin());
  pinning::internal::Store(&file[layout::kVersionAt], layout::kVersion);
  pinning::internal::Store(&file[layout::kFileSizeAt], uint64_t{file.size()});
  const uint64_t records = At(file, layout::kRecordsAt);
  for (size_t line = layout::kHeaderSize;
       records <= file.size() && line + layout::kLine <= records;
       line += layout::kLine) {
    pinning::internal::Store(
        &file[line + layout::kLineChecksumAt],
        ChecksumOf(file, line, line, layout::kLineChecksumAt));
  }
  for (size_t offset = records;
       offset < file.size() && file.size() - offset >= layout::kRecordHeader;) {
    const size_t length = size_t{pinning::internal::Load16(
                              &file[offset + layout::kRecordLengthAt])} *
                          layout::kUnit;
    if (length < layout::kRecordHeader || length > file.size() - offset) {
      break;
    }
    pinning::internal::Store(
        &file[offset],
        ChecksumOf(file, offset, offset + layout::kRecordLengthAt,
                   length - layout::kRecordLengthAt));
    offset += length;
  }
  pinning::internal::Store(
      &file[layout::kHeaderChecksumAt],
      layout::Hash(layout::kVersion, file.data(), layout::kHeaderChecksumAt));
}

void CheckEntry(const PinStore& store, const PinStore::Entry& entry,
                absl::string_view name) {
  absl::string_view base = entry.pattern();
  const bool wide =
      absl::ConsumePrefix(&base, "**.") || absl::ConsumePrefix(&base, "*.");
  Require(wide ? absl::EndsWith(name, base) : name == base,
          "what is found covers the name");
  const auto set = entry.pin_set();
  if (set.ok()) {
    Require((*set != nullptr) == entry.is_pinned(), "a pinned host has a set");
  }
  (void)store.PatternsOf(entry).ok();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) {
    return 0;
  }
  auto file = std::make_shared<Bytes>(data + 1, data + size);
  if (data[0] % 2 == 1) {
    Seal(*file);
  }
  const auto store = PinStore::FromCompiled(absl::MakeConstSpan(*file), file);
  if (!store.ok()) {
    return 0;
  }
  for (const char* host :
       {"www.example.com", "a.www.example.com", "b.a.www.example.com",
        "example.com", "192.0.2.7", "nothing.example"}) {
    const ServerName name = *ServerName::FromString(host);
    const auto entry = (*store)->Find(name);
    if (entry.ok() && entry->has_value()) {
      CheckEntry(**store, **entry, name.ToString());
    }
  }
  Require((*store)->size() <= file->size(), "each host takes room");
  (void)(*store)->entries().ok();
  (void)(*store)->pin_sets().ok();
  (void)(*store)->CheckAll().ok();
  return 0;
}
