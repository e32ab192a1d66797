#ifndef TOOLS_TLSPIN_VERDICT_PAGE_WRITER_H_
#define TOOLS_TLSPIN_VERDICT_PAGE_WRITER_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/language.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "tools/tlspin/html_writer.h"
#include "tools/tlspin/phrases.h"
#include "tools/tlspin/verdict_html.h"
#include "tools/tlspin/verdict_page_css.h"
#include "tools/tlspin/verdict_words.h"

// What VerdictPage is made of. The sections on keys and paths are in
// verdict_page_keys.cc, the others in verdict_html.cc.
namespace tlspin {

// A VerdictPageWriter writes the sections of a page, one function each, in the
// order in which whoever has to act on it needs them.
class VerdictPageWriter {
 public:
  VerdictPageWriter(const pinning::Verdict& verdict, const PageFacts& facts)
      : verdict_(verdict),
        facts_(facts),
        html_(LanguageTag(facts.language), Title(), VerdictPageCss()) {}

  std::string Write();

 private:
  // Text returns `phrase` in the language of the page.
  template <typename... Arguments>
  std::string Text(Phrase phrase, const Arguments&... arguments) const {
    return Say(phrase, facts_.language, arguments...);
  }

  std::string Title() const;
  Phrase Headline() const;
  void WriteVerdict();
  void WriteFinding();
  void WriteAdvice();
  void WriteEvidence();
  void WriteKeys();
  void WriteServed();
  void WriteExpected();
  void WriteExpectedRows(PinKind kind,
                         absl::Span<const pinning::NamedPin> pins);
  void WritePath();
  void WriteTried();
  void WriteFacts();

  void WriteColumns(absl::Span<const Phrase> columns);
  void WriteCertificateCells(size_t number,
                             const pinning::Certificate& certificate);
  void WritePathTable(absl::string_view caption,
                      absl::Span<const pinning::Certificate> certificates,
                      std::optional<pinning::TrustAnchor::Origin> origin);
  bool IsOnPath(const pinning::Pin& pin) const;
  void WriteMatch(const pinning::Certificate& certificate);
  void WriteWhere(const pinning::Pin& pin);
  void WriteMark(absl::string_view sort, absl::string_view text);
  void WriteRows(const PageFacts::Rows& rows);
  void WriteRow(Phrase label, absl::string_view text);

  const pinning::Verdict& verdict_;
  const PageFacts& facts_;
  HtmlWriter html_;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_VERDICT_PAGE_WRITER_H_
