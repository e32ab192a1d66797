#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/formats/import_pins.h"
#include "tools/tlspin/formats/notes.h"

// TLSA records (RFC 6698) with selector 1, the key, and matching type 1,
// SHA-256: one on each line of a zone file.
namespace tlspin {
namespace {

using ::pinning::PinRole;

// The certificate usages.
enum Usage { kPkixTa = 0, kPkixEe = 1, kDaneTa = 2, kDaneEe = 3 };

constexpr Capabilities Can() {
  Capabilities can;
  can.hosts = HostForm::kNames;
  can.overlap = Overlap::kMostSpecific;
  can.matches = Matches::kLeafOrIssuers;
  can.notes = true;
  can.keeps_path = false;
  return can;
}

std::string Hex(const pinning::Pin& pin) {
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(pin.digest().data()), pin.digest().size()));
}

std::string Record(const std::string& host, int usage,
                   const pinning::Pin& pin) {
  return absl::StrCat("_443._tcp.", host, ". IN TLSA ", usage, " 1 1 ",
                      Hex(pin), "\n");
}

absl::StatusOr<std::vector<std::string>> Write(const ExportPlan& plan) {
  const int leaf = plan.pkix ? kPkixEe : kDaneEe;
  const int issuer = plan.pkix ? kPkixTa : kDaneTa;
  std::string text;
  if (!plan.document->comment.empty()) {
    absl::StrAppend(&text, "; ", NoteText(plan.document->comment), "\n");
  }
  for (const FormatEntry& entry : plan.entries) {
    if (entry.set == kNoSet) {
      continue;
    }
    const DocumentSet& set = plan.document->sets[entry.set];
    absl::StrAppend(&text, "; ", SetNote(set), "\n");
    for (const DocumentPin* pin : AllowedPins(set)) {
      absl::StrAppend(&text, "; ", PinNote(set, *pin), "\n");
      if (pin->pin.role == PinRole::kLeaf || pin->pin.role == PinRole::kAny) {
        absl::StrAppend(&text, Record(entry.host, leaf, pin->pin.pin));
      }
      if (pin->pin.role != PinRole::kLeaf) {
        absl::StrAppend(&text, Record(entry.host, issuer, pin->pin.pin));
      }
    }
  }
  return std::vector<std::string>{text};
}

// What the records say of one key of a host.
struct KeyRecords {
  bool leaf = false, issuer = false;
  Place place;
};

class Reader {
 public:
  explicit Reader(const SourceText& source) : source_(source) {}

  absl::StatusOr<Imported> Read();

 private:
  absl::Status ReadLine(size_t begin, absl::string_view line);
  absl::StatusOr<std::string> HostOf(size_t at, absl::string_view owner);
  absl::Status ReadData(size_t at, const std::string& host,
                        const std::vector<absl::string_view>& data);
  void Lost(const Place& place, absl::string_view code,
            absl::string_view message, LossEffect effect) {
    imported_.losses.push_back(
        {place, std::string(code), std::string(message), effect});
  }

  const SourceText& source_;
  std::vector<std::string> hosts_;  // in order
  std::map<std::string, std::vector<std::pair<pinning::Pin, KeyRecords>>> keys_;
  Imported imported_;
};

absl::StatusOr<std::string> Reader::HostOf(size_t at, absl::string_view owner) {
  if (!absl::ConsumeSuffix(&owner, ".")) {
    return source_.Error(at, "write the whole name, with a dot at its end");
  }
  const std::vector<absl::string_view> parts =
      absl::StrSplit(owner, absl::MaxSplits('.', 2));
  int port = 0;
  if (parts.size() != 3 || !absl::StartsWith(parts[0], "_") ||
      !absl::SimpleAtoi(parts[0].substr(1), &port) ||
      !absl::EqualsIgnoreCase(parts[1], "_tcp")) {
    return source_.Error(at, "the owner is _PORT._tcp.HOST.");
  }
  if (port != 443) {
    Lost(source_.PlaceOf(at), "port",
         absl::StrCat("port ", port, ": pins are for every port"),
         LossEffect::kRefusesMore);
  }
  return std::string(parts[2]);
}

absl::Status Reader::ReadData(size_t at, const std::string& host,
                              const std::vector<absl::string_view>& data) {
  int usage = 0;
  if (data.size() < 4 || !absl::SimpleAtoi(data[0], &usage) || usage < 0 ||
      usage > kDaneEe) {
    return source_.Error(at, "expected TLSA, usage 0 to 3, 1, 1 and a digest");
  }
  if (data[1] != "1" || data[2] != "1") {
    return source_.Error(at,
                         "a pin is selector 1, the key, and matching type 1, "
                         "SHA-256");
  }
  // Zone files may put blanks in the digest.
  const std::string hex =
      absl::StrJoin(data.begin() + 3, data.end(), absl::string_view());
  const bool digits = std::all_of(hex.begin(), hex.end(), [](char c) {
    return absl::ascii_isxdigit(static_cast<unsigned char>(c));
  });
  if (hex.size() != 64 || !digits) {
    return source_.Error(at, "the digest is not 64 hexadecimal digits");
  }
  const std::string bytes = absl::HexStringToBytes(hex);
  std::array<uint8_t, pinning::Pin::kSize> digest;
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  const pinning::Pin pin(digest);
  auto& keys = keys_[host];
  if (keys.empty()) {
    hosts_.push_back(host);
  }
  auto found = std::find_if(keys.begin(), keys.end(),
                            [&](const auto& key) { return key.first == pin; });
  if (found == keys.end()) {
    keys.push_back({pin, {false, false, source_.PlaceOf(at)}});
    found = keys.end() - 1;
  }
  (usage == kPkixEe || usage == kDaneEe ? found->second.leaf
                                        : found->second.issuer) = true;
  if (usage == kDaneTa || usage == kDaneEe) {
    Lost(source_.PlaceOf(at), "path",
         absl::StrCat("usage ", usage,
                      " asks for no trusted root; a pin file does"),
         LossEffect::kRefusesMore);
  }
  return absl::OkStatus();
}

absl::Status Reader::ReadLine(size_t begin, absl::string_view line) {
  const size_t comment = line.find(';');
  const std::vector<absl::string_view> words = absl::StrSplit(
      line.substr(0, comment), absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
  if (words.empty()) {
    return absl::OkStatus();
  }
  if (words[0] == "$TTL") {
    imported_.ignored.push_back(IgnoredAt(source_.PlaceOf(begin), "$TTL"));
    return absl::OkStatus();
  }
  if (line[0] == ' ' || line[0] == '\t' || words[0][0] == '$' ||
      absl::StrContains(line.substr(0, comment), '(')) {
    return source_.Error(
        begin, "expected a whole record on one line, its owner first");
  }
  const absl::StatusOr<std::string> host = HostOf(begin, words[0]);
  if (!host.ok()) {
    return host.status();
  }
  size_t type = 1;
  int ttl = 0;
  while (type < words.size() && (absl::EqualsIgnoreCase(words[type], "IN") ||
                                 absl::SimpleAtoi(words[type], &ttl))) {
    ++type;
  }
  if (type >= words.size() || !absl::EqualsIgnoreCase(words[type], "TLSA")) {
    return source_.Error(begin, "not a TLSA record");
  }
  return ReadData(begin, *host, {words.begin() + type + 1, words.end()});
}

absl::StatusOr<Imported> Reader::Read() {
  absl::Status status = source_.Check();
  size_t offset = 0;
  for (absl::string_view line : absl::StrSplit(source_.text(), '\n')) {
    if (status.ok()) {
      status = ReadLine(offset, line);
    }
    offset += line.size() + 1;
  }
  if (!status.ok()) {
    return status;
  }
  if (hosts_.empty()) {
    return source_.Error(0, "there is no TLSA record");
  }
  for (const std::string& host : hosts_) {
    ImportedSet set;
    for (const auto& [pin, records] : keys_[host]) {
      if (!records.leaf) {
        Lost(records.place, "role",
             "this matches any certificate but the leaf; with role \"any\" it "
             "would match a leaf too",
             LossEffect::kAcceptsMore);
      }
      set.pins.push_back({pin, "",
                          records.issuer ? PinRole::kAny : PinRole::kLeaf,
                          records.place});
    }
    set.place = set.pins[0].place;
    imported_.sets.push_back(std::move(set));
    imported_.entries.push_back({host, true, false, false,
                                 imported_.sets.size() - 1,
                                 imported_.sets.back().place});
  }
  return std::move(imported_);
}

absl::StatusOr<Imported> Read(const ImportSource& source) {
  return Reader(source.text).Read();
}

}  // namespace

const FormatSpec kTlsaFormat = {
    "tlsa",
    "TLSA records",
    ".zone",
    "",
    Can(),
    "the records are for port 443, and count only in a zone signed by DNSSEC",
    Write,
    Read};

}  // namespace tlspin
