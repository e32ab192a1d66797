#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "tools/tlspin/backup_key.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/connect_flags.h"
#include "tools/tlspin/generate_flags.h"
#include "tools/tlspin/generate_plan.h"
#include "tools/tlspin/generate_probe.h"
#include "tools/tlspin/generate_update_command.h"
#include "tools/tlspin/generate_write.h"
#include "tools/tlspin/interceptors_flag.h"
#include "tools/tlspin/judge.h"
#include "tools/tlspin/pin_file.h"
#include "tools/tlspin/probe.h"
#include "tools/tlspin/probe_flags.h"
#include "tools/tlspin/proxy_use.h"
#include "tools/tlspin/roots.h"
#include "tools/tlspin/time_flag.h"

namespace tlspin {
namespace {

int WriteNewFile(Context& context, const GenerateFlags& flags,
                 const GeneratePlan& plan, const Judge& judge,
                 const std::vector<Probe>& probes,
                 const std::optional<BackupKey>& key) {
  const absl::StatusOr<PinFile> file =
      PlanPinFile(probes, plan.policy, judge.now);
  if (!file.ok()) {
    return context.Fail(file.status(), "nothing was written", kNo);
  }
  const absl::StatusOr<std::string> json = PinFileToJson(*file);
  if (!json.ok()) {
    return context.Fail(json.status(), "nothing was written", kNo);
  }
  const absl::Status written = WriteFiles(context, flags, *json, key);
  if (!written.ok()) {
    return context.Fail(written);
  }
  if (flags.pin_file().empty()) {
    context.out.Note(EffectText(file->sets.front()));
  } else if (!context.json) {
    PrintFile(context, *file, flags.pin_file());
  }
  return kYes;
}

int RunGenerate(Context& context, const GenerateFlags& flags) {
  if (const std::optional<UsageFault> fault =
          FindUsageFault(flags, context.json)) {
    return context.Fail(absl::InvalidArgumentError(fault->message), fault->hint,
                        kUsage);
  }
  const absl::StatusOr<Judge> judge = MakeJudge(flags.judge);
  if (!judge.ok()) {
    return context.Fail(judge.status());
  }
  absl::StatusOr<GeneratePlan> plan = MakeGeneratePlan(flags, judge->now);
  if (!plan.ok()) {
    return absl::IsOutOfRange(plan.status())
               ? context.Fail(plan.status(), "see tlspin generate --help",
                              kUsage)
               : context.Fail(plan.status());
  }
  std::optional<OldPinFile> old;
  if (!flags.update.empty()) {
    absl::StatusOr<OldPinFile> read = ReadOldPinFile(flags.update, *plan);
    if (!read.ok()) {
      return absl::IsOutOfRange(read.status())
                 ? context.Fail(read.status(), "leave out --set", kUsage)
                 : context.Fail(read.status());
    }
    old = *std::move(read);
  }
  const absl::StatusOr<std::optional<BackupKey>> key = MakeBackupKey(flags);
  if (!key.ok()) {
    return context.Fail(key.status());
  }
  if (key->has_value()) {
    plan->policy.backups.push_back(BackupPinOf(**key, judge->now));
  }
  context.out.Note(RootsText(judge->roots));
  context.out.Note(absl::StrCat("time: ", TimeText(judge->now)));
  const absl::Status prepared =
      PrepareProxy(context, plan->endpoints, &plan->probe.connect);
  if (!prepared.ok()) {
    return context.Fail(prepared);
  }
  const ProbeResult asked =
      ProbeHosts(context, *plan, *judge, flags.candidates || context.verbose);
  if (flags.candidates) {
    return asked.code();
  }
  if (old.has_value() && !asked.refused && !asked.interrupted) {
    return WriteUpdate(context, flags, *plan, *judge, *old, asked, *key);
  }
  if (asked.refused || asked.interrupted || asked.unreached) {
    context.out.Note("nothing was written");
    return asked.code();
  }
  const int written =
      WriteNewFile(context, flags, *plan, *judge, asked.probes, *key);
  if (written == kYes && asked.missing) {
    context.out.Note(
        "the pins are those of the addresses that answered: the others may "
        "have different keys; see above");
  }
  return written == kYes ? asked.code() : written;
}

const HelpText& Help() {
  static const HelpText& help = *new HelpText{
      "Make a pin file of what servers present, or bring one up to date",
      "Decides for each host whether what it presents is fit to be pinned: "
      "its\n"
      "chain must validate, to an anchor that was not added to this machine,\n"
      "and must not look forged. All hosts or none: unless every one is fit,\n"
      "nothing is written. Hosts with the same pins share a set, named after\n"
      "the first of them or by --set NAME, NAME-2, NAME-3.\n"
      "It does not tell whether you are talking to the right server: run it "
      "on\n"
      "a network that you trust, and have the result reviewed.\n"
      "--candidates writes nothing and shows the keys of each host: how long\n"
      "each is likely to last, what else it would let in, and which to pin.\n"
      "--pin takes leaf, issuer, anchor or several with commas, any one of\n"
      "which satisfies a set, or proposed. The default, issuer,anchor, "
      "outlives\n"
      "a new leaf, a new issuer under the same root, and a cross-signed root;\n"
      "it trusts whatever that root signs. leaf is the tightest, and needs a\n"
      "new pin file before each new key.\n"
      "--update PINFILE asks the hosts of a pin file, or those named, adds "
      "what\n"
      "they serve now and keeps all else: pins, backups, comments, order. A "
      "set\n"
      "none of whose pins is served any more is not changed but with\n"
      "--allow-mismatch. A host that cannot be reached keeps its pins. A host\n"
      "that the file does not cover is added: to the set that pins its keys "
      "and\n"
      "no others, to that of --set, or to a new one, which needs a backup.\n"
      "After 90 days, or --expires, the pins are not enforced any more, so "
      "that\n"
      "a client that is not updated is not cut off; --on-expiry reject "
      "refuses.",
      "  0  the pin file was written; whether it differs is for tlspin diff\n"
      "  1  a host is not fit to be pinned (this wins over 3)\n"
      "  2  the command line is wrong\n"
      "  3  a host, or with --all-addresses one of its addresses, could not "
      "be\n"
      "     reached, or a file not read or written\n",
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

void AddBackupFlags(Command& command, GenerateFlags* flags) {
  // One value each, so that a host may follow.
  command.Option("--backup", "FILE", &flags->backups,
                 "A certificate, CSR, public or private key: its key becomes "
                 "a backup pin; may be repeated");
  command.Option("--new-backup-key", "FILE", &flags->new_backup_key,
                 "Make a private key, write it to FILE, and make it a backup "
                 "pin; never overwrites");
  command
      .Option("--backup-key-type", "TYPE", &flags->backup_key_type,
              "ec-p256 (default) or rsa-3072")
      .OneOf({"ec-p256", "rsa-3072"});
  command.Switch("--encrypt-backup-key", &flags->encrypt_backup_key,
                 "Encrypt the new key with a password: --password-file, else "
                 "TLSPIN_PASSWORD, else asked for");
  command.Option("--password-file", "FILE", &flags->password_file,
                 "A file whose first line opens an encrypted --backup, or "
                 "encrypts the new key; - is standard input");
}

void AddUpdateFlags(Command& command, GenerateFlags* flags) {
  command.Option("--update", "PINFILE", &flags->update,
                 "Bring a pin file up to date: its hosts, or those named");
  command.Switch("--in-place", &flags->in_place,
                 "With --update: replace PINFILE, whole or not at all");
  command.Switch("--prune", &flags->prune,
                 "With --update: remove pins that are on no path, in sets all "
                 "of whose patterns were asked");
  command.Switch("--allow-mismatch", &flags->allow_mismatch,
                 "With --update: change a set none of whose pins is served, "
                 "which is what an interceptor looks like too");
  command.Switch("--allow-divergent", &flags->allow_divergent,
                 "Pin the keys of all addresses of a host that show different "
                 "ones");
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
  command.Switch("--candidates", &flags->candidates,
                 "Write nothing; show the keys that could be pinned, and which "
                 "to choose");
  command.Option("--pin", "ROLES", &flags->pin,
                 "leaf, issuer, anchor, all or proposed; default "
                 "issuer,anchor, or with --update those of each set");
  AddBackupFlags(command, flags.get());
  command.Option(
      "--set", "NAME", &flags->set,
      "The name of the set, or with --update the set for hosts that the "
      "file does not cover");
  command.Option("--expires", "WHEN", &flags->expires,
                 "A date or a number of days; default 90, or with --update "
                 "unchanged");
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
  AddUpdateFlags(command, flags.get());
  AddRootFlags(command, &flags->judge.roots);
  AddTimeFlag(command, &flags->judge.at);
  AddInterceptorsFlag(command, &flags->judge.interceptors);
  AddLanguageFlag(command, context);
  AddConnectFlags(command, &flags->connect);
  AddProbeFlags(command, &flags->probe);
}

}  // namespace tlspin
