#ifndef PINNING_VERDICT_JSON_H_
#define PINNING_VERDICT_JSON_H_

#include <string>

#include "pinning/language.h"
#include "pinning/verdict.h"

namespace pinning {

// VerdictToJson returns `verdict` as one JSON object on one line, schema
// "tlspin.verdict/1" (docs/verdicts.md): keys in a fixed order, pins whole.
// Sentences and advice are in `language`; codes and keys are the same in every
// language.
std::string VerdictToJson(const Verdict& verdict,
                          Language language = Language::kEnglish);

}  // namespace pinning

#endif  // PINNING_VERDICT_JSON_H_
