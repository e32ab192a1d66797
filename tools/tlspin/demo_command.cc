#include <openssl/ssl.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "pinning/boringssl.h"
#include "pinning/error.h"
#include "pinning/interception.h"
#include "pinning/report.h"
#include "pinning/server_name.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tools/tlspin/channel.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/demo_stage.h"
#include "tools/tlspin/socket.h"
#include "tools/tlspin/time_flag.h"

namespace tlspin {
namespace {

using ::pinning::ServerName;
using ::pinning::Verdict;
using ::pinning::Verifier;

constexpr char kQuestion[] = "who are you?";
constexpr absl::Duration kPatience = absl::Seconds(20);

// A Scene is one connection and what should come of it.
struct Scene {
  std::string title;
  int port = 0;
  bool local_root = false;  // the inspector's root is installed here
  bool pinned = true;
  bool accept = false;   // what should come of it
  bool genuine = false;  // no interceptor is between
};

// An Outcome is what came of a scene.
struct Outcome {
  std::optional<Verdict> verdict;  // none: no verdict was reached
  absl::Status status;
  std::string answer;      // what the server said; empty: nothing
  bool overheard = false;  // by the interceptor
  bool as_expected = false;
};

std::vector<Scene> Scenes(const DemoStage& stage) {
  const int between = stage.interceptor->port();
  const int appending = stage.appending_interceptor->port();
  std::vector<Scene> scenes(5);
  scenes[0].title = "The genuine server";
  scenes[0].port = stage.genuine->port();
  scenes[0].accept = scenes[0].genuine = true;

  scenes[1].title = "An interceptor whose root is not on this machine";
  scenes[1].port = between;

  scenes[2].title = "The same, its root installed by the administrator";
  scenes[2].port = between;
  scenes[2].local_root = true;

  scenes[3].title =
      "As scene 3, and the genuine chain appended to the forged one";
  scenes[3].port = appending;
  scenes[3].local_root = true;

  scenes[4].title = "For contrast: scene 3 with a client that pins nothing";
  scenes[4].port = between;
  scenes[4].local_root = true;
  scenes[4].pinned = false;
  scenes[4].accept = true;
  return scenes;
}

// Talk does what an application does: it installs the verifier, says whom it
// wants to reach, and speaks only once the handshake is done.
absl::StatusOr<std::string> Talk(const Scene& scene,
                                 std::shared_ptr<const Verifier> verifier,
                                 absl::Time now,
                                 std::optional<Verdict>& verdict) {
  const Deadline deadline = Deadline::After(kPatience);
  bssl::UniquePtr<SSL_CTX> ctx(SSL_CTX_new(TLS_with_buffers_method()));
  const absl::Status installed = pinning::InstallVerifier(
      ctx.get(), std::move(verifier), [now] { return now; });
  const absl::StatusOr<ServerName> name = ServerName::FromString(kDemoHost);
  bssl::UniquePtr<SSL> ssl(SSL_new(ctx.get()));
  if (!installed.ok() || !name.ok() || !ssl) {
    return installed.ok() ? name.status() : installed;
  }
  const absl::Status named = pinning::SetServerName(ssl.get(), *name);
  absl::StatusOr<Socket> socket =
      Socket::Connect("127.0.0.1", scene.port, deadline);
  if (!named.ok() || !socket.ok()) {
    return named.ok() ? socket.status() : named;
  }
  SSL_set_connect_state(ssl.get());
  Channel channel(*std::move(socket), std::move(ssl), deadline);
  absl::Status status = channel.Handshake();
  if (const Verdict* last = pinning::LastVerdict(channel.ssl())) {
    verdict = *last;
  }
  if (status.ok()) {
    status = channel.Write(absl::StrCat(kQuestion, "\n"));
  }
  if (!status.ok()) {
    return status;
  }
  return channel.ReadLine();
}

Outcome Play(const Scene& scene, const DemoStage& stage) {
  const size_t overheard = stage.overheard->lines().size();
  Outcome outcome;
  const std::shared_ptr<const Verifier>& verifier =
      !scene.pinned      ? stage.unpinned_local_root
      : scene.local_root ? stage.pinned_local_root
                         : stage.pinned;
  const absl::StatusOr<std::string> answer =
      Talk(scene, verifier, stage.now, outcome.verdict);
  outcome.status = answer.status();
  outcome.answer = answer.value_or("");
  outcome.overheard = stage.overheard->lines().size() > overheard;
  if (!outcome.verdict || outcome.verdict->accepted() != scene.accept) {
    return outcome;
  }
  if (scene.accept) {
    outcome.as_expected =
        outcome.answer == kDemoAnswer && outcome.overheard == !scene.genuine;
    return outcome;
  }
  // Refused by the handshake, before a word was said, and the interceptor
  // named.
  outcome.as_expected =
      !answer.ok() && !outcome.overheard && outcome.verdict->is_mitm() &&
      absl::StrContains(outcome.verdict->diagnosis().product, kDemoInspector);
  return outcome;
}

// PrintVerdict prints why, in two lines or three.
void PrintVerdict(Context& context, const Verdict& verdict,
                  const Outcome& outcome) {
  if (verdict.accepted()) {
    const pinning::PinDetails* pins = verdict.pins();
    const bool matched = pins != nullptr && pins->matched.has_value();
    context.out.Answer(absl::StrCat(
        "   ", context.out.Paint(Output::Style::kGood, "ACCEPTED"), "  ",
        matched ? absl::StrCat("the path holds the pinned key of ",
                               Escape(pins->matched->name), ", ",
                               pins->matched->pin.ToString())
                : "a valid path, and no pins to compare it with",
        "\n   read      \"", Escape(outcome.answer), "\"",
        outcome.overheard ? "; the interceptor read everything too" : "",
        "\n"));
    return;
  }
  context.out.Answer(
      absl::StrCat("   ", context.out.Paint(Output::Style::kBad, "REFUSED"),
                   "   ", pinning::ErrorCodeName(verdict.error().code), ": ",
                   EscapeMessage(verdict.error().detail), "\n"));
  const pinning::Diagnosis& diagnosis = verdict.diagnosis();
  if (verdict.is_mitm()) {
    context.out.Answer(absl::StrCat(
        "   MITM      this connection is intercepted and inspected by \"",
        EscapeMessage(diagnosis.product), "\"\n"));
  }
  // Strongest first; the rest is for inspect.
  const size_t shown = std::min<size_t>(diagnosis.evidence.size(), 3);
  for (size_t i = 0; i < shown; ++i) {
    context.out.Answer(
        absl::StrCat(i == 0 ? "   because   " : "             ",
                     EscapeMessage(diagnosis.evidence[i].sentence), "\n"));
  }
  if (!diagnosis.advice.empty()) {
    context.out.Answer(
        absl::StrCat("   to do     ", EscapeMessage(diagnosis.advice), "\n"));
  }
}

void Print(Context& context, size_t number, const Scene& scene,
           const Outcome& outcome) {
  context.out.Answer(absl::StrCat(number, ". ", scene.title, "\n"));
  if (outcome.verdict) {
    PrintVerdict(context, *outcome.verdict, outcome);
  } else {
    context.out.Answer(absl::StrCat(
        "   no verdict was reached: ", EscapeMessage(outcome.status.message()),
        "\n"));
  }
  if (!outcome.as_expected) {
    context.out.Answer(absl::StrCat(
        "   ", context.out.Paint(Output::Style::kBad, "UNEXPECTED"),
        "  this scene should have been ",
        scene.accept ? "accepted" : "refused, and the interceptor named",
        "\n"));
  }
  context.out.Answer("\n");
}

void PrintJson(Context& context, size_t number, const Scene& scene,
               const Outcome& outcome) {
  Json json;
  if (outcome.verdict) {
    json = Json::parse(pinning::VerdictToJson(*outcome.verdict));
  } else {
    json["schema"] = "tlspin.error/1";
    json["message"] = std::string(outcome.status.message());
  }
  json["scene"] = number;
  json["title"] = scene.title;
  json["overheard"] = outcome.overheard;
  json["as_expected"] = outcome.as_expected;
  context.out.Answer(JsonLine(json));
}

int RunDemo(Context& context) {
  const absl::StatusOr<DemoStage> stage = SetDemoStage();
  if (!stage.ok()) {
    return context.Fail(stage.status());
  }
  if (!context.json) {
    context.out.Answer(absl::StrCat(
        "A server for ", kDemoHost,
        " and an interceptor run inside this program, on\n"
        "127.0.0.1, with certificates made a moment ago. The client pins the "
        "root that the\ngenuine server uses.\n"
        "time: ",
        TimeText(stage->now), "\n\n"));
  }
  const std::vector<Scene> scenes = Scenes(*stage);
  size_t good = 0;
  for (size_t i = 0; i < scenes.size(); ++i) {
    const Outcome outcome = Play(scenes[i], *stage);
    good += outcome.as_expected ? 1 : 0;
    (context.json ? PrintJson : Print)(context, i + 1, scenes[i], outcome);
  }
  const bool all = good == scenes.size();
  if (!context.json) {
    context.out.Answer(
        all ? absl::StrCat(context.out.Paint(Output::Style::kGood, "OK"),
                           ": all ", good, " scenes came out as they should\n")
            : absl::StrCat(context.out.Paint(Output::Style::kBad, "FAIL"), ": ",
                           scenes.size() - good, " of ", scenes.size(),
                           " scenes did not come out as they should\n"));
  }
  return all ? kYes : kNo;
}

}  // namespace

void AddDemoCommand(CLI::App& app, Context& context) {
  HelpText help;
  help.summary = "Show a genuine server accepted and an interceptor refused";
  help.decides =
      "Runs a TLS server and an interceptor inside this program, on "
      "127.0.0.1,\n"
      "with certificates made on the spot, and connects to them as an\n"
      "application would. It needs no network, no file and no set-up. It "
      "shows\n"
      "that this build works; it says nothing about the network that you are\n"
      "on: for that, see inspect and check.";
  help.exit_codes =
      "  0  every scene came out as it should\n"
      "  1  one did not\n"
      "  2  the command line is wrong\n"
      "  3  the servers could not be started\n";
  help.example =
      "  $ tlspin demo\n"
      "  ...\n"
      "  OK: all 5 scenes came out as they should";
  AddCommand(app, context, "demo", help,
             [&context] { return RunDemo(context); });
}

}  // namespace tlspin
