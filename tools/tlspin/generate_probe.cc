#include "tools/tlspin/generate_probe.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "pinning/report.h"
#include "tools/tlspin/generate_candidates_print.h"
#include "tools/tlspin/generate_plan.h"
#include "tools/tlspin/progress_line.h"
#include "tools/tlspin/roots.h"
#include "tools/tlspin/table.h"
#include "tools/tlspin/verdict_text.h"

namespace tlspin {
namespace {

CandidatesView ViewOf(const Context& context, const GeneratePlan& plan,
                      const Judge& judge) {
  CandidatesView view;
  view.now = judge.now;
  view.expires = plan.policy.expires;
  view.backup =
      plan.policy.backups.empty() ? nullptr : &plan.policy.backups.front();
  view.full = !context.out.answers_to_terminal();
  return view;
}

void PrintRefused(Context& context, const Probe& probe) {
  VerdictTextOptions options;
  options.full_pins = !context.out.answers_to_terminal();
  options.failed_paths = context.verbose;
  options.has_pins = false;
  options.evidence_codes = context.verbose;
  options.language = context.language;
  PrintVerdict(*probe.verdict, options, context.out);
}

// ByVersion returns `probe`, or, if it was asked with several versions of TLS,
// a probe for each of them that was completed: what is shown to old clients is
// held to the same.
std::vector<Probe> ByVersion(const Probe& probe) {
  std::vector<Probe> probes;
  for (const VersionProbe& version : probe.versions) {
    if (version.verdict.has_value()) {
      Probe one = probe;
      one.versions.clear();
      one.status = version.status;
      one.served = version.served;
      one.verdict = version.verdict;
      probes.push_back(std::move(one));
    }
  }
  return probes.empty() ? std::vector<Probe>{probe} : probes;
}

// A Printer says of each probe whether it is fit to be pinned.
class Printer {
 public:
  // All that is given outlives it.
  Printer(Context& context, const GeneratePlan& plan, const Judge& judge,
          bool candidates)
      : context_(context),
        judge_(judge),
        candidates_(candidates),
        view_(ViewOf(context, plan, judge)) {}

  void Print(const Probe& probe, ProbeResult& result) const {
    if (probe.others_answered) {
      result.missing = true;
      SayMissing(probe);
      return;
    }
    if (!probe.verdict.has_value()) {
      result.unreached = true;
      context_.Fail(probe.status);
      return;
    }
    const bool accepted = probe.verdict->accepted();
    const std::string why = accepted ? WhyNotToPin(probe, judge_) : "";
    const bool fit = accepted && why.empty();
    result.refused = result.refused || !fit;
    if (context_.json) {
      PrintJson(probe, fit, why);
    } else if (!accepted) {
      PrintRefused(context_, probe);
    } else if (fit && candidates_) {
      context_.out.Answer(Labelled(
          "host",
          absl::StrCat(probe.Target(), " (", probe.served.tls_version, ")")));
      context_.out.Answer(CandidatesText(*probe.verdict, view_));
    }
    if (!why.empty()) {
      context_.out.Note(
          absl::StrCat("will not pin ", probe.Target(), ": ", why));
    }
  }

 private:
  // SayMissing warns of an address that presents nothing, which is no reason
  // to do nothing for the host. The status names the address.
  void SayMissing(const Probe& probe) const {
    if (context_.json) {
      context_.Fail(probe.status);
      return;
    }
    context_.out.Note(absl::StrCat("warning: ", probe.status.message(),
                                   "; other addresses of ", probe.endpoint.host,
                                   " answered"));
  }

  void PrintJson(const Probe& probe, bool fit, const std::string& why) const {
    Json more = {{"endpoint", EndpointJson(probe.endpoint, probe.proxy)},
                 {"fit_to_pin", fit}};
    more["reason"] = why.empty() ? Json() : Json(why);
    more["roots"] = RootsJson(judge_.roots);
    AddCandidates(fit ? &*probe.verdict : nullptr, view_, more);
    more["peer"] = probe.peer.empty() ? Json() : Json(probe.peer);
    more["tls_version"] = probe.served.tls_version;
    context_.out.Answer(
        WithKeys(VerdictToJson(*probe.verdict, JsonLanguage(context_)), more));
  }

  Context& context_;
  const Judge& judge_;
  const bool candidates_;
  const CandidatesView view_;
};

// SayDivergence says which hosts show one chain here and another there.
void SayDivergence(Context& context, const std::vector<Probe>& probes) {
  for (size_t i = 0; i < probes.size(); ++i) {
    const bool first = i == 0 || probes[i].index != probes[i - 1].index;
    if (first && ChainsDiverge(probes, probes[i].index)) {
      context.out.Note(absl::StrCat(
          probes[i].endpoint.ToString(),
          ": not every address and version of TLS presents the same chain"));
    }
  }
}

}  // namespace

ProbeResult ProbeHosts(Context& context, const GeneratePlan& plan,
                       const Judge& judge, bool candidates) {
  ProbeResult result;
  const Printer printer(context, plan, judge, candidates);
  ProgressLine progress(context);
  ProbeObserver observer;
  observer.on_progress = [&](const ProbeProgress& now) { progress.Show(now); };
  observer.on_probe = [&](const Probe& probe) {
    if (probe.interrupted) {
      return;  // told for all of them together
    }
    progress.Clear();
    for (Probe& one : ByVersion(probe)) {
      printer.Print(one, result);
      result.probes.push_back(std::move(one));
    }
  };
  const std::vector<Probe> probes =
      ProbeEndpoints(plan.endpoints, plan.probe, judge, observer);
  progress.Clear();
  SayDivergence(context, probes);
  result.interrupted = SayInterrupted(context, probes);
  return result;
}

}  // namespace tlspin
