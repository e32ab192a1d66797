#ifndef TESTS_FUZZ_PATH_WORLD_H_
#define TESTS_FUZZ_PATH_WORLD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "pinning/certificate.h"
#include "pinning/path_builder.h"
#include "pinning/trust_store.h"
#include "tests/fuzz/fuzz.h"

namespace fuzz {

// A World is everything that one input describes.
struct World {
  std::vector<pinning::Certificate> presented;
  std::shared_ptr<const pinning::TrustStore> trust_store;
  pinning::KeyPurpose purpose;
  pinning::Limits limits;
  std::string host;
  // Anchors are held to what X509_verify_cert holds them to.
  bool strict_anchors = false;
};

// Now is when paths are judged. What has no flaw is valid then.
absl::Time Now();

// WorldOf draws a World. Its certificates live as long as the program.
World WorldOf(ByteSource& bytes);

}  // namespace fuzz

#endif  // TESTS_FUZZ_PATH_WORLD_H_
