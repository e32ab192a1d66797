// OpenSSL's verdict on the same SCTs, served by `openssl s_server` and judged
// by `openssl s_client -ct`, is ours.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/certificate.h"
#include "pinning/ct_log_list.h"
#include "pinning/sct.h"
#include "tests/e2e/programs.h"
#include "tests/testing/process.h"
#include "tools/mint/mint.h"
#include "tools/mint/sct.h"

namespace e2e {
namespace {

using Bytes = std::vector<uint8_t>;
using ::pinning::Certificate;
using ::pinning::CtLogList;
using ::pinning::Sct;
using ::pinning::SctSource;
using ::pinning::SctStatus;

constexpr char kHost[] = "www.example.com";

std::string Base64(const Bytes& bytes) {
  return absl::Base64Escape(std::string(bytes.begin(), bytes.end()));
}

// OpenSslWord returns what s_client says of an SCT of `status`.
std::string OpenSslWord(SctStatus status) {
  switch (status) {
    case SctStatus::kValid:
      return "valid";
    case SctStatus::kUnknownLog:
      return "unknown log";
    case SctStatus::kUnsupportedVersion:
      return "unknown version";
    default:
      return "invalid";  // a bad signature and a time to come, alike
  }
}

class SctOracleTest : public ProgramsTest {
 protected:
  SctOracleTest() : ProgramsTest({"openssl"}) {}

  // A Case is what is served, and where.
  struct Case {
    mint::Minted leaf;
    Bytes tls, staple;  // empty: none
  };

  mint::Minted Root() const {
    mint::Spec spec = mint::Ca("Root");
    spec.not_before = absl::Now() - absl::Hours(24 * 30);
    spec.not_after = absl::Now() + absl::Hours(24 * 30);
    return mint::SelfSigned(spec, mint::Key::Shared("p256-root"));
  }
  mint::Minted Leaf(const std::vector<mint::SctSpec>& scts) const {
    mint::Spec spec = mint::WithoutScts(mint::Leaf({kHost}));
    spec.not_before = absl::Now() - absl::Hours(24 * 20);
    spec.not_after = absl::Now() + absl::Hours(24 * 20);
    const mint::Key key = mint::Key::Shared("p256-leaf");
    return scts.empty() ? mint::Issue(spec, key, root_)
                        : mint::IssueLogged(spec, key, root_, scts);
  }

  // Ours returns our words on all SCTs of `one`, sorted.
  std::vector<std::string> Ours(const Case& one) const {
    const auto logs = CtLogList::FromJson(
        mint::LogListJson({{log_a_, "A"}, {log_b_, "B"}}), "logs.json");
    const Certificate leaf = *Certificate::FromDer(one.leaf.der);
    const Certificate root = *Certificate::FromDer(root_.der);
    std::vector<Sct> scts = *pinning::EmbeddedScts(leaf);
    const auto append = [&scts](const std::vector<Sct>& more) {
      scts.insert(scts.end(), more.begin(), more.end());
    };
    if (!one.tls.empty()) {
      append(*pinning::ParseSctList(one.tls, SctSource::kTlsExtension));
    }
    if (!one.staple.empty()) {
      append(*pinning::OcspScts(one.staple, leaf));
    }
    std::vector<std::string> words;
    for (const Sct& sct : scts) {
      words.push_back(
          OpenSslWord((*logs)->Verify(sct, leaf, {root}, absl::Now()).status));
    }
    std::sort(words.begin(), words.end());
    return words;
  }

  // Theirs returns what openssl says of them, sorted.
  std::vector<std::string> Theirs(const Case& one) {
    const int port = FreePort();
    std::vector<std::string> arguments = {
        "s_server",
        "-accept",
        absl::StrCat("127.0.0.1:", port),
        "-tls1_2",
        "-cert",
        directory_.Write("leaf.pem", one.leaf.Pem()),
        "-key",
        directory_.Write("leaf.key", one.leaf.key.PrivatePem())};
    if (!one.staple.empty()) {
      arguments.insert(
          arguments.end(),
          {"-status_file",
           directory_.Write(
               "staple", std::string(one.staple.begin(), one.staple.end()))});
    }
    if (!one.tls.empty()) {
      Bytes extension = {0, 18, static_cast<uint8_t>(one.tls.size() >> 8),
                         static_cast<uint8_t>(one.tls.size())};
      extension.insert(extension.end(), one.tls.begin(), one.tls.end());
      arguments.insert(
          arguments.end(),
          {"-serverinfo",
           directory_.Write(
               "serverinfo.pem",
               absl::StrCat("-----BEGIN SERVERINFO FOR SCT-----\n",
                            Base64(extension),
                            "\n-----END SERVERINFO FOR SCT-----\n"))});
    }
    testing_support::ProcessOptions options;
    options.hold_standard_input = true;
    BackgroundProcess server(FindProgram("openssl"), arguments, options);
    EXPECT_TRUE(WaitForPort(port, server));
    const std::string output = Show(testing_support::RunProcess(
        FindProgram("openssl"),
        {"s_client", "-connect", absl::StrCat("127.0.0.1:", port),
         "-servername", kHost, "-status", "-ct", "-ctlogfile",
         directory_.Write(
             "logs.cnf",
             absl::StrCat(
                 "enabled_logs=a,b\n[a]\ndescription=A\nkey=",
                 Base64(log_a_.SpkiDer()),
                 "\n[b]\ndescription=B\nkey=", Base64(log_b_.SpkiDer()), "\n")),
         "-CAfile", directory_.Write("root.pem", root_.Pem())}));
    std::vector<std::string> words;
    constexpr absl::string_view kLabel = "SCT validation status: ";
    for (size_t at = output.find(kLabel); at != std::string::npos;
         at = output.find(kLabel, at + 1)) {
      const size_t start = at + kLabel.size();
      words.push_back(output.substr(start, output.find('\n', start) - start));
    }
    std::sort(words.begin(), words.end());
    return words;
  }

  const mint::Minted root_ = Root();
  const mint::Key log_a_ = mint::Key::Shared("p256-log-a");
  const mint::Key log_b_ = mint::Key::Shared("rsa2048-log-b");
  TempDirectory directory_;
};

TEST_F(SctOracleTest, OpenSslAgrees) {
  mint::SctSpec corrupt{log_a_};
  corrupt.corrupt_signature = true;
  mint::SctSpec future{log_a_};
  future.timestamp = absl::Now() + absl::Hours(24);
  mint::SctSpec extended{log_a_};
  extended.extensions = {1, 2, 3};
  const mint::SctSpec stranger{mint::Key::Shared("p256-stranger")};
  const mint::Minted plain = Leaf({});
  const mint::Minted other = Leaf({});
  mint::OcspSpec ocsp;
  ocsp.this_update = absl::Now() - absl::Hours(1);
  ocsp.next_update = absl::Now() + absl::Hours(24);
  ocsp.sct_list = mint::SctList({mint::X509Sct({log_b_}, plain)});
  const struct {
    const char* name;
    Case served;
    size_t scts;
  } rows[] = {
      {"embedded, both kinds of key", {Leaf({{log_a_}, {log_b_}}), {}, {}}, 2},
      {"with extensions", {Leaf({extended}), {}, {}}, 1},
      {"a signature changed, and a good one",
       {Leaf({corrupt, {log_b_}}), {}, {}},
       2},
      {"a log that nobody knows", {Leaf({stranger}), {}, {}}, 1},
      {"of tomorrow", {Leaf({future}), {}, {}}, 1},
      {"in TLS and OCSP",
       {plain, mint::SctList({mint::X509Sct({log_a_}, plain)}),
        mint::MintOcsp(ocsp, plain, root_)},
       2},
      {"in TLS, of another certificate",
       {plain, mint::SctList({mint::X509Sct({log_a_}, other)}), {}},
       1},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const std::vector<std::string> ours = Ours(row.served);
    EXPECT_EQ(ours.size(), row.scts);
    EXPECT_EQ(ours, Theirs(row.served));
  }
}

}  // namespace
}  // namespace e2e
