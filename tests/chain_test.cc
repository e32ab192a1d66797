#include "pinning/chain.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "pinning/certificate.h"
#include "tests/testing/der.h"

namespace pinning {
namespace {

using testing_der::Bytes;
using Ders = std::vector<absl::Span<const uint8_t>>;

Bytes CertificateNumber(uint8_t number) {
  testing_der::CertificateParts parts;
  parts.serial = {0x02, 0x01, number};
  return parts.Der();
}

TEST(ChainTest, KeepsTheOrderPresented) {
  const Bytes leaf = CertificateNumber(1);
  const Bytes second = CertificateNumber(2);
  const Bytes third = CertificateNumber(3);
  const auto chain = Chain::FromDer(Ders{leaf, third, second, third});
  ASSERT_TRUE(chain.ok()) << chain.status();
  EXPECT_EQ(chain->leaf().der(), absl::MakeConstSpan(leaf));
  ASSERT_EQ(chain->intermediates().size(), 3u);
  EXPECT_EQ(chain->intermediates()[0].der(), absl::MakeConstSpan(third));
  EXPECT_EQ(chain->intermediates()[1].der(), absl::MakeConstSpan(second));
  ASSERT_EQ(chain->certificates().size(), 4u);
  EXPECT_EQ(chain->certificates()[0], chain->leaf());

  const auto same = Chain::FromCertificates(
      {chain->certificates().begin(), chain->certificates().end()});
  ASSERT_TRUE(same.ok());
  EXPECT_EQ(same->certificates(), chain->certificates());
}

TEST(ChainTest, OfALeafAlone) {
  const Bytes leaf = CertificateNumber(1);
  const auto chain = Chain::FromDer(Ders{leaf});
  ASSERT_TRUE(chain.ok());
  EXPECT_TRUE(chain->intermediates().empty());
}

TEST(ChainTest, RefusesNone) {
  EXPECT_EQ(Chain::FromDer({}).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Chain::FromCertificates({}).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(ChainTest, LengthLimit) {
  const Bytes der = CertificateNumber(1);
  const auto certificate = Certificate::FromDer(der);
  ASSERT_TRUE(certificate.ok());
  EXPECT_TRUE(Chain::FromDer(Ders(32, der)).ok());
  EXPECT_TRUE(
      Chain::FromCertificates(std::vector<Certificate>(32, *certificate)).ok());
  for (const size_t length : {33, 1000}) {
    EXPECT_EQ(Chain::FromDer(Ders(length, der)).status().code(),
              absl::StatusCode::kResourceExhausted);
    EXPECT_EQ(
        Chain::FromCertificates(std::vector<Certificate>(length, *certificate))
            .status()
            .code(),
        absl::StatusCode::kResourceExhausted);
  }
  // The length is judged before anything is parsed.
  const Bytes garbage = {0xff};
  EXPECT_EQ(Chain::FromDer(Ders(1000, garbage)).status().code(),
            absl::StatusCode::kResourceExhausted);
}

TEST(ChainTest, NamesTheIndexOfTheMalformed) {
  const Bytes good = CertificateNumber(1);
  Bytes bad = good;
  bad.push_back(0);
  const auto first = Chain::FromDer(Ders{bad, good});
  EXPECT_EQ(first.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(
      absl::StartsWith(first.status().message(), "certificate 0: offset "))
      << first.status();
  const auto last = Chain::FromDer(Ders{good, good, bad});
  EXPECT_TRUE(
      absl::StartsWith(last.status().message(), "certificate 2: offset "))
      << last.status();
  const auto empty = Chain::FromDer(Ders{good, {}});
  EXPECT_TRUE(
      absl::StartsWith(empty.status().message(), "certificate 1: offset 0: "))
      << empty.status();
}

}  // namespace
}  // namespace pinning
