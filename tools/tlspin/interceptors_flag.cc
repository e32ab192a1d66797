#include "tools/tlspin/interceptors_flag.h"

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/output.h"

namespace tlspin {
namespace {

using ::pinning::InterceptorCatalogue;
using Catalogue = std::shared_ptr<const InterceptorCatalogue>;

constexpr size_t kMaxCatalogueSize = 16 * 1024 * 1024;

std::string NameOf(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

absl::StatusOr<Catalogue> ReadCatalogue(const std::string& path) {
  absl::StatusOr<std::string> text = ReadInput(path, kMaxCatalogueSize);
  if (!text.ok()) {
    return text.status();
  }
  return InterceptorCatalogue::FromJson(*text, NameOf(path));
}

}  // namespace

void AddInterceptorsFlag(Command& command, std::vector<std::string>* files) {
  command.Option("--interceptors", "FILE", files,
                 "Interception products to name, before those that are "
                 "built in; may be repeated");
}

absl::StatusOr<Catalogue> LoadInterceptors(
    const std::vector<std::string>& files) {
  std::vector<Catalogue> own;
  for (const std::string& path : files) {
    absl::StatusOr<Catalogue> catalogue = ReadCatalogue(path);
    if (!catalogue.ok()) {
      return catalogue.status();
    }
    for (size_t i = 0; i < own.size(); ++i) {
      const std::vector<std::string> shared = own[i]->SharedWith(**catalogue);
      if (!shared.empty()) {
        return absl::InvalidArgumentError(
            absl::StrCat(NameOf(path), ": ", Escape(shared.front()), " is in ",
                         NameOf(files[i]), " too"));
      }
    }
    own.push_back(*std::move(catalogue));
  }
  Catalogue all = InterceptorCatalogue::BuiltIn();
  for (auto it = own.rbegin(); it != own.rend(); ++it) {
    all = InterceptorCatalogue::Merge(**it, *all);
  }
  return all;
}

}  // namespace tlspin
