#include "pinning/ct_log_list.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "pinning/certificate.h"
#include "pinning/connection_facts.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/pin_store.h"
#include "pinning/sct.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "pinning/verdict_json.h"
#include "pinning/verifier.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"
#include "tools/mint/sct.h"

namespace pinning {
namespace {

using Bytes = std::vector<uint8_t>;
using testing_support::ChainOf;
using testing_support::MakePki;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::Parse;
using testing_support::Pki;
using testing_support::TrustStoreOf;

constexpr char kHost[] = "www.example.com";

mint::Key LogA() { return mint::Key::Shared("p256-log-a"); }
mint::Key LogB() { return mint::Key::Shared("rsa2048-a"); }

std::shared_ptr<const CtLogList> ListOf(
    const std::vector<mint::LogSpec>& logs) {
  const auto list = CtLogList::FromJson(mint::LogListJson(logs), "logs.json");
  EXPECT_TRUE(list.ok()) << list.status();
  return *list;
}

TEST(CtLogListTest, ReadsThePublicFormat) {
  const auto list = ListOf(
      {{LogA(), "Log A", "Operator A",
        R"("state": {"retired": {"timestamp": "2026-03-01T00:00:00Z"}},
           "temporal_interval": {"start_inclusive": "2026-01-01T00:00:00Z",
                                 "end_exclusive": "2026-07-01T00:00:00Z"},
           "dns": "a.example", "log_type": "prod", "previous_operators": [])"},
       {LogB(), "Log B", "Operator B",
        R"("state": {"readonly": {"timestamp": "2026-03-01T00:00:00.000Z",
           "final_tree_head": {"tree_size": 1, "sha256_root_hash": ""}}})",
        /*tiled=*/true}});
  ASSERT_EQ(list->logs().size(), 2u);
  const CtLog& a = list->logs()[0];
  EXPECT_EQ(a.description, "Log A");
  EXPECT_EQ(a.operator_name, "Operator A");
  EXPECT_EQ(a.url, "https://log.example/");
  EXPECT_EQ(Bytes(a.log_id.begin(), a.log_id.end()), mint::LogId(LogA()));
  EXPECT_EQ(a.key, LogA().SpkiDer());
  EXPECT_EQ(a.state, CtLogState::kRetired);
  EXPECT_EQ(a.state_since, absl::FromUnixSeconds(1772323200));
  EXPECT_EQ(a.interval_start, absl::FromUnixSeconds(1767225600));
  EXPECT_EQ(a.interval_end, absl::FromUnixSeconds(1782864000));
  EXPECT_FALSE(a.tiled);
  const CtLog& b = list->logs()[1];
  EXPECT_EQ(b.state, CtLogState::kReadOnly);
  EXPECT_EQ(b.url, "https://log.example/");
  EXPECT_TRUE(b.tiled);
  EXPECT_EQ(list->Find(b.log_id), &b);
  EXPECT_EQ(list->Find({}), nullptr);
  EXPECT_EQ(list->timestamp(), absl::FromUnixSeconds(1777593600));
}

TEST(CtLogListTest, RefusesWhatItCannotTrust) {
  const std::string good = mint::LogListJson({{LogA(), "Log A"}});
  const auto with = [&good](const char* from, const std::string& to) {
    std::string text = absl::StrReplaceAll(good, {{from, to}});
    EXPECT_NE(text, good);
    return text;
  };
  const auto with_state = [](const char* more) {
    return mint::LogListJson({{LogA(), "Log A", "O", more}});
  };
  struct Row {
    const char* name;
    std::string text;
    const char* fault;
  };
  const Row rows[] = {
      {"no JSON", "{", "logs.json:1:"},
      {"no object", "[]", "logs.json:1:1: a log list is"},
      {"no operators", "{}", "logs.json:1:1: a log list lacks \"operators\""},
      {"no logs", R"({"operators": []})",
       "logs.json:1:15: the list has no logs"},
      {"operators that are no list", R"({"operators": {}})", "logs.json:1:15:"},
      {"an operator without a name", R"({"operators": [{"logs": []}]})",
       "an operator lacks \"name\""},
      {"a key that is no base64", with("\"key\": \"MF", "\"key\": \"*F"),
       "logs.json:9:16: key: "},
      {"a log without a key", with("\"key\":", "\"kei\":"), "a log lacks"},
      {"a log ID of another key", with("\"log_id\": \"", "\"log_id\": \"AAAA"),
       "logs.json:8:19: the log ID is not"},
      {"P-384", mint::LogListJson({{mint::Key::Shared("p384-a"), "x"}}),
       "a log's key is ECDSA P-256 or RSA"},
      {"Ed25519", mint::LogListJson({{mint::Key::Ed25519(), "x"}}),
       "a log's key is ECDSA P-256 or RSA"},
      {"RSA of 1024 bits", mint::LogListJson({{mint::Key::Rsa(1024), "x"}}),
       "logs.json:9:16: key: "},
      {"a log twice", mint::LogListJson({{LogA(), "x"}, {LogA(), "y"}}),
       "this log is in the list already"},
      {"an unknown state",
       with_state(R"("state": {"asleep": {"timestamp": "2026-01-01"}})"),
       "a state has one key"},
      {"two states",
       with_state(R"("state": {"usable": {"timestamp": "2026-01-01"},
                               "retired": {"timestamp": "2026-01-01"}})"),
       "a state has one key"},
      {"a state without a time", with_state(R"("state": {"usable": {}})"),
       "a state lacks \"timestamp\""},
      {"a date that is none",
       with_state(R"("state": {"usable": {"timestamp": "2026-02-31"}})"),
       "no such day"},
      {"half an interval",
       with_state(R"("temporal_interval": {"end_exclusive": "2026-01-01"})"),
       "temporal_interval lacks \"start_inclusive\""},
      {"an interval backwards",
       with_state(R"("temporal_interval": {"start_inclusive": "2026-02-01",
                                           "end_exclusive": "2026-01-01"})"),
       "the interval ends before it starts"},
      {"a key twice",
       with("\"version\": \"1.0\"", "\"version\": 1, \"version\": 1"),
       "logs.json:2:"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto list = CtLogList::FromJson(row.text, "logs.json");
    ASSERT_FALSE(list.ok());
    EXPECT_EQ(list.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::StartsWith(list.status().message(), "logs.json:"))
        << list.status();
    EXPECT_TRUE(absl::StrContains(list.status().message(), row.fault))
        << list.status();
  }
  EXPECT_EQ(CtLogList::FromJson(std::string(CtLogList::kMaxFileSize + 1, ' '),
                                "logs.json")
                .status()
                .code(),
            absl::StatusCode::kResourceExhausted);
}

// A World is an infrastructure and two logs.
class SctVerifyTest : public testing::Test {
 protected:
  mint::Minted Leaf(const std::vector<mint::SctSpec>& scts,
                    int position = -1) const {
    return mint::IssueLogged(mint::Leaf({kHost}), pki_.leaf.key,
                             pki_.intermediate, scts, position);
  }

  // Statuses returns what verifying the embedded SCTs of `leaf` comes to.
  std::vector<SctStatus> Statuses(const CtLogList& logs,
                                  const mint::Minted& leaf,
                                  const std::vector<mint::Minted>& issuers,
                                  absl::Time now = Now()) const {
    const Certificate parsed = Parse(leaf);
    std::vector<Certificate> certificates;
    for (const mint::Minted& issuer : issuers) {
      certificates.push_back(Parse(issuer));
    }
    const auto scts = EmbeddedScts(parsed);
    EXPECT_TRUE(scts.ok()) << scts.status();
    std::vector<SctStatus> statuses;
    for (const Sct& sct : *scts) {
      statuses.push_back(logs.Verify(sct, parsed, certificates, now).status);
    }
    return statuses;
  }

  static constexpr char kUsable[] =
      R"("state": {"usable": {"timestamp": "2025-01-01T00:00:00Z"}})";

  const Pki pki_ = MakePki("ct", kHost);
  const std::shared_ptr<const CtLogList> logs_ =
      ListOf({{LogA(), "Log A", "A", kUsable}, {LogB(), "Log B", "B"}});
};

using StatusList = std::vector<SctStatus>;

TEST_F(SctVerifyTest, EmbeddedSctsOfBothKindsOfKeyAreValid) {
  // Wherever the list stands among the extensions: the rest keeps its order.
  for (int position : {-1, 0, 1}) {
    EXPECT_EQ(Statuses(*logs_, Leaf({{LogA()}, {LogB()}}, position),
                       {pki_.intermediate}),
              (StatusList{SctStatus::kValid, SctStatus::kValid}));
  }
}

// The certificate of a leaf whose only extension is the list, and one so long
// that the lengths of TBSCertificate and Extensions take other sizes without
// it.
TEST_F(SctVerifyTest, LengthsAreEncodedAnew) {
  mint::Spec bare;
  bare.common_name = kHost;
  bare.subject_key_id = bare.authority_key_id = false;
  EXPECT_EQ(Statuses(*logs_,
                     mint::IssueLogged(bare, pki_.leaf.key, pki_.intermediate,
                                       {{LogA()}}),
                     {pki_.intermediate}),
            StatusList{SctStatus::kValid});
  for (size_t size = 1; size < 600; size += 37) {
    mint::Spec spec = mint::Leaf({kHost});
    spec.extra.push_back({"1.2.3.4", false, Bytes(size, 5)});
    EXPECT_EQ(Statuses(*logs_,
                       mint::IssueLogged(spec, pki_.leaf.key, pki_.intermediate,
                                         {{LogA()}}),
                       {pki_.intermediate}),
              StatusList{SctStatus::kValid})
        << size;
  }
}

TEST_F(SctVerifyTest, EveryOtherStatusHasARow) {
  const mint::Key stranger = mint::Key::Shared("p256-stranger");
  mint::SctSpec corrupt{LogA()};
  corrupt.corrupt_signature = true;
  mint::SctSpec sha1{LogA()};
  sha1.hash_algorithm = 2;
  mint::SctSpec second{LogA()};
  second.version = 1;
  mint::SctSpec future{LogA()};
  future.timestamp = Now() + absl::Milliseconds(1);
  mint::SctSpec just_now{LogA()};
  just_now.timestamp = Now();
  mint::SctSpec impostor{stranger};
  impostor.log_id = mint::LogId(LogA());
  mint::SctSpec extended{LogA()};
  extended.extensions = {1, 2, 3};
  struct Row {
    const char* name;
    mint::SctSpec sct;
    SctStatus status;
  };
  const Row rows[] = {
      {"extensions are signed", extended, SctStatus::kValid},
      {"this very moment", just_now, SctStatus::kValid},
      {"a log that nobody knows", {stranger}, SctStatus::kUnknownLog},
      {"a signature changed", corrupt, SctStatus::kBadSignature},
      {"a hash that is not SHA-256", sha1, SctStatus::kBadSignature},
      {"another log's key", impostor, SctStatus::kBadSignature},
      {"version 2", second, SctStatus::kUnsupportedVersion},
      {"a millisecond too early", future, SctStatus::kInFuture},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(Statuses(*logs_, Leaf({row.sct}), {pki_.intermediate}),
              StatusList{row.status});
  }
}

TEST_F(SctVerifyTest, IssuersKeyIsSigned) {
  const mint::Minted leaf = Leaf({{LogA()}});
  EXPECT_EQ(Statuses(*logs_, leaf, {}), StatusList{SctStatus::kIssuerMissing});
  EXPECT_EQ(Statuses(*logs_, leaf, {pki_.root}),
            StatusList{SctStatus::kIssuerMissing});
  // Of the same name, with another key.
  mint::Spec spec = mint::Ca("");
  spec.subject_der.reset();
  const Certificate intermediate = Parse(pki_.intermediate);
  const auto name = intermediate.parsed().subject.der;
  spec.subject_der = Bytes(name.begin(), name.end());
  const mint::Minted double_ =
      mint::SelfSigned(spec, mint::Key::Shared("p256-double"));
  EXPECT_EQ(Statuses(*logs_, leaf, {double_}),
            StatusList{SctStatus::kBadSignature});
  EXPECT_EQ(Statuses(*logs_, leaf, {double_, pki_.intermediate}),
            StatusList{SctStatus::kValid});
}

TEST_F(SctVerifyTest, SctIsOverOneCertificateOnly) {
  // The SCTs of one leaf, put into another.
  const Certificate logged = Parse(Leaf({{LogA()}}));
  for (const internal::RawExtension& extension : logged.parsed().extensions) {
    if (extension.value.size() > 100) {
      mint::Spec spec = mint::WithoutScts(mint::Leaf({kHost}));
      spec.extra.push_back(
          {"1.3.6.1.4.1.11129.2.4.2", false,
           Bytes(extension.value.begin(), extension.value.end())});
      EXPECT_EQ(
          Statuses(*logs_, mint::Issue(spec, pki_.leaf.key, pki_.intermediate),
                   {pki_.intermediate}),
          StatusList{SctStatus::kBadSignature});
    }
  }
}

TEST_F(SctVerifyTest, PrecertificateHasNoValidSct) {
  mint::Spec spec = mint::Leaf({kHost});
  spec.extra.push_back({"1.3.6.1.4.1.11129.2.4.3", true, {5, 0}});
  EXPECT_EQ(Statuses(*logs_,
                     mint::IssueLogged(spec, pki_.leaf.key, pki_.intermediate,
                                       {{LogA()}}),
                     {pki_.intermediate}),
            StatusList{SctStatus::kBadSignature});
}

TEST_F(SctVerifyTest, LogsEntryCounts) {
  struct Row {
    const char* name;
    const char* more;
    SctStatus status;
  };
  // The SCT is of 2026-01-01 01:00, the leaf expires on 2027-01-01.
  const Row rows[] = {
      {"pending", R"("state": {"pending": {"timestamp": "2025-01-01"}})",
       SctStatus::kLogNotQualified},
      {"rejected", R"("state": {"rejected": {"timestamp": "2025-01-01"}})",
       SctStatus::kLogNotQualified},
      {"qualified", R"("state": {"qualified": {"timestamp": "2025-01-01"}})",
       SctStatus::kValid},
      {"read only", R"("state": {"readonly": {"timestamp": "2025-01-01"}})",
       SctStatus::kValid},
      {"retired before",
       R"("state": {"retired": {"timestamp": "2026-01-01T01:00:00Z"}})",
       SctStatus::kLogRetired},
      {"retired since",
       R"("state": {"retired": {"timestamp": "2026-01-01T01:00:01Z"}})",
       SctStatus::kValid},
      {"an interval that ends at the expiry",
       R"("temporal_interval": {"start_inclusive": "2026-01-01",
                                "end_exclusive": "2027-01-01"})",
       SctStatus::kOutsideInterval},
      {"an interval that starts at the expiry",
       R"("temporal_interval": {"start_inclusive": "2027-01-01",
                                "end_exclusive": "2028-01-01"})",
       SctStatus::kValid},
  };
  const mint::Minted leaf = Leaf({{LogA()}});
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(Statuses(*ListOf({{LogA(), "Log A", "A", row.more}}), leaf,
                       {pki_.intermediate}),
              StatusList{row.status});
  }
}

// With a Verifier: all three sources, in JSON, and no word in the decision.
class SctEvidenceTest : public SctVerifyTest {
 protected:
  Verdict Judge(const mint::Minted& leaf, const ConnectionFacts& facts,
                bool with_logs = true) const {
    Verifier::Options options;
    options.trust_store = TrustStoreOf({pki_.root});
    options.pin_store = PinStore::Empty();
    options.ct_logs = with_logs ? logs_ : nullptr;
    const auto verifier = Verifier::Create(options);
    EXPECT_TRUE(verifier.ok());
    return (*verifier)->Verify(ChainOf({leaf, pki_.intermediate}),
                               NameOf(kHost), Now(), {}, facts);
  }
};

TEST_F(SctEvidenceTest, GathersAllThreeSources) {
  const mint::Minted leaf = Leaf({{LogA()}});
  const Bytes tls = mint::SctList({mint::X509Sct({LogB()}, leaf)});
  mint::OcspSpec spec;
  spec.sct_list = mint::SctList({mint::X509Sct({LogA()}, leaf)});
  const Bytes staple = MintOcsp(spec, leaf, pki_.intermediate);
  ConnectionFacts facts;
  facts.sct_list = absl::MakeConstSpan(tls);
  facts.ocsp_response = absl::MakeConstSpan(staple);
  const Verdict verdict = Judge(leaf, facts);
  EXPECT_TRUE(verdict.accepted());
  ASSERT_NE(verdict.scts(), nullptr);
  EXPECT_TRUE(verdict.scts()->faults.empty());
  EXPECT_EQ(verdict.scts()->CountOf(SctStatus::kValid), 3u);
  const std::vector<SctResult>& results = verdict.scts()->results;
  ASSERT_EQ(results.size(), 3u);
  EXPECT_EQ(results[0].sct.source, SctSource::kEmbedded);
  EXPECT_EQ(results[1].sct.source, SctSource::kTlsExtension);
  EXPECT_EQ(results[2].sct.source, SctSource::kOcsp);
  EXPECT_EQ(results[1].log, "Log B");
  EXPECT_EQ(results[1].operator_name, "B");
  const std::string json = VerdictToJson(verdict);
  EXPECT_TRUE(absl::StrContains(
      json, R"("scts":[{"source":"embedded","status":"valid","log":"Log A",)"))
      << json;
  EXPECT_TRUE(absl::StrContains(json, R"("timestamp":"2026-01-01T01:00:00Z")"))
      << json;
}

TEST_F(SctEvidenceTest, NeverDecides) {
  mint::SctSpec corrupt{LogA()};
  corrupt.corrupt_signature = true;
  mint::Spec malformed = mint::WithoutScts(mint::Leaf({kHost}));
  malformed.extra.push_back(mint::SctListExtension({0, 0}));
  const Bytes rubbish = {1, 2, 3};
  ConnectionFacts facts;
  facts.sct_list = absl::MakeConstSpan(rubbish);
  facts.ocsp_response = absl::MakeConstSpan(rubbish);
  const Verdict bad = Judge(Leaf({corrupt}), facts);
  EXPECT_TRUE(bad.accepted());
  EXPECT_EQ(bad.scts()->CountOf(SctStatus::kBadSignature), 1u);
  EXPECT_EQ(bad.scts()->faults.size(), 2u);
  const Verdict none =
      Judge(mint::Issue(malformed, pki_.leaf.key, pki_.intermediate), facts);
  EXPECT_TRUE(none.accepted());
  EXPECT_TRUE(none.scts()->results.empty());
  EXPECT_EQ(none.scts()->faults.size(), 3u);
  EXPECT_TRUE(absl::StrContains(
      VerdictToJson(none), R"("scts":[],"sct_faults":["embedded SCT list)"))
      << VerdictToJson(none);
}

TEST_F(SctEvidenceTest, NothingIsAskedWithoutLogs) {
  const Verdict verdict = Judge(Leaf({{LogA()}}), {}, /*with_logs=*/false);
  EXPECT_EQ(verdict.scts(), nullptr);
  EXPECT_FALSE(absl::StrContains(VerdictToJson(verdict), "scts"));
}

TEST_F(SctEvidenceTest, IssuerThatWasNotSentIsFoundOnThePath) {
  const mint::Minted leaf = mint::IssueLogged(
      mint::Leaf({kHost}), pki_.leaf.key, pki_.root, {{LogA()}});
  Verifier::Options options;
  options.trust_store = TrustStoreOf({pki_.root});
  options.pin_store = PinStore::Empty();
  options.ct_logs = logs_;
  const auto verifier = Verifier::Create(options);
  ASSERT_TRUE(verifier.ok());
  for (const absl::Time now : {Now(), Now() + absl::Hours(24 * 400)}) {
    const Verdict verdict =
        (*verifier)->Verify(ChainOf({leaf}), NameOf(kHost), now);
    EXPECT_EQ(verdict.accepted(), now == Now());
    EXPECT_EQ(verdict.scts()->CountOf(SctStatus::kValid), 1u);
  }
}

TEST(CtLogListTest, StatusesHaveNames) {
  EXPECT_EQ(SctStatusName(SctStatus::kValid), "valid");
  EXPECT_EQ(SctStatusName(SctStatus::kUnknownLog), "unknown-log");
  EXPECT_EQ(CtLogStateName(CtLogState::kUnspecified), "unspecified");
  EXPECT_EQ(CtLogStateName(CtLogState::kRejected), "rejected");
}

}  // namespace
}  // namespace pinning
