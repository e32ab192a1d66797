#ifndef PINNING_REQUIREMENTS_H_
#define PINNING_REQUIREMENTS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/server_name.h"

namespace pinning {

// RequiredPorts are ports that an application connects to: from the client's
// side, at the servers.
struct RequiredPorts {
  enum class Transport { kTcp, kUdp };

  Transport transport = Transport::kTcp;
  int first = 0;  // 1 to 65535; a range includes both ends
  int last = 0;
  std::string protocol;  // for people, such as "https" or "srtp"
  std::string purpose;   // for people; may be empty
  std::string source;    // an https URL; empty for the ports of a host's row
};

// HostRequirement is a host that an application needs, and what it makes of a
// network that terminates TLS on the way there.
struct HostRequirement {
  enum class Inspection {
    kAllowed,  // works, if the inspecting root is trusted on the machine
    kPinned,   // the application pins the host: it refuses an inspected chain
    kExempt,   // must not be inspected for another reason, which is in `reason`
  };

  std::string pattern;  // canonical, as in a pin file
  Inspection inspection = Inspection::kAllowed;
  std::string reason;   // for people; empty unless `inspection` is kExempt
  std::string purpose;  // for people; may be empty
  std::vector<RequiredPorts> ports;
  std::string source;  // an https URL
};

// Requirements are what one application needs of a network
// (docs/requirements-file.md). They are immutable and may be shared by
// threads. They are advice for administrators, and never change whether a
// chain is accepted.
class Requirements {
 public:
  // FromJson parses a requirements file (pins/requirements.schema.json). It
  // returns INVALID_ARGUMENT whose message begins "FILE:LINE:COLUMN: ", FILE
  // being `file_name`; it never returns part of a file. RESOURCE_EXHAUSTED
  // says that `text` is over `kMaxFileSize`.
  static absl::StatusOr<std::shared_ptr<const Requirements>> FromJson(
      absl::string_view text, absl::string_view file_name = "requirements");

  static constexpr size_t kMaxFileSize = 256 * 1024 * 1024;

  // application returns the name of the application, for people: as in the
  // file, so escape it where it is shown.
  const std::string& application() const;

  // updated returns when the file says it was last known to be right.
  absl::Time updated() const;

  // hosts returns every host, in file order; no pattern twice.
  absl::Span<const HostRequirement> hosts() const;

  // anywhere returns the ports that are needed towards servers that have no
  // name of their own, such as media servers; in file order.
  absl::Span<const RequiredPorts> anywhere() const;

  // Find returns the most specific host that covers `name`, or null. The order
  // is PinStore::Find's.
  const HostRequirement* Find(const ServerName& name) const;

  ~Requirements();

 private:
  struct Rep;
  explicit Requirements(std::unique_ptr<const Rep> rep);

  std::unique_ptr<const Rep> rep_;
};

}  // namespace pinning

#endif  // PINNING_REQUIREMENTS_H_
