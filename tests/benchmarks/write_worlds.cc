// Writes the chains of worlds.h to files.
//
//   write_worlds DIRECTORY
//
// For each kind: KIND.leaf.der, KIND.intermediate.der, KIND.chain.pem (both),
// KIND.root.pem and KIND.roots.pem (151, the chain's among them), and
// KIND.leaf2.der and so on, new leaves of the same intermediate.
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "pinning/internal/pem.h"
#include "tests/benchmarks/worlds.h"

namespace {

absl::string_view Text(const std::vector<uint8_t>& der) {
  return {reinterpret_cast<const char*>(der.data()), der.size()};
}

bool Write(const std::string& path, absl::string_view content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  if (!file) {
    std::fprintf(stderr, "write_worlds: cannot write %s\n", path.c_str());
  }
  return static_cast<bool>(file);
}

bool WriteWorld(absl::string_view folder, const benchmarks::World& world) {
  const std::string base = absl::StrCat(folder, "/", world.name);
  const std::string chain =
      pinning::internal::PemEncode("CERTIFICATE", world.leaves[0]) +
      pinning::internal::PemEncode("CERTIFICATE", world.intermediate);
  bool good = Write(base + ".leaf.der", Text(world.leaves[0])) &&
              Write(base + ".intermediate.der", Text(world.intermediate)) &&
              Write(base + ".chain.pem", chain) &&
              Write(base + ".root.pem", world.one_pem) &&
              Write(base + ".roots.pem", world.roots_pem);
  for (size_t i = 1; good && i < world.leaves.size(); ++i) {
    good = Write(absl::StrCat(base, ".leaf", i + 1, ".der"),
                 Text(world.leaves[i]));
  }
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: write_worlds DIRECTORY\n");
    return 2;
  }
  for (const auto* world :
       {&benchmarks::Rsa(), &benchmarks::Ec(), &benchmarks::Mixed()}) {
    if (!WriteWorld(argv[1], *world)) {
      return 1;
    }
  }
  return 0;
}
