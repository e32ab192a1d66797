// ParsePem and Certificate::ListFromPem on any text: no crash, and every block
// that is read comes out of its own encoding again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "pinning/certificate.h"
#include "pinning/internal/pem.h"
#include "tests/fuzz/fuzz.h"

using fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = fuzz::TextOf(data, size);
  const auto blocks = pinning::internal::ParsePem(text);
  const auto certificates = pinning::Certificate::ListFromPem(text);
  if (!blocks.ok()) {
    Require(!certificates.ok(), "a bad block spoils the list");
    return 0;
  }
  std::string encoded;
  int last_line = 0;
  size_t labelled = 0;
  for (const auto& block : *blocks) {
    Require(block.line > last_line, "blocks come in the order of their lines");
    last_line = block.line;
    labelled += block.label == "CERTIFICATE" ? 1 : 0;
    encoded += pinning::internal::PemEncode(block.label, block.der);
  }
  Require(!certificates.ok() || certificates->size() == labelled,
          "a list is whole");
  const auto again = pinning::internal::ParsePem(encoded);
  Require(again.ok() && again->size() == blocks->size(),
          "what was encoded is read again");
  for (size_t i = 0; i < blocks->size(); ++i) {
    Require((*again)[i].label == (*blocks)[i].label &&
                (*again)[i].der == (*blocks)[i].der,
            "a block is read again as it was");
  }
  return 0;
}
