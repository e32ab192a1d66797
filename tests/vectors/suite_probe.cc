// Asks the library what the suites that are no chains ask; suites_test.py runs
// it and judges the answers.
//
//   suite_probe names         reads [{hostname, dns_names, ip_addrs}] as JSON
//   on
//                             standard input, writes [true|false]: whether a
//                             certificate with those names is one for the host.
//   suite_probe certificates  reads paths of files on standard input, one a
//                             line, and writes for each its pin, or "error: "
//                             and why there is none.

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "nlohmann/json.hpp"
#include "pinning/certificate.h"
#include "pinning/pin.h"
#include "pinning/server_name.h"
#include "pinning/spki.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using Json = nlohmann::json;

std::string ReadAll(std::istream& in) {
  return std::string(std::istreambuf_iterator<char>(in),
                     std::istreambuf_iterator<char>());
}

bool Matches(const Json& row) {
  mint::Spec spec;
  spec.common_name = "names";
  spec.dns_names = row.at("dns_names").get<std::vector<std::string>>();
  spec.ip_addresses = row.at("ip_addrs").get<std::vector<std::string>>();
  const mint::Minted minted =
      mint::SelfSigned(spec, mint::Key::Shared("p256-names"));
  const absl::StatusOr<Certificate> leaf = Certificate::FromDer(minted.der);
  const absl::StatusOr<ServerName> name =
      ServerName::FromString(row.at("hostname").get<std::string>());
  return leaf.ok() && name.ok() && name->Matches(*leaf);
}

int AnswerNames() {
  const Json rows = Json::parse(ReadAll(std::cin), nullptr, false);
  if (!rows.is_array()) {
    std::cerr << "suite_probe: standard input is no list\n";
    return 2;
  }
  Json answers = Json::array();
  for (const Json& row : rows) {
    answers.push_back(Matches(row));
  }
  std::cout << answers.dump() << "\n";
  return 0;
}

std::string PinOf(const std::string& file) {
  if (absl::StrContains(file, "-----BEGIN")) {
    const absl::StatusOr<std::vector<Certificate>> list =
        Certificate::ListFromPem(file);
    return list.ok() ? list->front().pin().ToString()
                     : absl::StrCat("error: ", list.status().message());
  }
  const absl::StatusOr<Certificate> certificate =
      Certificate::FromDer(absl::MakeConstSpan(
          reinterpret_cast<const uint8_t*>(file.data()), file.size()));
  if (!certificate.ok()) {
    return absl::StrCat("error: ", certificate.status().message());
  }
  const auto spki = FindSpki(certificate->der());
  return spki.ok() && *spki == certificate->spki_der()
             ? certificate->pin().ToString()
             : "FindSpki finds another SPKI";
}

int AnswerCertificates() {
  std::string path;
  while (std::getline(std::cin, path)) {
    std::ifstream file(path, std::ios::binary);
    std::cout << PinOf(ReadAll(file)) << "\n";
  }
  return 0;
}

int Main(absl::Span<char* const> arguments) {
  const absl::string_view mode = arguments.size() == 2 ? arguments[1] : "";
  if (mode == "names") {
    return AnswerNames();
  }
  if (mode == "certificates") {
    return AnswerCertificates();
  }
  std::cerr << "usage: suite_probe names|certificates\n";
  return 2;
}

}  // namespace
}  // namespace pinning

int main(int argc, char** argv) {
  return pinning::Main(absl::MakeSpan(argv, argc));
}
