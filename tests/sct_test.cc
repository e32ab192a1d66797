#include "pinning/sct.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "pinning/certificate.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"
#include "tools/mint/sct.h"

namespace pinning {
namespace {

using Bytes = std::vector<uint8_t>;
using testing_support::MakePki;
using testing_support::Parse;
using testing_support::Pki;

mint::Key Log() { return mint::Key::Shared("p256-log"); }

// AnSct returns an SCT of version 1, its octets chosen by hand.
Bytes AnSct() {
  Bytes sct = {0};
  sct.insert(sct.end(), 32, 0xab);
  for (uint8_t octet : {0, 0, 1, 0x9b, 0x77, 0, 0, 1}) {
    sct.push_back(octet);
  }
  for (uint8_t octet : {0, 2, 7, 8, 4, 3, 0, 3, 1, 2, 3}) {
    sct.push_back(octet);
  }
  return sct;
}

TEST(SctTest, ReadsEveryField) {
  const auto scts =
      ParseSctList(mint::SctList({AnSct()}), SctSource::kTlsExtension);
  ASSERT_TRUE(scts.ok()) << scts.status();
  ASSERT_EQ(scts->size(), 1u);
  const Sct& sct = scts->front();
  EXPECT_EQ(sct.source, SctSource::kTlsExtension);
  EXPECT_EQ(sct.version, 0);
  EXPECT_EQ(sct.log_id[0], 0xab);
  EXPECT_EQ(sct.log_id[31], 0xab);
  EXPECT_EQ(sct.timestamp_ms, 0x19b77000001u);
  EXPECT_EQ(sct.timestamp(), absl::FromUnixMillis(0x19b77000001));
  EXPECT_EQ(sct.extensions, Bytes({7, 8}));
  EXPECT_EQ(sct.hash_algorithm, 4);
  EXPECT_EQ(sct.signature_algorithm, 3);
  EXPECT_EQ(sct.signature, Bytes({1, 2, 3}));
}

TEST(SctTest, KeepsAnotherVersionApart) {
  const auto scts =
      ParseSctList(mint::SctList({{1, 2, 3}, AnSct()}), SctSource::kEmbedded);
  ASSERT_TRUE(scts.ok()) << scts.status();
  ASSERT_EQ(scts->size(), 2u);
  EXPECT_EQ((*scts)[0].version, 1);
  EXPECT_EQ((*scts)[1].version, 0);
}

TEST(SctTest, TimesBeyondTheCalendarAreFarAway) {
  Sct sct;
  sct.timestamp_ms = ~uint64_t{0};
  EXPECT_EQ(sct.timestamp(), absl::InfiniteFuture());
  sct.timestamp_ms = 253402300799999;
  EXPECT_LT(sct.timestamp(), absl::InfiniteFuture());
}

TEST(SctTest, RefusesWhatIsNoList) {
  Bytes trailing = mint::SctList({AnSct()});
  trailing.push_back(0);
  Bytes long_sct = AnSct();
  long_sct.push_back(0);
  Bytes short_sct = AnSct();
  short_sct.pop_back();
  Bytes cut = mint::SctList({AnSct()});
  cut.pop_back();
  const std::vector<Bytes> many(kMaxSctsPerList + 1, Bytes{9});
  struct Row {
    const char* name;
    Bytes list;
    const char* fault;
  };
  const Row rows[] = {
      {"nothing", {}, "offset 0: the list is cut off"},
      {"one octet", {0}, "offset 0: the list is cut off"},
      {"an empty list", {0, 0}, "offset 2: the list is empty"},
      {"a list cut off", cut, "the list is cut off"},
      {"bytes after the list", trailing, "trailing bytes"},
      {"an empty SCT", {0, 2, 0, 0}, "offset 2: an SCT is empty"},
      {"an SCT cut off", {0, 3, 0, 2, 9}, "offset 2: an SCT is cut off"},
      {"half a length", {0, 1, 0}, "offset 2: an SCT is cut off"},
      {"a field cut off", mint::SctList({short_sct}), "the SCT is cut off"},
      {"nothing but a version", {0, 3, 0, 1, 0}, "the SCT is cut off"},
      {"bytes after an SCT", mint::SctList({long_sct}),
       "trailing bytes in the SCT"},
      {"too many", mint::SctList(many), "more than 32"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto scts = ParseSctList(row.list, SctSource::kOcsp);
    ASSERT_FALSE(scts.ok());
    EXPECT_EQ(scts.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::StrContains(scts.status().message(), row.fault))
        << scts.status();
    EXPECT_TRUE(absl::StartsWith(scts.status().message(), "ocsp SCT list: "))
        << scts.status();
  }
  EXPECT_TRUE(
      ParseSctList(mint::SctList(std::vector<Bytes>(kMaxSctsPerList, Bytes{9})),
                   SctSource::kOcsp)
          .ok());
}

Certificate LeafWith(const std::vector<mint::Extension>& extra) {
  mint::Spec spec = mint::Leaf({"www.example.com"});
  spec.extra = extra;
  return Parse(mint::SelfSigned(spec, mint::Key::Shared("p256-leaf")));
}

TEST(SctTest, FindsTheEmbeddedList) {
  const Certificate without = LeafWith({});
  ASSERT_TRUE(EmbeddedScts(without).ok());
  EXPECT_TRUE(EmbeddedScts(without)->empty());
  const Certificate with =
      LeafWith({mint::SctListExtension(mint::SctList({AnSct(), AnSct()}))});
  ASSERT_TRUE(EmbeddedScts(with).ok());
  EXPECT_EQ(EmbeddedScts(with)->size(), 2u);
  EXPECT_EQ(EmbeddedScts(with)->front().source, SctSource::kEmbedded);
}

TEST(SctTest, RefusesAnEmbeddedListThatIsNoOctetString) {
  // RFC 6962, 3.3: the list is in an OCTET STRING, in that of the extension.
  mint::Extension bare = mint::SctListExtension({});
  bare.value = mint::SctList({AnSct()});
  EXPECT_FALSE(EmbeddedScts(LeafWith({bare})).ok());
  mint::Extension trailing = mint::SctListExtension(mint::SctList({AnSct()}));
  trailing.value.push_back(0);
  EXPECT_FALSE(EmbeddedScts(LeafWith({trailing})).ok());
  EXPECT_FALSE(EmbeddedScts(LeafWith({mint::SctListExtension({})})).ok());
}

class OcspSctTest : public testing::Test {
 protected:
  Bytes List() const {
    return mint::SctList({mint::X509Sct({Log()}, pki_.leaf)});
  }
  const Pki pki_ = MakePki("ocsp", "www.example.com");
  const Certificate leaf_ = Parse(pki_.leaf);
};

TEST_F(OcspSctTest, FindsTheListOfTheCertificate) {
  mint::OcspSpec spec;
  spec.sct_list = List();
  auto scts = OcspScts(MintOcsp(spec, pki_.leaf, pki_.intermediate), leaf_);
  ASSERT_TRUE(scts.ok()) << scts.status();
  ASSERT_EQ(scts->size(), 1u);
  EXPECT_EQ(scts->front().source, SctSource::kOcsp);
  spec.revoked = true;
  spec.next_update.reset();
  spec.extra = {{"1.2.3.4", false, {5, 0}}};
  scts = OcspScts(MintOcsp(spec, pki_.leaf, pki_.intermediate), leaf_);
  ASSERT_TRUE(scts.ok()) << scts.status();
  EXPECT_EQ(scts->size(), 1u);
}

TEST_F(OcspSctTest, AnotherCertificatesListIsNotIts) {
  mint::OcspSpec spec;
  spec.sct_list = List();
  spec.serial = Bytes{1, 2, 3};
  const auto scts =
      OcspScts(MintOcsp(spec, pki_.leaf, pki_.intermediate), leaf_);
  ASSERT_TRUE(scts.ok()) << scts.status();
  EXPECT_TRUE(scts->empty());
}

TEST_F(OcspSctTest, NoListIsNone) {
  const Bytes response = MintOcsp({}, pki_.leaf, pki_.intermediate);
  ASSERT_TRUE(OcspScts(response, leaf_).ok());
  EXPECT_TRUE(OcspScts(response, leaf_)->empty());
  // tryLater: RFC 6960, 4.2.1.
  ASSERT_TRUE(OcspScts(Bytes{0x30, 3, 0x0a, 1, 3}, leaf_).ok());
}

TEST_F(OcspSctTest, RefusesWhatIsNoResponse) {
  mint::OcspSpec twice;
  twice.extra = {{"1.2.3.4", false, {5, 0}}, {"1.2.3.4", false, {5, 0}}};
  mint::OcspSpec bad_list;
  bad_list.sct_list = {0, 0};
  struct Row {
    const char* name;
    Bytes response;
    const char* fault;
  };
  const Row rows[] = {
      {"nothing", {}, "OCSPResponse"},
      {"successful, without a response",
       {0x30, 3, 0x0a, 1, 0},
       "successful, and no response"},
      {"an error with a response",
       {0x30, 7, 0x0a, 1, 1, 0xa0, 2, 0x30, 0},
       "an error, and a response"},
      {"no SEQUENCE", {0x31, 3, 0x0a, 1, 0}, "OCSPResponse"},
      {"an extension twice", MintOcsp(twice, pki_.leaf, pki_.intermediate),
       "an extension that is there already"},
      {"a list that is none", MintOcsp(bad_list, pki_.leaf, pki_.intermediate),
       "the list is empty"},
      {"too large", Bytes(kMaxOcspSize + 1), "larger than"},
      {"a response of another type",
       mint::DerWrap(0x30,
                     Bytes{0x0a, 1, 0, 0xa0, 7, 0x30, 5, 6, 1, 0x2a, 4, 0}),
       "not a basic response"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto scts = OcspScts(row.response, leaf_);
    ASSERT_FALSE(scts.ok());
    EXPECT_EQ(scts.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::StrContains(scts.status().message(), row.fault))
        << scts.status();
  }
}

// Every cut and every octet changed is an answer, not a crash; no cut is a
// response.
TEST_F(OcspSctTest, EveryCutIsRefused) {
  mint::OcspSpec spec;
  spec.sct_list = List();
  const Bytes response = MintOcsp(spec, pki_.leaf, pki_.intermediate);
  for (size_t size = 0; size < response.size(); ++size) {
    EXPECT_FALSE(
        OcspScts(absl::MakeConstSpan(response).first(size), leaf_).ok());
  }
  for (size_t i = 0; i < response.size(); ++i) {
    for (uint8_t bit = 1; bit != 0; bit <<= 1) {
      Bytes changed = response;
      changed[i] ^= bit;
      OcspScts(changed, leaf_).status().IgnoreError();
    }
  }
}

TEST(SctTest, SourcesHaveNames) {
  EXPECT_EQ(SctSourceName(SctSource::kEmbedded), "embedded");
  EXPECT_EQ(SctSourceName(SctSource::kTlsExtension), "tls");
  EXPECT_EQ(SctSourceName(SctSource::kOcsp), "ocsp");
}

}  // namespace
}  // namespace pinning
