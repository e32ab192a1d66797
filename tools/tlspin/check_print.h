#ifndef TOOLS_TLSPIN_CHECK_PRINT_H_
#define TOOLS_TLSPIN_CHECK_PRINT_H_

#include <string>
#include <vector>

#include "pinning/pin_store.h"
#include "tools/tlspin/check_result.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/judge.h"

// Prints what `tlspin check` concludes.
namespace tlspin {

struct CheckPrintOptions {
  std::string pin_file;
  bool full_pins = false;
};

// PrintCheckResult prints one host for people, PrintCheckJson as one line: the
// verdict with the keys of a check after it, or an error if there is none.
void PrintCheckResult(Context& context, const CheckPrintOptions& options,
                      const CheckResult& result);
void PrintCheckJson(Context& context, const Judge& judge,
                    const CheckResult& result);

// PrintCheckCoverage says which patterns of `store` no result is about.
void PrintCheckCoverage(Context& context, const pinning::PinStore& store,
                        const std::vector<CheckResult>& results);

// PrintCheckAnswer prints the last line.
void PrintCheckAnswer(Context& context, const CheckPrintOptions& options,
                      const std::vector<CheckResult>& results);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_CHECK_PRINT_H_
