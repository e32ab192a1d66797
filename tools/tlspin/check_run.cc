#include "tools/tlspin/check_run.h"

#include <utility>

#include "absl/status/status.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/progress_line.h"

namespace tlspin {
namespace {

// A Check prints of each target what came of it.
class Check {
 public:
  Check(Context& context, const Judge& judge, const CheckPolicy& policy,
        const CheckPrintOptions& print, Reporter& reporter)
      : context_(context),
        judge_(judge),
        reporter_(reporter),
        policy_(policy),
        print_(print),
        progress_(context) {}

  Asked Run(const std::vector<CheckTarget>& targets,
            const ProbeOptions& options) {
    Asked asked;
    asked.targets = targets;
    std::vector<Endpoint> endpoints;
    for (size_t i = 0; i < targets.size(); ++i) {
      if (targets[i].pattern.empty()) {
        endpoints.push_back(targets[i].endpoint);
        asked.at.push_back(i);
      }
    }
    ProbeObserver observer;
    observer.on_progress = [this](const ProbeProgress& now) {
      progress_.Show(now);
    };
    observer.on_probe = [&](const Probe& probe) {
      PrintPatterns(targets, asked.at[probe.index]);
      // What was not asked is told in one line at the end.
      if (!probe.interrupted || context_.json) {
        Print(Conclude(probe, judge_.verifier->pin_store(), policy_));
      }
      reporter_.Collect(probe.endpoint.port);
    };
    asked.probes = ProbeEndpoints(endpoints, options, judge_, observer);
    PrintPatterns(targets, targets.size());
    progress_.Clear();
    SayInterrupted(context_, asked.probes);
    return asked;
  }

 private:
  void Print(const CheckResult& result) {
    progress_.Clear();
    if (context_.json) {
      PrintCheckJson(context_, judge_, result);
    } else {
      PrintCheckResult(context_, print_, result);
    }
    // So that whoever waits for a slow host sees the ones before it.
    context_.out.Flush().IgnoreError();  // kept by Output, told by Finish
  }

  // PrintPatterns prints the patterns among `targets` before `end` that were
  // not printed yet.
  void PrintPatterns(const std::vector<CheckTarget>& targets, size_t end) {
    for (; next_ < end; ++next_) {
      if (!targets[next_].pattern.empty()) {
        Print(UncheckedPattern(targets[next_].pattern, policy_.language));
      }
    }
  }

  Context& context_;
  const Judge& judge_;
  Reporter& reporter_;
  const CheckPolicy& policy_;
  const CheckPrintOptions& print_;
  ProgressLine progress_;
  size_t next_ = 0;  // of the targets
};

}  // namespace

Asked Ask(Context& context, const Judge& judge, const CheckPolicy& policy,
          const CheckPrintOptions& print, Reporter& reporter,
          const std::vector<CheckTarget>& targets,
          const ProbeOptions& options) {
  return Check(context, judge, policy, print, reporter).Run(targets, options);
}

std::vector<CheckResult> ConcludeAll(const Asked& asked,
                                     const pinning::PinStore& store,
                                     const CheckPolicy& policy) {
  std::vector<CheckResult> results;
  size_t next = 0;  // of the targets
  const auto add_patterns = [&](size_t end) {
    for (; next < end; ++next) {
      if (!asked.targets[next].pattern.empty()) {
        results.push_back(
            UncheckedPattern(asked.targets[next].pattern, policy.language));
      }
    }
  };
  for (const Probe& probe : asked.probes) {
    add_patterns(asked.at[probe.index]);
    results.push_back(Conclude(probe, store, policy));
  }
  add_patterns(asked.targets.size());
  return results;
}

}  // namespace tlspin
