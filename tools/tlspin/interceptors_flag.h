#ifndef TOOLS_TLSPIN_INTERCEPTORS_FLAG_H_
#define TOOLS_TLSPIN_INTERCEPTORS_FLAG_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "pinning/interceptor_catalogue.h"
#include "tools/tlspin/command_table.h"

namespace tlspin {

// AddInterceptorsFlag adds --interceptors, which may be repeated.
void AddInterceptorsFlag(Command& command, std::vector<std::string>* files);

// LoadInterceptors returns the built-in catalogue with those of `files` before
// it, in order (docs/interceptors.md). It returns an error that begins
// "FILE:LINE:COLUMN: " for a bad file, and one that names both files if two of
// them name the same product or key: one would never be heard.
absl::StatusOr<std::shared_ptr<const pinning::InterceptorCatalogue>>
LoadInterceptors(const std::vector<std::string>& files);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_INTERCEPTORS_FLAG_H_
