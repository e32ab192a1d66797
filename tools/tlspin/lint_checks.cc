#include "tools/tlspin/lint_checks.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "pinning/internal/json_reader.h"
#include "pinning/pin_set.h"
#include "tools/tlspin/lint_source.h"
#include "tools/tlspin/time_text.h"

namespace tlspin {
namespace {

using ::pinning::NamedPin;
using ::pinning::PinRole;
using ::pinning::PinSet;
using ::pinning::PinStore;
using ::pinning::internal::JsonDocument;
using ::pinning::internal::JsonMember;
using ::pinning::internal::JsonValue;
using Severity = LintFinding::Severity;

constexpr absl::Duration kExpiresSoon = absl::Hours(24 * 30);
// Chromium stops enforcing its own pins when its list is ten weeks old.
constexpr absl::Duration kStale = absl::Hours(24 * 70);

constexpr char kByteOrderMark[] = "\xef\xbb\xbf";

constexpr absl::string_view kCodes[] = {
    "broad-pattern", "byte-order-mark",   "duplicate-host",
    "duplicate-key", "duplicate-pin",     "empty",
    "expired",       "expires-soon",      "host-form",
    "invalid",       "leaf-only",         "name-spaces",
    "pin-form",      "redundant-pattern", "report-only",
    "stale",         "updated-in-future",
};

std::string Plural(int64_t count, absl::string_view noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

int64_t Days(absl::Duration duration) { return duration / absl::Hours(24); }

// OffsetOf returns where the member `key` of `object` has its value, or where
// the object is.
size_t OffsetOf(const JsonValue& object, absl::string_view key) {
  const std::optional<JsonValue> value = object.Find(key);
  return !value.has_value() ? object.offset() : value->offset();
}

// A StoreLinter looks at a file that can be read.
class StoreLinter {
 public:
  StoreLinter(const PinStore& store, const JsonValue& root, absl::Time now,
              std::vector<LintFinding>& findings)
      : store_(store), root_(root), now_(now), findings_(findings) {}

  void Run() {
    LintList();
    const std::optional<JsonValue> sets = root_.Find("sets");
    const auto pin_sets = *store_.pin_sets();
    for (const auto& set : pin_sets) {
      LintSet(*set, *sets->Find(set->name()));
    }
    LintPatterns();
  }

 private:
  void Warn(absl::string_view code, absl::string_view set, size_t offset,
            std::string message) {
    LintFinding finding;
    finding.code = std::string(code);
    finding.set = std::string(set);
    finding.message = std::move(message);
    finding.offset = offset;
    findings_.push_back(std::move(finding));
  }

  void LintList() {
    const absl::Duration age = now_ - store_.updated();
    if (age > kStale) {
      Warn("stale", "", OffsetOf(root_, "updated"),
           absl::StrCat("last updated on ", DateText(store_.updated()), ", ",
                        Plural(Days(age), "day"), " ago"));
    } else if (age < absl::ZeroDuration()) {
      Warn("updated-in-future", "", OffsetOf(root_, "updated"),
           absl::StrCat("says it was updated on ", DateText(store_.updated()),
                        ", which is yet to come"));
    }
    if (store_.size() == 0) {
      Warn("empty", "", OffsetOf(root_, "hosts"), "pins no host");
    }
  }

  void LintExpiry(const PinSet& set, size_t offset) {
    const absl::string_view effect =
        set.on_expiry() == PinSet::OnExpiry::kReject
            ? "every connection is refused"
            : "the pins are not enforced";
    const std::string date = DateText(set.expires());
    if (set.IsExpired(now_)) {
      Warn("expired", set.name(), offset,
           absl::StrCat("expired on ", date, ": ", effect));
    } else if (set.expires() - now_ < kExpiresSoon) {
      Warn("expires-soon", set.name(), offset,
           absl::StrCat("expires on ", date, ", in ",
                        Plural(Days(set.expires() - now_), "day"), "; then ",
                        effect));
    }
  }

  void LintSet(const PinSet& set, const JsonValue& value) {
    LintExpiry(set, OffsetOf(value, "expires"));
    const absl::Span<const NamedPin> pins = set.pins();
    if (std::all_of(pins.begin(), pins.end(), [](const NamedPin& pin) {
          return pin.role == PinRole::kLeaf;
        })) {
      Warn("leaf-only", set.name(), OffsetOf(value, "pins"),
           "pins leaf keys only: each renewal with a new key needs a new pin "
           "file first");
    }
    if (set.mode() == PinSet::Mode::kReportOnly) {
      Warn("report-only", set.name(), OffsetOf(value, "mode"),
           "is report-only: nothing is refused");
    }
  }

  // LintPatterns looks for sets whose one pattern is a wide one.
  void LintPatterns() {
    // The rows of "hosts" are the entries of the store, in the same order.
    const std::vector<JsonMember> hosts =
        root_.Find("hosts")->members().ToVector();
    const std::vector<PinStore::Entry> entries = *store_.entries();
    std::vector<std::pair<const PinSet*, size_t>> uses;
    for (size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].is_pinned()) {
        uses.push_back({entries[i].pin_set()->get(), i});
      }
    }
    std::sort(uses.begin(), uses.end());
    for (size_t i = 0; i < uses.size(); ++i) {
      const bool alone =
          (i == 0 || uses[i - 1].first != uses[i].first) &&
          (i + 1 == uses.size() || uses[i + 1].first != uses[i].first);
      const absl::string_view pattern = entries[uses[i].second].pattern();
      if (alone && absl::StartsWith(pattern, "**.")) {
        Warn("broad-pattern", uses[i].first->name(),
             hosts[uses[i].second].key_offset,
             absl::StrCat("covers every name under ", pattern,
                          ", those of other operators too"));
      }
    }
  }

  const PinStore& store_;
  const JsonValue root_;
  const absl::Time now_;
  std::vector<LintFinding>& findings_;
};

// PlaceFindings sorts `findings` and sets their lines and columns.
void PlaceFindings(absl::string_view text, std::vector<LintFinding>& findings) {
  std::stable_sort(findings.begin(), findings.end(),
                   [](const LintFinding& a, const LintFinding& b) {
                     return a.offset < b.offset;
                   });
  size_t begin = 0;  // of the line
  int line = 1;
  for (LintFinding& finding : findings) {
    const size_t offset = std::min(finding.offset, text.size());
    for (size_t end = text.find('\n', begin); end < offset;
         end = text.find('\n', begin)) {
      begin = end + 1;
      ++line;
    }
    finding.line = line;
    finding.column = static_cast<int>(offset - begin) + 1;
  }
}

// ErrorFinding returns the library's error "NAME:LINE:COLUMN: MESSAGE".
LintFinding ErrorFinding(const std::string& name, absl::string_view text) {
  LintFinding finding;
  finding.severity = Severity::kError;
  finding.code = "invalid";
  finding.message = std::string(text);
  if (absl::ConsumePrefix(&text, absl::StrCat(name, ":"))) {
    const std::vector<std::string> parts =
        absl::StrSplit(text, absl::MaxSplits(':', 2));
    if (parts.size() == 3 && absl::SimpleAtoi(parts[0], &finding.line) &&
        absl::SimpleAtoi(parts[1], &finding.column)) {
      finding.message = std::string(absl::StripAsciiWhitespace(parts[2]));
    }
  }
  return finding;
}

// AddError adds `error` in its place, unless a finding says the same.
void AddError(LintFinding error, std::vector<LintFinding>& findings) {
  const auto place = std::make_pair(error.line, error.column);
  auto before = findings.begin();
  for (; before != findings.end(); ++before) {
    const auto other = std::make_pair(before->line, before->column);
    if (before->severity == Severity::kError && other == place) {
      return;
    }
    if (other > place) {
      break;
    }
  }
  findings.insert(before, std::move(error));
}

LintFinding ByteOrderMark() {
  LintFinding finding;
  finding.severity = Severity::kError;
  finding.code = "byte-order-mark";
  finding.message = "begins with a byte order mark";
  finding.fix.push_back({0, sizeof(kByteOrderMark) - 1, ""});
  return finding;
}

}  // namespace

LintResult LintPinFile(absl::string_view text, const std::string& name,
                       absl::Time now) {
  LintResult result;
  if (absl::StartsWith(text, kByteOrderMark)) {
    // Nothing else can be read before this is mended.
    result.findings.push_back(ByteOrderMark());
    PlaceFindings(text, result.findings);
    return result;
  }
  absl::StatusOr<std::shared_ptr<const PinStore>> store =
      PinStore::FromJson(text, name);
  const absl::StatusOr<JsonDocument> document =
      JsonDocument::ParseAllowingDuplicateKeys(text, name);
  if (document.ok()) {
    result.findings = LintSource(text, *document);
    if (store.ok()) {
      StoreLinter(**store, document->root(), now, result.findings).Run();
    }
  }
  PlaceFindings(text, result.findings);
  if (store.ok()) {
    result.store = *std::move(store);
  } else {
    AddError(ErrorFinding(name, store.status().message()), result.findings);
  }
  return result;
}

absl::Span<const absl::string_view> AllLintCodes() { return kCodes; }

}  // namespace tlspin
