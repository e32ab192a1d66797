#ifndef TOOLS_TLSPIN_VERDICT_WORDS_H_
#define TOOLS_TLSPIN_VERDICT_WORDS_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/error.h"
#include "pinning/language.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"

// What is said of the parts of a verdict, on a terminal and on a page alike.
// What comes from a certificate or a file is escaped for a terminal.
namespace tlspin {

// PinText returns the whole pin, or its first and last four characters.
std::string PinText(const pinning::Pin& pin, bool full);

// SubjectText returns what to call `certificate` in a line: its common name if
// it has one, else its whole subject.
std::string SubjectText(
    const pinning::Certificate& certificate,
    pinning::Language language = pinning::Language::kEnglish);

// IssuerText returns what to call the authority that issued `certificate`.
std::string IssuerText(const pinning::Certificate& certificate);

// ErrorText returns the code, its clause, where, and the detail. Codes,
// clauses and details are English in every language.
std::string ErrorText(const pinning::PathError& error,
                      pinning::Language language);

// RoleText returns what the certificate at `depth` of `length` is on its path,
// which ends at an anchor of `origin`, or short of any.
std::string RoleText(size_t depth, size_t length,
                     std::optional<pinning::TrustAnchor::Origin> origin,
                     pinning::Language language);

// PinSetText returns "webex for *.wbx2.com (enforced, expires ..., ...)".
std::string PinSetText(const pinning::PinDetails& pins, absl::Time now,
                       pinning::Language language);

// PinKind is which of a set's lists a pin is in.
enum class PinKind { kPin, kBackup, kBlocked };

// PinKindText returns "backup, as leaf only".
std::string PinKindText(PinKind kind, pinning::PinRole role,
                        pinning::Language language);

// PinWhereText says where on the path that decided `pin` is.
std::string PinWhereText(const pinning::NamedPin& pin,
                         const pinning::Verdict& verdict,
                         pinning::Language language);

// AcceptText returns why `verdict`, which accepts, does; MitmText is not in it.
std::string AcceptText(const pinning::Verdict& verdict,
                       pinning::Language language);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_VERDICT_WORDS_H_
