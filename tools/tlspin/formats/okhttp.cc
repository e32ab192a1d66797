#include <cstddef>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tools/tlspin/formats/code_lexer.h"
#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/formats/import_pins.h"
#include "tools/tlspin/formats/notes.h"

// OkHttp's CertificatePinner in Kotlin and Java. Reading knows comments,
// literals and calls of `add`, and nothing else of the languages.
namespace tlspin {
namespace {

// Every pattern that covers a host counts: their pins are one set.
constexpr Capabilities Can() {
  Capabilities can;
  can.hosts = HostForm::kPatterns;
  can.overlap = Overlap::kUnion;
  can.addresses = true;
  can.notes = true;
  return can;
}

std::string PatternOf(const FormatEntry& entry) {
  return absl::StrCat(entry.all_below   ? "**."
                      : entry.one_below ? "*."
                                        : "",
                      entry.host);
}

std::string Calls(const ExportPlan& plan) {
  std::string text;
  for (const FormatEntry& entry : plan.entries) {
    if (entry.set == kNoSet) {
      continue;
    }
    const DocumentSet& set = plan.document->sets[entry.set];
    absl::StrAppend(&text, "    // ", SetNote(set), "\n");
    for (const DocumentPin* pin : AllowedPins(set)) {
      absl::StrAppend(&text, "    // ", PinNote(set, *pin), "\n    .add(\"",
                      PatternOf(entry), "\", \"", pin->pin.pin.ToString(),
                      "\")\n");
    }
  }
  return text;
}

std::string FileNote(const ExportPlan& plan) {
  return plan.document->comment.empty()
             ? ""
             : absl::StrCat("// ", NoteText(plan.document->comment), "\n");
}

absl::StatusOr<std::vector<std::string>> WriteKotlin(const ExportPlan& plan) {
  return std::vector<std::string>{
      absl::StrCat("import okhttp3.CertificatePinner\n\n", FileNote(plan),
                   "val certificatePinner = CertificatePinner.Builder()\n",
                   Calls(plan), "    .build()\n")};
}

absl::StatusOr<std::vector<std::string>> WriteJava(const ExportPlan& plan) {
  return std::vector<std::string>{absl::StrCat(
      "import okhttp3.CertificatePinner;\n\n", FileNote(plan),
      "public final class Pins {\n"
      "  public static final CertificatePinner CERTIFICATE_PINNER =\n"
      "    new CertificatePinner.Builder()\n",
      Calls(plan), "    .build();\n\n  private Pins() {}\n}\n")};
}

class Reader {
 public:
  explicit Reader(const SourceText& source) : source_(source) {}

  absl::StatusOr<Imported> Read();

 private:
  absl::Status ReadCall(size_t index);
  absl::Status AddPins(const CodeToken& pattern,
                       const std::vector<CodeToken>& pins);
  bool Is(size_t index, absl::string_view text) const {
    return index < tokens_.size() &&
           tokens_[index].kind != CodeToken::Kind::kString &&
           tokens_[index].text == text;
  }

  const SourceText& source_;
  std::vector<CodeToken> tokens_;
  Imported imported_;
};

absl::StatusOr<Imported> Reader::Read() {
  absl::Status status = source_.Check();
  if (!status.ok()) {
    return status;
  }
  CodeLexer lexer(source_);
  do {
    absl::StatusOr<CodeToken> token = lexer.Next();
    if (!token.ok()) {
      return token.status();
    }
    tokens_.push_back(*std::move(token));
  } while (tokens_.back().kind != CodeToken::Kind::kEnd);
  for (size_t i = 0; i < tokens_.size(); ++i) {
    if (Is(i, ".") && Is(i + 1, "add") && Is(i + 2, "(")) {
      status = ReadCall(i + 3);
      if (!status.ok()) {
        return status;
      }
    } else if (Is(i, "Pin") && Is(i + 1, "(")) {
      return source_.Error(tokens_[i].offset,
                           "only pins in calls of add() are read");
    }
  }
  if (imported_.entries.empty()) {
    return source_.Error(0, "there is no .add(\"pattern\", \"sha256/...\")");
  }
  return std::move(imported_);
}

// ReadCall reads the arguments that begin at `index`. A call with a string that
// looks like a pin is one of ours and has to be as expected; others, such as
// those of a list, are not.
absl::Status Reader::ReadCall(size_t index) {
  std::vector<CodeToken> arguments;
  bool plain = true, ours = false;
  size_t at = index;
  for (int depth = 1; at < tokens_.size(); ++at) {
    const CodeToken& token = tokens_[at];
    depth += Is(at, "(") ? 1 : Is(at, ")") ? -1 : 0;
    if (depth == 0 || token.kind == CodeToken::Kind::kEnd) {
      break;
    }
    const bool comma = (at - index) % 2 == 1;
    plain = plain && (comma ? Is(at, ",") : token.plain);
    if (token.kind == CodeToken::Kind::kString) {
      arguments.push_back(token);
      ours = ours || absl::StartsWith(token.text, "sha");
    }
  }
  if (!ours) {
    imported_.ignored.push_back(IgnoredAt(
        source_.PlaceOf(tokens_[index - 2].offset), "add() without a pin"));
    return absl::OkStatus();
  }
  if (!plain || arguments.size() < 2) {
    return source_.Error(tokens_[index - 2].offset,
                         "expected add(\"pattern\", \"sha256/...\") with "
                         "string literals and nothing else");
  }
  const CodeToken pattern = arguments.front();
  arguments.erase(arguments.begin());
  return AddPins(pattern, arguments);
}

absl::Status Reader::AddPins(const CodeToken& pattern,
                             const std::vector<CodeToken>& pins) {
  FormatEntry entry{pattern.text, true,   false,
                    false,        kNoSet, source_.PlaceOf(pattern.offset)};
  if (absl::StartsWith(pattern.text, "**.")) {
    entry.one_below = entry.all_below = true;
    entry.host = pattern.text.substr(3);
  } else if (absl::StartsWith(pattern.text, "*.")) {
    entry.one_below = true;
    entry.itself = false;
    entry.host = pattern.text.substr(2);
  }
  for (const FormatEntry& known : imported_.entries) {
    if (known.host == entry.host && known.itself == entry.itself &&
        known.all_below == entry.all_below) {
      entry.set = known.set;
    }
  }
  if (entry.set == kNoSet) {
    imported_.sets.emplace_back();
    imported_.sets.back().place = entry.place;
    entry.set = imported_.sets.size() - 1;
    imported_.entries.push_back(entry);
  }
  for (const CodeToken& token : pins) {
    const absl::StatusOr<pinning::Pin> pin =
        pinning::Pin::FromString(token.text);
    if (!pin.ok()) {
      return source_.Error(token.offset,
                           "not \"sha256/\" and the padded base64 of 32 bytes");
    }
    AddPin({*pin, "", pinning::PinRole::kAny, source_.PlaceOf(token.offset)},
           imported_.sets[entry.set].pins);
  }
  return absl::OkStatus();
}

absl::StatusOr<Imported> Read(const ImportSource& source) {
  return Reader(source.text).Read();
}

}  // namespace

const FormatSpec kOkHttpKotlinFormat = {
    "okhttp-kotlin", "OkHttp's CertificatePinner in Kotlin",
    ".kt",           "",
    Can(),           "",
    WriteKotlin,     Read};

const FormatSpec kOkHttpJavaFormat = {
    "okhttp-java", "OkHttp's CertificatePinner in Java",
    ".java",       "",
    Can(),         "",
    WriteJava,     Read};

}  // namespace tlspin
