#include <cmath>
#include <cstdlib>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/language.h"
#include "tests/testing/pki.h"
#include "tests/testing/process.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"
#include "tools/tlspin/html_writer.h"
#include "tools/tlspin/phrases.h"
#include "tools/tlspin/verdict_page_css.h"

namespace {

using ::pinning::Language;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using ::testing_support::MakePki;
using ::testing_support::PinFileSet;
using ::testing_support::PinFileText;
using ::testing_support::PinTextOf;
using ::testing_support::Pki;
using ::testing_support::ProcessResult;
using ::testing_support::ReadFile;
using ::testing_support::RunTlspin;
using ::testing_support::TempDirectory;
using ::tlspin::HtmlElement;
using ::tlspin::HtmlText;
using ::tlspin::HtmlWriter;

TEST(HtmlText, NothingActs) {
  const struct {
    const char* name;
    const char* text;
    const char* html;
  } kRows[] = {
      {"plain", "CN=idbroker.webex.com", "CN=idbroker.webex.com"},
      {"element", "<script>alert(1)</script>",
       "&lt;script&gt;alert(1)&lt;/script&gt;"},
      {"quotes", "\" onload='x'", "&quot; onload=&#39;x&#39;"},
      {"reference", "&lt;", "&amp;lt;"},
      {"control", "a\033[2Jb", "a\\u{1b}[2Jb"},
      {"bidirectional",
       "a\xe2\x80\xae"
       "b",
       "a\\u{202e}b"},
      {"not UTF-8",
       "a\xff"
       "b",
       "a\\x{ff}b"},
      {"escaped before", "a\\u{202e}b", "a\\u{202e}b"},
      {"beyond ASCII", "Sociedad Añil", "Sociedad Añil"},
      {"end of a comment", "--> ]]>", "--&gt; ]]&gt;"},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(HtmlText(row.text), row.html) << row.name;
  }
  EXPECT_EQ(HtmlText(absl::string_view("a\0b", 3)), "a\\u{0}b");
}

TEST(HtmlWriter, ClosesWhatItOpens) {
  HtmlWriter html("es", "<title>", "p{}\n");
  {
    HtmlElement section(html, "section", {{"class", "a\"b"}});
    html.Line("p", "1 < 2");
    HtmlElement p(html, "p");
    html.Text("by ");
    html.Foreign("<b>");
  }
  EXPECT_EQ(html.Finish(),
            R"(<!DOCTYPE html>
<html lang="es"><head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>&lt;title&gt;</title>
<style>
p{}
</style>
</head>
<body>
<section class="a&quot;b">
<p>1 &lt; 2</p>
<p>by <bdi>&lt;b&gt;</bdi></p>
</section>
</body>
</html>
)");
}

// The places for arguments in a template: "$0", "$1".
std::vector<std::string> Places(absl::string_view text) {
  std::vector<std::string> places;
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '$') {
      places.push_back(std::string(text.substr(i, 2)));
    }
  }
  return places;
}

TEST(Phrases, NoneIsMissingInAnyLanguage) {
  for (size_t i = 0; i < tlspin::kPhraseCount; ++i) {
    const auto phrase = static_cast<tlspin::Phrase>(i);
    const absl::string_view english =
        PhraseTemplate(phrase, Language::kEnglish);
    ASSERT_FALSE(english.empty()) << i;
    for (const Language language : pinning::AllLanguages()) {
      const absl::string_view text = PhraseTemplate(phrase, language);
      EXPECT_FALSE(text.empty()) << english;
      EXPECT_THAT(Places(text),
                  testing::UnorderedElementsAreArray(Places(english)))
          << english << LanguageTag(language);
    }
  }
}

// A label and one space stand before the text of a line.
TEST(Phrases, LabelsFitTheirColumn) {
  for (size_t i = static_cast<size_t>(tlspin::Phrase::kLabelHost);
       i <= static_cast<size_t>(tlspin::Phrase::kReject); ++i) {
    for (const Language language : pinning::AllLanguages()) {
      EXPECT_LE(PhraseTemplate(static_cast<tlspin::Phrase>(i), language).size(),
                8u);
    }
  }
}

double Channel(const std::string& hex, size_t at) {
  const double value =
      std::strtol(hex.substr(at, 2).c_str(), nullptr, 16) / 255.0;
  return value <= 0.04045 ? value / 12.92
                          : std::pow((value + 0.055) / 1.055, 2.4);
}

double Luminance(const std::string& hex) {
  return 0.2126 * Channel(hex, 1) + 0.7152 * Channel(hex, 3) +
         0.0722 * Channel(hex, 5);
}

double Contrast(const std::string& a, const std::string& b) {
  const double one = Luminance(a) + 0.05, other = Luminance(b) + 0.05;
  return one > other ? one / other : other / one;
}

// The style sheet's promise: WCAG 2, 1.4.3, in every scheme that it has.
TEST(VerdictPageCss, TextStandsOutFromItsGround) {
  EXPECT_NEAR(Contrast("#000000", "#ffffff"), 21, 0.01);
  const std::string css(tlspin::VerdictPageCss());
  std::vector<std::string> schemes = absl::StrSplit(css, ":root {");
  ASSERT_EQ(schemes.size(), 4u);  // light, dark, print
  schemes.erase(schemes.begin());
  for (const std::string& scheme : schemes) {
    std::map<std::string, std::string> colours;
    const std::regex colour("--([a-z-]+): (#[0-9a-f]{6});");
    for (std::sregex_iterator i(scheme.begin(), scheme.end(), colour), end;
         i != end; ++i) {
      colours[(*i)[1]] = (*i)[2];
    }
    for (const auto& [text, ground] :
         std::vector<std::pair<std::string, std::string>>{
             {"text", "ground"},
             {"text", "card"},
             {"muted", "ground"},
             {"muted", "card"},
             {"good", "good-ground"},
             {"bad", "bad-ground"},
             {"warn", "warn-ground"}}) {
      ASSERT_TRUE(colours.count(text) && colours.count(ground)) << text;
      EXPECT_GE(Contrast(colours[text], colours[ground]), 4.5)
          << text << " on " << ground << " in" << scheme.substr(0, 60);
    }
  }
}

TEST(VerdictPageCss, FetchesNothing) {
  const std::string css(tlspin::VerdictPageCss());
  for (const char* word : {"url(", "@import", "@font-face", "http:", "//", "</",
                           "expression", "javascript"}) {
    EXPECT_THAT(css, Not(HasSubstr(word)));
  }
}

constexpr char kHost[] = "idbroker.example.com";

class PageTest : public testing::Test {
 protected:
  PageTest()
      : public_(MakePki("Public", kHost)),
        local_(MakePki("Inspection", kHost)),
        roots_(directory_.Write("roots.pem", public_.root.Pem())),
        local_roots_(directory_.Write("local.pem", local_.root.Pem())),
        chain_(directory_.Write("chain.pem", mint::PemOf(public_.Presented()))),
        forged_(
            directory_.Write("forged.pem", mint::PemOf(local_.Presented()))) {
    PinFileSet set;
    set.pins = {{PinTextOf(public_.root), "Public Root"}};
    set.backup_pins = {{PinTextOf(mint::Key::Shared("p256-spare")), "spare"}};
    set.hosts = {"*.example.com"};
    pins_ = directory_.Write("pins.json", PinFileText({set}));
  }

  // Page returns what --html wrote.
  std::string Page(std::vector<std::string> more, int exit_code) {
    const std::string page = directory_.Path("page.html");
    std::vector<std::string> arguments = {
        "verify", "--at=2026-06-01", "--roots", roots_,   "--pins",
        pins_,    "--host",          kHost,     "--html", page};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ProcessResult result = RunTlspin(arguments);
    EXPECT_EQ(result.exit_code, exit_code) << result.standard_error;
    EXPECT_THAT(result.standard_error, HasSubstr("tlspin: page: "));
    return ReadFile(page);
  }

  const TempDirectory directory_;
  const Pki public_, local_;
  const std::string roots_, local_roots_, chain_, forged_;
  std::string pins_;
};

TEST_F(PageTest, SaysWhoIsInTheMiddleAndWhatToDo) {
  const std::string page = Page({"--local-roots", local_roots_, forged_}, 1);
  EXPECT_THAT(page, StartsWith("<!DOCTYPE html>\n<html lang=\"en\">"));
  EXPECT_THAT(page, HasSubstr("<h1>Refused: man in the middle (MITM)</h1>"));
  EXPECT_THAT(page, HasSubstr("MITM: this connection is intercepted and "
                              "inspected by &quot;Inspection"));
  EXPECT_THAT(page, HasSubstr("PIN_MISMATCH (RFC 7469 2.6)"));
  EXPECT_THAT(page, HasSubstr("<li><code>*.example.com</code></li>"));
  EXPECT_THAT(page, HasSubstr("<code>local-anchor</code>"));
  EXPECT_THAT(page, HasSubstr("anchor, added to this machine"));
  // Served beside expected, each whole.
  EXPECT_THAT(page, HasSubstr(PinTextOf(local_.leaf)));
  EXPECT_THAT(page, HasSubstr(PinTextOf(public_.root)));
  // What it rests on.
  EXPECT_THAT(page, HasSubstr("<dd>2026-06-01T00:00:00Z</dd>"));
  EXPECT_THAT(page, HasSubstr(absl::StrCat(roots_, " (1 bundled, 0 local)")));
  EXPECT_THAT(page, HasSubstr("<dd>tlspin 0.1.0</dd>"));
}

TEST_F(PageTest, SaysWhatMatched) {
  const std::string page = Page({chain_}, 0);
  EXPECT_THAT(page, HasSubstr("<h1>Accepted</h1>"));
  EXPECT_THAT(page, Not(HasSubstr("MITM")));
  EXPECT_THAT(page, HasSubstr("<span class=\"mark yes\">not served; the anchor "
                              "of the path</span>"));
  EXPECT_THAT(page, Not(HasSubstr("class=\"mark no\"")));
  EXPECT_THAT(page, HasSubstr("anchor, of a public root programme"));
  EXPECT_THAT(page, Not(HasSubstr("class=\"advice\"")));
}

// An interceptor that appends the genuine chain serves the pinned key, and
// proves nothing by it.
TEST_F(PageTest, AKeyServedBesideThePathIsNotAMatch) {
  std::vector<mint::Minted> served = local_.Presented();
  served.push_back(public_.intermediate);
  served.push_back(public_.root);
  const std::string chain =
      directory_.Write("appended.pem", mint::PemOf(served));
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{
           {chain}, {"--local-roots", local_roots_, chain}}) {
    const std::string page = Page(more, 1);
    EXPECT_THAT(page, HasSubstr("<span class=\"mark other\">yes: Public Root, "
                                "but not on the path</span>"));
    EXPECT_THAT(page, HasSubstr("<span class=\"mark other\">certificate 3, but "
                                "not on the path</span>"));
    EXPECT_THAT(page, Not(HasSubstr("mark yes")));
  }
}

TEST_F(PageTest, SpeaksSpanish) {
  const std::string page =
      Page({"--lang=es", "--local-roots", local_roots_, forged_}, 1);
  EXPECT_THAT(page, HasSubstr("<html lang=\"es\">"));
  EXPECT_THAT(page, HasSubstr("<h1>Rechazada: intermediario (MITM)</h1>"));
  EXPECT_THAT(page, HasSubstr("<h2>Qué hacer</h2>"));
  EXPECT_THAT(page, HasSubstr("<code>local-anchor</code>"));
  EXPECT_THAT(page, HasSubstr("PIN_MISMATCH"));
  EXPECT_THAT(page, HasSubstr("<code>*.example.com</code>"));
}

TEST_F(PageTest, TextOfCertificatesIsTextAndNothingElse) {
  constexpr char kEvil[] =
      "</title></bdi><script>alert(1)</script><img src=//evil.example "
      "onerror=\"x\"> 'q' \xe2\x80\xaetxt.exe\033[2J";
  mint::Spec root_spec = mint::Ca(kEvil);
  const mint::Minted root =
      mint::SelfSigned(root_spec, mint::Key::Shared("p256-evil-root"));
  mint::Spec leaf_spec = mint::Leaf({kHost});
  leaf_spec.common_name = kEvil;
  const mint::Minted leaf =
      mint::Issue(leaf_spec, mint::Key::Shared("p256-evil-leaf"), root);
  const std::string chain =
      directory_.Write("evil.pem", mint::PemOf({leaf, root}));
  const std::string local = directory_.Write("evil-root.pem", root.Pem());
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{
           {chain}, {"--local-roots", local, chain}, {"--lang=es", chain}}) {
    const std::string page = Page(more, 1);
    EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
    for (const char* act :
         {"<script", "<img", "<a ", "onerror=\"", "\xe2\x80\xae", "\033"}) {
      EXPECT_THAT(page, Not(HasSubstr(act)));
    }
    // One of each: none was closed early.
    EXPECT_EQ(std::vector<std::string>(absl::StrSplit(page, "</title>")).size(),
              2u);
  }
}

TEST_F(PageTest, APageThatCannotBeWrittenIsNoAnswer) {
  const ProcessResult result = RunTlspin(
      {"verify", "--at=2026-06-01", "--roots", roots_, "--host", kHost,
       "--html", directory_.Path("no/such/folder/page.html"), chain_});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.standard_output, "");
  EXPECT_THAT(result.standard_error, HasSubstr("no/such/folder/page.html"));
  EXPECT_EQ(
      RunTlspin({"verify", "--host", kHost, "--html", "-", chain_}).exit_code,
      2);
}

TEST_F(PageTest, RequirementsMakeTheAdviceWhole) {
  const std::string requirements = directory_.Write("requirements.json", R"({
    "schema": "pinning.requirements/1", "application": "Example",
    "updated": "2026-01-31",
    "hosts": [
      {"pattern": "**.example.com", "inspection": "pinned",
       "ports": [{"transport": "tcp", "ports": "443", "protocol": "https"}],
       "source": "https://www.example.com/"},
      {"pattern": "cdn.example.net", "inspection": "allowed",
       "ports": [{"transport": "tcp", "ports": "443", "protocol": "https"}],
       "source": "https://www.example.com/"},
      {"pattern": "login.example.net", "inspection": "exempt",
       "reason": "it asks for a client certificate",
       "ports": [{"transport": "tcp", "ports": "443", "protocol": "https"}],
       "source": "https://www.example.com/"}
    ]})");
  const std::string page = Page(
      {"--requirements", requirements, "--local-roots", local_roots_, forged_},
      1);
  EXPECT_THAT(page, HasSubstr("<ul class=\"exempt\">\n"
                              "<li><code>**.example.com</code></li>\n"
                              "<li><code>login.example.net</code></li>\n"
                              "</ul>"));
  EXPECT_THAT(page, Not(HasSubstr("cdn.example.net")));
  EXPECT_THAT(page, HasSubstr(requirements));

  const ProcessResult bad =
      RunTlspin({"verify", "--roots", roots_, "--host", kHost, "--requirements",
                 directory_.Write("bad.json", "{\n \"schema\": 1}"), chain_});
  EXPECT_EQ(bad.exit_code, 3);
  EXPECT_THAT(bad.standard_error, HasSubstr("bad.json:"));
}

}  // namespace
