#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "tools/tlspin/check_print.h"
#include "tools/tlspin/check_result.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/connect_flags.h"
#include "tools/tlspin/interceptors_flag.h"
#include "tools/tlspin/judge.h"
#include "tools/tlspin/phrases.h"
#include "tools/tlspin/probe.h"
#include "tools/tlspin/report_to.h"
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
  std::string report_to;
  int warn_days = 30;
  bool strict = false;
  bool full = false;
};

// A Target is a host to ask, or a pattern that cannot be asked.
struct Target {
  Endpoint endpoint;
  std::string pattern;  // not empty: a pattern
};

// StandsFor returns whether one of `targets` is a name that `store` looks up
// under `pattern`.
bool StandsFor(const std::vector<Target>& targets, const PinStore& store,
               const std::string& pattern) {
  for (const Target& target : targets) {
    const absl::StatusOr<pinning::ServerName> name =
        pinning::ServerName::FromString(target.endpoint.host);
    const PinStore::Entry* entry = name.ok() ? store.Find(*name) : nullptr;
    if (entry != nullptr && entry->pattern == pattern) {
      return true;
    }
  }
  return false;
}

// AddTargetsOf adds every host that `store` pins, in its order, but those that
// are among `targets` or for which one of them stands.
void AddTargetsOf(const PinStore& store, std::vector<Target>& targets) {
  const std::vector<Target> given = targets;
  for (const PinStore::Entry& entry : store.entries()) {
    if (entry.pin_set == nullptr || StandsFor(given, store, entry.pattern)) {
      continue;
    }
    Target target;
    if (absl::StartsWith(entry.pattern, "*")) {
      target.pattern = entry.pattern;
    } else {
      target.endpoint.host = target.endpoint.address = entry.pattern;
    }
    targets.push_back(std::move(target));
  }
}

// ParseTargets returns the hosts that were given, or those of the file.
absl::StatusOr<std::vector<Target>> ParseTargets(
    const std::vector<std::string>& hosts) {
  std::vector<Target> targets;
  for (const std::string& host : hosts) {
    absl::StatusOr<Endpoint> endpoint = ParseEndpoint(host);
    if (!endpoint.ok()) {
      return endpoint.status();
    }
    targets.push_back({*std::move(endpoint), ""});
  }
  return targets;
}

std::vector<CheckResult> CheckAll(Context& context, const CheckFlags& flags,
                                  const Judge& judge,
                                  const ConnectOptions& options,
                                  const std::vector<Target>& targets,
                                  Reporter& reporter) {
  CheckPolicy policy;
  policy.warn_before = absl::Hours(24) * flags.warn_days;
  policy.strict = flags.strict;
  policy.language = context.json ? JsonLanguage(context) : context.language;
  CheckPrintOptions print;
  print.full_pins = flags.full || !context.out.answers_to_terminal();
  ProbeOptions ask;
  ask.connect = options;
  std::vector<CheckResult> results;
  for (const Target& target : targets) {
    results.push_back(
        target.pattern.empty()
            ? Conclude(ProbeEndpoints({target.endpoint}, ask, judge).front(),
                       judge.verifier->pin_store(), policy)
            : UncheckedPattern(target.pattern, policy.language));
    reporter.Collect(target.endpoint.port);
    if (context.json) {
      PrintCheckJson(context, judge, results.back());
    } else {
      PrintCheckResult(context, print, results.back());
    }
    // So that whoever waits for a slow host sees the ones before it.
    context.out.Flush().IgnoreError();  // kept by Output, told by Finish
  }
  return results;
}

// CheckReporting returns an error if reports would go to one of `targets`.
absl::Status CheckReporting(const Reporter& reporter,
                            const std::vector<Target>& targets) {
  for (const Target& target : targets) {
    const absl::Status good = reporter.CheckHost(target.endpoint);
    if (target.pattern.empty() && !good.ok()) {
      return good;
    }
  }
  return absl::OkStatus();
}

int RunCheck(Context& context, CheckFlags flags) {
  absl::StatusOr<std::vector<Target>> targets = ParseTargets(flags.hosts);
  const absl::StatusOr<ConnectOptions> options =
      ConnectOptionsFromFlags(flags.connect);
  absl::StatusOr<Reporter> reporter = Reporter::FromFlag(flags.report_to);
  for (const absl::Status& usage :
       {targets.status(), options.status(), reporter.status()}) {
    if (!usage.ok()) {
      return context.Fail(usage, "see tlspin check --help", kUsage);
    }
  }
  flags.judge.pins = flags.pin_file;
  const absl::StatusOr<Judge> judge = MakeJudge(flags.judge, reporter->sink());
  if (!judge.ok()) {
    return context.Fail(judge.status());
  }
  const PinStore& store = judge->verifier->pin_store();
  if (targets->empty() || flags.all) {
    AddTargetsOf(store, *targets);
  }
  if (targets->empty()) {
    return context.Fail(absl::NotFoundError(
        absl::StrCat(flags.pin_file, ": pins no host: nothing to check")));
  }
  const absl::Status reportable = CheckReporting(*reporter, *targets);
  if (!reportable.ok()) {
    return context.Fail(reportable, "report to another host", kUsage);
  }
  context.out.Note(RootsText(judge->roots));
  if (!context.json) {
    context.out.Answer(Labelled(Say(Phrase::kLabelTime, context.language),
                                TimeText(judge->now)));
  }
  const std::vector<CheckResult> results =
      CheckAll(context, flags, *judge, *options, *targets, *reporter);
  if (!context.json) {
    for (const std::string& line : Drift(results, store, context.language)) {
      context.out.Answer(
          Labelled(Say(Phrase::kCheckDrift, context.language), line));
    }
    PrintCheckCoverage(context, store, results);
    PrintCheckAnswer(context, {flags.pin_file, false}, results);
  }
  reporter->Deliver(context, *judge, *options);
  return CheckExitCode(results);
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
  command.Switch("--strict", &flags->strict, "Refuse where it would warn");
  AddRootFlags(command, &flags->judge.roots);
  AddRequirementsFlag(command, &flags->judge);
  AddTimeFlag(command, &flags->judge.at);
  AddInterceptorsFlag(command, &flags->judge.interceptors);
  AddLanguageFlag(command, context);
  AddConnectFlags(command, &flags->connect);
  AddReportFlag(command, &flags->report_to);
  command.Switch("--full", &flags->full, "Print whole pins on a terminal too");
}

}  // namespace tlspin
