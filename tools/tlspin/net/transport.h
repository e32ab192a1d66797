#ifndef TOOLS_TLSPIN_NET_TRANSPORT_H_
#define TOOLS_TLSPIN_NET_TRANSPORT_H_

#include <cstddef>
#include <memory>

namespace tlspin {

// A Transport is a connected stream of bytes to a server that never blocks: a
// socket, or what a proxy carries inside a TLS connection of its own. It is
// used by one thread.
class Transport {
 public:
  enum class Outcome {
    kMoved,  // `bytes` bytes were read or written, at least one
    kWait,   // nothing now: wait until fd() is readable, or writable
    kEnd,    // of the stream, after a read: the peer closed it in order
    kLost,   // the connection is gone; `error` is an errno, or 0: not known
  };
  struct Result {
    Outcome outcome = Outcome::kLost;
    size_t bytes = 0;
    int error = 0;
  };

  virtual ~Transport() = default;

  // Read reads at most `size` bytes, and Write writes at most so many; `size`
  // is not 0. The stream may hold bytes that it took from fd() already, so a
  // reader reads until kWait before it waits.
  virtual Result Read(char* data, size_t size) = 0;
  virtual Result Write(const char* data, size_t size) = 0;

  // fd is what to wait on. It stays the same, and is the Transport's.
  virtual int fd() const = 0;
};

// NewSocketTransport returns a Transport over `fd`, a connected non-blocking
// stream socket, which it closes at its end.
std::unique_ptr<Transport> NewSocketTransport(int fd);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_TRANSPORT_H_
