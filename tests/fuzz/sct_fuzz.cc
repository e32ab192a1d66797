// ParseSctList and OcspScts on any bytes, the first of which says what they
// are: no crash, a refusal says why, and what is read is bounded and can be
// verified, as an SCT that no log of the list has signed.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/ct_log_list.h"
#include "pinning/sct.h"
#include "tests/fuzz/fuzz.h"
#include "tools/mint/mint.h"
#include "tools/mint/sct.h"

namespace {

using fuzz::Require;
using pinning::Certificate;
using pinning::CtLogList;
using pinning::Sct;

// SomeLeaf returns a certificate whose serial number is that of the seeds.
const Certificate& SomeLeaf() {
  static const Certificate& leaf = *[] {
    mint::Spec spec = mint::Leaf({"www.example.com"});
    spec.serial = {0x11};
    return new Certificate(*Certificate::FromDer(
        mint::SelfSigned(spec, mint::Key::Shared("p256-leaf")).der));
  }();
  return leaf;
}

const CtLogList& SomeLogs() {
  // Held by its owner: the leak checker would miss the owner alone.
  static const auto& logs =
      *new std::shared_ptr<const CtLogList>(*CtLogList::FromJson(
          mint::LogListJson({{mint::Key::Shared("p256-log"), "Log"}}),
          "logs.json"));
  return *logs;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) {
    return 0;
  }
  const absl::Span<const uint8_t> bytes(data + 1, size - 1);
  const bool is_list = (data[0] & 1) == 0;
  const absl::StatusOr<std::vector<Sct>> scts =
      is_list ? pinning::ParseSctList(bytes, pinning::SctSource::kEmbedded)
              : pinning::OcspScts(bytes, SomeLeaf());
  if (!scts.ok()) {
    Require(scts.status().code() == absl::StatusCode::kInvalidArgument &&
                !scts.status().message().empty(),
            "a refusal is INVALID_ARGUMENT and says why");
    return 0;
  }
  Require(scts->size() <= pinning::kMaxSctsPerList, "a list is bounded");
  Require(!is_list || !scts->empty(), "a list is not empty");
  for (const Sct& sct : *scts) {
    const pinning::SctResult result = SomeLogs().Verify(
        sct, SomeLeaf(), {SomeLeaf()}, absl::FromUnixSeconds(1780000000));
    Require(result.status != pinning::SctStatus::kValid,
            "what no log has signed is not valid");
    Require(sct.timestamp() >= absl::UnixEpoch(), "time runs from the epoch");
  }
  return 0;
}
