#ifndef TOOLS_TLSPIN_CHECK_PRINT_H_
#define TOOLS_TLSPIN_CHECK_PRINT_H_

#include <string>
#include <vector>

#include "tools/tlspin/check_outcome.h"
#include "tools/tlspin/check_result.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/judge.h"
#include "tools/tlspin/reports/check_report.h"

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

// PrintFileFindings prints what was found on the pin file: under -v the notes
// too.
void PrintFileFindings(Context& context, const std::vector<Finding>& findings);

// PrintCheckCoverage says which patterns of the file were not reached.
void PrintCheckCoverage(Context& context,
                        const std::vector<CheckedPattern>& patterns);

// PrintCheckAnswer prints the last line.
void PrintCheckAnswer(Context& context, const CheckPrintOptions& options,
                      const CheckOutcome& outcome);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_CHECK_PRINT_H_
