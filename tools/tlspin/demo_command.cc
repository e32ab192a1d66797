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
#include "pinning/diagnosis.h"
#include "pinning/error.h"
#include "pinning/interception.h"
#include "pinning/report.h"
#include "pinning/server_name.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tools/tlspin/channel.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/demo_stage.h"
#include "tools/tlspin/phrases.h"
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
  Phrase title = Phrase::kDemoGenuine;
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
  scenes[0].title = Phrase::kDemoGenuine;
  scenes[0].port = stage.genuine->port();
  scenes[0].accept = scenes[0].genuine = true;

  scenes[1].title = Phrase::kDemoUnknownRoot;
  scenes[1].port = between;

  scenes[2].title = Phrase::kDemoLocalRoot;
  scenes[2].port = between;
  scenes[2].local_root = true;

  scenes[3].title = Phrase::kDemoAppended;
  scenes[3].port = appending;
  scenes[3].local_root = true;

  scenes[4].title = Phrase::kDemoUnpinned;
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
  absl::StatusOr<Socket> socket = ConnectTo("127.0.0.1", scene.port, deadline);
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

// Line returns a line of a scene; `label` is painted in `style`, if any.
std::string Line(const Context& context, Phrase label, absl::string_view text,
                 std::optional<Output::Style> style = std::nullopt) {
  constexpr size_t kWidth = 10;
  const std::string word = Say(label, context.language);
  // Code points: a label may hold letters beyond ASCII.
  const auto width = static_cast<size_t>(std::count_if(
      word.begin(), word.end(), [](char c) { return (c & 0xc0) != 0x80; }));
  return absl::StrCat(
      "   ", style.has_value() ? context.out.Paint(*style, word) : word,
      std::string(width < kWidth ? kWidth - width : 1, ' '), text, "\n");
}

void PrintAccepted(Context& context, const Verdict& verdict,
                   const Outcome& outcome) {
  const pinning::PinDetails* pins = verdict.pins();
  const bool matched = pins != nullptr && pins->matched.has_value();
  const std::string answer = absl::StrCat("\"", Escape(outcome.answer), "\"");
  context.out.Answer(Line(
      context, Phrase::kDemoAccepted,
      matched ? Say(Phrase::kDemoMatched, context.language,
                    Escape(pins->matched->name), pins->matched->pin.ToString())
              : Say(Phrase::kDemoNoPins, context.language),
      Output::Style::kGood));
  context.out.Answer(Line(
      context, Phrase::kDemoRead,
      outcome.overheard ? Say(Phrase::kDemoOverheard, context.language, answer)
                        : answer));
}

// PrintRefused prints why, in a line or several.
void PrintRefused(Context& context, const Verdict& verdict) {
  context.out.Answer(
      Line(context, Phrase::kDemoRefused,
           absl::StrCat(pinning::ErrorCodeName(verdict.error().code), ": ",
                        EscapeMessage(verdict.error().detail)),
           Output::Style::kBad));
  const pinning::Diagnosis& diagnosis = verdict.diagnosis();
  if (verdict.is_mitm()) {
    context.out.Answer(Line(context, Phrase::kDemoMitm,
                            Say(Phrase::kDemoIntercepted, context.language,
                                EscapeMessage(diagnosis.product))));
  }
  // Strongest first; the rest is for inspect.
  const size_t shown = std::min<size_t>(diagnosis.evidence.size(), 3);
  for (size_t i = 0; i < shown; ++i) {
    const std::string sentence = EscapeMessage(
        EvidenceSentence(diagnosis.evidence[i], context.language));
    context.out.Answer(i == 0 ? Line(context, Phrase::kDemoBecause, sentence)
                              : absl::StrCat("             ", sentence, "\n"));
  }
  const std::string advice = DiagnosisAdvice(diagnosis, context.language);
  if (!advice.empty()) {
    context.out.Answer(Line(context, Phrase::kDemoToDo, EscapeMessage(advice)));
  }
}

void Print(Context& context, size_t number, const Scene& scene,
           const Outcome& outcome) {
  context.out.Answer(
      absl::StrCat(number, ". ", Say(scene.title, context.language), "\n"));
  if (!outcome.verdict) {
    context.out.Answer(
        absl::StrCat("   ",
                     Say(Phrase::kDemoNoVerdict, context.language,
                         EscapeMessage(outcome.status.message())),
                     "\n"));
  } else if (outcome.verdict->accepted()) {
    PrintAccepted(context, *outcome.verdict, outcome);
  } else {
    PrintRefused(context, *outcome.verdict);
  }
  if (!outcome.as_expected) {
    context.out.Answer(Line(context, Phrase::kDemoUnexpected,
                            Say(scene.accept ? Phrase::kDemoShouldAccept
                                             : Phrase::kDemoShouldRefuse,
                                context.language),
                            Output::Style::kBad));
  }
  context.out.Answer("\n");
}

void PrintJson(Context& context, size_t number, const Scene& scene,
               const Outcome& outcome) {
  Json json;
  if (outcome.verdict) {
    json = Json::parse(
        pinning::VerdictToJson(*outcome.verdict, JsonLanguage(context)));
  } else {
    json["schema"] = "tlspin.error/1";
    json["message"] = std::string(outcome.status.message());
  }
  json["scene"] = number;
  json["title"] = Say(scene.title, JsonLanguage(context));
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
    context.out.Answer(Say(Phrase::kDemoIntro, context.language, kDemoHost,
                           TimeText(stage->now)));
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
    const std::string text = all ? Say(Phrase::kDemoOk, context.language, good)
                                 : Say(Phrase::kDemoFail, context.language,
                                       scenes.size() - good, scenes.size());
    const size_t colon = text.find(':');
    context.out.Answer(absl::StrCat(
        context.out.Paint(all ? Output::Style::kGood : Output::Style::kBad,
                          text.substr(0, colon)),
        text.substr(colon), "\n"));
  }
  return all ? kYes : kNo;
}

}  // namespace

void AddDemoCommand(CommandTable& table, Context& context) {
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
  AddLanguageFlag(AddCommand(table, context, "demo", help,
                             [&context] { return RunDemo(context); }),
                  context);
}

}  // namespace tlspin
