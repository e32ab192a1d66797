#include "pinning/internal/hash_index.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace pinning::internal {
namespace {

constexpr uint32_t kCount = 1000;

// Few hashes, so that most have their place taken by others.
uint64_t HashOf(const std::string& name) { return name.size(); }

class HashIndexTest : public testing::Test {
 protected:
  HashIndexTest() {
    for (uint32_t i = 0; i < kCount; ++i) {
      names_.push_back(std::string(i % 7, 'x') + absl::StrCat(i));
    }
  }

  uint32_t Find(const std::string& name) const {
    return index_.Find(HashOf(name),
                       [&](uint32_t i) { return names_[i] == name; });
  }

  void ExpectAll() const {
    for (uint32_t i = 0; i < kCount; ++i) {
      EXPECT_EQ(Find(names_[i]), i);
    }
    EXPECT_EQ(Find("another"), HashIndex::kNone);
  }

  std::vector<std::string> names_;
  HashIndex index_;
};

TEST_F(HashIndexTest, FindsNothingInAnEmptyIndex) {
  EXPECT_EQ(Find(names_[0]), HashIndex::kNone);
}

TEST_F(HashIndexTest, FindsWhatWasAddedOneByOne) {
  for (uint32_t i = 0; i < kCount; ++i) {
    const auto same = [&](uint32_t other) {
      return names_[other] == names_[i];
    };
    EXPECT_EQ(index_.Add(HashOf(names_[i]), i, same), HashIndex::kNone);
    EXPECT_EQ(index_.Add(HashOf(names_[i]), kCount, same), i);
  }
  ExpectAll();
}

TEST_F(HashIndexTest, FindsWhatWasAddedAtOnceAndTellsWhatComesTwice) {
  std::vector<uint32_t> numbers;
  for (uint32_t i = 0; i < kCount; ++i) {
    numbers.push_back(i);
  }
  names_.push_back(names_[3]);
  names_.push_back(names_[kCount - 1]);
  numbers.push_back(kCount);
  numbers.push_back(kCount + 1);
  std::vector<uint32_t> repeated;
  index_.AddAll(
      numbers, [&](uint32_t i) { return HashOf(names_[i]); },
      [&](uint32_t a, uint32_t b) { return names_[a] == names_[b]; },
      [&](uint32_t i) { repeated.push_back(i); });
  EXPECT_EQ(repeated, (std::vector<uint32_t>{kCount, kCount + 1}));
  ExpectAll();
}

}  // namespace
}  // namespace pinning::internal
