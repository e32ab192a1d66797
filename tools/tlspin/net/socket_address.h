#ifndef TOOLS_TLSPIN_NET_SOCKET_ADDRESS_H_
#define TOOLS_TLSPIN_NET_SOCKET_ADDRESS_H_

#include <netinet/in.h>
#include <sys/socket.h>

#include <optional>
#include <string>

namespace tlspin {

// A SocketAddress is an IPv4 or IPv6 address with a port.
class SocketAddress {
 public:
  // FromText takes the forms of inet_pton, no brackets. It returns nothing for
  // anything else, such as a name.
  static std::optional<SocketAddress> FromText(const std::string& address,
                                               int port);

  // FromKernel copies `address`, an AF_INET or AF_INET6 one, with another port.
  static std::optional<SocketAddress> FromKernel(const sockaddr* address,
                                                 socklen_t size, int port);

  const sockaddr* get() const { return &any_.generic; }
  socklen_t size() const;
  int family() const { return any_.generic.sa_family; }

  // ToString returns the address alone, without brackets.
  std::string ToString() const;

 private:
  union Any {
    sockaddr generic;
    sockaddr_in v4;
    sockaddr_in6 v6;
  };

  SocketAddress() : any_() {}

  Any any_;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_SOCKET_ADDRESS_H_
