#include "tools/tlspin/net/scan.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <unordered_map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "pinning/server_name.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/connection_hint.h"
#include "tools/tlspin/deadline.h"
#include "tools/tlspin/net/descriptors.h"
#include "tools/tlspin/net/dial.h"
#include "tools/tlspin/net/event_loop.h"
#include "tools/tlspin/net/fetch.h"
#include "tools/tlspin/net/network.h"
#include "tools/tlspin/net/operation.h"
#include "tools/tlspin/net/retry.h"
#include "tools/tlspin/net/scan_results.h"
#include "tools/tlspin/net/socket_address.h"
#include "tools/tlspin/net/stop_signals.h"

namespace tlspin {
namespace {

constexpr absl::Duration kProgressEvery = absl::Milliseconds(200);

// A Job is one answer to be had.
struct Job {
  size_t endpoint = 0;
  size_t answer = 0;  // of the endpoint
  std::vector<SocketAddress> addresses;
  absl::Duration timeout;                // of the next attempt
  bool lets_key_usage = false;           // the second try of such a server
  absl::Status objection;                // and what the first one said
  std::unique_ptr<Operation> operation;  // under way
  EventLoop::TimerId pause = 0;          // before it is tried again
};

// A Scanner is the work of one Scan.
class Scanner {
 public:
  Scanner(const std::vector<Endpoint>& endpoints, const ScanOptions& options,
          const ScanObserver& observer, Network& network, int jobs)
      : endpoints_(endpoints),
        options_(options),
        observer_(observer),
        network_(network),
        loop_(network.loop()),
        jobs_(static_cast<size_t>(jobs)),
        results_(endpoints, observer) {}

  void Run() {
    Fill();
    Tick();
    if (!results_.all_delivered()) {
      loop_.Run();
    }
    loop_.Cancel(ticker_);
    results_.Progress(in_flight_);
  }

  // Stop gives up what is under way, and takes up nothing new.
  void Stop() {
    if (stopped_) {
      return;
    }
    stopped_ = true;
    for (auto& [id, job] : jobs_under_way_) {
      loop_.Cancel(job->pause);
      job->operation.reset();
    }
    for (auto& [index, lookup] : lookups_) {
      loop_.Cancel(lookup.timer);
    }
    lookups_.clear();
    in_flight_ = 0;
    results_.Interrupt();
    loop_.Stop();
  }

 private:
  struct LookUp {
    std::unique_ptr<Operation> operation;
    EventLoop::TimerId timer = 0;
  };

  // Fill begins as much as there is room for: first what was found out to be
  // asked, then endpoints that nothing is known of yet.
  void Fill() {
    while (!stopped_ && in_flight_ < jobs_) {
      if (!ready_.empty()) {
        const uint64_t id = ready_.front();
        ready_.pop_front();
        Ask(id);
      } else if (next_ < endpoints_.size()) {
        Begin(next_++);
      } else {
        return;
      }
    }
  }

  void Begin(size_t index) {
    const Endpoint& endpoint = endpoints_[index];
    const absl::Status valid =
        pinning::ServerName::FromString(endpoint.host).status();
    if (!valid.ok()) {
      Refuse(index, valid);
      return;
    }
    if (ProxyFor(endpoint, options_.connect) != nullptr) {
      AddJobs(index, {{}}, options_.connect.timeout);
      return;
    }
    std::optional<SocketAddress> literal =
        SocketAddress::FromText(endpoint.address, endpoint.port);
    if (literal.has_value()) {
      AddJobs(index, {{*std::move(literal)}}, options_.connect.timeout);
      return;
    }
    LookUpName(index);
  }

  void LookUpName(size_t index) {
    const Endpoint& endpoint = endpoints_[index];
    const Deadline deadline = Deadline::After(options_.connect.timeout);
    ++in_flight_;
    LookUp& lookup = lookups_[index];
    lookup.operation = network_.resolver().Resolve(
        endpoint.address, endpoint.port,
        [this, index,
         deadline](absl::StatusOr<std::vector<SocketAddress>> addresses) {
          Found(index, std::move(addresses), deadline);
        });
    lookup.timer = loop_.After(options_.connect.timeout, [this, index] {
      Found(index, lookups_[index].operation->TimedOut(), Deadline::After({}));
    });
  }

  void Found(size_t index, absl::StatusOr<std::vector<SocketAddress>> addresses,
             Deadline deadline) {
    loop_.Cancel(lookups_[index].timer);
    lookups_.erase(index);
    --in_flight_;
    if (!addresses.ok()) {
      Refuse(index, addresses.status());
    } else if (options_.all_addresses) {
      std::vector<std::vector<SocketAddress>> each;
      for (SocketAddress& address : *addresses) {
        each.push_back({std::move(address)});
      }
      AddJobs(index, std::move(each), deadline.Remaining());
    } else {
      AddJobs(index, {*std::move(addresses)}, deadline.Remaining());
    }
    Fill();
  }

  // Refuse answers for an endpoint that nothing is asked of.
  void Refuse(size_t index, const absl::Status& status) {
    ScanAnswer& answer = results_.Add(index);
    answer.attempts = 1;
    answer.served = Explained(status, endpoints_[index]);
    Complete(index);
  }

  void AddJobs(size_t index, std::vector<std::vector<SocketAddress>> groups,
               absl::Duration timeout) {
    const std::vector<uint16_t> as_they_are = {0};
    size_t number = 0;
    for (const std::vector<SocketAddress>& group : groups) {
      for (const uint16_t version :
           options_.versions.empty() ? as_they_are : options_.versions) {
        ScanAnswer& answer = results_.Add(index);
        answer.version = version;
        answer.peer = options_.all_addresses && group.size() == 1
                          ? group.front().ToString()
                          : "";
        auto job = std::make_unique<Job>();
        job->endpoint = index;
        job->answer = number++;
        job->addresses = group;
        job->timeout = std::max(timeout, absl::Milliseconds(1));
        jobs_under_way_[++last_job_] = std::move(job);
        ready_.push_back(last_job_);
      }
    }
  }

  void Ask(uint64_t id) {
    Job& job = *jobs_under_way_[id];
    ScanAnswer& answer = AnswerOf(job);
    ++in_flight_;
    ++answer.attempts;
    FetchPlan plan;
    plan.endpoint = endpoints_[job.endpoint];
    plan.addresses = job.addresses;
    plan.proxy = ProxyFor(plan.endpoint, options_.connect);
    plan.starttls = options_.connect.starttls;
    plan.timeout = job.timeout;
    plan.offer.alpn = plan.starttls == StartTls::kNone;
    plan.offer.min_version =
        answer.version != 0 ? answer.version : options_.connect.min_version;
    plan.offer.max_version =
        answer.version != 0 ? answer.version : options_.connect.max_version;
    if (job.lets_key_usage) {
      plan.offer.max_version = TLS1_2_VERSION;
      plan.offer.enforce_key_usage = false;
    }
    job.operation = Fetch(network_, std::move(plan), [this, id](Fetched got) {
      Take(id, std::move(got));
    });
  }

  void Take(uint64_t id, Fetched got) {
    Job& job = *jobs_under_way_[id];
    ScanAnswer& answer = AnswerOf(job);
    job.operation.reset();
    --in_flight_;
    if (!got.peer.empty()) {
      answer.peer = std::move(got.peer);
    }
    if (!got.served.ok() && TryAgain(id, job, answer, got.served.status())) {
      Fill();
      return;
    }
    Settle(job, answer, std::move(got.served));
    const size_t index = job.endpoint;
    jobs_under_way_.erase(id);
    Complete(index);
    Fill();
  }

  // TryAgain returns whether the job has another attempt before it.
  bool TryAgain(uint64_t id, Job& job, const ScanAnswer& answer,
                const absl::Status& status) {
    const uint16_t oldest =
        answer.version != 0 ? answer.version : options_.connect.min_version;
    // Some interceptors serve such a certificate: ask once more, to say whose
    // it is. It stays refused.
    if (!job.lets_key_usage && oldest <= TLS1_2_VERSION &&
        absl::StrContains(status.message(), "KEY_USAGE_BIT_INCORRECT")) {
      job.lets_key_usage = true;
      job.objection = status;
      job.timeout = options_.connect.timeout;
      ready_.push_front(id);
      return true;
    }
    if (job.lets_key_usage || answer.attempts > options_.retries ||
        !IsRetried(status)) {
      return false;
    }
    job.timeout = options_.connect.timeout;
    job.pause = loop_.After(PauseAfter(answer.attempts), [this, id] {
      jobs_under_way_[id]->pause = 0;
      ready_.push_back(id);
      Fill();
    });
    return true;
  }

  void Settle(const Job& job, ScanAnswer& answer,
              absl::StatusOr<Served> served) const {
    Endpoint asked = endpoints_[job.endpoint];
    if (options_.all_addresses && !answer.peer.empty()) {
      asked.address = answer.peer;
    }
    if (job.lets_key_usage) {
      const absl::Status objection = Explained(job.objection, asked);
      if (served.ok()) {
        served->objection = objection;
      } else {
        served = objection;
      }
    } else if (!served.ok()) {
      served = Explained(served.status(), asked);
    }
    answer.served = std::move(served);
  }

  // Explained returns `status` with its place and what to do about it.
  absl::Status Explained(const absl::Status& status,
                         const Endpoint& endpoint) const {
    const absl::Status located = Located(endpoint.ToString(), status);
    return Hinted(located, ConnectionHint(located, endpoint, options_.connect));
  }

  ScanAnswer& AnswerOf(const Job& job) {
    return results_.answer(job.endpoint, job.answer);
  }

  void Complete(size_t index) {
    results_.Complete(index);
    if (results_.all_delivered()) {
      loop_.Stop();
    }
  }

  void Tick() {
    if (!observer_.on_progress) {
      return;
    }
    results_.Progress(in_flight_);
    ticker_ = loop_.After(kProgressEvery, [this] { Tick(); });
  }

  const std::vector<Endpoint>& endpoints_;
  const ScanOptions& options_;
  const ScanObserver& observer_;
  Network& network_;
  EventLoop& loop_;
  const size_t jobs_;
  ScanResults results_;
  size_t next_ = 0;  // the first endpoint that nothing is known of
  size_t in_flight_ = 0;
  bool stopped_ = false;
  uint64_t last_job_ = 0;
  std::unordered_map<uint64_t, std::unique_ptr<Job>> jobs_under_way_;
  std::unordered_map<size_t, LookUp> lookups_;
  std::deque<uint64_t> ready_;  // jobs that wait for room
  EventLoop::TimerId ticker_ = 0;
};

absl::Status CheckOptions(const ScanOptions& options) {
  if (options.connect.timeout <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError("the time-out is not positive");
  }
  return options.jobs < 1
             ? absl::InvalidArgumentError("the number of jobs is not positive")
             : absl::OkStatus();
}

}  // namespace

absl::Status Scan(const std::vector<Endpoint>& endpoints,
                  const ScanOptions& options, const ScanObserver& observer) {
  const absl::Status valid = CheckOptions(options);
  if (!valid.ok()) {
    return valid;
  }
  const int jobs = MakeRoomForDescriptors(options.jobs, kAttemptsAtOnce);
  const absl::StatusOr<std::unique_ptr<Network>> network =
      Network::Create(options.connect);
  if (!network.ok()) {
    return network.status();
  }
  Scanner scanner(endpoints, options, observer, **network, jobs);
  std::unique_ptr<StopSignals> signals;
  if (options.stop_on_signals) {
    signals =
        StopSignals::Watch((*network)->loop(), [&scanner] { scanner.Stop(); });
  }
  scanner.Run();
  return absl::OkStatus();
}

}  // namespace tlspin
