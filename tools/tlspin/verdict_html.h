#ifndef TOOLS_TLSPIN_VERDICT_HTML_H_
#define TOOLS_TLSPIN_VERDICT_HTML_H_

#include <string>
#include <utility>
#include <vector>

#include "pinning/language.h"
#include "pinning/verdict.h"
#include "tools/tlspin/phrases.h"

namespace tlspin {

// PageFacts is what a page says beside the verdict: rows of a label and its
// text, which is not escaped.
struct PageFacts {
  using Rows = std::vector<std::pair<Phrase, std::string>>;

  pinning::Language language = pinning::Language::kEnglish;
  Rows connection;  // empty: the chain came from a file
  Rows judged;      // roots, pin file, tool: what the verdict rests on
};

// VerdictPage returns `verdict` as one HTML document that needs nothing else:
// no script, no font, no picture, no network. Every text in it is escaped.
std::string VerdictPage(const pinning::Verdict& verdict,
                        const PageFacts& facts);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_VERDICT_HTML_H_
