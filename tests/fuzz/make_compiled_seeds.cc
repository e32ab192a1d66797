// Writes compiled pin stores into a folder, each with the octet before it that
// compiled_pins_fuzz takes for its choice.
#include <array>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"

namespace {

using pinning::NamedPin;
using pinning::Pin;
using pinning::PinSet;
using pinning::PinStore;

Pin PinOf(uint8_t n) {
  std::array<uint8_t, Pin::kSize> digest{};
  digest[0] = n;
  return Pin(digest);
}

PinSet SetOf(const std::string& name, uint8_t n) {
  return *PinSet::Builder(name)
              .AddPin({PinOf(n), "in service"})
              .AddBackupPin({PinOf(static_cast<uint8_t>(n + 1)), "offline"})
              .SetExpiry(absl::FromUnixSeconds(1'900'000'000),
                         PinSet::OnExpiry::kReject)
              .Build();
}

std::string Seed(const std::vector<std::string>& hosts, bool shared) {
  PinStore::Builder builder;
  builder.SetUpdated(absl::FromUnixSeconds(1'800'000'000));
  uint8_t n = 0;
  for (const std::string& host : hosts) {
    const std::string set = shared ? "shared" : host;
    if (!shared || n == 0) {
      (void)builder.AddPinSet(SetOf(set, n)).ok();
    }
    n = static_cast<uint8_t>(n + 2);
    (void)builder.MapHost(host, set).ok();
  }
  (void)builder.MapHost("nothing.example", "none").ok();
  return *(*builder.Build())->Compile();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "Usage: make_compiled_seeds FOLDER\n";
    return 2;
  }
  const std::vector<std::string> hosts = {
      "www.example.com", "*.www.example.com", "**.example.com", "192.0.2.7"};
  for (const bool shared : {false, true}) {
    for (const char choice : {'\0', '\1'}) {
      std::ofstream(absl::StrCat(argv[1], "/", shared ? "shared" : "single",
                                 choice == 0 ? "" : "_sealed"),
                    std::ios::binary)
          << choice << Seed(hosts, shared);
    }
  }
  return 0;
}
