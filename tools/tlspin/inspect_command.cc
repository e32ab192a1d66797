#include <sys/stat.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "pinning/certificate.h"
#include "pinning/language.h"
#include "pinning/report.h"
#include "pinning/server_name.h"
#include "pinning/verdict.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/compare_names.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/connect_flags.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/judge.h"
#include "tools/tlspin/judge_served.h"
#include "tools/tlspin/page_flag.h"
#include "tools/tlspin/phrases.h"
#include "tools/tlspin/proxy_use.h"
#include "tools/tlspin/report_to.h"
#include "tools/tlspin/table.h"
#include "tools/tlspin/verdict_text.h"

namespace tlspin {
namespace {

using ::pinning::Certificate;
using ::pinning::ServerName;
using ::pinning::Verdict;

struct InspectFlags {
  JudgeFlags judge;
  std::string target;
  std::string host;
  ConnectFlags connect;
  std::string html;
  std::string report_to;
  bool full = false;
};

// IsFile returns whether `target` means a file and not a server: standard
// input, a path, or something that is there.
bool IsFile(const std::string& target) {
  struct stat info;
  return target == "-" || absl::StrContains(target, '/') ||
         (stat(target.c_str(), &info) == 0 && S_ISREG(info.st_mode));
}

// ServedTable returns the certificates as the peer sent them.
std::string ServedTable(const Verdict& verdict,
                        const VerdictTextOptions& options) {
  Table table;
  for (size_t i = 0; i < verdict.presented().size(); ++i) {
    const Certificate& certificate = verdict.presented()[i];
    table.AddRow(
        {absl::StrCat(i), SubjectText(certificate, options.language),
         PinText(certificate.pin(), options.full_pins),
         Say(Phrase::kIssuedBy, options.language, IssuerText(certificate))});
  }
  return table.ToString(Say(Phrase::kLabelServed, options.language));
}

// An Inspection is a verdict and where its chain came from.
struct Inspection {
  const Verdict& verdict;
  PageSource source;
  Json more;  // the keys that go after the library's
};

// ConnectionText returns the line that says whom the chain is from.
std::string ConnectionText(const PageSource& source,
                           pinning::Language language) {
  if (source.served == nullptr) {
    return Labelled(Say(Phrase::kLabelFile, language), Escape(source.file));
  }
  const Served& served = *source.served;
  return Labelled(
      Say(Phrase::kLabelServer, language),
      absl::StrCat(
          Escape(source.endpoint->ToString()), ", ", Escape(served.tls_version),
          ", ", Escape(served.cipher),
          served.alpn.empty() ? "" : absl::StrCat(", ", Escape(served.alpn)),
          source.proxy.empty()
              ? ""
              : absl::StrCat(
                    ", ", Say(Phrase::kThroughProxy, language, source.proxy))));
}

// Print prints the verdict, as JSON or for people after what was served, and
// writes its page.
int Print(Context& context, const InspectFlags& flags, const Judge& judge,
          Inspection inspection) {
  const Verdict& verdict = inspection.verdict;
  const absl::Status page =
      WritePage(context, flags.html, verdict, judge, inspection.source);
  if (!page.ok()) {
    return context.Fail(page);
  }
  const int code = verdict.accepted() ? kYes : kNo;
  context.out.Note(RootsText(judge.roots));
  if (context.json) {
    inspection.more["roots"] = RootsJson(judge.roots);
    context.out.Answer(WithKeys(VerdictToJson(verdict, JsonLanguage(context)),
                                inspection.more));
    return code;
  }
  VerdictTextOptions options;
  options.full_pins = flags.full || !context.out.answers_to_terminal();
  options.failed_paths = true;
  options.has_pins = judge.has_pins;
  options.evidence_codes = context.verbose;
  options.language = context.language;
  context.out.Answer(ConnectionText(inspection.source, context.language));
  if (verdict.path() != nullptr) {
    context.out.Answer(ServedTable(verdict, options));
  }
  PrintVerdict(verdict, options, context.out);
  return code;
}

int InspectFile(Context& context, const InspectFlags& flags,
                const ConnectOptions& options, Reporter& reporter) {
  if (flags.host.empty()) {
    return context.Fail(
        absl::InvalidArgumentError(absl::StrCat(
            flags.target, " is a file, so the name it is for is not known")),
        "give --host", kUsage);
  }
  const absl::StatusOr<ServerName> name = ServerName::FromString(flags.host);
  if (!name.ok()) {
    return context.Fail(absl::InvalidArgumentError(
                            absl::StrCat("--host: ", name.status().message())),
                        "", kUsage);
  }
  const absl::Status reportable =
      reporter.CheckHost({name->ToString(), name->ToString(), 0});
  if (!reportable.ok()) {
    return context.Fail(reportable, "report to another host", kUsage);
  }
  const absl::StatusOr<std::vector<Certificate>> certificates =
      ReadCertificates(flags.target);
  if (!certificates.ok()) {
    return context.Fail(certificates.status());
  }
  const absl::StatusOr<Judge> judge = MakeJudge(flags.judge, reporter.sink());
  if (!judge.ok()) {
    return context.Fail(judge.status());
  }
  const Verdict verdict = JudgeChain(*judge, *certificates, *name);
  Inspection inspection = {verdict, {}, {}};
  inspection.source.file = flags.target;
  inspection.more["file"] = flags.target;
  const int code = Print(context, flags, *judge, std::move(inspection));
  reporter.Collect(/*port=*/0);
  reporter.Deliver(context, *judge, options);
  return code;
}

Json JsonOf(const Endpoint& endpoint, const Served& served,
            const ProxySettings* proxy) {
  Json json;
  json["host"] = endpoint.host;
  json["address"] = endpoint.address;
  json["port"] = endpoint.port;
  json["tls_version"] = served.tls_version;
  json["cipher"] = served.cipher;
  json["alpn"] = served.alpn.empty() ? Json() : Json(served.alpn);
  if (proxy != nullptr) {
    json["proxy"] = proxy->ToString();
  }
  return json;
}

int InspectEndpoint(Context& context, const InspectFlags& flags,
                    const Endpoint& endpoint, const ServerName& name,
                    const ConnectOptions& options, Reporter& reporter) {
  // The files first: nothing is asked of a server for a command that fails.
  const absl::StatusOr<Judge> judge = MakeJudge(flags.judge, reporter.sink());
  if (!judge.ok()) {
    return context.Fail(judge.status());
  }
  const absl::StatusOr<Served> served = FetchChain(endpoint, options);
  if (!served.ok()) {
    return context.Fail(CompareNames(served.status(), endpoint, options));
  }
  const Verdict verdict = JudgeServed(*judge, *served, name);
  if (verdict.accepted() && !served->objection.ok()) {
    return context.Fail(served->objection);
  }
  Inspection inspection = {verdict, {}, {}};
  inspection.source.endpoint = &endpoint;
  inspection.source.served = &*served;
  const ProxySettings* proxy = ProxyFor(endpoint, options);
  if (proxy != nullptr) {
    inspection.source.proxy = proxy->ToString();
  }
  inspection.more["endpoint"] = JsonOf(endpoint, *served, proxy);
  const int code = Print(context, flags, *judge, std::move(inspection));
  reporter.Collect(endpoint.port);
  reporter.Deliver(context, *judge, options);
  return code;
}

int RunInspect(Context& context, const InspectFlags& flags) {
  absl::StatusOr<ConnectOptions> options =
      ConnectOptionsFromFlags(flags.connect);
  absl::StatusOr<Reporter> reporter = Reporter::FromFlag(flags.report_to);
  for (const absl::Status& usage : {options.status(), reporter.status()}) {
    if (!usage.ok()) {
      return context.Fail(usage, "see tlspin inspect --help", kUsage);
    }
  }
  if (IsFile(flags.target)) {
    return InspectFile(context, flags, *options, *reporter);
  }
  absl::StatusOr<Endpoint> endpoint =
      ParseEndpoint(flags.target, DefaultPortOf(flags.connect));
  if (!endpoint.ok()) {
    return context.Fail(endpoint.status(), "see tlspin inspect --help", kUsage);
  }
  if (!flags.host.empty()) {
    return context.Fail(
        absl::InvalidArgumentError("--host is for files only"),
        absl::StrCat("write HOST@ADDRESS:PORT to ask a server for another "
                     "name: ",
                     flags.host, "@", flags.target),
        kUsage);
  }
  const absl::StatusOr<ServerName> name =
      ServerName::FromString(endpoint->host);
  if (!name.ok()) {
    return context.Fail(name.status(), "see tlspin inspect --help", kUsage);
  }
  const absl::Status reportable = reporter->CheckHost(*endpoint);
  if (!reportable.ok()) {
    return context.Fail(reportable, "report to another host", kUsage);
  }
  const absl::Status prepared = PrepareProxy(context, {*endpoint}, &*options);
  if (!prepared.ok()) {
    return context.Fail(prepared);
  }
  return InspectEndpoint(context, flags, *endpoint, *name, *options, *reporter);
}

const HelpText& Help() {
  static const HelpText& help = *new HelpText{
      "Show what a server presents, every path tried, and the verdict",
      "Decides what a client would decide about the chain that a server (or a\n"
      "file) presents: path, name and pins; and says what a refusal most "
      "likely\n"
      "means. It sends no application data and does not look for revocation.\n"
      "Where a connection is lost as soon as the name was sent, it tries once\n"
      "more for example.com at the same address, to tell whether the name was\n"
      "the cause.",
      "  0  accepted\n"
      "  1  rejected\n"
      "  2  the command line is wrong\n"
      "  3  no connection, or a file could not be read\n",
      "  $ tlspin inspect idbroker.example.com --pins pins.json\n"
      "  server   idbroker.example.com:443, TLSv1.3, TLS_AES_128_GCM_SHA256\n"
      "  host     idbroker.example.com\n"
      "  time     2026-08-01T00:00:00Z\n"
      "  path     0  CN=idbroker.example.com         sha256/afwi…8ig=  leaf\n"
      "           1  CN=Example Corp TLS Inspection  sha256/grX4…RME=  anchor, "
      "added to this machine\n"
      "  pins     example for *.example.com (enforced, expires 2027-02-20, 203 "
      "days left)\n"
      "           sha256/klO2…juY=  Example Root  pin  not on the path\n"
      "  means    interception, high confidence: Example Corp TLS Inspection\n"
      "  why      the anchor was added to this machine\n"
      "  error    PIN_MISMATCH (RFC 7469 2.6)\n"
      "  REJECT   MITM: this connection is intercepted and inspected by "
      "\"Example Corp TLS Inspection\""};
  return help;
}

}  // namespace

void AddInspectCommand(CommandTable& table, Context& context) {
  const auto flags = std::make_shared<InspectFlags>();
  Command& command =
      AddCommand(table, context, "inspect", Help(),
                 [&context, flags] { return RunInspect(context, *flags); });
  command
      .Argument("TARGET", &flags->target,
                "HOST[:PORT], HOST@ADDRESS:PORT, or a chain file")
      .Required()
      .Offer(Completes::kHostOrFile);
  command.Option("--host", "HOST", &flags->host,
                 "The name that a chain file is for");
  AddJudgeFlags(command, &flags->judge);
  AddPageFlag(command, &flags->html);
  AddLanguageFlag(command, context);
  AddConnectFlags(command, &flags->connect);
  AddReportFlag(command, &flags->report_to);
  command.Switch("--full", &flags->full, "Print whole pins on a terminal too");
}

}  // namespace tlspin
