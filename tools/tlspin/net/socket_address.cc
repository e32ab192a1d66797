#include "tools/tlspin/net/socket_address.h"

#include <arpa/inet.h>

#include <cstring>

namespace tlspin {

std::optional<SocketAddress> SocketAddress::FromText(const std::string& address,
                                                     int port) {
  SocketAddress made;
  made.any_.v6 = {};
  if (inet_pton(AF_INET6, address.c_str(), &made.any_.v6.sin6_addr) == 1) {
    made.any_.v6.sin6_family = AF_INET6;
    made.any_.v6.sin6_port = htons(static_cast<uint16_t>(port));
    return made;
  }
  made.any_.v4 = {};
  if (inet_pton(AF_INET, address.c_str(), &made.any_.v4.sin_addr) == 1) {
    made.any_.v4.sin_family = AF_INET;
    made.any_.v4.sin_port = htons(static_cast<uint16_t>(port));
    return made;
  }
  return std::nullopt;
}

std::optional<SocketAddress> SocketAddress::FromKernel(const sockaddr* address,
                                                       socklen_t size,
                                                       int port) {
  SocketAddress made;
  if (address->sa_family == AF_INET && size >= sizeof(sockaddr_in)) {
    std::memcpy(&made.any_.v4, address, sizeof(sockaddr_in));
    made.any_.v4.sin_port = htons(static_cast<uint16_t>(port));
    return made;
  }
  if (address->sa_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
    std::memcpy(&made.any_.v6, address, sizeof(sockaddr_in6));
    made.any_.v6.sin6_port = htons(static_cast<uint16_t>(port));
    return made;
  }
  return std::nullopt;
}

socklen_t SocketAddress::size() const {
  return family() == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
}

std::string SocketAddress::ToString() const {
  char text[INET6_ADDRSTRLEN] = "";
  const void* address = family() == AF_INET6
                            ? static_cast<const void*>(&any_.v6.sin6_addr)
                            : &any_.v4.sin_addr;
  return inet_ntop(family(), address, text, sizeof(text)) == nullptr ? "?"
                                                                     : text;
}

}  // namespace tlspin
