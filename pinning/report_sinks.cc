#include "pinning/report_sinks.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/error.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/internal/lru_map.h"
#include "pinning/internal/status_macros.h"
#include "pinning/internal/text_escape.h"
#include "pinning/internal/token_bucket.h"
#include "pinning/pin.h"
#include "pinning/server_name.h"

namespace pinning {
namespace {

using internal::HostPattern;
using internal::LruMap;
using internal::TokenBucket;
using FailureKey = std::array<uint8_t, SHA256_DIGEST_LENGTH>;

// FailureKeyOf returns the same for two reports of one failure. The host is
// last: nothing before it varies in length but the list of keys, whose length
// is said.
FailureKey FailureKeyOf(const Report& report) {
  SHA256_CTX context;
  SHA256_Init(&context);
  const auto add = [&context](absl::Span<const uint8_t> bytes) {
    SHA256_Update(&context, bytes.data(), bytes.size());
  };
  add(report.config_digest);
  // A chain has at most Chain::kMaxLength certificates.
  const auto error = static_cast<uint16_t>(report.error);
  const uint8_t small[] = {static_cast<uint8_t>(error >> 8),
                           static_cast<uint8_t>(error),
                           static_cast<uint8_t>(report.pin_status),
                           static_cast<uint8_t>(report.report_only),
                           static_cast<uint8_t>(report.served_chain.size())};
  add(small);
  for (const Certificate& certificate : report.served_chain) {
    const Pin pin = certificate.pin();
    add(pin.digest());
  }
  SHA256_Update(&context, report.host.data(), report.host.size());
  FailureKey key;
  SHA256_Final(key.data(), &context);
  return key;
}

bool Covers(const HostPattern& pattern, absl::string_view host) {
  absl::string_view label = host;
  if (!absl::ConsumeSuffix(&label, pattern.base)) {
    return false;
  }
  if (pattern.kind == HostPattern::Kind::kExact) {
    return label.empty();
  }
  if (!absl::ConsumeSuffix(&label, ".")) {
    return label.empty() && pattern.kind == HostPattern::Kind::kAnyLabels;
  }
  return pattern.kind == HostPattern::Kind::kAnyLabels ||
         !absl::StrContains(label, '.');
}

// ParseHost takes any name for an exact one, "localhost" too, which no pin may
// be for.
absl::StatusOr<HostPattern> ParseHost(absl::string_view text) {
  if (absl::StartsWith(text, "*")) {
    return HostPattern::FromString(text);
  }
  absl::StatusOr<ServerName> name = ServerName::FromString(text);
  if (!name.ok()) {
    return name.status();
  }
  HostPattern pattern;
  pattern.base = name->ToString();
  return pattern;
}

absl::Status CheckOptions(const ReportSink* sink,
                          const LimitedSink::Options& options) {
  if (sink == nullptr) {
    return absl::InvalidArgumentError("sink is required");
  }
  if (options.max_remembered <= 0 || options.host_burst <= 0 ||
      options.burst <= 0) {
    return absl::InvalidArgumentError(
        "max_remembered, host_burst and burst must be positive");
  }
  if (options.repeat_after <= absl::ZeroDuration() ||
      options.host_interval <= absl::ZeroDuration() ||
      options.interval <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        "repeat_after, host_interval and interval must be positive");
  }
  return absl::OkStatus();
}

size_t SizeOf(const Report& report) {
  size_t size = 0;
  for (const std::vector<Certificate>* list :
       {&report.served_chain, &report.validated_path}) {
    for (const Certificate& certificate : *list) {
      size += certificate.der().size();
    }
  }
  return size;
}

}  // namespace

struct LimitedSink::Rep {
  Rep(std::shared_ptr<ReportSink> sink, Options options)
      : sink(std::move(sink)),
        options(std::move(options)),
        sent(this->options.max_remembered),
        hosts(this->options.max_remembered),
        all(this->options.burst, this->options.interval) {}

  bool IsReportingHost(const std::string& host) const {
    for (const HostPattern& pattern : reporting_hosts) {
      if (Covers(pattern, host)) {
        return true;
      }
    }
    return false;
  }

  // WasSent returns whether the failure is remembered as reported.
  bool WasSent(const FailureKey& key, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    absl::Time* at = sent.Find(key);
    if (at == nullptr) {
      return false;
    }
    // A report from what was the future then must not mute the failure until
    // that future comes.
    *at = std::min(*at, now);
    return now - *at < options.repeat_after;
  }

  // Spend takes a token of the host and one of all, or neither.
  bool Spend(const std::string& host, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    TokenBucket* bucket = hosts.Find(host);
    if (bucket == nullptr) {
      // Not inserted before there is something to remember, so that hosts whose
      // reports are dropped do not push others out.
      if (!all.Take(now)) {
        return false;
      }
      hosts
          .Insert(host, TokenBucket(options.host_burst, options.host_interval))
          ->Take(now);
      return true;
    }
    if (!bucket->Has(now) || !all.Take(now)) {
      return false;
    }
    return bucket->Take(now);
  }

  // Admit counts `report` and returns whether it is to be passed on; then this
  // thread is in the other sink.
  bool Admit(const Report& report) ABSL_LOCKS_EXCLUDED(mutex) {
    const FailureKey key = FailureKeyOf(report);
    const bool own = IsReportingHost(report.host);
    const absl::Time now = report.date_time;
    absl::MutexLock lock(&mutex);
    if (inside.contains(std::this_thread::get_id())) {
      ++counts.reentered;
      return false;
    }
    if (own) {
      ++counts.own_host;
      return false;
    }
    if (WasSent(key, now)) {
      ++counts.repeated;
      return false;
    }
    if (!Spend(report.host, now)) {
      ++counts.rate_limited;
      return false;
    }
    sent.Insert(key, now);
    ++counts.passed;
    inside.insert(std::this_thread::get_id());
    return true;
  }

  void Leave() ABSL_LOCKS_EXCLUDED(mutex) {
    absl::MutexLock lock(&mutex);
    inside.erase(std::this_thread::get_id());
  }

  const std::shared_ptr<ReportSink> sink;
  const Options options;
  std::vector<HostPattern> reporting_hosts;  // set once, by Create

  absl::Mutex mutex;
  LruMap<FailureKey, absl::Time> sent ABSL_GUARDED_BY(mutex);
  LruMap<std::string, TokenBucket> hosts ABSL_GUARDED_BY(mutex);
  TokenBucket all ABSL_GUARDED_BY(mutex);
  // The threads that are in the other sink.
  absl::flat_hash_set<std::thread::id> inside ABSL_GUARDED_BY(mutex);
  Counts counts ABSL_GUARDED_BY(mutex);
};

LimitedSink::LimitedSink(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
LimitedSink::~LimitedSink() = default;

absl::StatusOr<std::shared_ptr<LimitedSink>> LimitedSink::Create(
    std::shared_ptr<ReportSink> sink, Options options) {
  PINNING_RETURN_IF_ERROR(CheckOptions(sink.get(), options));
  auto rep = std::make_unique<Rep>(std::move(sink), std::move(options));
  for (const std::string& text : rep->options.reporting_hosts) {
    absl::StatusOr<HostPattern> host = ParseHost(text);
    if (!host.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("reporting_hosts: \"", internal::EscapeText(text),
                       "\": ", host.status().message()));
    }
    rep->reporting_hosts.push_back(*std::move(host));
  }
  return std::shared_ptr<LimitedSink>(new LimitedSink(std::move(rep)));
}

void LimitedSink::Submit(const Report& report) {
  if (rep_->Admit(report)) {
    rep_->sink->Submit(report);
    rep_->Leave();
  }
}

LimitedSink::Counts LimitedSink::counts() const {
  absl::MutexLock lock(&rep_->mutex);
  return rep_->counts;
}

struct QueueSink::Rep {
  bool HasNews() const ABSL_SHARED_LOCKS_REQUIRED(mutex) {
    return closed || !reports.empty();
  }

  std::vector<Report> Take() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    bytes = 0;
    return std::exchange(reports, {});
  }

  Options options;
  absl::Mutex mutex;
  std::vector<Report> reports ABSL_GUARDED_BY(mutex);
  size_t bytes ABSL_GUARDED_BY(mutex) = 0;
  bool closed ABSL_GUARDED_BY(mutex) = false;
  int64_t dropped ABSL_GUARDED_BY(mutex) = 0;
};

QueueSink::QueueSink() : QueueSink(Options()) {}
QueueSink::QueueSink(Options options) : rep_(std::make_unique<Rep>()) {
  rep_->options = options;
}
QueueSink::~QueueSink() = default;

void QueueSink::Submit(const Report& report) {
  const size_t size = SizeOf(report);
  Report copy = report;  // made before the lock
  absl::MutexLock lock(&rep_->mutex);
  if (rep_->closed || rep_->reports.size() >= rep_->options.max_reports ||
      size > rep_->options.max_bytes - rep_->bytes) {
    ++rep_->dropped;
    return;
  }
  rep_->bytes += size;
  rep_->reports.push_back(std::move(copy));
}

std::vector<Report> QueueSink::Drain() {
  absl::MutexLock lock(&rep_->mutex);
  return rep_->Take();
}

std::vector<Report> QueueSink::WaitAndDrain() {
  absl::MutexLock lock(&rep_->mutex,
                       absl::Condition(rep_.get(), &Rep::HasNews));
  return rep_->Take();
}

void QueueSink::Close() {
  absl::MutexLock lock(&rep_->mutex);
  rep_->closed = true;
}

int64_t QueueSink::dropped() const {
  absl::MutexLock lock(&rep_->mutex);
  return rep_->dropped;
}

struct LineSink::Rep {
  absl::Mutex mutex;
  absl::Status last_error ABSL_GUARDED_BY(mutex);
};

LineSink::LineSink(LineWriter writer)
    : writer_(std::move(writer)), rep_(std::make_unique<Rep>()) {}
LineSink::~LineSink() = default;

void LineSink::Submit(const Report& report) {
  const absl::Status status = writer_(absl::StrCat(report.ToJson(), "\n"));
  if (status.ok()) {
    ++written_;
    return;
  }
  ++failed_;
  absl::MutexLock lock(&rep_->mutex);
  rep_->last_error = status;
}

absl::Status LineSink::last_error() const {
  absl::MutexLock lock(&rep_->mutex);
  return rep_->last_error;
}

}  // namespace pinning
