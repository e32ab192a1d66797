#ifndef PINNING_INTERNAL_EXEMPT_HOSTS_H_
#define PINNING_INTERNAL_EXEMPT_HOSTS_H_

#include <string>
#include <vector>

#include "pinning/pin_store.h"
#include "pinning/requirements.h"
#include "pinning/server_name.h"

namespace pinning {
namespace internal {

// ExemptHosts returns the host patterns that an administrator must exempt from
// TLS inspection for an application to work that was refused at `name`: what
// uses the pin set of `name` in `pin_store`, in the order of the file; then
// what `requirements` says must not be inspected, if it is about `name` at all;
// and `name` itself unless one of those covers it, so that to do what is said
// mends the connection that was asked about. None is covered by another. All
// but `name` may be null.
std::vector<std::string> ExemptHosts(const ServerName& name,
                                     const PinStore* pin_store,
                                     const Requirements* requirements);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_EXEMPT_HOSTS_H_
