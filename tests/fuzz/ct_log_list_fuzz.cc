// CtLogList::FromJson on any text: no crash, a refusal says where, and every
// log of a list that is read is found by its ID.
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "pinning/ct_log_list.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/places.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = fuzz::TextOf(data, size);
  const auto list = pinning::CtLogList::FromJson(text, "fuzz.json");
  if (!list.ok()) {
    fuzz::RequirePlace(list.status(), "fuzz.json", text);
    return 0;
  }
  fuzz::Require(!(*list)->logs().empty(), "a list has a log");
  for (const pinning::CtLog& log : (*list)->logs()) {
    fuzz::Require((*list)->Find(log.log_id) == &log, "a log is found");
    fuzz::Require(!pinning::CtLogStateName(log.state).empty(),
                  "a state has a name");
    fuzz::Require((log.state == pinning::CtLogState::kUnspecified) ==
                      !log.state_since.has_value(),
                  "a state has a time");
  }
  return 0;
}
