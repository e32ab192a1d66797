#ifndef TOOLS_TLSPIN_NET_PROXY_TRANSFER_H_
#define TOOLS_TLSPIN_NET_PROXY_TRANSFER_H_

#include <cstddef>
#include <memory>
#include <string>

#include "tools/tlspin/net/curl_library.h"
#include "tools/tlspin/net/proxy.h"
#include "tools/tlspin/net/proxy_exchange.h"
#include "tools/tlspin/net/transport.h"

namespace tlspin {

// A ProxyTransfer is libcurl's handle of one attempt to have a tunnel made, and
// of the tunnel then. It is used by one thread, and stays where it is.
class ProxyTransfer {
 public:
  // Create returns null if there is no memory. `scheme` is one ProxyAuth, or
  // zero: nobody is named.
  static std::unique_ptr<ProxyTransfer> Create(const CurlLibrary* curl,
                                               const ProxySettings& settings,
                                               const std::string& host,
                                               int port, unsigned scheme);

  // It is removed from what it was added to before.
  ~ProxyTransfer();
  ProxyTransfer(const ProxyTransfer&) = delete;
  ProxyTransfer& operator=(const ProxyTransfer&) = delete;

  // End notes that the attempt ended, and returns what became of it.
  ProxyExchange& End(CURLcode result);

  CURL* easy() const { return easy_; }
  const ProxyExchange& exchange() const { return exchange_; }

  // Of the tunnel, when the attempt has ended with CURLE_OK. fd is -1 if there
  // is none.
  int fd() const { return fd_; }
  Transport::Result Read(char* data, size_t size);
  Transport::Result Write(const char* data, size_t size);

 private:
  ProxyTransfer(const CurlLibrary* curl, CURL* easy)
      : curl_(curl), easy_(easy) {}

  template <typename Value>
  void Set(CURLoption option, Value value) {
    curl_->easy_setopt(easy_, option, value);
  }
  void SetProxy(const ProxySettings& settings, unsigned scheme);
  Transport::Result After(CURLcode result, size_t bytes);

  static size_t OnHeader(char* line, size_t one, size_t size, void* self);
  static int OnDebug(CURL* easy, curl_infotype type, char* data, size_t size,
                     void* self);

  const CurlLibrary* const curl_;
  CURL* const easy_;
  ProxyExchange exchange_;
  int fd_ = -1;
  char error_[CURL_ERROR_SIZE] = "";
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_PROXY_TRANSFER_H_
