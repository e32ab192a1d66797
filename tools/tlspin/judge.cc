#include "tools/tlspin/judge.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "pinning/ct_log_list.h"
#include "pinning/key_observer.h"
#include "pinning/mapped_file.h"
#include "pinning/path_builder.h"
#include "pinning/pin_store.h"
#include "pinning/requirements.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/interceptors_flag.h"
#include "tools/tlspin/time_flag.h"

namespace tlspin {
namespace {

using ::pinning::CtLogList;
using ::pinning::PinStore;
using ::pinning::Requirements;
using ::pinning::Verifier;

// LoadPins sets `text` to what it read.
absl::StatusOr<std::shared_ptr<const PinStore>> LoadPins(
    const std::string& path, std::string* text) {
  if (path.empty()) {
    return PinStore::Empty();
  }
  absl::StatusOr<std::string> content = ReadInput(path, PinStore::kMaxFileSize);
  if (!content.ok()) {
    return content.status();
  }
  *text = *std::move(content);
  if (PinStore::IsCompiled(*text)) {
    return pinning::OpenCompiledPins(path);
  }
  return PinStore::FromJson(*text, path == "-" ? "standard input" : path);
}

// LoadRequirements returns null if there is no file.
absl::StatusOr<std::shared_ptr<const Requirements>> LoadRequirements(
    const std::string& path) {
  if (path.empty()) {
    return std::shared_ptr<const Requirements>();
  }
  absl::StatusOr<std::string> text =
      ReadInput(path, Requirements::kMaxFileSize);
  if (!text.ok()) {
    return text.status();
  }
  return Requirements::FromJson(*text, path == "-" ? "standard input" : path);
}

// LoadCtLogs returns null if there is no file.
absl::StatusOr<std::shared_ptr<const CtLogList>> LoadCtLogs(
    const std::string& path) {
  if (path.empty()) {
    return std::shared_ptr<const CtLogList>();
  }
  absl::StatusOr<std::string> text = ReadInput(path, CtLogList::kMaxFileSize);
  if (!text.ok()) {
    return text.status();
  }
  return CtLogList::FromJson(*text, path == "-" ? "standard input" : path);
}

pinning::Profile ProfileFromFlag(const std::string& flag) {
  if (flag == "webpki") {
    return pinning::Profile::kWebPki;
  }
  return flag == "strict" ? pinning::Profile::kRfc5280Strict
                          : pinning::Profile::kRfc5280;
}

// LoadOptions reads the files that `flags` name, but for the roots. It sets
// `pin_text` to the content of the pin file.
absl::StatusOr<Verifier::Options> LoadOptions(const JudgeFlags& flags,
                                              std::string* pin_text) {
  absl::StatusOr<std::shared_ptr<const PinStore>> pins =
      LoadPins(flags.pins, pin_text);
  if (!pins.ok()) {
    return pins.status();
  }
  absl::StatusOr<std::shared_ptr<const Requirements>> requirements =
      LoadRequirements(flags.requirements);
  if (!requirements.ok()) {
    return requirements.status();
  }
  absl::StatusOr<std::shared_ptr<const CtLogList>> ct_logs =
      LoadCtLogs(flags.ct_logs);
  if (!ct_logs.ok()) {
    return ct_logs.status();
  }
  absl::StatusOr<std::shared_ptr<const pinning::InterceptorCatalogue>>
      interceptors = LoadInterceptors(flags.interceptors);
  if (!interceptors.ok()) {
    return interceptors.status();
  }
  Verifier::Options options;
  options.interceptors = *std::move(interceptors);
  options.pin_store = *std::move(pins);
  options.requirements = *std::move(requirements);
  options.ct_logs = *std::move(ct_logs);
  // One for the run: a key that several hosts have shows.
  options.observer = std::make_shared<pinning::KeyObserver>();
  options.profile = ProfileFromFlag(flags.profile);
  return options;
}

// MakeVerifiers sets both verifiers of `judge`: one, if nothing is reported.
absl::Status MakeVerifiers(Verifier::Options options,
                           std::shared_ptr<pinning::ReportSink> report_sink,
                           Judge* judge) {
  absl::StatusOr<std::shared_ptr<const Verifier>> verifier =
      Verifier::Create(options);
  if (!verifier.ok()) {
    return verifier.status();
  }
  judge->verifier = judge->silent_verifier = *std::move(verifier);
  if (report_sink == nullptr) {
    return absl::OkStatus();
  }
  options.report_sink = std::move(report_sink);
  verifier = Verifier::Create(std::move(options));
  if (!verifier.ok()) {
    return verifier.status();
  }
  judge->verifier = *std::move(verifier);
  return absl::OkStatus();
}

}  // namespace

void AddJudgeFlags(Command& command, JudgeFlags* flags) {
  AddRootFlags(command, &flags->roots);
  command.Option("--pins", "FILE", &flags->pins,
                 "A pin file; default: nothing is pinned");
  AddRequirementsFlag(command, flags);
  AddCtLogsFlag(command, flags);
  AddTimeFlag(command, &flags->at);
  command
      .Option("--profile", "PROFILE", &flags->profile,
              "Rules for the form of certificates")
      .OneOf({"rfc5280", "strict", "webpki"});
  AddInterceptorsFlag(command, &flags->interceptors);
}

void AddRequirementsFlag(Command& command, JudgeFlags* flags) {
  command.Option("--requirements", "FILE", &flags->requirements,
                 "What the application needs of the network: a file that "
                 "makes the advice name all that is to be exempted");
}

void AddCtLogsFlag(Command& command, JudgeFlags* flags) {
  command.Option("--ct-logs", "FILE", &flags->ct_logs,
                 "A list of certificate transparency logs (log_list.json, "
                 "version 3), to verify SCTs with; they decide nothing");
}

absl::StatusOr<Judge> MakeJudge(
    const JudgeFlags& flags, std::shared_ptr<pinning::ReportSink> report_sink) {
  const absl::StatusOr<absl::Time> now = TimeFromFlag(flags.at);
  if (!now.ok()) {
    return now.status();
  }
  std::string pin_text;
  absl::StatusOr<Verifier::Options> options = LoadOptions(flags, &pin_text);
  if (!options.ok()) {
    return options.status();
  }
  absl::StatusOr<Roots> roots = LoadRoots(flags.roots);
  if (!roots.ok()) {
    return roots.status();
  }
  options->trust_store = roots->store;
  Judge judge;
  judge.interceptors = options->interceptors;
  judge.pin_store = options->pin_store;
  judge.rules = options->profile;
  const absl::Status made =
      MakeVerifiers(*std::move(options), std::move(report_sink), &judge);
  if (!made.ok()) {
    return made;
  }
  judge.roots = *std::move(roots);
  judge.now = *now;
  judge.has_pins = !flags.pins.empty();
  judge.pin_file = flags.pins;
  judge.pin_text = std::move(pin_text);
  judge.requirements_file = flags.requirements;
  judge.profile = flags.profile;
  judge.interceptor_files = flags.interceptors;
  return judge;
}

pinning::Verdict JudgeChain(const Judge& judge,
                            absl::Span<const pinning::Certificate> certificates,
                            const pinning::ServerName& name) {
  std::vector<absl::Span<const uint8_t>> der;
  der.reserve(certificates.size());
  for (const pinning::Certificate& certificate : certificates) {
    der.push_back(certificate.der());
  }
  return judge.verifier->VerifyDer(der, name, judge.now);
}

}  // namespace tlspin
