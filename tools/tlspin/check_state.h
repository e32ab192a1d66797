#ifndef TOOLS_TLSPIN_CHECK_STATE_H_
#define TOOLS_TLSPIN_CHECK_STATE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tlspin {

// A CheckState is what `tlspin check --state` remembers from run to run: when
// each pin was last seen. It is a JSON file, "tlspin.check-state/1".
class CheckState {
 public:
  struct Seen {
    int64_t runs = 0;  // in which a host of the set showed a chain
    absl::Time since;  // the first of them
    std::optional<absl::Time> last_seen;
  };

  // Load returns the state in the file `path`, empty if there is none, or an
  // error that names the file: a state is read whole or not at all.
  static absl::StatusOr<CheckState> Load(const std::string& path);

  // FromJson is Load of a text.
  static absl::StatusOr<CheckState> FromJson(absl::string_view text);

  // Find returns what is remembered of `pin` in `set`; null if nothing is.
  const Seen* Find(const std::string& set, const std::string& pin) const;

  // Note remembers one more run, at `now`, in which `pin` was seen or not, and
  // returns what is known with it.
  const Seen& Note(const std::string& set, const std::string& pin, bool seen,
                   absl::Time now);

  // ToJson returns the text of the file.
  std::string ToJson() const;

 private:
  std::map<std::pair<std::string, std::string>, Seen> pins_;  // by set and pin
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_CHECK_STATE_H_
