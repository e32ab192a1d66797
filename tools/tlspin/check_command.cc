#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "pinning/pin_store.h"
#include "tools/tlspin/check_findings.h"
#include "tools/tlspin/check_lint.h"
#include "tools/tlspin/check_outcome.h"
#include "tools/tlspin/check_print.h"
#include "tools/tlspin/check_result.h"
#include "tools/tlspin/check_run.h"
#include "tools/tlspin/check_state.h"
#include "tools/tlspin/check_targets.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/connect_flags.h"
#include "tools/tlspin/escape.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/host_findings.h"
#include "tools/tlspin/interceptors_flag.h"
#include "tools/tlspin/judge.h"
#include "tools/tlspin/phrases.h"
#include "tools/tlspin/pin_places.h"
#include "tools/tlspin/probe.h"
#include "tools/tlspin/probe_flags.h"
#include "tools/tlspin/proxy_use.h"
#include "tools/tlspin/report_to.h"
#include "tools/tlspin/reports/check_report.h"
#include "tools/tlspin/reports/report_files.h"
#include "tools/tlspin/roots.h"
#include "tools/tlspin/table.h"
#include "tools/tlspin/time_flag.h"

namespace tlspin {
namespace {

using ::pinning::PinStore;

struct CheckFlags {
  std::string pin_file;
  std::vector<std::string> hosts;
  bool all = false;
  JudgeFlags judge;
  ConnectFlags connect;
  ProbeFlags probe;
  std::string report_to;
  int warn_days = 30, fail_days = 0;
  int cert_warn_days = 14, cert_fail_days = 0;
  int min_coverage = 0;
  bool strict = false;
  bool full = false;
  std::vector<std::string> reports;
  std::string state;
};

CheckPolicy PolicyOf(const Context& context, const CheckFlags& flags,
                     const PinPlaces& places) {
  constexpr absl::Duration kDay = absl::Hours(24);
  CheckPolicy policy;
  policy.warn_before = kDay * flags.warn_days;
  policy.fail_before = kDay * flags.fail_days;
  policy.certificate_warn_before = kDay * flags.cert_warn_days;
  policy.certificate_fail_before = kDay * flags.cert_fail_days;
  policy.strict = flags.strict;
  policy.language = context.json ? JsonLanguage(context) : context.language;
  policy.places = &places;
  return policy;
}

// CheckReporting returns an error if reports would go to one of `targets`.
absl::Status CheckReporting(const Reporter& reporter,
                            const std::vector<CheckTarget>& targets) {
  for (const CheckTarget& target : targets) {
    const absl::Status good = reporter.CheckHost(target.endpoint);
    if (target.pattern.empty() && !good.ok()) {
      return good;
    }
  }
  return absl::OkStatus();
}

// Conclusion returns all that `asked` comes to, in the language of `policy`;
// `state` may be null.
CheckOutcome Conclusion(const CheckFlags& flags, const Judge& judge,
                        const CheckPolicy& policy, const Asked& asked,
                        CheckState* state) {
  const PinStore& store = judge.verifier->pin_store();
  const PinPlaces& places = *policy.places;
  CheckOutcome outcome;
  outcome.strict = flags.strict;
  outcome.results = ConcludeAll(asked, store, policy);
  Locate(store, places, outcome.results);
  outcome.sets = CheckedSets(outcome.results, store, places, judge.now, state);
  outcome.patterns = CheckedPatterns(outcome.results, store, places);
  FilePolicy of_file;
  of_file.min_coverage = flags.min_coverage;
  of_file.language = policy.language;
  outcome.of_file = FileFindings(outcome.results, store, places, outcome.sets,
                                 outcome.patterns, of_file);
  const auto add = [&outcome](std::vector<Finding> findings) {
    for (Finding& finding : findings) {
      outcome.of_file.push_back(std::move(finding));
    }
  };
  add(DivergenceFindings(asked.probes, store, places, policy.language));
  add(LintFindings(judge.pin_text, flags.pin_file, judge.now, places));
  outcome.exit_code =
      WasInterrupted(asked.probes)
          ? kUndecided
          : CheckExitCode(outcome.results, outcome.of_file, flags.strict);
  return outcome;
}

// WriteFiles writes the state, if there is one, and the reports. What cannot be
// written is no answer: it returns the exit code.
int WriteFiles(Context& context, const CheckFlags& flags,
               const std::vector<ReportFile>& files, const CheckState& state,
               const CheckReport& report) {
  absl::Status status = WriteReports(files, report);
  if (!flags.state.empty()) {
    status.Update(WriteFileAtomically(flags.state, state.ToJson()));
  }
  return status.ok() ? report.exit_code : context.Fail(status);
}

// Inputs is what a check needs beside its flags.
struct Inputs {
  std::vector<CheckTarget> targets;
  Judge judge;
  PinPlaces places;
  CheckState state;
};

// ReadInputs reads the files that `flags` name. Every error says which.
absl::StatusOr<Inputs> ReadInputs(const CheckFlags& flags,
                                  std::vector<CheckTarget> targets,
                                  const Reporter& reporter) {
  JudgeFlags judge_flags = flags.judge;
  judge_flags.pins = flags.pin_file;
  absl::StatusOr<Judge> judge = MakeJudge(judge_flags, reporter.sink());
  if (!judge.ok()) {
    return judge.status();
  }
  if (PinStore::IsCompiled(judge->pin_text)) {
    return absl::InvalidArgumentError(absl::StrCat(
        flags.pin_file,
        ": this is compiled: check the pin file that it was made of"));
  }
  Inputs inputs;
  if (!flags.state.empty()) {
    absl::StatusOr<CheckState> state = CheckState::Load(flags.state);
    if (!state.ok()) {
      return state.status();
    }
    inputs.state = *std::move(state);
  }
  if (targets.empty() || flags.all) {
    AddCheckTargetsOf(judge->verifier->pin_store(),
                      DefaultPortOf(flags.connect), targets);
  }
  if (targets.empty()) {
    return absl::NotFoundError(
        absl::StrCat(flags.pin_file, ": pins no host: nothing to check"));
  }
  inputs.places = PinPlaces::Of(judge->pin_text);
  inputs.targets = std::move(targets);
  inputs.judge = *std::move(judge);
  return inputs;
}

int PrintOutcome(Context& context, const CheckFlags& flags,
                 const CheckOutcome& outcome) {
  if (!context.json) {
    PrintFileFindings(context, outcome.of_file);
    PrintCheckCoverage(context, outcome.patterns);
    PrintCheckAnswer(context, {flags.pin_file, false}, outcome);
  }
  return outcome.exit_code;
}

std::vector<Endpoint> EndpointsOf(const std::vector<CheckTarget>& targets) {
  std::vector<Endpoint> endpoints;
  for (const CheckTarget& target : targets) {
    if (target.pattern.empty()) {
      endpoints.push_back(target.endpoint);
    }
  }
  return endpoints;
}

int RunCheck(Context& context, const CheckFlags& flags) {
  absl::StatusOr<std::vector<CheckTarget>> targets =
      ParseCheckTargets(flags.hosts, DefaultPortOf(flags.connect));
  absl::StatusOr<ConnectOptions> options =
      ConnectOptionsFromFlags(flags.connect);
  absl::StatusOr<Reporter> reporter = Reporter::FromFlag(flags.report_to);
  const absl::StatusOr<std::vector<ReportFile>> files =
      ParseReportFiles(flags.reports, {flags.pin_file, flags.state});
  for (const absl::Status& usage : {targets.status(), options.status(),
                                    reporter.status(), files.status()}) {
    if (!usage.ok()) {
      return context.Fail(usage, "see tlspin check --help", kUsage);
    }
  }
  absl::StatusOr<Inputs> inputs =
      ReadInputs(flags, *std::move(targets), *reporter);
  if (!inputs.ok()) {
    const absl::StatusOr<absl::Time> now = TimeFromFlag(flags.judge.at);
    // A report of an earlier run must not stand for this one.
    const absl::Status written =
        WriteReports(*files, ReportOf(inputs.status(), flags.pin_file,
                                      now.ok() ? *now : absl::UnixEpoch()));
    if (!written.ok()) {
      context.out.Note(EscapeMessage(written.message()));
    }
    return context.Fail(inputs.status());
  }
  const Judge& judge = inputs->judge;
  const absl::Status reportable = CheckReporting(*reporter, inputs->targets);
  if (!reportable.ok()) {
    return context.Fail(reportable, "report to another host", kUsage);
  }
  context.out.Note(RootsText(judge.roots));
  const absl::Status prepared =
      PrepareProxy(context, EndpointsOf(inputs->targets), &*options);
  if (!prepared.ok()) {
    return context.Fail(prepared);
  }
  if (!context.json) {
    context.out.Answer(Labelled(Say(Phrase::kLabelTime, context.language),
                                TimeText(judge.now)));
  }
  CheckPolicy policy = PolicyOf(context, flags, inputs->places);
  CheckPrintOptions print;
  print.full_pins = flags.full || !context.out.answers_to_terminal();
  const Asked asked =
      Ask(context, judge, policy, print, *reporter, inputs->targets,
          ProbeOptionsFromFlags(flags.probe, *options));
  CheckState before = inputs->state;
  CheckState* const state = flags.state.empty() ? nullptr : &inputs->state;
  const CheckOutcome outcome = Conclusion(flags, judge, policy, asked, state);
  PrintOutcome(context, flags, outcome);
  reporter->Deliver(context, judge, *options);
  // Reports are read by programs and by other people.
  policy.language = JsonLanguage(context);
  return WriteFiles(context, flags, *files, inputs->state,
                    ReportOf(Conclusion(flags, judge, policy, asked,
                                        state == nullptr ? nullptr : &before),
                             flags.pin_file, judge.now, policy.language));
}

const HelpText& Help() {
  static const HelpText& help = *new HelpText{
      "Compare production servers with a pin file, for CI",
      "Decides for each host whether a client with this pin file would accept\n"
      "what its server presents now; for a mismatch it shows what is expected\n"
      "and what is served. Without hosts it asks every exact name of the "
      "file.\n"
      "A pattern such as *.example.com stands for names that the file does "
      "not\n"
      "say: it counts as not checked, which is exit code 3. Name a host for\n"
      "each pattern, and add --all to ask the exact names too.\n"
      "Refused are also a host that the file does not cover, a set that has\n"
      "expired, and a mismatch of a report-only set. It does not tell whether\n"
      "the backup keys still exist.",
      "  0  every host accepted\n"
      "  1  a host was refused (this wins over 3)\n"
      "  2  the command line is wrong\n"
      "  3  a host could not be reached or is not known, or a file not read\n",
      "  $ tlspin check pins.json idbroker.webex.com\n"
      "  time     2026-08-01T00:00:00Z\n"
      "  ok       idbroker.webex.com:443: matches \"Example Root\" (depth 2), "
      "webex has 89 days left\n"
      "  coverage 1 of 3 patterns checked; not identity.webex.com, *.wbx2.com\n"
      "  OK       pins.json: the host matches its pins"};
  return help;
}

}  // namespace

void AddCheckCommand(CommandTable& table, Context& context) {
  const auto flags = std::make_shared<CheckFlags>();
  Command& command =
      AddCommand(table, context, "check", Help(),
                 [&context, flags] { return RunCheck(context, *flags); });
  command
      .Argument("PINFILE", &flags->pin_file,
                "The pin file; - is standard input")
      .Required();
  command.Argument("HOST", &flags->hosts,
                   "HOST[:PORT] or HOST@ADDRESS[:PORT]; default: the exact "
                   "names of the file");
  command.Switch("--all", &flags->all,
                 "Ask the exact names of the file too, beside those given");
  command
      .Option("--warn-days", "DAYS", &flags->warn_days,
              "Warn if a set expires within so many days; default 30")
      .Between(0, 36500);
  command
      .Option("--fail-days", "DAYS", &flags->fail_days,
              "Refuse if a set expires within so many days; default 0")
      .Between(0, 36500);
  command
      .Option("--cert-warn-days", "DAYS", &flags->cert_warn_days,
              "Warn if a certificate of the path expires within so many days; "
              "default 14")
      .Between(0, 36500);
  command
      .Option("--cert-fail-days", "DAYS", &flags->cert_fail_days,
              "Refuse if one does; default 0")
      .Between(0, 36500);
  command
      .Option("--min-coverage", "PERCENT", &flags->min_coverage,
              "Fail if fewer of the file's patterns are reached; default 0")
      .Between(0, 100);
  command.Switch("--strict", &flags->strict, "Refuse where it would warn");
  command.Option("--report", "FORMAT=FILE", &flags->reports,
                 absl::StrCat("Write a report to a file too: ", ReportFormats(),
                              "; may be repeated"));
  command.Option("--state", "FILE", &flags->state,
                 "Remember in this file when each pin was last seen");
  AddRootFlags(command, &flags->judge.roots);
  AddRequirementsFlag(command, &flags->judge);
  AddTimeFlag(command, &flags->judge.at);
  AddInterceptorsFlag(command, &flags->judge.interceptors);
  AddLanguageFlag(command, context);
  AddConnectFlags(command, &flags->connect);
  AddProbeFlags(command, &flags->probe);
  AddReportFlag(command, &flags->report_to);
  command.Switch("--full", &flags->full, "Print whole pins on a terminal too");
}

}  // namespace tlspin
