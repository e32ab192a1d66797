#ifndef TOOLS_TLSPIN_FORMATS_FORMAT_H_
#define TOOLS_TLSPIN_FORMATS_FORMAT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "tools/tlspin/formats/pin_document.h"
#include "tools/tlspin/formats/source_text.h"

// Other programs' ways to write pins. What each can say is in its Capabilities,
// which decide what is an error, what --lossy lists, and what docs/export.md
// says.
namespace tlspin {

// Which hosts a format's entry can stand for.
enum class HostForm {
  kNone,              // the format has no hosts: one set, for one host
  kNames,             // that name alone
  kNamesAndOneBelow,  // that name, or it and the names one label below
  kNamesAndAllBelow,  // that name, or it and all names below
  kPatterns,          // "*." and "**." as in a pin file
};

// Which entry decides where several cover a host.
enum class Overlap {
  kNone,          // it cannot happen
  kMostSpecific,  // the longest name
  kUnion,         // all of them: any pin of any will do
  kUnknown,       // it is not documented
};

// What a format can except from a wider entry.
enum class CarveOuts { kNone, kNames, kTrees };

// Which keys of a connection a pin is compared with.
enum class Matches {
  kPath,            // any key of the validated path: role "any"
  kLeaf,            // the leaf's: role "leaf"
  kLeafAndIssuers,  // by list: the leaf's, any but the leaf's; every list that
                    // is there must match
  kLeafOrIssuers,   // by record: the leaf's, any but the leaf's
};

// When the pins end.
enum class Expiry {
  kNone,    // never
  kDay,     // they are not enforced from a day on
  kMaxAge,  // they are not enforced some time after the last visit
};

struct Capabilities {
  HostForm hosts = HostForm::kNone;
  Overlap overlap = Overlap::kNone;
  CarveOuts carve_outs = CarveOuts::kNone;
  bool addresses = false;  // IP addresses as hosts
  Matches matches = Matches::kPath;
  Expiry expiry = Expiry::kNone;
  bool report_only = false;
  bool blocked_pins = false;
  bool notes = false;       // comments: names, sources and comments of pins
  bool keeps_path = true;   // the path is validated besides
  bool needs_keys = false;  // keys, not digests: from --certificates
};

// What a loss does to the decisions.
enum class LossEffect { kAcceptsMore, kRefusesMore, kBoth, kNothing };

// LossEffectText returns "accepts more" and so on.
absl::string_view LossEffectText(LossEffect effect);

// A Loss is something in one file that the other cannot say.
struct Loss {
  Place place;  // in the file that is read
  std::string code;
  std::string message;
  LossEffect effect = LossEffect::kBoth;
};

// A FormatEntry is a host as formats have it.
struct FormatEntry {
  std::string host;  // canonical, no asterisk
  bool itself = true;
  bool one_below = false;  // names one label below
  bool all_below = false;  // names any number of labels below; has one_below
  size_t set = kNoSet;     // kNoSet: carved out
  Place place;
};

// An ExportPlan is what a writer writes.
struct ExportPlan {
  const PinDocument* document = nullptr;
  std::vector<FormatEntry> entries;  // empty for HostForm::kNone
  std::string host;                  // for HostForm::kNone
  size_t set = kNoSet;               // for HostForm::kNone
  absl::Time now;
  bool pkix = false;  // TLSA: usages 0 and 1 rather than 2 and 3
  std::map<pinning::Pin, std::string> keys;  // DER, by pin, for needs_keys
};

struct ImportedPin {
  pinning::Pin pin;
  std::string name;  // empty: the format has none
  pinning::PinRole role = pinning::PinRole::kAny;
  Place place;
};

struct ImportedSet {
  std::string name;  // empty: the format has none
  std::vector<ImportedPin> pins, blocked_pins;
  std::optional<absl::Time> expires;  // then not enforced
  std::optional<pinning::PinSet::Mode> mode;
  Place place;
};

// An Imported is what a reader found.
struct Imported {
  std::vector<ImportedSet> sets;
  std::vector<FormatEntry> entries;  // hosts as written; no text twice
  bool includes_subdomains = false;  // for HostForm::kNone
  std::optional<absl::Time> updated;
  std::vector<Loss> losses;
  std::vector<Loss> ignored;  // what decides nothing about pins
};

// An ImportSource is the file to read, and the second one of a format that has
// two.
struct ImportSource {
  SourceText text;
  SourceText companion;
  absl::Time now;
};

struct FormatSpec {
  absl::string_view name;       // of --format
  absl::string_view title;      // for people
  absl::string_view extension;  // ".xml"
  absl::string_view companion;  // the extension of a second file; or empty
  Capabilities capabilities;
  absl::string_view caution;  // what no file of the format can help; or empty
  // Writes the file, and the second one if there is a companion.
  absl::StatusOr<std::vector<std::string>> (*write)(const ExportPlan& plan);
  absl::StatusOr<Imported> (*read)(const ImportSource& source);
};

// Every format, in the order of the documentation.
absl::Span<const FormatSpec* const> AllFormats();

// FindFormat returns the format called `name`, or null.
const FormatSpec* FindFormat(absl::string_view name);

// FormatTable returns the table of what each format can say, in Markdown.
std::string FormatTable();

// One per format, each in a file of its name.
extern const FormatSpec kAndroidFormat;
extern const FormatSpec kAppleFormat;
extern const FormatSpec kTrustKitIosFormat;
extern const FormatSpec kTrustKitAndroidFormat;
extern const FormatSpec kOkHttpKotlinFormat;
extern const FormatSpec kOkHttpJavaFormat;
extern const FormatSpec kChromiumFormat;
extern const FormatSpec kCurlFormat;
extern const FormatSpec kEnvoyFormat;
extern const FormatSpec kEnvoyJsonFormat;
extern const FormatSpec kHeaderFormat;
extern const FormatSpec kPemFormat;
extern const FormatSpec kTlsaFormat;

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FORMATS_FORMAT_H_
