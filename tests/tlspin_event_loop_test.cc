#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tools/tlspin/net/event_loop.h"

namespace tlspin {
namespace {

constexpr unsigned kRead = EventLoop::kRead;
constexpr unsigned kWrite = EventLoop::kWrite;

// A Pair is two connected sockets that do not block.
struct Pair {
  Pair() {
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()),
              0);
  }
  ~Pair() {
    for (const int end : ends) {
      if (end >= 0) close(end);
    }
  }
  void Close(int which) {
    close(ends[which]);
    ends[which] = -1;
  }
  void Say() { EXPECT_EQ(send(ends[1], "x", 1, MSG_NOSIGNAL), 1); }
  std::string Hear() {
    char data[16];
    const ssize_t n = recv(ends[0], data, sizeof(data), 0);
    return n < 0 ? "nothing" : std::string(data, static_cast<size_t>(n));
  }

  std::array<int, 2> ends = {-1, -1};
};

std::unique_ptr<EventLoop> NewLoop() {
  auto loop = EventLoop::Create();
  EXPECT_TRUE(loop.ok()) << loop.status();
  return *std::move(loop);
}

TEST(EventLoopTest, RunsUntilThereIsNothingToWaitFor) {
  const auto loop = NewLoop();
  loop->Run();
  EXPECT_EQ(loop->watched(), 0);
}

TEST(EventLoopTest, TimersAreCalledOnceInTheOrderOfTheirTimes) {
  const auto loop = NewLoop();
  std::vector<int> called;
  loop->After(absl::Milliseconds(20), [&] { called.push_back(3); });
  loop->After(absl::ZeroDuration(), [&] { called.push_back(1); });
  loop->After(absl::ZeroDuration(), [&] { called.push_back(2); });
  const auto withdrawn =
      loop->After(absl::Milliseconds(1), [&] { called.push_back(4); });
  loop->Cancel(withdrawn);
  loop->Cancel(withdrawn);
  loop->Cancel(0);
  loop->Run();
  EXPECT_EQ(called, (std::vector<int>{1, 2, 3}));
}

TEST(EventLoopTest, ATimerMaySetAndWithdrawTimers) {
  const auto loop = NewLoop();
  int calls = 0;
  EventLoop::TimerId other = 0;
  loop->After(absl::ZeroDuration(), [&] {
    loop->Cancel(other);
    loop->After(absl::ZeroDuration(), [&] { ++calls; });
  });
  other = loop->After(absl::ZeroDuration(), [&] { calls += 100; });
  loop->Run();
  EXPECT_EQ(calls, 1);
}

TEST(EventLoopTest, TellsWhatIsReady) {
  const auto loop = NewLoop();
  Pair pair;
  std::vector<unsigned> told;
  ASSERT_TRUE(loop->Watch(pair.ends[0], kRead | kWrite,
                          [&](unsigned ready) {
                            told.push_back(ready);
                            if (told.size() == 1) {
                              pair.Say();
                            } else {
                              EXPECT_EQ(pair.Hear(), "x");
                              loop->Stop();
                            }
                          })
                  .ok());
  loop->Run();
  EXPECT_EQ(told, (std::vector<unsigned>{kWrite, kRead | kWrite}));
}

TEST(EventLoopTest, AHangUpMakesReady) {
  const auto loop = NewLoop();
  Pair pair;
  pair.Close(1);
  std::string heard = "not called";
  ASSERT_TRUE(loop->Watch(pair.ends[0], kRead,
                          [&](unsigned) {
                            heard = pair.Hear();
                            loop->Unwatch(pair.ends[0]);
                          })
                  .ok());
  loop->Run();
  EXPECT_EQ(heard, "");
}

TEST(EventLoopTest, WatchedForNothingIsNotCalledForErrorsEither) {
  const auto loop = NewLoop();
  Pair pair;
  int calls = 0;
  ASSERT_TRUE(
      loop->Watch(pair.ends[0], kRead, [&](unsigned) { ++calls; }).ok());
  loop->SetInterest(pair.ends[0], 0);
  pair.Close(1);
  loop->After(absl::Milliseconds(10), [&] { loop->Stop(); });
  loop->Run();
  EXPECT_EQ(calls, 0);
  loop->SetInterest(pair.ends[0], kRead);
  loop->After(absl::Milliseconds(1), [&] { loop->Stop(); });
  loop->Run();
  EXPECT_GT(calls, 0);
  EXPECT_EQ(loop->watched(), 1);
}

TEST(EventLoopTest, ACallbackMayWithdrawAnotherThatIsReadyToo) {
  const auto loop = NewLoop();
  std::array<Pair, 2> pairs;
  int calls = 0;
  for (Pair& pair : pairs) {
    pair.Say();
    ASSERT_TRUE(loop->Watch(pair.ends[0], kRead,
                            [&](unsigned) {
                              ++calls;
                              for (const Pair& each : pairs) {
                                loop->Unwatch(each.ends[0]);
                              }
                            })
                    .ok());
  }
  loop->Run();
  EXPECT_EQ(calls, 1);
}

TEST(EventLoopTest, AnEventOfAClosedDescriptorIsNotThatOfItsSuccessor) {
  // Two are ready; whichever is called first closes the other one, and opens
  // another under its number, which is watched and has nothing to read.
  const auto loop = NewLoop();
  std::array<Pair, 2> pairs;
  Pair quiet;
  int calls = 0, successor_calls = 0;
  for (int i = 0; i < 2; ++i) {
    pairs[i].Say();
    ASSERT_TRUE(
        loop->Watch(
                pairs[i].ends[0], kRead,
                [&, i](unsigned) {
                  ++calls;
                  const int other = pairs[1 - i].ends[0];
                  loop->Unwatch(pairs[i].ends[0]);
                  loop->Unwatch(other);
                  ASSERT_EQ(dup2(quiet.ends[0], other), other);
                  ASSERT_TRUE(loop->Watch(other, kRead,
                                          [&](unsigned) { ++successor_calls; })
                                  .ok());
                  loop->After(absl::Milliseconds(10), [&] { loop->Stop(); });
                })
            .ok());
  }
  loop->Run();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(successor_calls, 0);
}

TEST(EventLoopTest, WatchingAgainReplacesTheCallback) {
  const auto loop = NewLoop();
  Pair pair;
  pair.Say();
  int first = 0, second = 0;
  ASSERT_TRUE(loop->Watch(pair.ends[0], kRead,
                          [&](unsigned) {
                            ++first;
                            ASSERT_TRUE(loop->Watch(pair.ends[0], kRead,
                                                    [&](unsigned) {
                                                      ++second;
                                                      loop->Stop();
                                                    })
                                            .ok());
                          })
                  .ok());
  loop->Run();
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 1);
}

TEST(EventLoopTest, RefusesWhatCannotBeWatched) {
  const auto loop = NewLoop();
  EXPECT_FALSE(loop->Watch(-1, kRead, [](unsigned) {}).ok());
  const int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  ASSERT_GE(file, 0);
  loop->Unwatch(file);
  close(file);
  EXPECT_EQ(loop->watched(), 0);
}

TEST(EventLoopTest, StopEndsTheRunAndTheNextRunGoesOn) {
  const auto loop = NewLoop();
  int calls = 0;
  for (int i = 0; i < 2; ++i) {
    loop->After(absl::ZeroDuration(), [&] {
      ++calls;
      loop->Stop();
    });
  }
  loop->Run();
  EXPECT_EQ(calls, 1);
  loop->Run();
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace tlspin
