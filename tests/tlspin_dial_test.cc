// How the addresses of one name are tried beside each other (RFC 8305).

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/deadline.h"
#include "tools/tlspin/net/dial.h"
#include "tools/tlspin/net/event_loop.h"
#include "tools/tlspin/net/operation.h"
#include "tools/tlspin/net/socket_address.h"

namespace tlspin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

size_t OpenDescriptors() {
  size_t count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator("/proc/self/fd")) {
    static_cast<void>(entry);
    ++count;
  }
  return count;
}

SocketAddress At(const std::string& address, int port) {
  return *SocketAddress::FromText(address, port);
}

// A Listener is a port of one address. A silent one answers no SYN until it is
// Freed: its queue of connections is full.
class Listener {
 public:
  explicit Listener(const std::string& address, bool silent = false) {
    fd_ = socket(AF_INET, SOCK_STREAM, 0);
    const SocketAddress any = At(address, 0);
    EXPECT_EQ(bind(fd_, any.get(), any.size()), 0) << address;
    EXPECT_EQ(listen(fd_, silent ? 0 : 16), 0);
    sockaddr_in bound = {};
    socklen_t size = sizeof(bound);
    EXPECT_EQ(getsockname(fd_, reinterpret_cast<sockaddr*>(&bound), &size), 0);
    address_ = At(address, ntohs(bound.sin_port));
    if (silent) {
      filler_ = socket(AF_INET, SOCK_STREAM, 0);
      EXPECT_EQ(connect(filler_, address_->get(), address_->size()), 0);
    }
  }
  ~Listener() {
    close(fd_);
    if (filler_ >= 0) {
      close(filler_);
    }
  }

  const SocketAddress& address() const { return *address_; }

  // Free makes room in the queue.
  void Free() const { close(accept(fd_, nullptr, nullptr)); }

 private:
  int fd_ = -1;
  int filler_ = -1;
  std::optional<SocketAddress> address_;
};

// ClosedAt returns an address that refuses connections.
SocketAddress ClosedAt(const std::string& address) {
  return Listener(address).address();
}

class DialTest : public ::testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<std::unique_ptr<EventLoop>> loop = EventLoop::Create();
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
  }

  // Start begins to dial; Run waits until that, or the time, is over. What it
  // returns is the address that answered or the error.
  void Start(const std::vector<SocketAddress>& addresses,
             absl::Duration timeout) {
    before_ = OpenDescriptors();
    start_ = absl::Now();
    result_ = absl::UnknownError("not called back");
    operation_ = Dial(
        *loop_, addresses, Deadline::After(timeout),
        [this](absl::StatusOr<Connection> connection) {
          took_ = absl::Now() - start_;
          // What is left of it is the connection alone.
          EXPECT_EQ(loop_->watched(), 0);
          EXPECT_EQ(OpenDescriptors(), before_ + (connection.ok() ? 1 : 0));
          result_ = connection.ok()
                        ? absl::StatusOr<std::string>(connection->peer)
                        : connection.status();
          loop_->Stop();
        });
    timer_ = loop_->After(timeout, [this] {
      result_ = operation_->TimedOut();
      loop_->Stop();
    });
  }
  absl::StatusOr<std::string> Run() {
    loop_->Run();
    loop_->Cancel(timer_);
    operation_.reset();
    EXPECT_EQ(loop_->watched(), 0);
    EXPECT_EQ(OpenDescriptors(), before_);
    return result_;
  }
  absl::StatusOr<std::string> DialAll(
      const std::vector<SocketAddress>& addresses,
      absl::Duration timeout = absl::Seconds(60)) {
    Start(addresses, timeout);
    return Run();
  }

  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<Operation> operation_;
  EventLoop::TimerId timer_ = 0;
  size_t before_ = 0;
  absl::Time start_;
  absl::Duration took_;
  absl::StatusOr<std::string> result_;
};

TEST(InterleavedTest, FamiliesTakeTurnsFromTheFirst) {
  const auto interleaved = [](const std::vector<std::string>& addresses) {
    std::vector<SocketAddress> given;
    for (const std::string& address : addresses) {
      given.push_back(At(address, 1));
    }
    std::vector<std::string> result;
    for (const SocketAddress& address : Interleaved(given)) {
      result.push_back(address.ToString());
    }
    return result;
  };
  EXPECT_THAT(interleaved({"::1", "::2", "::3", "10.0.0.1", "10.0.0.2"}),
              ElementsAre("::1", "10.0.0.1", "::2", "10.0.0.2", "::3"));
  EXPECT_THAT(interleaved({"10.0.0.1", "10.0.0.2", "10.0.0.3", "::1"}),
              ElementsAre("10.0.0.1", "::1", "10.0.0.2", "10.0.0.3"));
  EXPECT_THAT(interleaved({"10.0.0.1", "::1", "10.0.0.2"}),
              ElementsAre("10.0.0.1", "::1", "10.0.0.2"));
  EXPECT_THAT(interleaved({"::2", "::1"}), ElementsAre("::2", "::1"));
  EXPECT_TRUE(interleaved({}).empty());
}

TEST_F(DialTest, TheFirstThatAnswersIsTheFirstOfThem) {
  const Listener one("127.0.0.2"), two("127.0.0.3");
  const auto peer = DialAll({one.address(), two.address()});
  ASSERT_TRUE(peer.ok()) << peer.status();
  EXPECT_EQ(*peer, "127.0.0.2");
}

TEST_F(DialTest, ASilentAddressCostsTheDelayAndNoMore) {
  const Listener silent("127.0.0.2", /*silent=*/true), good("127.0.0.3");
  const auto peer = DialAll({silent.address(), good.address()});
  ASSERT_TRUE(peer.ok()) << peer.status();
  EXPECT_EQ(*peer, "127.0.0.3");
  EXPECT_GE(took_, kAttemptDelay);
  EXPECT_LT(took_, absl::Seconds(10));  // of 60
}

TEST_F(DialTest, ARefusalMovesOnAtOnce) {
  const Listener good("127.0.0.3");
  std::vector<SocketAddress> addresses(40, ClosedAt("127.0.0.2"));
  addresses.push_back(good.address());
  const auto peer = DialAll(addresses);
  ASSERT_TRUE(peer.ok()) << peer.status();
  EXPECT_EQ(*peer, "127.0.0.3");
  EXPECT_LT(took_, 40 * kAttemptDelay);
}

TEST_F(DialTest, AnAddressThatAnswersLateMayStillWin) {
  const Listener late("127.0.0.2", /*silent=*/true);
  const Listener silent("127.0.0.3", /*silent=*/true);
  Start({late.address(), silent.address(), ClosedAt("127.0.0.4")},
        absl::Seconds(60));
  loop_->After(3 * kAttemptDelay, [&late] { late.Free(); });
  const auto peer = Run();
  ASSERT_TRUE(peer.ok()) << peer.status();
  EXPECT_EQ(*peer, "127.0.0.2");
  EXPECT_GE(took_, 3 * kAttemptDelay);
}

TEST_F(DialTest, OfManyThatAreSilentOnlySoManyAreTriedAtOnceYetAllAre) {
  const Listener silent("127.0.0.2", /*silent=*/true), good("127.0.0.3");
  std::vector<SocketAddress> addresses(kAttemptsAtOnce + 1, silent.address());
  addresses.push_back(good.address());
  Start(addresses, absl::Seconds(6));
  int most = 0;
  std::function<void()> look = [&] {
    most = std::max(most, loop_->watched());
    if (operation_ != nullptr) {
      loop_->After(absl::Milliseconds(10), look);
    }
  };
  look();
  const auto peer = Run();
  ASSERT_TRUE(peer.ok()) << peer.status();
  EXPECT_EQ(*peer, "127.0.0.3");
  EXPECT_EQ(most, kAttemptsAtOnce);
}

TEST_F(DialTest, TheErrorIsThatOfTheFirstAddress) {
  const auto refused = DialAll({ClosedAt("127.0.0.2"), ClosedAt("127.0.0.3")});
  EXPECT_EQ(CodeOf(refused.status()), connection_error::kConnectionRefused);
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("127.0.0.2"));

  const Listener silent("127.0.0.4", /*silent=*/true);
  const auto timed_out = DialAll({silent.address(), ClosedAt("127.0.0.3")},
                                 absl::Milliseconds(600));
  EXPECT_EQ(CodeOf(timed_out.status()), connection_error::kConnectTimeout);
  EXPECT_THAT(std::string(timed_out.status().message()),
              HasSubstr("127.0.0.4"));
  const auto other = DialAll({ClosedAt("127.0.0.3"), silent.address()},
                             absl::Milliseconds(600));
  EXPECT_EQ(CodeOf(other.status()), connection_error::kConnectionRefused);
}

TEST_F(DialTest, WithdrawnItClosesAllThatItTried) {
  const Listener silent("127.0.0.2", /*silent=*/true);
  Start(std::vector<SocketAddress>(4, silent.address()), absl::Seconds(60));
  loop_->After(6 * kAttemptDelay, [this] {
    EXPECT_EQ(loop_->watched(), 4);
    loop_->Stop();
  });
  EXPECT_EQ(Run().status().code(), absl::StatusCode::kUnknown);
}

TEST_F(DialTest, WithoutDescriptorsItWaitsForThoseThatItHas) {
  const Listener late("127.0.0.2", /*silent=*/true), good("127.0.0.3");
  rlimit limit = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  rlimit low = limit;
  low.rlim_cur = static_cast<rlim_t>(dup(0));  // the lowest that is free
  close(static_cast<int>(low.rlim_cur));
  ++low.rlim_cur;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  Start({late.address(), good.address()}, absl::Seconds(60));
  loop_->After(2 * kAttemptDelay, [&] {
    EXPECT_EQ(loop_->watched(), 1);
    setrlimit(RLIMIT_NOFILE, &limit);
  });
  const auto peer = Run();
  ASSERT_TRUE(peer.ok()) << peer.status();
  EXPECT_EQ(*peer, "127.0.0.3");

  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  const int last = dup(0);
  absl::Status status;
  const std::unique_ptr<Operation> none =
      Dial(*loop_, {good.address()}, Deadline::After(absl::Seconds(60)),
           [&](absl::StatusOr<Connection> connection) {
             status = connection.status();
             loop_->Stop();
           });
  loop_->Run();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  setrlimit(RLIMIT_NOFILE, &limit);
  close(last);
}

}  // namespace
}  // namespace tlspin
