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
#include "pinning/error.h"
#include "pinning/server_name.h"
#include "pinning/verdict.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/compare_names.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/connect_flags.h"
#include "tools/tlspin/explain_code.h"
#include "tools/tlspin/explain_paths.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/judge.h"
#include "tools/tlspin/judge_served.h"
#include "tools/tlspin/proxy_use.h"
#include "tools/tlspin/roots.h"
#include "tools/tlspin/suggest.h"
#include "tools/tlspin/table.h"
#include "tools/tlspin/time_text.h"
#include "tools/tlspin/verdict_text.h"

namespace tlspin {
namespace {

using ::pinning::ServerName;
using ::pinning::Verdict;

struct ExplainFlags {
  JudgeFlags judge;
  std::string what;
  std::string host;
  ConnectFlags connect;
  bool list = false;
  bool full = false;
};

Json JsonOf(const CodeEntry& entry) {
  const auto text_or_null = [](absl::string_view text) {
    return text.empty() ? Json() : Json(text);
  };
  Json json;
  json["schema"] = "tlspin.code/1";
  json["code"] = entry.code;
  json["kind"] = entry.kind;
  json["meaning"] = entry.meaning;
  json["advice"] = text_or_null(entry.advice);
  json["more"] = text_or_null(entry.more);
  json["see"] = entry.see;
  return json;
}

void PrintCode(Context& context, const CodeEntry& entry) {
  if (context.json) {
    context.out.Answer(JsonLine(JsonOf(entry)));
    return;
  }
  context.out.Answer(Labelled(
      "code", absl::StrCat(entry.code, ", ", entry.kind,
                           entry.more.empty() ? "" : ", ", entry.more)));
  context.out.Answer(Labelled("means", entry.meaning));
  if (!entry.advice.empty()) {
    context.out.Answer(Labelled("do", entry.advice));
  }
  context.out.Answer(Labelled("see", entry.see));
}

int ListCodes(Context& context) {
  Table table;
  for (const CodeEntry& entry : AllCodeEntries()) {
    if (context.json) {
      PrintCode(context, entry);
    }
    table.AddRow({std::string(entry.code), std::string(entry.kind),
                  std::string(entry.meaning)});
  }
  if (!context.json) {
    context.out.Answer(table.ToString("codes"));
  }
  return kYes;
}

// IsCode returns whether `what` can be nothing but a code, known or not: no
// host is written in capitals with an underscore.
bool IsCode(const std::string& what) {
  return what.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
             std::string::npos &&
         absl::StrContains(what, '_');
}

int UnknownCode(Context& context, const std::string& what) {
  std::vector<std::string> codes;
  for (const CodeEntry& entry : AllCodeEntries()) {
    codes.push_back(std::string(entry.code));
  }
  const std::string nearest = Nearest(what, codes);
  return context.Fail(
      absl::InvalidArgumentError(absl::StrCat("no such code: ", what)),
      nearest.empty() ? "tlspin explain --list names all"
                      : absl::StrCat("did you mean ", nearest, "?"),
      kUsage);
}

bool IsFile(const std::string& what) {
  struct stat info;
  return what == "-" || absl::StrContains(what, '/') ||
         (stat(what.c_str(), &info) == 0 && S_ISREG(info.st_mode));
}

// Print prints every path of the chain that `verdict` is about, then the
// verdict. `more` is what to add to the JSON.
int Print(Context& context, const ExplainFlags& flags, const Judge& judge,
          const Verdict& verdict, Json more) {
  const Exploration exploration = ExplorePaths(judge, verdict);
  const int code = verdict.accepted() ? kYes : kNo;
  context.out.Note(RootsText(judge.roots));
  if (context.json) {
    Json json;
    json["schema"] = "tlspin.explain/1";
    json["host"] = verdict.host();
    json["time"] = TimeText(verdict.time());
    json["accepted"] = verdict.accepted();
    json["error"] =
        verdict.accepted() ? Json() : Json(ErrorCodeName(verdict.error().code));
    json["paths"] = ExplorationJson(exploration);
    json["not_listed"] = exploration.not_listed;
    json["complete"] = exploration.complete;
    json.update(more);
    json["roots"] = RootsJson(judge.roots);
    context.out.Answer(JsonLine(json));
    return code;
  }
  VerdictTextOptions options;
  options.full_pins = flags.full || !context.out.answers_to_terminal();
  options.has_pins = judge.has_pins;
  options.evidence_codes = true;
  options.language = context.language;
  context.out.Answer(ExplorationText(exploration, verdict, options.full_pins,
                                     context.language));
  PrintVerdict(verdict, options, context.out);
  if (!exploration.complete) {
    context.out.Note(
        "the search was cut off, or more paths were refused than are kept");
  }
  if (!verdict.accepted()) {
    context.out.Hint(absl::StrCat("tlspin explain ",
                                  ErrorCodeName(verdict.error().code),
                                  " says what that code means"));
  }
  return code;
}

absl::StatusOr<ServerName> NameOf(const std::string& host) {
  absl::StatusOr<ServerName> name = ServerName::FromString(host);
  if (!name.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--host: ", name.status().message()));
  }
  return name;
}

int ExplainFile(Context& context, const ExplainFlags& flags) {
  if (flags.host.empty()) {
    return context.Fail(
        absl::InvalidArgumentError(absl::StrCat(
            flags.what, " is a file, so the name it is for is not known")),
        "give --host", kUsage);
  }
  const absl::StatusOr<ServerName> name = NameOf(flags.host);
  if (!name.ok()) {
    return context.Fail(name.status(), "see tlspin explain --help", kUsage);
  }
  const absl::StatusOr<std::vector<pinning::Certificate>> certificates =
      ReadCertificates(flags.what);
  if (!certificates.ok()) {
    return context.Fail(certificates.status());
  }
  const absl::StatusOr<Judge> judge = MakeJudge(flags.judge);
  if (!judge.ok()) {
    return context.Fail(judge.status());
  }
  Json more;
  more["file"] = flags.what;
  return Print(context, flags, *judge, JudgeChain(*judge, *certificates, *name),
               std::move(more));
}

int ExplainServer(Context& context, const ExplainFlags& flags) {
  const absl::StatusOr<Endpoint> endpoint =
      ParseEndpoint(flags.what, DefaultPortOf(flags.connect));
  absl::StatusOr<ConnectOptions> options =
      ConnectOptionsFromFlags(flags.connect);
  for (const absl::Status& usage : {endpoint.status(), options.status()}) {
    if (!usage.ok()) {
      return context.Fail(usage, "see tlspin explain --help", kUsage);
    }
  }
  const absl::StatusOr<ServerName> name =
      ServerName::FromString(endpoint->host);
  if (!name.ok()) {
    return context.Fail(name.status(), "see tlspin explain --help", kUsage);
  }
  const absl::StatusOr<Judge> judge = MakeJudge(flags.judge);
  if (!judge.ok()) {
    return context.Fail(judge.status());
  }
  const absl::Status prepared = PrepareProxy(context, {*endpoint}, &*options);
  if (!prepared.ok()) {
    return context.Fail(prepared);
  }
  const absl::StatusOr<Served> served = FetchChain(*endpoint, *options);
  if (!served.ok()) {
    return context.Fail(CompareNames(served.status(), *endpoint, *options));
  }
  const Verdict verdict = JudgeServed(*judge, *served, *name);
  if (verdict.accepted() && !served->objection.ok()) {
    return context.Fail(served->objection);
  }
  Json more;
  more["endpoint"] = {{"host", endpoint->host},
                      {"address", endpoint->address},
                      {"port", endpoint->port}};
  return Print(context, flags, *judge, verdict, std::move(more));
}

int RunExplain(Context& context, const ExplainFlags& flags) {
  if (flags.list) {
    return ListCodes(context);
  }
  if (flags.what.empty()) {
    return context.Fail(
        absl::InvalidArgumentError("no code, host or file is given"),
        "see tlspin explain --help", kUsage);
  }
  // A file needs --host, so whoever gives it means a file.
  if (flags.host.empty()) {
    const std::vector<const CodeEntry*> entries = FindCodes(flags.what);
    for (const CodeEntry* entry : entries) {
      PrintCode(context, *entry);
    }
    if (!entries.empty()) {
      return kYes;
    }
    if (IsCode(flags.what)) {
      return UnknownCode(context, flags.what);
    }
  } else if (!IsFile(flags.what)) {
    return context.Fail(
        absl::InvalidArgumentError("--host is for files only"),
        absl::StrCat("write HOST@ADDRESS:PORT to ask a server for another "
                     "name: ",
                     flags.host, "@", flags.what),
        kUsage);
  }
  return IsFile(flags.what) ? ExplainFile(context, flags)
                            : ExplainServer(context, flags);
}

const HelpText& Help() {
  static const HelpText& help = *new HelpText{
      "Tell every path tried and why each failed; or what a code means",
      "Of a chain, from a server or a file, tries every path, where inspect\n"
      "stops at the first that will do, and says of each what came of it: why\n"
      "it is not valid, which pin matched or that none did, and which pinned "
      "key\n"
      "is on it in a role that does not count. Then the verdict, as inspect.\n"
      "\n"
      "Of a code (of an error, evidence, a diagnosis, a finding of lint, a "
      "warning\n"
      "of check, a lost connection), what it means and what to do. A word that "
      "is\n"
      "a code is taken for one: write HOST:443 for a host of that name.",
      "  0  accepted; the code is known\n"
      "  1  rejected\n"
      "  2  the command line is wrong; no such code\n"
      "  3  no connection, or a file could not be read\n",
      "  $ tlspin explain PIN_MISMATCH\n"
      "  code     PIN_MISMATCH, error, number 40, RFC 7469 2.6\n"
      "  means    A valid path exists; no key on any is pinned.\n"
      "  do       See the diagnosis: interception, a rotation, or old pins.\n"
      "  see      docs/verdicts.md#errors"};
  return help;
}

}  // namespace

void AddExplainCommand(CommandTable& table, Context& context) {
  const auto flags = std::make_shared<ExplainFlags>();
  Command& command =
      AddCommand(table, context, "explain", Help(),
                 [&context, flags] { return RunExplain(context, *flags); });
  command.Argument("WHAT", &flags->what,
                   "A code, HOST[:PORT], HOST@ADDRESS:PORT, or a chain file");
  command.Option("--host", "HOST", &flags->host,
                 "The name that a chain file is for");
  command.Switch("--list", &flags->list, "List every code");
  AddJudgeFlags(command, &flags->judge);
  AddLanguageFlag(command, context);
  AddConnectFlags(command, &flags->connect);
  command.Switch("--full", &flags->full, "Print whole pins on a terminal too");
}

}  // namespace tlspin
