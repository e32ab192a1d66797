#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/pki.h"
#include "tests/testing/process.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"

namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing_support::MakePki;
using ::testing_support::PinFileSet;
using ::testing_support::PinFileText;
using ::testing_support::PinTextOf;
using ::testing_support::Pki;
using ::testing_support::ProcessResult;
using ::testing_support::ReadFile;
using ::testing_support::RunTlspin;
using ::testing_support::TempDirectory;

constexpr char kHost[] = "idbroker.example.com";
constexpr char kNobody[] =
    "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";

// A host that is pinned to a public root, behind a company's proxy whose
// authority nobody else has heard of.
class InterceptorsFlag : public testing::Test {
 protected:
  InterceptorsFlag()
      : public_(MakePki("Public", kHost)),
        proxy_(mint::SelfSigned(mint::Ca("Example Corp TLS Inspection 3"),
                                mint::Key::Shared("p256-corp-proxy"))),
        roots_(directory_.Write("roots.pem", public_.root.Pem())),
        forged_(directory_.Write(
            "forged.pem",
            mint::PemOf({mint::Issue(mint::Leaf({kHost}),
                                     mint::Key::Shared("p256-forged"), proxy_),
                         proxy_}))) {
    PinFileSet set;
    set.pins = {{PinTextOf(public_.root), "Public Root"}};
    set.backup_pins = {{kNobody, "spare"}};
    set.hosts = {"*.example.com"};
    pins_ = directory_.Write("pins.json", PinFileText({set}));
  }

  ProcessResult Verify(const std::vector<std::string>& files) const {
    std::vector<std::string> arguments = {
        "verify", "--at=2026-06-01", "--roots", roots_, "--pins",
        pins_,    "--host",          kHost};
    for (const std::string& file : files) {
      arguments.push_back("--interceptors");
      arguments.push_back(file);
    }
    arguments.push_back(forged_);
    return RunTlspin(arguments);
  }

  std::string Catalogue(absl::string_view file, absl::string_view name,
                        absl::string_view rest) const {
    return directory_.Write(
        std::string(file),
        absl::StrCat(
            R"({"schema": "pinning.interceptors/1", "products": [)", "\n",
            R"({"name": ")", name, R"(",)", R"( "kind": "enterprise-proxy",)",
            R"( "source": "https://wiki.example.com/", )", rest, "}]}"));
  }

  const TempDirectory directory_;
  const Pki public_;
  const mint::Minted proxy_;
  const std::string roots_, forged_;
  std::string pins_;
};

TEST_F(InterceptorsFlag, NamesTheCompanysProxyByName) {
  const ProcessResult result = Verify({Catalogue(
      "own.json", "Our web proxy",
      R"("issuer": [{"cn": {"prefix": "Example Corp TLS Inspection"}}])")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output,
              HasSubstr("intercepted and inspected by \"Our web proxy\"\n"));
}

TEST_F(InterceptorsFlag, NamesTheCompanysProxyByKey) {
  const ProcessResult result =
      Verify({Catalogue("other.json", "Another", R"("issuer": [])"),
              Catalogue("own.json", "Our web proxy",
                        absl::StrCat(R"("issuer": [], "keys": [")",
                                     PinTextOf(proxy_), R"("])"))});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output,
              HasSubstr("intercepted and inspected by \"Our web proxy\"\n"));
}

TEST_F(InterceptorsFlag, WithoutItTheAuthoritysNameHasToDo) {
  const ProcessResult result = Verify({});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output, Not(HasSubstr("Our web proxy")));
  EXPECT_THAT(result.standard_output,
              HasSubstr("inspected by \"Example Corp TLS Inspection 3\"\n"));
}

// The example of docs/interceptors.md, on the proxy that it describes.
TEST_F(InterceptorsFlag, TheExampleOfTheDocumentationWorks) {
  std::string text = ReadFile("docs/interceptors.md");
  const std::string fence = "```json\n";
  text = text.substr(text.find(fence) + fence.size());
  text = text.substr(0, text.find("```"));
  const ProcessResult result = Verify({directory_.Write("example.json", text)});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output,
              HasSubstr("inspected by \"Example Corp web proxy (help: "
                        "desk@example.com)\"\n"));
}

TEST_F(InterceptorsFlag, ABadFileDecidesNothing) {
  const struct {
    const char* name;
    std::vector<std::string> files;
    std::string error;
  } rows[] = {
      {"missing", {"/nowhere/own.json"}, "/nowhere/own.json"},
      {"not a catalogue",
       {directory_.Write("bad.json", "{}")},
       "bad.json:1:1: "},
      {"a mistake",
       {Catalogue("mistake.json", "Ours", R"("isuer": [])")},
       "mistake.json:2:85: unknown key"},
      {"one name in two files",
       {Catalogue("a.json", "Ours", R"("issuer": [])"),
        Catalogue("b.json", "Ours", R"("issuer": [])")},
       "b.json: Ours is in "},
      {"one key in two files",
       {Catalogue(
            "c.json", "A",
            absl::StrCat(R"("issuer": [], "keys": [")", kNobody, R"("])")),
        Catalogue(
            "d.json", "B",
            absl::StrCat(R"("issuer": [], "keys": [")", kNobody, R"("])"))},
       absl::StrCat("d.json: ", kNobody, " is in ")},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const ProcessResult result = Verify(row.files);
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_EQ(result.standard_output, "");
    EXPECT_THAT(result.standard_error, HasSubstr(row.error));
  }
}

TEST_F(InterceptorsFlag, EveryCommandThatDiagnosesHasIt) {
  for (const char* command : {"verify", "inspect", "check", "generate"}) {
    const ProcessResult result = RunTlspin({command, "--help"});
    EXPECT_THAT(result.standard_output, HasSubstr("--interceptors")) << command;
  }
}

}  // namespace
