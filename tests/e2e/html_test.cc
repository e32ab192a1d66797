// The page of a verdict in a real browser, on a phone and on a desk, light and
// dark. The page runs no script: a page around it, which does, measures it.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/e2e/authority.h"
#include "tests/e2e/programs.h"
#include "tests/testing/process.h"
#include "tests/testing/tls_server.h"
#include "tools/mint/mint.h"

namespace e2e {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing_support::TlsServer;
using Json = nlohmann::json;

constexpr char kHost[] = "idbroker.webex.com";

// Measures every page in frames of three widths and leaves what it found, as
// JSON without markup, in an element of its own.
constexpr char kRuler[] = R"html(<!DOCTYPE html>
<meta charset="utf-8">
<body></body>
<script>
const light = (c) => {
  const f = (v) => (v /= 255) <= 0.04045 ? v / 12.92
                                         : ((v + 0.055) / 1.055) ** 2.4;
  return 0.2126 * f(c[0]) + 0.7152 * f(c[1]) + 0.0722 * f(c[2]);
};
const rgb = (text) => text.match(/[0-9.]+/g).map(Number);
const groundOf = (element, view) => {
  for (let e = element; e; e = e.parentElement) {
    const colour = rgb(view.getComputedStyle(e).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
const contrast = (element, view) => {
  const a = light(rgb(view.getComputedStyle(element).color)) + 0.05;
  const b = light(groundOf(element, view)) + 0.05;
  return a > b ? a / b : b / a;
};
const measure = (frame) => {
  const doc = frame.contentDocument, view = frame.contentWindow;
  const root = doc.documentElement;
  const all = [...doc.querySelectorAll('*')];
  const texts = (selector) =>
      [...doc.querySelectorAll(selector)].map((e) => e.textContent);
  const shown = all.filter((e) => [...e.childNodes].some(
      (n) => n.nodeType === 3 && n.data.trim()) && doc.body.contains(e));
  const left = (id) =>
      doc.getElementById(id).getBoundingClientRect().left;
  return {
    lang: root.lang,
    title: doc.title,
    width: root.clientWidth,
    scroll: root.scrollWidth,
    outside: all.filter((e) => e.getBoundingClientRect().right >
        root.clientWidth + 0.5).map((e) => e.outerHTML.slice(0, 80)),
    lightness: light(groundOf(doc.body, view)),
    contrast: Math.min(...shown.map((e) => contrast(e, view))),
    small: Math.min(...shown.map(
        (e) => parseFloat(view.getComputedStyle(e).fontSize))),
    stacked: left('served') === left('expected'),
    headings: [...doc.querySelectorAll('h1,h2,h3')].map(
        (e) => e.tagName + ' ' + e.textContent),
    evidence: texts('.evidence li > .more > code'),
    exempt: texts('.exempt code'),
    pins: texts('#keys th code'),
    verdict: texts('.verdict > p').join(' '),
    connection: texts('#connection dd'),
    body: doc.body.textContent,
    tables: doc.querySelectorAll('table').length,
    uncaptioned: [...doc.querySelectorAll('table')].filter(
        (e) => !e.caption || !e.tHead).length,
    unscoped: doc.querySelectorAll('th:not([scope])').length,
    active: doc.querySelectorAll('script,img,link,iframe,object,embed,form,' +
        'a,audio,video,svg,base').length,
    handlers: all.filter((e) => [...e.attributes].some(
        (a) => /^on|^src$|^href$|^style$/.test(a.name))).length,
    fetched: view.performance.getEntriesByType('resource').map((e) => e.name),
  };
};
const found = {};
let waiting = 0;
for (const page of PAGES) for (const width of [320, 360, 1280]) {
  const frame = document.createElement('iframe');
  frame.style.cssText = `width:${width}px;height:900px;border:0`;
  frame.src = page;
  ++waiting;
  frame.onload = () => {
    found[page + ' ' + width] = measure(frame);
    if (--waiting === 0) {
      const out = document.createElement('pre');
      out.id = 'found';
      out.textContent = JSON.stringify(found).replace(
          /[<>&\u0080-\uffff]/g, (c) =>
              '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
      document.body.replaceChildren(out);
    }
  };
  document.body.append(frame);
}
</script>
)html";

class HtmlTest : public ProgramsTest {
 protected:
  HtmlTest() : ProgramsTest({"chromium"}) {}

  void SetUp() override {
    ProgramsTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    MakePages();
  }

  // Write runs tlspin with --html NAME.
  void Write(const std::string& name, std::vector<std::string> arguments) {
    arguments.insert(
        arguments.end(),
        {"--roots", directory_.Path("roots.pem"), "--local-roots",
         directory_.Path("local.pem"), "--pins", directory_.Path("pins.json"),
         "--requirements", directory_.Path("requirements.json"), "--html",
         directory_.Path(name)});
    const ProcessResult result = Tlspin(arguments);
    EXPECT_EQ(result.exit_code, 1) << Show(result);
  }

  void MakePages() {
    const Authority genuine = MakeAuthority("Genuine", false);
    const Authority inspection =
        MakeAuthority("Example Corp Inspection", false);
    directory_.Write("roots.pem", genuine.root.Pem());
    directory_.Write("local.pem", inspection.root.Pem());
    directory_.Write("pins.json", PinFile({kHost}, {genuine.root.key}));
    directory_.Write("requirements.json", R"({
      "schema": "pinning.requirements/1", "application": "Example",
      "updated": "2026-01-31",
      "hosts": [{"pattern": "*.wbx2.com", "inspection": "pinned",
        "ports": [{"transport": "tcp", "ports": "443", "protocol": "https"}],
        "source": "https://www.example.com/"},
        {"pattern": "*.webex.com", "inspection": "allowed",
        "ports": [{"transport": "tcp", "ports": "443", "protocol": "https"}],
        "source": "https://www.example.com/"}]})");
    mint::Spec spec = mint::Leaf({kHost});
    spec.not_before = absl::Now() - absl::Hours(1);
    spec.not_after = absl::Now() + absl::Hours(24 * 60);
    const mint::Minted leaf = mint::Issue(
        spec, mint::Key::Shared("p256-forged"), inspection.intermediate);
    const TlsServer server({leaf, inspection.intermediate});
    Write("intercepted.html", {"inspect", server.Target(kHost)});
    Write("es.html", {"inspect", "--lang", "es", server.Target(kHost)});

    // Names that are markup, that run from right to left, and that have no
    // place to break.
    spec.common_name = absl::StrCat(
        "</bdi></td><script>document.title='x'</script><img src=x onerror=x> ",
        std::string(120, 'W'), "\xd7\x90\xd7\x91\xe2\x80\xae");
    const mint::Minted hostile = mint::Issue(
        spec, mint::Key::Shared("p256-forged"), inspection.intermediate);
    Write("hostile.html",
          {"verify", "--host", kHost,
           directory_.Write("hostile.pem",
                            mint::PemOf({hostile, inspection.intermediate}))});
  }

  // Look has Chromium show the pages, and returns what it found in them, by
  // the name of the page and the width.
  Json Look(bool dark) {
    directory_.Write(
        "ruler.html",
        absl::StrCat("<script>const PAGES = ['intercepted.html', 'es.html', "
                     "'hostile.html'];</script>\n",
                     kRuler));
    testing_support::ProcessOptions options;
    options.environment["HOME"] = directory_.path();
    options.time_limit = absl::Seconds(240);
    const ProcessResult result = testing_support::RunProcess(
        FindProgram("chromium"),
        {"--headless", "--hide-scrollbars", "--no-sandbox", "--disable-gpu",
         "--disable-dev-shm-usage", "--no-first-run",
         "--allow-file-access-from-files", "--enable-logging=stderr",
         "--host-resolver-rules=MAP * ~NOTFOUND",
         absl::StrCat("--user-data-dir=", directory_.Path("profile")),
         absl::StrCat("--blink-settings=preferredColorScheme=", dark ? 0 : 1),
         "--virtual-time-budget=20000", "--dump-dom",
         absl::StrCat("file://", directory_.Path("ruler.html"))},
        options);
    // What a page does wrong, a browser says here: a fault of the markup, a
    // thing that the page's own policy stopped.
    EXPECT_THAT(result.standard_error, Not(HasSubstr("CONSOLE")));
    const absl::string_view dom = result.standard_output;
    const absl::string_view begin = "<pre id=\"found\">";
    const size_t at = dom.find(begin);
    if (at == dom.npos) {
      ADD_FAILURE() << "no measurements: " << Show(result);
      return Json::object();
    }
    return Json::parse(dom.substr(at + begin.size(),
                                  dom.find("</pre>", at) - at - begin.size()));
  }

  TempDirectory directory_;
};

TEST_F(HtmlTest, IsReadableOnEveryScreen) {
  for (const bool dark : {false, true}) {
    const Json found = Look(dark);
    ASSERT_EQ(found.size(), 9u);
    for (const auto& [name, page] : found.items()) {
      SCOPED_TRACE(absl::StrCat(name, dark ? " dark" : " light"));
      const bool phone = page["width"] != 1280;
      EXPECT_LE(page["scroll"], page["width"]);
      EXPECT_THAT(page["outside"], IsEmpty());
      EXPECT_EQ(page["stacked"], phone);
      if (dark) {
        EXPECT_LT(page["lightness"], 0.05);
      } else {
        EXPECT_GT(page["lightness"], 0.9);
      }
      EXPECT_GE(page["contrast"], 4.5);
      EXPECT_GE(page["small"], 12);
    }
  }
}

TEST_F(HtmlTest, HasItsPartsInOrderAndDoesNothing) {
  const Json found = Look(false);
  ASSERT_EQ(found.size(), 9u);
  for (const auto& [name, page] : found.items()) {
    SCOPED_TRACE(name);
    EXPECT_EQ(page["active"], 0);
    EXPECT_EQ(page["handlers"], 0);
    EXPECT_THAT(page["fetched"], IsEmpty());
    EXPECT_GE(page["tables"], 3);
    EXPECT_EQ(page["uncaptioned"], 0);
    EXPECT_EQ(page["unscoped"], 0);
    EXPECT_THAT(page["exempt"], ElementsAre(kHost, "*.wbx2.com"));
    EXPECT_EQ(page["evidence"][0], "local-anchor");
    EXPECT_GE(page["evidence"].size(), 3u);
    // Two served, and a pin and its backup.
    EXPECT_EQ(page["pins"].size(), 4u);
    EXPECT_THAT(std::string(page["body"]), HasSubstr("PIN_MISMATCH"));
    EXPECT_THAT(std::string(page["title"]), HasSubstr(kHost));
    EXPECT_THAT(std::string(page["title"]), HasSubstr("MITM"));
  }
  const Json& page = found["intercepted.html 360"];
  EXPECT_EQ(page["lang"], "en");
  EXPECT_THAT(
      page["headings"],
      ElementsAre("H1 Refused: man in the middle (MITM)", "H2 What to do",
                  "H2 Why", "H2 Keys: served and expected", "H3 Served",
                  "H3 Expected", "H2 Path", "H2 Every path tried",
                  "H2 Connection", "H2 How this was judged"));
  EXPECT_THAT(std::string(page["verdict"]),
              HasSubstr("MITM: this connection is intercepted and inspected"));
  EXPECT_THAT(page["connection"], testing::Contains("TLSv1.3"));
  const Json& spanish = found["es.html 1280"];
  EXPECT_EQ(spanish["lang"], "es");
  EXPECT_EQ(spanish["headings"][1], "H2 Qué hacer");
  EXPECT_EQ(spanish["evidence"], page["evidence"]);
  EXPECT_THAT(std::string(found["hostile.html 360"]["body"]),
              HasSubstr("<script>document.title='x'</script>"));
}

}  // namespace
}  // namespace e2e
