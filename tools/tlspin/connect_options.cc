#include "tools/tlspin/connect_options.h"

namespace tlspin {

const ProxySettings* ProxyFor(const Endpoint& endpoint,
                              const ConnectOptions& options) {
  return options.proxy != nullptr && options.proxy->Serves(endpoint.address)
             ? options.proxy.get()
             : nullptr;
}

}  // namespace tlspin
