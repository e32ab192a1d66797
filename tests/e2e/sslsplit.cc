#include "tests/e2e/sslsplit.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace e2e {

Sslsplit::Sslsplit(const Network& network, const std::string& name,
                   const mint::Minted& authority,
                   const std::vector<Port>& ports, const mint::Key* leaf_key) {
  std::vector<std::string> arguments = {
      "-D", "-k",
      network.Write(absl::StrCat(name, ".authority.key"),
                    authority.key.PrivatePem()),
      "-c",
      network.Write(absl::StrCat(name, ".authority.pem"), authority.Pem())};
  if (leaf_key != nullptr) {
    arguments.insert(arguments.end(),
                     {"-K", network.Write(absl::StrCat(name, ".leaf.key"),
                                          leaf_key->PrivatePem())});
  }
  for (const Port& port : ports) {
    arguments.insert(arguments.end(),
                     {"ssl", "127.0.0.1", absl::StrCat(port.number)});
    for (const absl::string_view word :
         absl::StrSplit(port.destination, ' ', absl::SkipEmpty())) {
      arguments.emplace_back(word);
    }
  }
  process_ = network.Start(FindProgram("sslsplit"), arguments);
  for (const Port& port : ports) {
    if (!network.WaitForPort(port.number, *process_)) {
      ADD_FAILURE() << "sslsplit did not start: "
                    << Show(process_->Wait(absl::ZeroDuration()));
      return;
    }
  }
}

}  // namespace e2e
