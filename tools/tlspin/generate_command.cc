#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "pinning/pin_set.h"
#include "pinning/report.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/connect_flags.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/generate_flags.h"
#include "tools/tlspin/generate_plan.h"
#include "tools/tlspin/interceptors_flag.h"
#include "tools/tlspin/judge.h"
#include "tools/tlspin/pin_file.h"
#include "tools/tlspin/probe.h"
#include "tools/tlspin/roots.h"
#include "tools/tlspin/table.h"
#include "tools/tlspin/time_flag.h"
#include "tools/tlspin/verdict_text.h"

namespace tlspin {
namespace {

using ::pinning::PinSet;

// ProbeAll asks every endpoint, so that one run names every fault. It returns
// kYes if all of them are fit to be pinned.
int ProbeAll(Context& context, const GeneratePlan& plan, const Judge& judge,
             std::vector<Probe>& probes) {
  bool refused = false, unreached = false;
  ProbeOptions ask;
  ask.connect = plan.connect;
  ProbeObserver observer;
  observer.on_probe = [&](const Probe& probe) {
    const Endpoint& endpoint = probe.endpoint;
    if (!probe.verdict.has_value()) {
      unreached = true;
      context.Fail(probe.status);
      return;
    }
    const bool accepted = probe.verdict->accepted();
    const std::string why = accepted ? WhyNotToPin(probe, judge) : "";
    refused = refused || !accepted || !why.empty();
    if (context.json) {
      Json more = {{"endpoint", EndpointJson(endpoint)},
                   {"fit_to_pin", accepted && why.empty()}};
      more["reason"] = why.empty() ? Json() : Json(why);
      more["roots"] = RootsJson(judge.roots);
      context.out.Answer(
          WithKeys(VerdictToJson(*probe.verdict, JsonLanguage(context)), more));
    } else if (!accepted) {
      VerdictTextOptions options;
      options.full_pins = !context.out.answers_to_terminal();
      options.failed_paths = context.verbose;
      options.has_pins = false;
      options.evidence_codes = context.verbose;
      options.language = context.language;
      PrintVerdict(*probe.verdict, options, context.out);
    }
    if (!why.empty()) {
      context.out.Note(
          absl::StrCat("will not pin ", endpoint.ToString(), ": ", why));
    }
  };
  probes = ProbeEndpoints(plan.endpoints, ask, judge, observer);
  return refused ? kNo : unreached ? kUndecided : kYes;
}

std::string EffectText(const PinFileSet& set) {
  return absl::StrCat(
      set.mode == PinSet::Mode::kEnforce ? "enforced" : "report-only",
      " until ", DateText(set.expires), ", then ",
      set.on_expiry == PinSet::OnExpiry::kReject ? "every connection is refused"
                                                 : "not enforced");
}

void AddRows(const std::vector<PinFilePin>& pins, bool backup, bool full,
             Table& table) {
  for (const PinFilePin& pin : pins) {
    table.AddRow({backup ? "backup" : std::string(PinRoleName(pin.pin.role)),
                  PinText(pin.pin.pin, full), pin.pin.name});
  }
}

// PrintFile prints for people what was written.
void PrintFile(Context& context, const PinFile& file,
               const std::string& output) {
  const bool full = !context.out.answers_to_terminal();
  for (const PinFileSet& set : file.sets) {
    std::string hosts;
    for (const PinFile::Host& host : file.hosts) {
      if (host.set == set.name) {
        absl::StrAppend(&hosts, hosts.empty() ? "" : ", ", host.pattern);
      }
    }
    context.out.Answer(
        Labelled("set", absl::StrCat(Escape(set.name), " for ", hosts)));
    Table table;
    AddRows(set.pins, false, full, table);
    AddRows(set.backup_pins, true, full, table);
    context.out.Answer(table.ToString(""));
  }
  context.out.Answer(absl::StrCat(
      context.out.Paint(Output::Style::kGood, "OK"), "       ", Escape(output),
      ": ", file.hosts.size(), file.hosts.size() == 1 ? " host" : " hosts",
      ", ", file.sets.size(), file.sets.size() == 1 ? " set" : " sets", ", ",
      EffectText(file.sets.front()), "\n"));
}

int WritePinFile(Context& context, const GenerateFlags& flags,
                 const GeneratePlan& plan, const Judge& judge,
                 const std::vector<Probe>& probes) {
  const absl::StatusOr<PinFile> file =
      PlanPinFile(probes, plan.policy, judge.now);
  if (!file.ok()) {
    return context.Fail(file.status(), "nothing was written", kNo);
  }
  const absl::StatusOr<std::string> json = PinFileToJson(*file);
  if (!json.ok()) {
    return context.Fail(json.status(), "nothing was written", kNo);
  }
  if (flags.output.empty() || flags.output == "-") {
    context.out.Answer(*json);
    context.out.Note(EffectText(file->sets.front()));
    return kYes;
  }
  const absl::Status written = WriteFileAtomically(flags.output, *json);
  if (!written.ok()) {
    return context.Fail(written);
  }
  if (!context.json) {
    PrintFile(context, *file, flags.output);
  }
  return kYes;
}

int RunGenerate(Context& context, const GenerateFlags& flags) {
  if (flags.backups.empty()) {
    return context.Fail(
        absl::InvalidArgumentError(
            "a pin set needs a backup pin: give --backup FILE"),
        "make a spare key, keep it offline, and give its public half, such as "
        "spare.pub of: openssl pkey -in spare.key -pubout -out spare.pub",
        kUsage);
  }
  const bool to_stdout = flags.output.empty() || flags.output == "-";
  if (context.json && to_stdout) {
    return context.Fail(absl::InvalidArgumentError(
                            "--json and the pin file both go to standard "
                            "output"),
                        "say where the pin file goes: -o FILE", kUsage);
  }
  const absl::StatusOr<Judge> judge = MakeJudge(flags.judge);
  if (!judge.ok()) {
    return context.Fail(judge.status());
  }
  const absl::StatusOr<GeneratePlan> plan = MakeGeneratePlan(flags, judge->now);
  if (!plan.ok()) {
    return absl::IsOutOfRange(plan.status())
               ? context.Fail(plan.status(), "see tlspin generate --help",
                              kUsage)
               : context.Fail(plan.status());
  }
  context.out.Note(RootsText(judge->roots));
  context.out.Note(absl::StrCat("time: ", TimeText(judge->now)));
  std::vector<Probe> probes;
  const int code = ProbeAll(context, *plan, *judge, probes);
  if (code != kYes) {
    context.out.Note("nothing was written");
    return code;
  }
  return WritePinFile(context, flags, *plan, *judge, probes);
}

const HelpText& Help() {
  static const HelpText& help = *new HelpText{
      "Make a pin file of what servers present",
      "Decides for each host whether what it presents is fit to be pinned: "
      "its\n"
      "chain must validate, to an anchor that was not added to this machine,\n"
      "and must not look forged. All hosts or none: unless every one is fit,\n"
      "nothing is written. Hosts with the same pins share a set, named after\n"
      "the first of them or by --set NAME, NAME-2, NAME-3.\n"
      "It does not tell whether you are talking to the right server: run it "
      "on\n"
      "a network that you trust, and have the result reviewed.\n"
      "--pin takes leaf, issuer, anchor or several with commas: any one of "
      "the\n"
      "keys pinned satisfies a set. The default, issuer,anchor, outlives a "
      "new\n"
      "leaf, a new issuer under the same root, and a cross-signed root; it\n"
      "trusts whatever that root signs. leaf is the tightest, and needs a new\n"
      "pin file before each new key.\n"
      "After 90 days, or --expires, the pins are not enforced any more, so "
      "that\n"
      "a client that is not updated is not cut off; --on-expiry reject "
      "refuses.",
      "  0  the pin file was written\n"
      "  1  a host is not fit to be pinned (this wins over 3)\n"
      "  2  the command line is wrong\n"
      "  3  a host could not be reached, or a file not read or written\n",
      "  $ tlspin generate idbroker.webex.com --backup spare.pub -o pins.json\n"
      "  set      idbroker.webex.com for idbroker.webex.com\n"
      "           issuer  sha256/klO2…juY=  Example Issuer\n"
      "           anchor  sha256/grX4…RME=  Example Root\n"
      "           backup  sha256/afwi…8ig=  backup EC P-256\n"
      "  OK       pins.json: 1 host, 1 set, enforced until 2026-10-30, then "
      "not "
      "enforced"};
  return help;
}

}  // namespace

void AddGenerateCommand(CommandTable& table, Context& context) {
  const auto flags = std::make_shared<GenerateFlags>();
  Command& command =
      AddCommand(table, context, "generate", Help(),
                 [&context, flags] { return RunGenerate(context, *flags); });
  command.Argument("HOST", &flags->hosts, "HOST[:PORT] or HOST@ADDRESS[:PORT]");
  command.Option("--from", "FILE", &flags->from,
                 "A file of hosts, one on each line; - is standard input");
  command.Option("--pin", "ROLES", &flags->pin,
                 "leaf, issuer, anchor or all; default issuer,anchor");
  // One value each, so that a host may follow.
  command.Option("--backup", "FILE", &flags->backups,
                 "A certificate, CSR, public or private key: its key becomes "
                 "a backup pin; may be repeated");
  command.Option("--set", "NAME", &flags->set, "The name of the set");
  command.Option("--expires", "WHEN", &flags->expires,
                 "A date or a number of days; default 90");
  command
      .Option("--on-expiry", "WHAT", &flags->on_expiry,
              "stop-enforcing (default) or reject")
      .OneOf({"stop-enforcing", "reject"});
  command
      .Option("--mode", "MODE", &flags->mode,
              "enforce (default) or report-only")
      .OneOf({"enforce", "report-only"});
  command.Option("-o,--output", "FILE", &flags->output,
                 "The pin file to write; default standard output");
  AddRootFlags(command, &flags->judge.roots);
  AddTimeFlag(command, &flags->judge.at);
  AddInterceptorsFlag(command, &flags->judge.interceptors);
  AddLanguageFlag(command, context);
  AddConnectFlags(command, &flags->connect);
}

}  // namespace tlspin
