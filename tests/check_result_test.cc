#include "pinning/internal/check_result.h"

#include <type_traits>
#include <utility>

#include "gtest/gtest.h"
#include "pinning/error.h"

namespace pinning {
namespace internal {
namespace {

static_assert(!std::is_default_constructible_v<CheckResult>);

TEST(CheckResult, APassHasNoError) {
  const CheckResult pass = CheckResult::Pass();
  EXPECT_TRUE(pass.passed());
  EXPECT_FALSE(pass.IsOf(ErrorCode::kUnspecified));
  EXPECT_TRUE(pass.AtDepth(3).passed());
}

TEST(CheckResult, ARefusalKeepsItsPlace) {
  const CheckResult refusal = CheckResult::Refuse(ErrorCode::kExpired, "why");
  EXPECT_FALSE(refusal.passed());
  EXPECT_TRUE(refusal.IsOf(ErrorCode::kExpired));
  EXPECT_FALSE(refusal.IsOf(ErrorCode::kBadSignature));
  EXPECT_EQ(refusal.error().depth, -1);
  EXPECT_EQ(refusal.error().detail, "why");
  const CheckResult placed = refusal.AtDepth(2);
  EXPECT_EQ(placed.error().depth, 2);
  EXPECT_EQ(placed.AtDepth(5).error().depth, 2);
  EXPECT_TRUE(placed.IsOf(ErrorCode::kExpired));
}

TEST(CheckResult, WhatWasMovedFromIsNoPass) {
  CheckResult refusal = CheckResult::Refuse(ErrorCode::kExpired, "why");
  const CheckResult moved = std::move(refusal);
  EXPECT_FALSE(moved.passed());
  // NOLINTNEXTLINE(bugprone-use-after-move): that is what is asked.
  EXPECT_FALSE(refusal.passed());
}

}  // namespace
}  // namespace internal
}  // namespace pinning
