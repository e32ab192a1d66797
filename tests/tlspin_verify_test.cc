#include <map>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/testing/pki.h"
#include "tests/testing/process.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"

namespace {

using ::testing::ContainsRegex;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;
using ::testing_support::MakePki;
using ::testing_support::Masked;
using ::testing_support::PinFileSet;
using ::testing_support::PinFileText;
using ::testing_support::PinTextOf;
using ::testing_support::Pki;
using ::testing_support::ProcessOptions;
using ::testing_support::ProcessResult;
using ::testing_support::RunTlspin;
using ::testing_support::TempDirectory;

using Json = nlohmann::ordered_json;
using Arguments = std::vector<std::string>;

constexpr char kHost[] = "idbroker.example.com";
constexpr char kNobody[] =
    "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";

// A public PKI, an interceptor's, and a pin file that pins the public root.
class VerifyTest : public testing::Test {
 protected:
  VerifyTest()
      : public_(MakePki("Public", kHost)),
        local_(MakePki("Inspection", kHost)),
        roots_(directory_.Write("roots.pem", public_.root.Pem())),
        local_roots_(directory_.Write("local.pem", local_.root.Pem())),
        chain_(directory_.Write("chain.pem", mint::PemOf(public_.Presented()))),
        forged_(
            directory_.Write("forged.pem", mint::PemOf(local_.Presented()))),
        pins_(directory_.Write("pins.json", PinFile("enforce"))) {}

  std::string PinFile(const std::string& mode) const {
    PinFileSet set;
    set.mode = mode;
    set.pins = {{PinTextOf(public_.root), "Public Root"}};
    set.backup_pins = {{kNobody, "spare"}};
    set.hosts = {"*.example.com"};
    return PinFileText({set});
  }

  // Verify runs tlspin verify; what differs between runs is masked.
  ProcessResult Verify(const Arguments& more,
                       const ProcessOptions& options = {}) const {
    Arguments arguments = {"verify", "--at=2026-06-01", "--roots", roots_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    ProcessResult result = RunTlspin(arguments, options);
    result.standard_output = Mask(result.standard_output);
    result.standard_error = Mask(result.standard_error);
    return result;
  }

  std::string Mask(const std::string& text) const {
    return Masked(text, {{directory_.path(), "DIR"},
                         {PinTextOf(public_.leaf), "<leaf>"},
                         {PinTextOf(public_.intermediate), "<intermediate>"},
                         {PinTextOf(public_.root), "<root>"},
                         {PinTextOf(local_.leaf), "<forged leaf>"},
                         {PinTextOf(local_.intermediate), "<inspector>"},
                         {PinTextOf(local_.root), "<local root>"}});
  }

  const TempDirectory directory_;
  const Pki public_, local_;
  const std::string roots_, local_roots_, chain_, forged_, pins_;
};

TEST_F(VerifyTest, AcceptsWithPins) {
  const ProcessResult result =
      Verify({"--host", kHost, "--pins", pins_, chain_});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.standard_output,
            R"(host     idbroker.example.com
time     2026-06-01T00:00:00Z
path     0  CN=idbroker.example.com  <leaf>  leaf
         1  CN=Public Intermediate   <intermediate>  issuer
         2  CN=Public Root           <root>  anchor
pins     example for *.example.com (enforced, expires 2026-12-31, 213 days left)
         <root>  Public Root  pin     on the path at depth 2
         sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=  spare        backup  not on the path
ACCEPT   idbroker.example.com: the pin "Public Root" matched
)");
  EXPECT_EQ(result.standard_error,
            "tlspin: roots: DIR/roots.pem (1 bundled, 0 local)\n");
}

// Each pin says where its key is on the path, and whether it counts there.
TEST_F(VerifyTest, SaysWhereEachPinIs) {
  PinFileSet set;
  set.pins = {{PinTextOf(public_.intermediate), "Public Intermediate"},
              {PinTextOf(public_.root), "Public Root"}};
  set.backup_pins = {{kNobody, "spare"}};
  set.hosts = {"*.example.com"};
  directory_.Write("both.json", PinFileText({set}));
  const std::string both =
      Verify({"--host", kHost, "--pins", directory_.Path("both.json"), chain_})
          .standard_output;
  EXPECT_THAT(both, ContainsRegex("<intermediate> .*on the path at depth 1\n"));
  EXPECT_THAT(both, ContainsRegex("<root> .*on the path at depth 2\n"));

  set.role = "issuer";
  directory_.Write("issuers.json", PinFileText({set}));
  const std::string issuers = Verify({"--host", kHost, "--pins",
                                      directory_.Path("issuers.json"), chain_})
                                  .standard_output;
  EXPECT_THAT(issuers,
              ContainsRegex("<intermediate> .*on the path at depth 1\n"));
  EXPECT_THAT(issuers, ContainsRegex(
                           "<root> .*on the path at depth 2, where it does not "
                           "count\n"));
}

TEST_F(VerifyTest, AcceptsWithoutPins) {
  const ProcessResult result = Verify({"--host", kHost, chain_});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.standard_output, HasSubstr("\npins     no pins\n"));
  EXPECT_THAT(result.standard_output,
              EndsWith("ACCEPT   idbroker.example.com: the path is valid; the "
                       "name is not pinned\n"));
}

TEST_F(VerifyTest, SaysMitmOfAnInterception) {
  const ProcessResult result = Verify({"--host", kHost, "--pins", pins_,
                                       "--local-roots", local_roots_, forged_});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output,
              HasSubstr("2  CN=Inspection Root          <local root>  anchor, "
                        "added to this machine\n"));
  EXPECT_THAT(result.standard_output, HasSubstr("not on the path\n"));
  EXPECT_THAT(result.standard_output, HasSubstr("\nmeans    interception, "));
  EXPECT_THAT(result.standard_output, HasSubstr("\nwhy      "));
  EXPECT_THAT(result.standard_output, HasSubstr("\nerror    PIN_MISMATCH "));
  EXPECT_THAT(result.standard_output,
              MatchesRegex("(.|\n)*\nREJECT   MITM: this connection is "
                           "intercepted and inspected by \"Inspection "
                           "[A-Za-z]+\"\n"));
  EXPECT_THAT(result.standard_error,
              StartsWith("tlspin: roots: DIR/roots.pem (1 bundled, 0 local); "
                         "DIR/local.pem (0 bundled, 1 local)\n"
                         "tlspin: hint: "));
}

// What no diagnosis explains, and what an unpinned client cannot see, still
// comes with what to do.
TEST_F(VerifyTest, SaysWhatToDoWithoutADiagnosis) {
  const Pki plain = MakePki("Plain", kHost);
  const std::string alone = directory_.Write("alone.pem", plain.root.Pem());
  const ProcessResult unknown = Verify({"--host", "plain.example", alone});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(unknown.standard_output, HasSubstr("\nmeans    "));

  const ProcessResult unpinned =
      Verify({"--host", kHost, "--local-roots", local_roots_, forged_});
  EXPECT_EQ(unpinned.exit_code, 0);
  EXPECT_THAT(unpinned.standard_error,
              HasSubstr("hint: the anchor was added to this machine"));
}

// What is said to people is in the language of the environment or of --lang;
// codes are in neither.
TEST_F(VerifyTest, SpeaksTheLanguageThatIsAskedFor) {
  const struct {
    const char* name;
    const char* lang;  // --lang; null: not given
    std::map<std::string, std::string> environment;
    bool spanish;
  } kRows[] = {
      {"environment", nullptr, {{"LC_ALL", "es_MX.UTF-8"}}, true},
      {"the first that is set",
       nullptr,
       {{"LC_ALL", ""}, {"LC_MESSAGES", "es"}, {"LANG", "en_US.UTF-8"}},
       true},
      {"another language is English", nullptr, {{"LC_ALL", "fr_FR"}}, false},
      {"C", nullptr, {{"LC_ALL", "C"}, {"LANG", "es_ES"}}, false},
      {"flag", "es", {{"LC_ALL", "C"}}, true},
      {"flag before environment", "en", {{"LC_ALL", "es_ES"}}, false},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    Arguments arguments = {"--host", kHost, "--pins", pins_, forged_};
    if (row.lang != nullptr) {
      arguments.push_back(absl::StrCat("--lang=", row.lang));
    }
    ProcessOptions options;
    options.environment = row.environment;
    const ProcessResult result = Verify(arguments, options);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.standard_output,
                HasSubstr(row.spanish ? "\nRECHAZA  MITM: esta conexión está "
                                        "siendo interceptada"
                                      : "\nREJECT   MITM: this connection is "
                                        "intercepted"));
    EXPECT_THAT(result.standard_output,
                HasSubstr(row.spanish ? "\nmotivo   " : "\nwhy      "));
    EXPECT_THAT(result.standard_output, HasSubstr("NO_PATH (RFC 5280 6.1)"));
    EXPECT_THAT(result.standard_error,
                HasSubstr(row.spanish ? "hint: pida al administrador que "
                                        "excluya *.example.com"
                                      : "hint: ask the administrator to "
                                        "exempt *.example.com"));
  }
  EXPECT_EQ(Verify({"--host", kHost, "--lang=fr", chain_}).exit_code, 2);
}

TEST_F(VerifyTest, JsonIsEnglishUnlessALanguageIsGiven) {
  ProcessOptions spanish;
  spanish.environment["LC_ALL"] = "es_ES.UTF-8";
  const Arguments arguments = {"--host", kHost,    "--pins",
                               pins_,    "--json", forged_};
  EXPECT_EQ(Verify(arguments, spanish).standard_output,
            Verify(arguments).standard_output);
  Arguments with_flag = arguments;
  with_flag.push_back("--lang=es");
  const std::string json = Verify(with_flag).standard_output;
  EXPECT_THAT(json, HasSubstr("\"advice\":\"pida al administrador"));
  EXPECT_THAT(json, HasSubstr("\"code\":\"pinned-keys-absent\""));
}

TEST_F(VerifyTest, VerboseNamesTheCodeOfEachReason) {
  EXPECT_THAT(
      Verify({"--host", kHost, "--pins", pins_, "-v", forged_}).standard_output,
      HasSubstr(" was served [pinned-keys-absent, "
                "subjectPublicKeyInfo]\n"));
  EXPECT_THAT(
      Verify({"--host", kHost, "--pins", pins_, forged_}).standard_output,
      Not(HasSubstr("pinned-keys-absent")));
}

TEST_F(VerifyTest, ReportOnlyAcceptsAndSaysSo) {
  const std::string pins =
      directory_.Write("report.json", PinFile("report-only"));
  const ProcessResult result = Verify({"--host", kHost, "--pins", pins,
                                       "--local-roots", local_roots_, forged_});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.standard_output,
              HasSubstr("report-only: would have been refused"));
}

TEST_F(VerifyTest, RefusalsNameTheCode) {
  const struct {
    const char* name;
    Arguments arguments;
    const char* answer;
  } kRows[] = {
      // Its authority calls itself an inspection's: the code has a line of its
      // own.
      {"no path", {"--host", kHost, forged_}, "error    NO_PATH"},
      {"another name",
       {"--host", "other.example.org", chain_},
       "REJECT   NAME_MISMATCH"},
      {"expired",
       {"--host", kHost, "--at=2027-06-01T00:00:00Z", chain_},
       "REJECT   EXPIRED"},
  };
  for (const auto& row : kRows) {
    Arguments arguments = {"verify", "--roots", roots_};
    if (row.name != absl::string_view("expired")) {
      arguments.push_back("--at=2026-06-01");
    }
    arguments.insert(arguments.end(), row.arguments.begin(),
                     row.arguments.end());
    const ProcessResult result = RunTlspin(arguments);
    EXPECT_EQ(result.exit_code, 1) << row.name;
    EXPECT_THAT(result.standard_output, HasSubstr(row.answer)) << row.name;
  }
}

TEST_F(VerifyTest, PrintsTheTimeUsed) {
  Arguments arguments = {"verify", "--roots", roots_, "--host", kHost, chain_};
  EXPECT_THAT(RunTlspin(arguments).standard_output,
              MatchesRegex("(.|\n)*\ntime     20[0-9-]+T[0-9:]+Z\n(.|\n)*"));
  arguments.push_back("--at=2026-06-01T12:34:56+02:00");
  EXPECT_THAT(RunTlspin(arguments).standard_output,
              HasSubstr("\ntime     2026-06-01T10:34:56Z\n"));
}

TEST_F(VerifyTest, Json) {
  ProcessResult result =
      Verify({"--host", kHost, "--pins", pins_, "--json", chain_});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.standard_output,
              StartsWith(R"({"schema":"tlspin.verdict/1",)"));
  // The roots come after the keys that the library writes.
  EXPECT_THAT(
      result.standard_output,
      EndsWith(R"(,"roots":[{"file":"DIR/roots.pem","bundled":1,"local":0}]})"
               "\n"));
  EXPECT_THAT(result.standard_output, HasSubstr("<root>"));

  result = Verify({"--host", kHost, "--pins", pins_, "--local-roots",
                   local_roots_, "--json", forged_});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output, HasSubstr("\"PIN_MISMATCH\""));
  EXPECT_THAT(result.standard_output, HasSubstr("\"interception\""));
}

// The whole object, so that a change of any key is seen. Serial numbers are
// random, and masked.
TEST_F(VerifyTest, JsonTranscript) {
  const std::string json =
      Verify({"--host", kHost, "--pins", pins_, "--json", chain_})
          .standard_output;
  EXPECT_EQ(
      std::regex_replace(json, std::regex("\"serial\":\"[0-9a-f]+\""),
                         "\"serial\":0"),
      R"({"schema":"tlspin.verdict/1","host":"idbroker.example.com",)"
      R"("time":"2026-06-01T00:00:00Z","accepted":true,"error":null,)"
      R"("pin_status":"matched","would_reject":false,"mitm":false,)"
      R"("diagnosis":null,"path":[)"
      R"({"depth":0,"role":"leaf","subject":"CN=idbroker.example.com","issuer":"CN=Public Intermediate",)"
      R"("serial":0,"not_before":"2026-01-01T00:00:00Z",)"
      R"("not_after":"2027-01-01T00:00:00Z","pin":"<leaf>"},)"
      R"({"depth":1,"role":"issuer","subject":"CN=Public Intermediate","issuer":"CN=Public Root",)"
      R"("serial":0,"not_before":"2026-01-01T00:00:00Z",)"
      R"("not_after":"2027-01-01T00:00:00Z","pin":"<intermediate>"},)"
      R"({"depth":2,"role":"anchor","subject":"CN=Public Root","issuer":"CN=Public Root",)"
      R"("serial":0,"not_before":"2026-01-01T00:00:00Z",)"
      R"("not_after":"2027-01-01T00:00:00Z","pin":"<root>","origin":"bundled"})"
      R"(],"pins":{"set":"example","pattern":"*.example.com",)"
      R"("mode":"enforce","on_expiry":"reject",)"
      R"("expires":"2026-12-31T00:00:00Z",)"
      R"("matched":{"name":"Public Root","pin":"<root>","role":"any",)"
      R"("depth":2},"expected":[{"name":"Public Root","pin":"<root>",)"
      R"("role":"any","backup":false},{"name":"spare",)"
      R"("pin":"sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=",)"
      R"("role":"any","backup":true}],"blocked":[]},"presented":[)"
      R"({"depth":0,"role":"leaf","subject":"CN=idbroker.example.com","issuer":"CN=Public Intermediate",)"
      R"("serial":0,"not_before":"2026-01-01T00:00:00Z",)"
      R"("not_after":"2027-01-01T00:00:00Z","pin":"<leaf>"},)"
      R"({"depth":1,"role":"extra","subject":"CN=Public Intermediate","issuer":"CN=Public Root",)"
      R"("serial":0,"not_before":"2026-01-01T00:00:00Z",)"
      R"("not_after":"2027-01-01T00:00:00Z","pin":"<intermediate>"})"
      R"(],"failed_paths":[],"weakenings":[],)"
      R"("roots":[{"file":"DIR/roots.pem","bundled":1,"local":0}]})"
      "\n");
}

// The rows of the table of keys in docs/verdicts.md, in its order.
std::vector<std::pair<std::string, std::string>> KeyRows() {
  const std::string document = testing_support::ReadFile("docs/verdicts.md");
  const size_t begin = document.find("\n## JSON: ");
  const size_t end = document.find("\nThe statuses of an SCT", begin);
  std::vector<std::pair<std::string, std::string>> rows;
  for (const absl::string_view line : absl::StrSplit(
           absl::string_view(document).substr(begin, end - begin), '\n')) {
    const std::vector<std::string> parts =
        absl::StrSplit(line, absl::MaxSplits('`', 2));
    if (absl::StartsWith(line, "| `") && parts.size() == 3) {
      rows.emplace_back(parts[1], parts[2]);
    }
  }
  return rows;
}

// ExpectKeysIn holds the keys of `json`, which is documented as `name` or else
// in `row`, to what the document says there.
void ExpectKeysIn(const std::map<std::string, std::string>& rows,
                  const std::string& name, std::string row, const Json& json) {
  const auto found = rows.find(name);
  if (found != rows.end()) {
    row = found->second;
  }
  if (absl::StrContains(row, "as `path[]`")) {
    row = rows.at("path[]");
  }
  if (json.is_array()) {
    for (const Json& item : json) {
      ExpectKeysIn(rows, absl::StrCat(name, "[]"), row, item);
    }
  } else if (json.is_object()) {
    for (const auto& [key, value] : json.items()) {
      EXPECT_TRUE(absl::StrContains(row, absl::StrCat("`", key, "`")) ||
                  absl::StrContains(row, absl::StrCat("`", key, "[]`")))
          << "docs/verdicts.md: " << name << " does not say " << key;
      ExpectKeysIn(rows, key == "error" ? key : absl::StrCat(name, ".", key),
                   row, value);
    }
  }
}

TEST_F(VerifyTest, JsonHasTheKeysThatAreDocumented) {
  const auto ordered = KeyRows();
  const std::map<std::string, std::string> rows(ordered.begin(), ordered.end());
  ASSERT_GE(rows.size(), 15u);
  for (const Arguments& arguments :
       {Arguments{"--pins", pins_, chain_},
        Arguments{"--pins", pins_, "--local-roots", local_roots_, forged_},
        Arguments{"--pins", pins_, forged_}, Arguments{chain_}}) {
    Arguments all = {"--host", kHost, "--json"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Json json = Json::parse(Verify(all).standard_output);
    std::vector<std::string> produced, documented;
    for (const auto& [key, value] : json.items()) {
      produced.push_back(key);
      if (key != "roots") {
        ExpectKeysIn(rows, key, "", value);
      }
    }
    for (const auto& [key, text] : ordered) {
      if (!absl::StrContains(key, ".") &&
          !absl::StartsWith(text, " | Only if") &&
          !absl::StartsWith(text, " | With `scts`")) {
        documented.emplace_back(absl::StripSuffix(key, "[]"));
      }
    }
    documented.emplace_back("roots");  // of tlspin: docs/tlspin.md
    EXPECT_EQ(produced, documented);
  }
}

TEST_F(VerifyTest, QuietIsSilentOnAcceptOnly) {
  ProcessResult result = Verify({"--host", kHost, "-q", chain_});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.standard_output + result.standard_error, "");
  result = Verify({"--host", kHost, "-q", forged_});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output, HasSubstr("REJECT"));
}

TEST_F(VerifyTest, ReadsDerAndStandardInput) {
  std::string der;
  for (const mint::Minted& minted : public_.Presented()) {
    der.append(minted.der.begin(), minted.der.end());
  }
  ProcessOptions options;
  options.standard_input = der;
  EXPECT_EQ(Verify({"--host", kHost, "-"}, options).exit_code, 0);
  options.standard_input = mint::PemOf(public_.Presented());
  EXPECT_EQ(Verify({"--host", kHost, "-"}, options).exit_code, 0);
}

TEST_F(VerifyTest, BadFilesDecideNothing) {
  std::string broken_pem = mint::PemOf(public_.Presented());
  broken_pem[40] = '!';
  std::string bad_der(public_.leaf.der.begin(), public_.leaf.der.end());
  bad_der[4] ^= 1;  // the tag of TBSCertificate
  const struct {
    const char* name;
    std::string content;
    const char* error;
  } kRows[] = {
      {"empty", "", "empty, no certificate"},
      {"text", "hello\n", "neither PEM nor DER"},
      {"no certificate", public_.leaf.key.PublicPem(), "no "},
      {"broken PEM", broken_pem, "line "},
      {"broken DER", bad_der, ""},
      {"trailing byte",
       std::string(public_.leaf.der.begin(), public_.leaf.der.end()) + "x",
       "neither PEM nor DER"},
  };
  for (const auto& row : kRows) {
    const std::string file = directory_.Write("bad", row.content);
    for (const Arguments& arguments :
         {Arguments{"--host", kHost, file},
          Arguments{"--host", kHost, "--local-roots", file, chain_}}) {
      const ProcessResult result = Verify(arguments);
      EXPECT_EQ(result.exit_code, 3) << row.name;
      EXPECT_EQ(result.standard_output, "") << row.name;
      EXPECT_THAT(result.standard_error, HasSubstr("DIR/bad: ")) << row.name;
      EXPECT_THAT(result.standard_error, HasSubstr(row.error)) << row.name;
    }
  }
  EXPECT_EQ(Verify({"--host", kHost, "/nowhere.pem"}).exit_code, 3);
  EXPECT_EQ(
      Verify({"--host", kHost, "--pins", "/nowhere.json", chain_}).exit_code,
      3);
  const std::string pins = directory_.Write("bad.json", "{\n  \"sets\": 1}");
  const ProcessResult result =
      Verify({"--host", kHost, "--pins", pins, chain_});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.standard_error,
              MatchesRegex("tlspin: DIR/bad.json:[12]:[0-9]+: [^\n]+\n"));
}

TEST_F(VerifyTest, RefusesAThousandCertificates) {
  std::string pem;
  for (int i = 0; i < 1000; ++i) {
    pem += public_.leaf.Pem();
  }
  const ProcessResult result =
      Verify({"--host", kHost, directory_.Write("long.pem", pem)});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output, HasSubstr("REJECT   CHAIN_TOO_LONG"));
}

TEST_F(VerifyTest, EscapesNamesOfCertificates) {
  mint::Spec spec = mint::Leaf({kHost});
  spec.common_name = "evil\033[2J\n\xe2\x80\xaename";
  const mint::Minted leaf =
      mint::Issue(spec, mint::Key::P256(), public_.intermediate);
  const std::string chain = directory_.Write(
      "evil.pem",
      mint::PemOf(std::vector<mint::Minted>{leaf, public_.intermediate}));
  for (const char* flag : {"--full", "--json", "-v"}) {
    const ProcessResult result = Verify({"--host", kHost, flag, chain});
    EXPECT_EQ(result.exit_code, 0) << result.standard_output;
    EXPECT_THAT(result.standard_output, Not(HasSubstr("\033")));
    EXPECT_THAT(result.standard_output, Not(HasSubstr("\xe2\x80\xae")));
    EXPECT_THAT(result.standard_output, HasSubstr("evil"));
  }
}

TEST_F(VerifyTest, VerbosePrintsThePathsTried) {
  const ProcessResult result =
      Verify({"--host", kHost, "--at=2026-06-01T00:00:00Z", "-v", forged_});
  EXPECT_EQ(result.exit_code, 2);  // --at twice
  const ProcessResult tried = Verify({"--host", kHost, "-v", forged_});
  EXPECT_EQ(tried.exit_code, 1);
  EXPECT_THAT(tried.standard_output, HasSubstr("\ntried    0  "));
  EXPECT_THAT(tried.standard_output, HasSubstr("refused: NO_PATH"));
}

// inspect FILE judges as verify does, and shows more.
TEST_F(VerifyTest, InspectFile) {
  ProcessResult result =
      RunTlspin({"inspect", "--at=2026-06-01", "--roots", roots_, "--pins",
                 pins_, "--host", kHost, chain_});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.standard_output, StartsWith("file     "));
  EXPECT_THAT(result.standard_output, HasSubstr("\nserved   0  CN=idbroker"));
  EXPECT_THAT(result.standard_output, HasSubstr("issued by CN=Public Root"));
  EXPECT_THAT(result.standard_output, HasSubstr("\nACCEPT   "));

  result = RunTlspin({"inspect", "--at=2026-06-01", "--roots", roots_, "--json",
                      "--host", kHost, forged_});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output,
              StartsWith(R"({"schema":"tlspin.verdict/1",)"));
  EXPECT_THAT(result.standard_output, HasSubstr(R"("file":")"));

  result = RunTlspin({"inspect", "--roots", roots_, chain_});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.standard_error, HasSubstr("hint: give --host"));
}

TEST_F(VerifyTest, InspectWithoutAServer) {
  // Port 1 of the loopback: nobody listens.
  const ProcessResult result =
      RunTlspin({"inspect", "--roots", roots_, "--timeout=5", "127.0.0.1:1"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.standard_output, "");
  EXPECT_THAT(result.standard_error, HasSubstr("127.0.0.1"));
  EXPECT_EQ(RunTlspin({"inspect", "example.com:99999"}).exit_code, 2);
  EXPECT_EQ(
      RunTlspin({"inspect", "--host", "a.example", "b.example"}).exit_code, 2);
  EXPECT_EQ(RunTlspin({"inspect", "--proxy", "ftp://x", "b.example"}).exit_code,
            2);
  EXPECT_EQ(RunTlspin({"inspect", "--timeout", "-1", "b.example"}).exit_code,
            2);
}

TEST_F(VerifyTest, TheProfileSaysWhatFormIsAsked) {
  mint::Spec spec = mint::Leaf({kHost});
  spec.extended_key_usage.clear();
  const mint::Minted leaf =
      mint::Issue(spec, mint::Key::Shared("p256-leaf"), public_.intermediate);
  const std::string chain = directory_.Write(
      "no-usage.pem", absl::StrCat(leaf.Pem(), public_.intermediate.Pem()));
  const auto verify = [&](const Arguments& more) {
    Arguments arguments = {"--host", kHost, chain};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Verify(arguments);
  };
  EXPECT_EQ(verify({}).exit_code, 0);
  EXPECT_EQ(verify({"--profile", "rfc5280"}).exit_code, 0);
  EXPECT_EQ(verify({"--profile", "strict"}).exit_code, 0);
  const ProcessResult refused = verify({"--profile", "webpki"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.standard_output, HasSubstr("EXTENDED_KEY_USAGE"));
  EXPECT_EQ(verify({"--profile", "web"}).exit_code, 2);
}

}  // namespace
