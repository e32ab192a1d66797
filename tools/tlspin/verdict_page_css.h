#ifndef TOOLS_TLSPIN_VERDICT_PAGE_CSS_H_
#define TOOLS_TLSPIN_VERDICT_PAGE_CSS_H_

#include "absl/strings/string_view.h"

namespace tlspin {

// VerdictPageCss returns verdict_page.css.
absl::string_view VerdictPageCss();

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_VERDICT_PAGE_CSS_H_
