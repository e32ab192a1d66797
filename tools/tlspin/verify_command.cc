#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "pinning/certificate.h"
#include "pinning/report.h"
#include "pinning/server_name.h"
#include "pinning/verdict.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/judge.h"
#include "tools/tlspin/page_flag.h"
#include "tools/tlspin/verdict_text.h"

namespace tlspin {
namespace {

struct VerifyFlags {
  JudgeFlags judge;
  std::string host;
  std::string chain;
  std::string html;
  bool full = false;
};

int RunVerify(Context& context, const VerifyFlags& flags) {
  const absl::StatusOr<pinning::ServerName> name =
      pinning::ServerName::FromString(flags.host);
  if (!name.ok()) {
    return context.Fail(
        absl::InvalidArgumentError(
            absl::StrCat("--host: ", name.status().message())),
        "write it as in a URL, such as idbroker.webex.com or 192.0.2.1",
        kUsage);
  }
  const absl::StatusOr<std::vector<pinning::Certificate>> certificates =
      ReadCertificates(flags.chain);
  if (!certificates.ok()) {
    return context.Fail(certificates.status(),
                        "a chain is the leaf and its intermediates, PEM or "
                        "DER, leaf first");
  }
  const absl::StatusOr<Judge> judge = MakeJudge(flags.judge);
  if (!judge.ok()) {
    return context.Fail(judge.status());
  }
  const pinning::Verdict verdict = JudgeChain(*judge, *certificates, *name);
  PageSource source;
  source.file = flags.chain;
  const absl::Status page =
      WritePage(context, flags.html, verdict, *judge, source);
  if (!page.ok()) {
    return context.Fail(page);
  }
  context.out.Note(RootsText(judge->roots));
  if (context.json) {
    Json more;
    more["roots"] = RootsJson(judge->roots);
    context.out.Answer(
        WithKeys(VerdictToJson(verdict, JsonLanguage(context)), more));
    return verdict.accepted() ? kYes : kNo;
  }
  VerdictTextOptions options;
  options.full_pins = flags.full || !context.out.answers_to_terminal();
  options.failed_paths = context.verbose;
  options.has_pins = judge->has_pins;
  options.evidence_codes = context.verbose;
  options.language = context.language;
  PrintVerdict(verdict, options, context.out);
  return verdict.accepted() ? kYes : kNo;
}

const HelpText& Help() {
  static const HelpText& help = *new HelpText{
      "Decide, offline, whether a chain may be trusted for a host",
      "Decides what a client would decide at the time given: path, name and\n"
      "pins. It asks no server and does not look for revocation.",
      "  0  accepted\n"
      "  1  rejected\n"
      "  2  the command line is wrong\n"
      "  3  a file could not be read, or is no chain, pin file or roots\n",
      "  $ tlspin verify --host a.example.com --roots roots.pem --pins p.json "
      "chain.pem\n"
      "  host     a.example.com\n"
      "  time     2026-08-01T00:00:00Z\n"
      "  path     0  CN=a.example.com  sha256/afwi…8ig=  leaf\n"
      "           1  CN=Example Root   sha256/grX4…RME=  anchor\n"
      "  pins     example for *.example.com (enforced, expires 2027-02-20, 203 "
      "days left)\n"
      "           sha256/grX4…RME=  Example Root  pin     on the path at depth "
      "1\n"
      "           sha256/klO2…juY=  Spare         backup  not on the path\n"
      "  ACCEPT   a.example.com: the pin \"Example Root\" matched"};
  return help;
}

}  // namespace

void AddVerifyCommand(CommandTable& table, Context& context) {
  const auto flags = std::make_shared<VerifyFlags>();
  Command& command =
      AddCommand(table, context, "verify", Help(),
                 [&context, flags] { return RunVerify(context, *flags); });
  command
      .Argument("CHAIN", &flags->chain,
                "The chain, PEM or DER, leaf first; - is standard input")
      .Required();
  command
      .Option("--host", "HOST", &flags->host, "The name that the client asked")
      .Required();
  AddJudgeFlags(command, &flags->judge);
  AddPageFlag(command, &flags->html);
  AddLanguageFlag(command, context);
  command.Switch("--full", &flags->full, "Print whole pins on a terminal too");
}

}  // namespace tlspin
