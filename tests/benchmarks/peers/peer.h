#ifndef TESTS_BENCHMARKS_PEERS_PEER_H_
#define TESTS_BENCHMARKS_PEERS_PEER_H_

#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

// What the programs that tools/dev/compare runs have in common:
//
//   PROGRAM DIRECTORY KIND SECONDS
//
// DIRECTORY is of write_worlds, KIND names a chain in it. Each prints lines
// "WHAT NANOSECONDS", of processor time, measured for SECONDS each:
//
//   verify     the leaf and the intermediate from DER to a verdict for the host
//   preparsed  the same with both parsed beforehand
//   parse      both from DER
//   load       151 roots from PEM to a store
namespace peer {

constexpr char kHost[] = "www.example.com";
constexpr long kNow = 1780000000;  // the chains are valid then

// Require ends the program: only what succeeds is measured.
inline void Require(bool good, const char* what) {
  if (!good) {
    std::fprintf(stderr, "not so: %s\n", what);
    std::exit(1);
  }
}

inline std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Require(static_cast<bool>(file), path.c_str());
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Files {
  Files(const std::string& folder, const std::string& kind)
      : leaf(ReadFile(folder + "/" + kind + ".leaf.der")),
        intermediate(ReadFile(folder + "/" + kind + ".intermediate.der")),
        roots(ReadFile(folder + "/" + kind + ".roots.pem")) {}
  std::string leaf, intermediate, roots;
};

inline double ProcessorSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         static_cast<double>(now.tv_nsec) * 1e-9;
}

// Measure runs `run` once, then for at least `seconds`, and prints what one run
// took.
template <typename Run>
void Measure(const char* what, double seconds, const Run& run) {
  run();
  for (long times = 1;; times *= 2) {
    const double start = ProcessorSeconds();
    for (long i = 0; i < times; ++i) {
      run();
    }
    const double spent = ProcessorSeconds() - start;
    if (spent >= seconds) {
      std::printf("%s %.1f\n", what, spent * 1e9 / static_cast<double>(times));
      return;
    }
  }
}

}  // namespace peer

#endif  // TESTS_BENCHMARKS_PEERS_PEER_H_
