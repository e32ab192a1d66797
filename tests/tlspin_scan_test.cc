#include <openssl/ssl.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/testing/fleet.h"
#include "tests/testing/tls_server.h"
#include "tools/mint/mint.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/net/scan.h"

namespace tlspin {
namespace {

using testing_support::ClosedPort;
using testing_support::Fleet;

std::vector<mint::Minted> ChainOf(const std::string& key) {
  const mint::Minted root =
      mint::SelfSigned(mint::Ca("Test Root"), mint::Key::Shared("p256-root"));
  return {
      mint::Issue(mint::Leaf({"a.example.com"}), mint::Key::Shared(key), root),
      root};
}

std::vector<ScanResult> ScanAll(const std::vector<Endpoint>& endpoints,
                                const ScanOptions& options) {
  std::vector<ScanResult> results;
  ScanObserver observer;
  observer.on_result = [&results](ScanResult result) {
    results.push_back(std::move(result));
  };
  const absl::Status scanned = Scan(endpoints, options, observer);
  EXPECT_TRUE(scanned.ok()) << scanned;
  EXPECT_EQ(results.size(), endpoints.size());
  for (size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(results[i].index, i);
    EXPECT_FALSE(results[i].answers.empty()) << i;
  }
  return results;
}

Endpoint At(const std::string& address, int port) {
  return {"a.example.com", address, port};
}

size_t OpenDescriptors() {
  size_t count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator("/proc/self/fd")) {
    static_cast<void>(entry);
    ++count;
  }
  return count;
}

TEST(ScanTest, GivesResultsInTheOrderOfTheEndpoints) {
  const std::vector<mint::Minted> chain = ChainOf("p256-leaf");
  const Fleet fleet({chain});
  // The first is done last.
  ScanOptions options;
  options.connect.timeout = absl::Seconds(1);
  const std::vector<ScanResult> results =
      ScanAll({At("127.3.0.1", fleet.port()),
               At("127.0.0.1", fleet.port()),
               At("127.0.0.1", ClosedPort()),
               At("127.4.0.1", fleet.port()),
               {"not a name", "127.0.0.1", 1}},
              options);
  ASSERT_EQ(results.size(), 5u);
  EXPECT_EQ(CodeOf(results[0].answers[0].served.status()),
            connection_error::kHelloTimeout);
  EXPECT_EQ(results[0].answers[0].peer, "127.3.0.1");
  ASSERT_TRUE(results[1].answers[0].served.ok())
      << results[1].answers[0].served.status();
  EXPECT_EQ(results[1].answers[0].served->certificates[0], chain[0].der);
  EXPECT_EQ(results[1].answers[0].served->peer, "127.0.0.1");
  EXPECT_EQ(CodeOf(results[2].answers[0].served.status()),
            connection_error::kConnectionRefused);
  EXPECT_EQ(CodeOf(results[3].answers[0].served.status()),
            connection_error::kTlsAlert);
  EXPECT_EQ(results[4].answers[0].served.status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(ScanTest, TriesAgainWhatHadNoAnswerAndNothingElse) {
  const Fleet fleet({ChainOf("p256-leaf")});
  const struct {
    const char* name;
    const char* address;
    int retries;
    int attempts;
    absl::string_view error;  // empty: a chain
  } kRows[] = {
      {"reset each time", "127.1.0.1", 0, 1, connection_error::kHelloReset},
      {"reset each time, tried again", "127.1.0.2", 2, 3,
       connection_error::kHelloReset},
      {"reset twice, tried too seldom", "127.2.0.1", 1, 2,
       connection_error::kHelloReset},
      {"reset twice", "127.2.0.2", 5, 3, ""},
      {"silent", "127.3.0.1", 1, 2, connection_error::kHelloTimeout},
      {"an alert is an answer", "127.4.0.1", 5, 1, connection_error::kTlsAlert},
      {"a chain", "127.0.0.1", 5, 1, ""},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    ScanOptions options;
    options.retries = row.retries;
    options.connect.timeout =
        absl::Seconds(absl::StrContains(row.name, "silent") ? 1 : 20);
    const auto results = ScanAll({At(row.address, fleet.port())}, options);
    const ScanAnswer& answer = results.front().answers.front();
    EXPECT_EQ(answer.attempts, row.attempts);
    EXPECT_EQ(CodeOf(answer.served.status()), row.error)
        << answer.served.status();
    EXPECT_EQ(answer.served.ok(), row.error.empty());
  }
}

TEST(ScanTest, ARefusedConnectionIsTriedAgainAfterAPause) {
  ScanOptions options;
  options.retries = 2;
  const absl::Time start = absl::Now();
  const auto results = ScanAll({At("127.0.0.1", ClosedPort())}, options);
  EXPECT_EQ(results[0].answers[0].attempts, 3);
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(700));
}

TEST(ScanTest, AsksEveryAddressAndShowsThatTheyDiffer) {
  const std::vector<mint::Minted> one = ChainOf("p256-leaf");
  const std::vector<mint::Minted> other = ChainOf("p256-other");
  const Fleet fleet({one, other},
                    {{"www.example.com", {"127.0.0.2", "127.0.0.3"}}});
  ScanOptions options;
  options.connect.name_servers = fleet.name_servers();
  const Endpoint www = {"a.example.com", "www.example.com", fleet.port()};
  const auto first = ScanAll({www}, options);
  ASSERT_EQ(first[0].answers.size(), 1u);
  EXPECT_TRUE(first[0].answers[0].served.ok())
      << first[0].answers[0].served.status();

  options.all_addresses = true;
  options.versions = {TLS1_2_VERSION, TLS1_3_VERSION};
  const auto all = ScanAll({www, At("127.0.0.1", fleet.port())}, options);
  ASSERT_EQ(all[0].answers.size(), 4u);
  for (const ScanAnswer& answer : all[0].answers) {
    ASSERT_TRUE(answer.served.ok()) << answer.served.status();
    EXPECT_EQ(answer.served->version, answer.version);
    EXPECT_EQ(answer.served->certificates[0],
              answer.peer == "127.0.0.2" ? one[0].der : other[0].der)
        << answer.peer;
  }
  EXPECT_EQ(all[0].answers[0].peer, all[0].answers[1].peer);
  EXPECT_NE(all[0].answers[0].peer, all[0].answers[2].peer);
  EXPECT_EQ(all[1].answers.size(), 2u);
}

TEST(ScanTest, TheFirstAddressThatAnswersIsAskedAndSaid) {
  // Nothing listens at the first address of the two: the fleet is on "lo".
  const Fleet fleet({ChainOf("p256-leaf")},
                    {{"www.example.com", {"127.1.0.1", "127.0.0.1"}}});
  ScanOptions options;
  options.connect.name_servers = fleet.name_servers();
  options.all_addresses = true;
  const auto all =
      ScanAll({{"a.example.com", "www.example.com", fleet.port()}}, options);
  ASSERT_EQ(all[0].answers.size(), 2u);
  size_t answered = 0;
  for (const ScanAnswer& answer : all[0].answers) {
    answered += answer.served.ok();
    if (!answer.served.ok()) {
      // The place names the address, so that it can be asked again.
      EXPECT_TRUE(absl::StartsWith(answer.served.status().message(),
                                   "a.example.com@127.1.0.1:"))
          << answer.served.status();
    }
  }
  EXPECT_EQ(answered, 1u);
}

TEST(ScanTest, NamesThatDoNotResolve) {
  const Fleet fleet({ChainOf("p256-leaf")});
  ScanOptions options;
  options.connect.name_servers = fleet.name_servers();
  options.connect.timeout = absl::Seconds(1);
  options.retries = 3;  // not of these
  const absl::Time start = absl::Now();
  const auto results = ScanAll({{"a.example.com", "no.example.com", 443},
                                {"a.example.com", "silent.example.com", 443},
                                {"a.example.com", "name.invalid", 443}},
                               options);
  EXPECT_EQ(results[0].answers[0].served.status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(results[1].answers[0].served.status().code(),
            absl::StatusCode::kDeadlineExceeded);
  EXPECT_TRUE(absl::StrContains(results[1].answers[0].served.status().message(),
                                "looking up"));
  EXPECT_EQ(results[2].answers[0].served.status().code(),
            absl::StatusCode::kNotFound);
  for (const ScanResult& result : results) {
    EXPECT_EQ(CodeOf(result.answers[0].served.status()),
              connection_error::kNameUnresolved);
    EXPECT_EQ(result.answers[0].attempts, 1);
  }
  EXPECT_LT(absl::Now() - start, absl::Seconds(10));
}

TEST(ScanTest, HostsFileAndLiteralAddressesNeedNoNameServer) {
  const Fleet fleet({ChainOf("p256-leaf")});
  ScanOptions options;
  options.connect.name_servers = "127.0.0.1:1";  // nothing there
  for (const char* address : {"localhost", "127.0.0.1"}) {
    const auto results = ScanAll({At(address, fleet.port())}, options);
    EXPECT_TRUE(results[0].answers[0].served.ok())
        << address << results[0].answers[0].served.status();
  }
}

TEST(ScanTest, OptionsThatAreNotValid) {
  ScanOptions options;
  options.jobs = 0;
  EXPECT_EQ(Scan({}, options, {}).code(), absl::StatusCode::kInvalidArgument);
  options = {};
  options.connect.timeout = absl::ZeroDuration();
  EXPECT_EQ(Scan({}, options, {}).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(Scan({}, {}, {}).ok());
}

TEST(ScanTest, TenThousandServersWithoutLeavingADescriptor) {
  const std::vector<mint::Minted> chain = ChainOf("p256-leaf");
  const Fleet fleet({chain});
  constexpr size_t kServers = 10'000;
  constexpr int kJobs = 300;
  std::vector<Endpoint> endpoints;
  for (size_t i = 0; i < kServers; ++i) {
    endpoints.push_back(At(
        absl::StrCat("127.0.", 1 + i / 250, ".", 1 + i % 250), fleet.port()));
  }
  ScanOptions options;
  options.jobs = kJobs;
  options.connect.timeout = absl::Seconds(60);
  // Fewer than the jobs need, to be raised.
  rlimit limit = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  rlimit low = limit;
  low.rlim_cur = 128;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  const size_t before = OpenDescriptors();
  size_t most = 0, next = 0, most_in_flight = 0;
  ScanObserver observer;
  observer.on_result = [&](ScanResult result) {
    ASSERT_EQ(result.index, next++);
    const ScanAnswer& answer = result.answers.front();
    ASSERT_TRUE(answer.served.ok()) << answer.served.status();
    ASSERT_EQ(answer.peer, endpoints[result.index].address);
    ASSERT_EQ(answer.served->certificates[0], chain[0].der);
    if (next % 100 == 0) {
      most = std::max(most, OpenDescriptors());
    }
  };
  observer.on_progress = [&](const ScanCounts& counts) {
    most_in_flight = std::max(most_in_flight, counts.in_flight);
  };
  const absl::Status scanned = Scan(endpoints, options, observer);
  EXPECT_TRUE(scanned.ok()) << scanned;
  EXPECT_EQ(next, kServers);
  EXPECT_EQ(OpenDescriptors(), before);
  EXPECT_LE(most, before + kJobs + 16);
  EXPECT_LE(most_in_flight, static_cast<size_t>(kJobs));
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace
}  // namespace tlspin
