#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/certificate.h"
#include "pinning/chain.h"
#include "pinning/diagnosis.h"
#include "pinning/pin_store.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/pki.h"

namespace pinning {
namespace {

using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using testing_support::NameOf;
using testing_support::PinPolicy;

// Chains that real interceptors served, if there are any to be had.
class Recorded : public ::testing::Test {
 protected:
  static std::string Folder() {
    const char* folder = std::getenv("PINNING_FIXTURES");
    return absl::StrCat(folder == nullptr ? "../shared/fixtures" : folder,
                        "/interceptors");
  }

  void SetUp() override {
    if (!std::filesystem::is_directory(Folder())) {
      GTEST_SKIP() << "no recorded chains: set PINNING_FIXTURES";
    }
    for (const auto& file : std::filesystem::directory_iterator(Folder())) {
      const std::string name = file.path().stem().string();
      const size_t position = name.rfind(".c");
      if (position != std::string::npos) {
        chains_[name.substr(0, position)].insert(file.path().string());
      }
    }
    ASSERT_GT(chains_.size(), 10u);
  }

  static std::vector<Certificate> Read(const std::string& path) {
    std::ifstream in(path);
    const std::string text((std::istreambuf_iterator<char>(in)),
                           std::istreambuf_iterator<char>());
    auto list = Certificate::ListFromPem(text);
    EXPECT_TRUE(list.ok()) << path << ": " << list.status();
    return list.ok() ? *std::move(list) : std::vector<Certificate>();
  }

  static Certificate Named(absl::string_view name) {
    return Read(absl::StrCat(Folder(), "/", name)).front();
  }

  static bool IsGenuine(absl::string_view label) {
    // What a proxy was told to let through is the origin's own.
    return absl::StartsWith(label, "genuine.") ||
           label == "mitm-ignore.identity.webex.com" ||
           label == "squid-bump.identity.webex.com";
  }

  std::map<std::string, std::set<std::string>> chains_;
};

// A Trace is what a product leaves in every chain that it forges: what must be
// among the evidence, whatever else is.
struct Trace {
  absl::string_view prefix;   // of the label
  absl::string_view product;  // what it is called
  std::vector<std::string> always;
  std::vector<std::string> installed;  // and with its root on the machine
};

const std::vector<Trace>& Traces() {
  static const auto& traces = *new std::vector<Trace>{
      // The genuine chain is appended, pinned keys and all.
      {"mitm-addup.",
       "mitmproxy",
       {"known-product", "genuine-appended", "no-public-ca-marks"},
       {"local-anchor", "leaf-key-is-issuer-key"}},
      {"mitm-",
       "mitmproxy",
       {"known-product", "pinned-keys-absent", "no-public-ca-marks"},
       {"local-anchor", "leaf-key-is-issuer-key"}},
      {"sslsplit",
       "Example Corp TLS Inspection CA",
       {"inspection-name", "served-root-issued-leaf", "pinned-keys-absent",
        "no-public-ca-marks", "minted-recently"},
       {"local-anchor"}},
      // It signs itself, for another name: nobody's root can help.
      {"squid-adapt.",
       "bumped.example",
       {"pinned-keys-absent", "no-public-ca-marks"},
       {}},
      // What is minted before the server was asked has the authority's dates.
      {"squid-clientfirst.",
       "Example Corp TLS Inspection CA",
       {"leaf-key-is-issuer-key", "inspection-name", "pinned-keys-absent",
        "no-public-ca-marks"},
       {"local-anchor"}},
      {"squid-untrusted.",
       "Example Corp TLS Inspection CA",
       {"leaf-key-is-issuer-key", "inspection-name", "pinned-keys-absent",
        "no-public-ca-marks"},
       {"local-anchor"}},
      // Bumped or stared at: the leaf has the dates of the genuine one.
      {"squid-",
       "Example Corp",
       {"leaf-key-is-issuer-key", "leaf-older-than-issuer",
        "pinned-keys-absent", "no-public-ca-marks"},
       {"local-anchor"}},
  };
  return traces;
}

// ExpectTrace expects the evidence that the product of `label` leaves.
void ExpectTrace(absl::string_view label, bool installed,
                 const Diagnosis& diagnosis) {
  for (const Trace& trace : Traces()) {
    if (!absl::StartsWith(label, trace.prefix)) {
      continue;
    }
    EXPECT_THAT(diagnosis.product, HasSubstr(std::string(trace.product)));
    std::vector<std::string> codes;
    for (const Evidence& evidence : diagnosis.evidence) {
      codes.push_back(evidence.code);
    }
    EXPECT_THAT(codes, IsSupersetOf(trace.always));
    if (installed) {
      EXPECT_THAT(codes, IsSupersetOf(trace.installed));
    }
    return;
  }
  ADD_FAILURE() << "no trace is written down for this product";
}

TEST_F(Recorded, ForgedChainsAreInterceptionAndGenuineOnesAreAccepted) {
  const Certificate root = Named("root.pem");
  for (const bool installed : {false, true}) {
    TrustStore::Builder trust;
    trust.AddAnchor({root});
    if (installed) {
      trust.AddAnchor({Named("ca.pem"), TrustAnchor::Origin::kLocal});
      trust.AddAnchor({Named("mitm-ca.pem"), TrustAnchor::Origin::kLocal});
    }
    PinPolicy policy;
    policy.pins = {Named("int.pem").pin()};
    policy.expires = absl::FromUnixSeconds(1900000000);
    Verifier::Options options;
    options.trust_store = trust.Build();
    PinStore::Builder pins;
    const absl::Time now = absl::FromUnixSeconds(1795395600);  // 2026-11-23 01h
    pins.SetUpdated(now);
    ASSERT_TRUE(pins.AddPinSet(testing_support::PinSetOf(policy)).ok());
    for (const char* host :
         {"*.wbx2.com", "identity.webex.com", "idbroker.webex.com"}) {
      ASSERT_TRUE(pins.MapHost(host, policy.name).ok());
    }
    options.pin_store = *pins.Build();
    const auto verifier = *Verifier::Create(options);
    for (const auto& [label, files] : chains_) {
      SCOPED_TRACE(absl::StrCat(label, installed ? ", installed" : ""));
      const std::pair<std::string, std::string> parts =
          absl::StrSplit(label, absl::MaxSplits('.', 1));
      std::vector<Certificate> served;
      for (const std::string& file : files) {
        served.push_back(Read(file).front());
      }
      const Verdict verdict = verifier->Verify(*Chain::FromCertificates(served),
                                               NameOf(parts.second), now);
      EXPECT_EQ(verdict.accepted(), IsGenuine(label)) << verdict.ToString();
      EXPECT_EQ(verdict.is_mitm(), !IsGenuine(label)) << verdict.ToString();
      EXPECT_EQ(DiagnosisKindName(verdict.diagnosis().kind),
                IsGenuine(label) ? "none" : "interception");
      if (!IsGenuine(label)) {
        ExpectTrace(label, installed, verdict.diagnosis());
        EXPECT_FALSE(verdict.diagnosis().advice.empty());
      }
    }
  }
}

}  // namespace
}  // namespace pinning
