#ifndef TESTS_TESTING_GENERATE_FIXTURE_H_
#define TESTS_TESTING_GENERATE_FIXTURE_H_

#include <filesystem>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/testing/pki.h"
#include "tests/testing/process.h"
#include "tests/testing/tls_server.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"

namespace testing_support {

// A GenerateFixture runs `tlspin generate` against a server for `kHost`, whose
// chain is leaf, intermediate and root of a Pki, at a fixed time.
class GenerateFixture : public ::testing::Test {
 protected:
  using Json = nlohmann::ordered_json;

  static constexpr char kHost[] = "good.example.com";
  static constexpr char kAt[] = "2026-06-01T00:00:00Z";

  GenerateFixture() {
    directory_.Write("roots.pem", pki_.root.Pem());
    directory_.Write("spare.pub", spare_.PublicPem());
  }

  // Run runs generate with `more`, the roots and the time.
  ProcessResult Run(std::vector<std::string> more,
                    ProcessOptions options = {}) const {
    more.insert(more.begin(), "generate");
    more.insert(more.end(),
                {"--roots", directory_.Path("roots.pem"), "--at", kAt});
    return RunTlspin(more, options);
  }

  std::string Path(const std::string& name) const {
    return directory_.Path(name);
  }
  bool Exists(const std::string& name) const {
    return std::filesystem::exists(Path(name));
  }
  Json Read(const std::string& name) const {
    return Json::parse(ReadFile(Path(name)));
  }

  Pki pki_ = MakePki("A", kHost);
  mint::Key spare_ = mint::Key::Shared("p256-spare");
  TempDirectory directory_;
  TlsServer server_{pki_.Presented()};
};

}  // namespace testing_support

#endif  // TESTS_TESTING_GENERATE_FIXTURE_H_
