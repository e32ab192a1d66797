#ifndef TOOLS_TLSPIN_FORMATS_HOST_COVER_H_
#define TOOLS_TLSPIN_FORMATS_HOST_COVER_H_

#include <map>
#include <string>
#include <vector>

#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/host_cells.h"

namespace tlspin {

// A HostCover says what entries of a format hold a host to, read as the format
// reads them.
class HostCover {
 public:
  HostCover(const std::vector<FormatEntry>& entries, Overlap overlap);

  // SetsOf returns the sets that the names of `cell` are held to, any pin of
  // any of which will do, or of which the format does not say which; none if
  // the names are not pinned. No set comes twice.
  std::vector<size_t> SetsOf(const HostCell& cell) const;

  // PinnedFromAbove returns whether names that `entry` covers would be pinned
  // by an entry of a shorter name.
  bool PinnedFromAbove(const FormatEntry& entry) const;

 private:
  std::map<std::string, std::vector<FormatEntry>> by_host_;
  Overlap overlap_;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FORMATS_HOST_COVER_H_
