#include "tests/testing/tlspin.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "pinning/pin.h"

namespace testing_support {
namespace {

std::string PinsText(
    const std::vector<std::pair<std::string, std::string>>& pins,
    const std::string& role) {
  const std::string more =
      role.empty() ? "" : absl::StrCat(R"(, "role": ")", role, "\"");
  return absl::StrCat("[",
                      absl::StrJoin(pins, ", ",
                                    [&more](std::string* out, const auto& pin) {
                                      absl::StrAppend(
                                          out, R"({"pin": ")", pin.first,
                                          R"(", "name": ")", pin.second, "\"",
                                          more, "}");
                                    }),
                      "]");
}

}  // namespace

ProcessResult RunTlspin(const std::vector<std::string>& arguments,
                        ProcessOptions options) {
  options.environment.insert({"NO_COLOR", ""});
  options.environment.insert({"TERM", ""});
  options.environment.insert({"LC_ALL", "C"});
  return RunProcess(FromRunfiles("tools/tlspin/tlspin"), arguments, options);
}

std::string PinTextOf(const mint::Key& key) {
  return pinning::Pin::OfSpki(key.SpkiDer()).ToString();
}

std::string PinTextOf(const mint::Minted& minted) {
  return PinTextOf(minted.key);
}

std::string PinFileText(const std::vector<PinFileSet>& sets,
                        absl::string_view updated) {
  std::vector<std::string> set_texts, host_texts;
  for (const PinFileSet& set : sets) {
    set_texts.push_back(absl::StrCat(
        "    \"", set.name, R"(": {"mode": ")", set.mode, R"(", "expires": ")",
        set.expires, R"(", "on-expiry": ")", set.on_expiry, "\",\n",
        R"(      "pins": )", PinsText(set.pins, set.role), ",\n",
        R"(      "backup-pins": )", PinsText(set.backup_pins, ""), "}"));
    for (const std::string& host : set.hosts) {
      host_texts.push_back(
          absl::StrCat("    \"", host, R"(": ")", set.name, "\""));
    }
  }
  return absl::StrCat("{\n", R"(  "schema": "pinning.pins/1",)", "\n",
                      R"(  "updated": ")", updated, "\",\n", "  \"sets\": {\n",
                      absl::StrJoin(set_texts, ",\n"),
                      "\n  },\n  \"hosts\": {\n",
                      absl::StrJoin(host_texts, ",\n"), "\n  }\n}\n");
}

std::string Masked(
    std::string text,
    const std::vector<std::pair<std::string, std::string>>& values_and_names) {
  for (const auto& [value, name] : values_and_names) {
    text = absl::StrReplaceAll(text, {{value, name}});
  }
  return text;
}

}  // namespace testing_support
