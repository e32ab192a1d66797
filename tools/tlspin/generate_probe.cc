#include "tools/tlspin/generate_probe.h"

#include <string>

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

}  // namespace

ProbeResult ProbeHosts(Context& context, const GeneratePlan& plan,
                       const Judge& judge, bool candidates) {
  ProbeResult result;
  const CandidatesView view = ViewOf(context, plan, judge);
  ProgressLine progress(context);
  ProbeObserver observer;
  observer.on_progress = [&](const ProbeProgress& now) { progress.Show(now); };
  observer.on_probe = [&](const Probe& probe) {
    if (probe.interrupted) {
      return;  // told for all of them together
    }
    progress.Clear();
    if (!probe.verdict.has_value()) {
      result.unreached = true;
      context.Fail(probe.status);
      return;
    }
    const bool accepted = probe.verdict->accepted();
    const std::string why = accepted ? WhyNotToPin(probe, judge) : "";
    const bool fit = accepted && why.empty();
    result.refused = result.refused || !fit;
    if (context.json) {
      Json more = {{"endpoint", EndpointJson(probe.endpoint)},
                   {"fit_to_pin", fit}};
      more["reason"] = why.empty() ? Json() : Json(why);
      more["roots"] = RootsJson(judge.roots);
      AddCandidates(fit ? &*probe.verdict : nullptr, view, more);
      context.out.Answer(
          WithKeys(VerdictToJson(*probe.verdict, JsonLanguage(context)), more));
    } else if (!accepted) {
      PrintRefused(context, probe);
    } else if (fit && candidates) {
      context.out.Answer(Labelled("host", probe.Target()));
      context.out.Answer(CandidatesText(*probe.verdict, view));
    }
    if (!why.empty()) {
      context.out.Note(
          absl::StrCat("will not pin ", probe.Target(), ": ", why));
    }
  };
  result.probes = ProbeEndpoints(plan.endpoints, plan.probe, judge, observer);
  progress.Clear();
  result.interrupted = SayInterrupted(context, result.probes);
  return result;
}

}  // namespace tlspin
