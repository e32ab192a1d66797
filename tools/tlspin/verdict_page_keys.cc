#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/path.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/trust_store.h"
#include "tools/tlspin/html_writer.h"
#include "tools/tlspin/phrases.h"
#include "tools/tlspin/verdict_page_writer.h"
#include "tools/tlspin/verdict_words.h"

namespace tlspin {
namespace {

using ::pinning::Certificate;
using ::pinning::FailedPath;
using ::pinning::NamedPin;
using ::pinning::Pin;
using ::pinning::PinDetails;
using ::pinning::TrustAnchor;
using ::pinning::VerifiedPath;

}  // namespace

void VerdictPageWriter::WriteKeys() {
  HtmlElement section(html_, "section", {{"id", "keys"}});
  html_.Line("h2", Text(Phrase::kPageKeys));
  HtmlElement sides(html_, "div", {{"class", "sides"}});
  {
    HtmlElement side(html_, "div", {{"id", "served"}});
    html_.Line("h3", Text(Phrase::kPageServed));
    WriteServed();
  }
  HtmlElement side(html_, "div", {{"id", "expected"}});
  html_.Line("h3", Text(Phrase::kPageExpected));
  WriteExpected();
}

void VerdictPageWriter::WriteServed() {
  if (verdict_.presented().empty()) {
    html_.Line("p", Text(Phrase::kPageNothingServed));
    return;
  }
  HtmlElement table(html_, "table");
  html_.Line("caption", Text(Phrase::kPageServedCaption));
  WriteColumns(
      {Phrase::kPageNumber, Phrase::kPageCertificate, Phrase::kPageMatch});
  HtmlElement body(html_, "tbody");
  for (size_t i = 0; i < verdict_.presented().size(); ++i) {
    const Certificate& certificate = verdict_.presented()[i];
    HtmlElement row(html_, "tr");
    WriteCertificateCells(i, certificate);
    HtmlElement cell(html_, "td");
    WriteMatch(certificate);
  }
}

// WriteMatch says which pin of the set, if any, is that of `certificate`.
void VerdictPageWriter::WriteMatch(const Certificate& certificate) {
  const PinDetails* pins = verdict_.pins();
  if (pins == nullptr) {
    html_.Text("–");
    return;
  }
  const struct {
    absl::Span<const NamedPin> pins;
    Phrase phrase;
    const char* sort;
  } kLists[] = {
      {pins->blocked_pins, Phrase::kPageMatchesBlocked, "no"},
      {pins->pins, Phrase::kPageMatchesPin, "yes"},
      {pins->backup_pins, Phrase::kPageMatchesBackup, "other"},
  };
  for (const auto& list : kLists) {
    for (const NamedPin& pin : list.pins) {
      if (pin.pin != certificate.pin()) {
        continue;
      }
      const std::string text = Text(list.phrase, pin.name);
      // A key that was served beside the path proves nothing.
      if (IsOnPath(pin.pin)) {
        WriteMark(list.sort, text);
      } else {
        WriteMark("other", Text(Phrase::kPageMatchesOffPath, text));
      }
      return;
    }
  }
  WriteMark(verdict_.accepted() ? "" : "no", Text(Phrase::kPageMatchesNone));
}

bool VerdictPageWriter::IsOnPath(const Pin& pin) const {
  if (verdict_.path() == nullptr) {
    return false;
  }
  const absl::Span<const Certificate> path = verdict_.path()->certificates();
  return std::any_of(path.begin(), path.end(), [&pin](const Certificate& each) {
    return each.pin() == pin;
  });
}

void VerdictPageWriter::WriteExpected() {
  const PinDetails* pins = verdict_.pins();
  if (pins == nullptr) {
    html_.Line("p", Text(Phrase::kPageNothingExpected));
    return;
  }
  html_.Line("p", Text(Phrase::kPageSetLine,
                       PinSetText(*pins, verdict_.time(), facts_.language)));
  HtmlElement table(html_, "table");
  html_.Line("caption", Text(Phrase::kPageExpectedCaption));
  WriteColumns({Phrase::kPageExpectedPin, Phrase::kPageWhere});
  HtmlElement body(html_, "tbody");
  WriteExpectedRows(PinKind::kPin, pins->pins);
  WriteExpectedRows(PinKind::kBackup, pins->backup_pins);
  WriteExpectedRows(PinKind::kBlocked, pins->blocked_pins);
}

void VerdictPageWriter::WriteExpectedRows(PinKind kind,
                                          absl::Span<const NamedPin> pins) {
  for (const NamedPin& pin : pins) {
    HtmlElement row(html_, "tr");
    {
      HtmlElement cell(html_, "th", {{"scope", "row"}});
      {
        HtmlElement name(html_, "span", {{"class", "name"}});
        html_.Foreign(pin.name);
      }
      html_.Line("code", pin.pin.ToString(), {{"class", "more"}});
      html_.Line("span", PinKindText(kind, pin.role, facts_.language),
                 {{"class", "more"}});
    }
    HtmlElement cell(html_, "td");
    if (kind == PinKind::kBlocked) {
      html_.Text(PinWhereText(pin, verdict_, facts_.language));
    } else {
      WriteWhere(pin.pin);
    }
  }
}

// WriteWhere says whether the key of `pin` was served.
void VerdictPageWriter::WriteWhere(const Pin& pin) {
  const absl::Span<const Certificate> served = verdict_.presented();
  for (size_t i = 0; i < served.size(); ++i) {
    if (served[i].pin() == pin) {
      if (IsOnPath(pin)) {
        WriteMark("yes", Text(Phrase::kPageServedAt, i));
      } else {
        WriteMark("other", Text(Phrase::kPageServedOffPath, i));
      }
      return;
    }
  }
  // Servers seldom send the root.
  if (verdict_.path() != nullptr && verdict_.path()->anchor().pin() == pin) {
    WriteMark("yes", Text(Phrase::kPageAnchorHolds));
    return;
  }
  WriteMark(verdict_.accepted() ? "" : "no", Text(Phrase::kPageNotServed));
}

void VerdictPageWriter::WritePath() {
  HtmlElement section(html_, "section", {{"id", "path"}});
  html_.Line("h2", Text(Phrase::kPagePath));
  const VerifiedPath* path = verdict_.path();
  if (path == nullptr) {
    html_.Line("p", Text(Phrase::kPageNoPath));
    return;
  }
  WritePathTable(Text(Phrase::kPagePathCaption), path->certificates(),
                 path->anchor_origin());
}

void VerdictPageWriter::WriteTried() {
  HtmlElement section(html_, "section", {{"id", "tried"}});
  html_.Line("h2", Text(Phrase::kPageTried));
  if (verdict_.failed_paths().empty()) {
    html_.Line("p", Text(Phrase::kPageTriedNone));
  }
  size_t number = 0;
  for (const FailedPath& failed : verdict_.failed_paths()) {
    ++number;
    html_.Line("h3", absl::StrCat(Text(Phrase::kPageTriedN, number), ": ",
                                  ErrorCodeName(failed.error.code)));
    html_.Line("p", ErrorText(failed.error, facts_.language));
    html_.Line("p", Text(!failed.reached_anchor ? Phrase::kPageDidNotReach
                         : failed.anchor_origin == TrustAnchor::Origin::kLocal
                             ? Phrase::kPageReachedLocal
                             : Phrase::kPageReachedAnchor));
    WritePathTable(Text(Phrase::kPageTriedCaption, number), failed.certificates,
                   failed.reached_anchor
                       ? std::make_optional(failed.anchor_origin)
                       : std::nullopt);
  }
}

void VerdictPageWriter::WritePathTable(
    absl::string_view caption, absl::Span<const Certificate> certificates,
    std::optional<TrustAnchor::Origin> origin) {
  HtmlElement table(html_, "table");
  html_.Line("caption", caption);
  WriteColumns(
      {Phrase::kPageNumber, Phrase::kPageCertificate, Phrase::kPageRole});
  HtmlElement body(html_, "tbody");
  for (size_t i = 0; i < certificates.size(); ++i) {
    HtmlElement row(html_, "tr");
    WriteCertificateCells(i, certificates[i]);
    HtmlElement cell(html_, "td");
    const bool is_anchor = origin.has_value() && i + 1 == certificates.size();
    const std::string role =
        RoleText(i, certificates.size(), origin, facts_.language);
    if (is_anchor && *origin == TrustAnchor::Origin::kLocal) {
      WriteMark("no", role);
    } else {
      html_.Text(is_anchor ? Text(Phrase::kFromProgramme, role) : role);
    }
  }
}

}  // namespace tlspin
