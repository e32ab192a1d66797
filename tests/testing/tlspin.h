#ifndef TESTS_TESTING_TLSPIN_H_
#define TESTS_TESTING_TLSPIN_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/testing/process.h"
#include "tools/mint/mint.h"

// Runs the tlspin that was built. The test's target has "//tools/tlspin" among
// its data.
namespace testing_support {

// RunTlspin runs tlspin with `arguments` in an environment without TERM and
// NO_COLOR, in English, but for what `options` adds.
ProcessResult RunTlspin(const std::vector<std::string>& arguments,
                        ProcessOptions options = {});

// PinTextOf returns the pin of `key` or of a certificate's key.
std::string PinTextOf(const mint::Key& key);
std::string PinTextOf(const mint::Minted& minted);

// A PinFileSet is one set of a pin file, as JSON text or the parts of it.
struct PinFileSet {
  std::string name = "example";
  std::string mode = "enforce";
  std::string expires = "2026-12-31";
  std::string on_expiry = "reject";
  // Members of "pins" and "backup-pins": pin and name.
  std::vector<std::pair<std::string, std::string>> pins;
  std::vector<std::pair<std::string, std::string>> backup_pins;
  std::string role;  // of every one of `pins`; empty: not said
  std::vector<std::string> hosts;
};

// PinFileText returns a pin file of `sets`.
std::string PinFileText(const std::vector<PinFileSet>& sets,
                        absl::string_view updated = "2026-05-01");

// Masked returns `text` with each value that differs between runs replaced by
// its name: {{"sha256/...", "<leaf>"}}.
std::string Masked(
    std::string text,
    const std::vector<std::pair<std::string, std::string>>& values_and_names);

}  // namespace testing_support

#endif  // TESTS_TESTING_TLSPIN_H_
