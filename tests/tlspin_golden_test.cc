// What every command prints, byte for byte: tests/golden/tlspin/*.txt.
// tests/golden/update writes new ones, for the difference to be reviewed.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tests/testing/process.h"
#include "tests/testing/tls_server.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"

namespace {

using ::testing_support::PinFileSet;
using ::testing_support::PinFileText;
using ::testing_support::PinTextOf;
using ::testing_support::ProcessOptions;
using ::testing_support::ProcessResult;
using ::testing_support::RunTlspin;
using ::testing_support::TempDirectory;
using ::testing_support::TlsServer;

constexpr char kFolder[] = "tests/golden/tlspin";

mint::Minted Signed(mint::Spec spec, absl::string_view seed,
                    const mint::Minted* issuer) {
  // Positive, of sixteen octets, and the same in every run.
  for (size_t i = 0; i < 16; ++i) {
    spec.serial.push_back(static_cast<uint8_t>(seed[i % seed.size()]));
  }
  const mint::Key key = mint::Key::P256From(seed);
  return issuer == nullptr ? mint::SelfSigned(spec, key)
                           : mint::Issue(spec, key, *issuer);
}

// A Stage is the files and servers that the scenes are played with. Keys are
// the same in every run, so pins are; signatures are not, and never shown.
class Stage {
 public:
  Stage()
      : root_(Signed(mint::Ca("Example Root"), "root", nullptr)),
        issuer_(Signed(mint::Ca("Example Issuer"), "issuer", &root_)),
        leaf_(Signed(mint::Leaf({"www.example.com"}), "leaf", &issuer_)),
        proxy_root_(
            Signed(mint::Ca("Example Corp Inspection"), "proxy", nullptr)),
        forged_(
            Signed(mint::Leaf({"www.example.com"}), "forged", &proxy_root_)),
        server_({leaf_, issuer_}),
        interceptor_({forged_}) {
    Write("chain.pem", leaf_.Pem() + issuer_.Pem());
    Write("forged.pem", forged_.Pem());
    Write("roots.pem", root_.Pem());
    Write("local.pem", proxy_root_.Pem());
    Write("spare.key", mint::Key::P256From("spare").PrivatePem());
    Write("pins.json", PinFile("2026-12-31", "anchor", root_));
    Write("soon.json", PinFile("2026-06-20", "leaf", leaf_));
    Write("other.json",
          absl::StrReplaceAll(PinFile("2026-12-31", "anchor", root_),
                              {{"www.example.com", "api.example.com"}}));
    Write("wrong.json", absl::StrReplaceAll(PinFile("2026-12-31", "any", root_),
                                            {{"enforce", "enfroce"}}));
    Write("untidy.json",
          absl::StrReplaceAll(PinFile("2026-12-31", "any", root_),
                              {{"www.example.com", "WWW.Example.com."}}));
    Write("empty.pem", "");
  }

  // Run runs tlspin with `arguments`, in which "SERVER" and "INTERCEPTOR" are
  // the servers, and returns the transcript.
  std::string Run(const std::vector<std::string>& arguments,
                  const std::string& input) const {
    ProcessOptions options;
    options.standard_input = input;
    options.working_directory = directory_.path();
    options.environment = {{"TLSPIN_PASSWORD", ""}, {"LANG", "C"}};
    std::vector<std::string> words;
    for (const std::string& argument : arguments) {
      words.push_back(absl::StrReplaceAll(
          argument, {{"SERVER", server_.Target("www.example.com")},
                     {"INTERCEPTOR", interceptor_.Target("www.example.com")}}));
    }
    const ProcessResult result = RunTlspin(words, options);
    std::string text = absl::StrCat("$ tlspin ", absl::StrJoin(arguments, " "),
                                    "\n", Stable(result.standard_output));
    if (!result.standard_error.empty()) {
      absl::StrAppend(&text, "--- standard error\n",
                      Stable(result.standard_error));
    }
    return absl::StrCat(text, "--- exit code ", result.exit_code, "\n");
  }

 private:
  void Write(const std::string& name, const std::string& text) const {
    directory_.Write(name, text);
  }

  std::string PinFile(const std::string& expires, const std::string& role,
                      const mint::Minted& pinned) const {
    PinFileSet set;
    set.expires = expires;
    set.role = role;
    set.pins = {{PinTextOf(pinned), "Example Pin"}};
    set.backup_pins = {{PinTextOf(mint::Key::P256From("spare")), "Spare"}};
    set.hosts = {"www.example.com"};
    return PinFileText({set});
  }

  // Stable returns `text` with what differs between runs masked.
  std::string Stable(std::string text) const {
    for (const TlsServer* server : {&server_, &interceptor_}) {
      text = std::regex_replace(
          text, std::regex(absl::StrCat("\\b", server->port(), "\\b")), "PORT");
    }
    return text;
  }

  const TempDirectory directory_;
  const mint::Minted root_, issuer_, leaf_, proxy_root_, forged_;
  const TlsServer server_, interceptor_;
};

struct Scene {
  std::string name;  // of the file, with ".txt" after it
  std::vector<std::string> arguments;
  std::string input = "";
  bool mask_pins = false;  // the keys are new in every run
};

const std::vector<std::string>& Commands() {
  static const auto& commands = *new std::vector<std::string>([] {
    std::vector<std::string> names;
    const std::string help = RunTlspin({"--help"}).standard_output;
    const size_t begin = help.find("\nCommands:\n") + 1;
    EXPECT_NE(begin, 0u);
    const std::vector<std::string> lines =
        absl::StrSplit(help.substr(begin), '\n');
    for (const std::string& line : lines) {
      if (absl::StartsWith(line, "  ") && line.size() > 2 &&
          absl::ascii_islower(line[2])) {
        names.push_back(line.substr(2, line.find(' ', 2) - 2));
      }
      if (line.empty()) {
        break;
      }
    }
    return names;
  }());
  return commands;
}

const std::vector<Scene>& Scenes() {
  const std::string at = "--at=2026-06-01";
  const std::string roots = "--roots=roots.pem";
  const std::string pins = "--pins=pins.json";
  const std::string local = "--local-roots=local.pem";
  static const auto& scenes = *new std::vector<Scene>{
      {"verify_accepted",
       {"verify", "--host=www.example.com", roots, pins, at, "chain.pem"}},
      {"verify_accepted_json",
       {"verify", "--json", "--host=www.example.com", roots, pins, at,
        "chain.pem"}},
      {"verify_intercepted",
       {"verify", "--host=www.example.com", roots, local, pins, at,
        "forged.pem"}},
      {"verify_intercepted_es",
       {"verify", "--host=www.example.com", roots, local, pins, at, "--lang=es",
        "forged.pem"}},
      {"verify_no_path",
       {"verify", "--host=www.example.com", roots, pins, at, "forged.pem"}},
      {"verify_name_mismatch",
       {"verify", "--host=example.org", roots, at, "chain.pem"}},
      {"verify_expired",
       {"verify", "--host=www.example.com", roots, "--at=2027-06-01",
        "chain.pem"}},
      {"verify_bad_pin_file",
       {"verify", "--host=www.example.com", roots, "--pins=wrong.json",
        "chain.pem"}},
      {"inspect_file",
       {"inspect", "--host=www.example.com", roots, pins, at, "./chain.pem"}},
      {"inspect_server", {"inspect", roots, pins, at, "SERVER"}},
      {"inspect_intercepted",
       {"inspect", roots, local, pins, at, "INTERCEPTOR"}},
      {"inspect_without_host", {"inspect", "./chain.pem"}},
      {"explain_chain",
       {"explain", "--host=www.example.com", roots, pins, at, "./chain.pem"}},
      {"explain_intercepted",
       {"explain", roots, local, pins, at, "INTERCEPTOR"}},
      {"explain_json",
       {"explain", "--json", "--host=www.example.com", roots, pins, at,
        "./forged.pem"}},
      {"explain_code", {"explain", "PIN_MISMATCH"}},
      {"explain_unknown_code", {"explain", "PIN_MISMACH"}},
      {"pin_files", {"pin", "chain.pem", "spare.key"}},
      {"pin_json", {"pin", "--json", "spare.key"}},
      {"pin_server", {"pin", "--connect", "SERVER"}},
      {"pin_empty", {"pin", "empty.pem"}},
      {"compile", {"compile", "pins.json", "-o", "compiled.pins"}},
      {"compile_none", {"compile", "--check", "pins.json"}},
      {"lint_clean", {"lint", at, "pins.json"}},
      {"lint_warnings", {"lint", "--strict", at, "soon.json"}},
      {"lint_error", {"lint", at, "wrong.json"}},
      {"lint_json", {"lint", "--json", at, "soon.json", "wrong.json"}},
      {"lint_fix", {"lint", "--fix", "--dry-run", at, "untidy.json"}},
      {"generate",
       {"generate", "--backup=spare.key", roots, at, "--expires=2026-09-01",
        "SERVER"}},
      {"generate_update_new_host",
       {"generate", "--update=other.json", roots, at, "SERVER"}},
      {"generate_intercepted",
       {"generate", "--backup=spare.key", roots, local, at, "INTERCEPTOR"}},
      {"check", {"check", roots, at, "pins.json", "SERVER"}},
      {"check_json", {"check", "--json", roots, at, "pins.json", "SERVER"}},
      {"check_intercepted",
       {"check", roots, local, at, "pins.json", "INTERCEPTOR"}},
      {"diff_same", {"diff", "pins.json", "pins.json"}},
      {"diff", {"diff", "pins.json", "soon.json"}},
      {"diff_json", {"diff", "--json", "pins.json", "soon.json"}},
      {"export", {"export", "--format=okhttp-kotlin", "--lossy", "pins.json"}},
      {"export_loss", {"export", "--format=curl", "pins.json"}},
      {"import",
       {"import", "--format=curl", "--host=www.example.com",
        "--backup=spare.key", "--expires=2026-12-31", "--on-expiry=reject",
        "--updated=2026-05-01", "-"},
       "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=\n"},
      {"demo", {"demo"}, "", true},
      {"help_command", {"help", "diff"}},
      {"completion_unknown_shell", {"completion", "csh"}},
      {"unknown_command", {"verfiy"}},
      {"unknown_flag", {"lint", "--stirct", "pins.json"}},
      {"missing_file", {"lint", at, "nowhere.json"}},
      {"missing_file_json", {"lint", "--json", at, "nowhere.json"}},
  };
  return scenes;
}

// All returns the scenes, and the help of every command.
std::vector<Scene> All() {
  std::vector<Scene> all = Scenes();
  all.push_back({"help", {"--help"}});
  for (const std::string& command : Commands()) {
    all.push_back({absl::StrCat("help_", command), {command, "--help"}});
  }
  return all;
}

std::string Transcript(const Scene& scene) {
  static const auto& stage = *new Stage;
  std::string text = stage.Run(scene.arguments, scene.input);
  if (scene.mask_pins) {
    text = std::regex_replace(text, std::regex("sha256/[A-Za-z0-9+/]+="),
                              "sha256/PIN");
    text = std::regex_replace(text, std::regex("20[0-9T:-]+Z"), "TIME");
  }
  return text;
}

// OutputFolder returns where new transcripts are to be written; empty: nowhere.
std::string OutputFolder() {
  const char* folder = std::getenv("GOLDEN_OUTPUT");
  return folder == nullptr ? "" : absl::StrCat(folder, "/tlspin");
}

TEST(GoldenTest, EveryTranscript) {
  const std::string output = OutputFolder();
  for (const Scene& scene : All()) {
    const std::string file = absl::StrCat(scene.name, ".txt");
    const std::string text = Transcript(scene);
    if (!output.empty()) {
      std::ofstream(absl::StrCat(output, "/", file)) << text;
      continue;
    }
    const std::string path =
        absl::StrCat(testing_support::FromRunfiles(kFolder), "/", file);
    if (!std::filesystem::exists(path)) {
      ADD_FAILURE() << file << " is missing: run tests/golden/update";
      continue;
    }
    EXPECT_EQ(testing_support::ReadFile(path), text)
        << file << ": if that is as it should be, run tests/golden/update";
  }
}

// A transcript that no scene has any more says nothing.
TEST(GoldenTest, NoTranscriptIsLeftOver) {
  if (!OutputFolder().empty()) {
    GTEST_SKIP() << "writes new transcripts";
  }
  std::set<std::string> files;
  for (const Scene& scene : All()) {
    files.insert(absl::StrCat(scene.name, ".txt"));
  }
  for (const auto& entry : std::filesystem::directory_iterator(
           testing_support::FromRunfiles(kFolder))) {
    EXPECT_EQ(files.count(entry.path().filename().string()), 1u)
        << entry.path();
  }
}

TEST(GoldenTest, EveryCommandHasATranscriptBesideItsHelp) {
  ASSERT_GE(Commands().size(), 11u);
  for (const std::string& command : Commands()) {
    EXPECT_TRUE(std::any_of(
        Scenes().begin(), Scenes().end(),
        [&](const Scene& scene) { return scene.arguments.front() == command; }))
        << command;
  }
}

}  // namespace
