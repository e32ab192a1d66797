#include "pinning/error.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace pinning {
namespace {

TEST(ErrorTest, EveryCodeHasANameOfItsOwn) {
  std::set<std::string> names;
  for (const ErrorCode code : AllErrorCodes()) {
    const std::string name(ErrorCodeName(code));
    EXPECT_NE(name, "UNSPECIFIED") << static_cast<int>(code);
    EXPECT_TRUE(names.insert(name).second) << name;
  }
  EXPECT_EQ(names.size(), 27u);
}

TEST(ErrorTest, CodesAscend) {
  int last = 0;
  for (const ErrorCode code : AllErrorCodes()) {
    EXPECT_GT(static_cast<int>(code), last);
    last = static_cast<int>(code);
  }
}

// The numbers leave the process: changing one breaks whoever stored it.
TEST(ErrorTest, NumbersAreStable) {
  EXPECT_EQ(static_cast<int>(ErrorCode::kUnspecified), 0);
  EXPECT_EQ(static_cast<int>(ErrorCode::kNoPath), 1);
  EXPECT_EQ(static_cast<int>(ErrorCode::kBadSignature), 10);
  EXPECT_EQ(static_cast<int>(ErrorCode::kExpired), 11);
  EXPECT_EQ(static_cast<int>(ErrorCode::kInvalidProfile), 21);
  EXPECT_EQ(static_cast<int>(ErrorCode::kPolicy), 22);
  EXPECT_EQ(static_cast<int>(ErrorCode::kRevoked), 23);
  EXPECT_EQ(static_cast<int>(ErrorCode::kRevocationUnknown), 24);
  EXPECT_EQ(static_cast<int>(ErrorCode::kNameMismatch), 30);
  EXPECT_EQ(static_cast<int>(ErrorCode::kPinMismatch), 40);
  EXPECT_EQ(static_cast<int>(ErrorCode::kPinStoreDamaged), 43);
  EXPECT_EQ(static_cast<int>(ErrorCode::kMalformedCertificate), 52);
}

TEST(ErrorTest, RulesOfSpecificationsNameTheirClause) {
  EXPECT_EQ(ErrorCodeSpec(ErrorCode::kKeyUsage), "RFC 5280 6.1.4(n)");
  EXPECT_EQ(ErrorCodeSpec(ErrorCode::kNameMismatch), "RFC 9525 6");
  EXPECT_EQ(ErrorCodeSpec(ErrorCode::kBudgetExhausted), "");
}

TEST(ErrorTest, UnknownNumbersAreUnspecified) {
  EXPECT_EQ(ErrorCodeName(ErrorCode::kUnspecified), "UNSPECIFIED");
  EXPECT_EQ(ErrorCodeName(static_cast<ErrorCode>(9999)), "UNSPECIFIED");
  EXPECT_EQ(ErrorCodeSpec(static_cast<ErrorCode>(9999)), "");
}

TEST(ErrorTest, TheMoreTellingFailureWins) {
  const struct {
    ErrorCode more, less;
  } kRows[] = {
      {ErrorCode::kBadSignature, ErrorCode::kNoPath},
      {ErrorCode::kExpired, ErrorCode::kNoPath},
      {ErrorCode::kExpired, ErrorCode::kBadSignature},
      {ErrorCode::kNameConstraintViolated, ErrorCode::kKeyUsage},
      {ErrorCode::kDistrustedAnchor, ErrorCode::kExpired},
      {ErrorCode::kBudgetExhausted, ErrorCode::kNoPath},
      {ErrorCode::kNoPath, ErrorCode::kUnspecified},
  };
  for (const auto& row : kRows) {
    const PathError more{row.more, 1, "more"}, less{row.less, 2, "less"};
    EXPECT_EQ(MoreSpecific(more, less).detail, "more");
    EXPECT_EQ(MoreSpecific(less, more).detail, "more");
  }
}

TEST(ErrorTest, TiesGoToTheFirst) {
  const PathError a{ErrorCode::kExpired, 0, "a"};
  const PathError b{ErrorCode::kNotYetValid, 1, "b"};
  EXPECT_EQ(MoreSpecific(a, b).detail, "a");
  EXPECT_EQ(MoreSpecific(b, a).detail, "b");
}

}  // namespace
}  // namespace pinning
