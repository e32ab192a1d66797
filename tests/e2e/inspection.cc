#include "tests/e2e/inspection.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace e2e {
namespace {

using ::nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Text returns the string at `key`, or "" if it is null or not there.
std::string Text(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>()
                                                     : "";
}

void ReadVerdict(const json& verdict, Inspection* seen) {
  seen->accepted = verdict.at("accepted").get<bool>();
  seen->mitm = verdict.at("mitm").get<bool>();
  seen->pin_status = Text(verdict, "pin_status");
  if (verdict.at("error").is_object()) {
    seen->error = Text(verdict.at("error"), "name");
  }
  const json& diagnosis = verdict.at("diagnosis");
  if (!diagnosis.is_object()) {
    seen->kind = "none";
    return;
  }
  seen->kind = Text(diagnosis, "kind");
  seen->product = Text(diagnosis, "product");
  seen->confidence = Text(diagnosis, "confidence");
  seen->advice = Text(diagnosis, "advice");
  for (const json& evidence : diagnosis.at("evidence")) {
    seen->codes.insert(Text(evidence, "code"));
  }
}

}  // namespace

Inspection ReadInspection(const ProcessResult& result) {
  Inspection seen;
  seen.result = result;
  const json parsed = json::parse(result.standard_output, nullptr, false);
  if (!parsed.is_object()) {
    ADD_FAILURE() << "no JSON: " << Show(result);
    return seen;
  }
  if (Text(parsed, "schema") == "tlspin.verdict/1") {
    ReadVerdict(parsed, &seen);
  } else {
    EXPECT_EQ(Text(parsed, "schema"), "tlspin.error/1");
    seen.error = Text(parsed, "code");
    seen.message = Text(parsed, "message");
    seen.hint = Text(parsed, "hint");
  }
  return seen;
}

void ExpectInterception(const Inspection& seen, absl::string_view product) {
  EXPECT_EQ(seen.result.exit_code, 1) << Show(seen.result);
  EXPECT_FALSE(seen.accepted) << Show(seen.result);
  EXPECT_TRUE(seen.mitm) << Show(seen.result);
  EXPECT_EQ(seen.kind, "interception") << Show(seen.result);
  EXPECT_THAT(seen.product, HasSubstr(std::string(product)));
  EXPECT_THAT(seen.advice, Not(IsEmpty()));
}

void ExpectGenuine(const Inspection& seen) {
  EXPECT_EQ(seen.result.exit_code, 0) << Show(seen.result);
  EXPECT_TRUE(seen.accepted) << Show(seen.result);
  EXPECT_FALSE(seen.mitm) << Show(seen.result);
  EXPECT_EQ(seen.kind, "none") << Show(seen.result);
}

void ExpectUndecided(const Inspection& seen, absl::string_view code) {
  EXPECT_EQ(seen.result.exit_code, 3) << Show(seen.result);
  EXPECT_EQ(seen.error, code) << Show(seen.result);
  EXPECT_THAT(seen.message, Not(IsEmpty()));
  const std::string all =
      absl::StrCat(seen.result.standard_output, seen.result.standard_error);
  EXPECT_THAT(all, Not(HasSubstr("interception")));
  EXPECT_THAT(all, Not(HasSubstr("MITM")));
}

void Note(absl::string_view scenario, const Inspection& seen) {
  std::printf(
      "| %s | %s |\n", std::string(scenario).c_str(),
      seen.kind.empty()
          ? absl::StrCat("exit ", seen.result.exit_code, " | ", seen.error,
                         " | ", seen.message, " | ", seen.hint)
                .c_str()
          : absl::StrCat(seen.kind, " | ", seen.product, " | ", seen.confidence,
                         " | ", seen.error, " | ",
                         absl::StrJoin(seen.codes, " "))
                .c_str());
}

}  // namespace e2e
