#ifndef TOOLS_TLSPIN_PAGE_FLAG_H_
#define TOOLS_TLSPIN_PAGE_FLAG_H_

#include <string>

#include "absl/status/status.h"
#include "pinning/verdict.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/judge.h"

namespace tlspin {

// AddPageFlag adds --html, a file to write the verdict to as a page.
void AddPageFlag(Command& command, std::string* flag);

// A PageSource is where the chain came from: a server or a file.
struct PageSource {
  std::string file;                    // empty: a server
  const Endpoint* endpoint = nullptr;  // both or none
  const Served* served = nullptr;
  std::string proxy;  // that the connection went through; empty: none
};

// WritePage writes `verdict` to the file `flag`, if there is one, and says so.
// It returns an error that names the file if it cannot be written.
absl::Status WritePage(Context& context, const std::string& flag,
                       const pinning::Verdict& verdict, const Judge& judge,
                       const PageSource& source);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_PAGE_FLAG_H_
