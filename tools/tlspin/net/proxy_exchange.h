#ifndef TOOLS_TLSPIN_NET_PROXY_EXCHANGE_H_
#define TOOLS_TLSPIN_NET_PROXY_EXCHANGE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/net/curl_library.h"
#include "tools/tlspin/net/proxy.h"

namespace tlspin {

// A ProxyExchange is what was said to a proxy and what it said, in one attempt
// to have a tunnel made. The members that are called as it goes on are for
// libcurl's callbacks.
struct ProxyExchange {
  // Sent takes a request, and Note a line that libcurl says of what it does.
  void Sent(absl::string_view request);
  void Note(absl::string_view line);
  // Received takes a line of an answer. It returns false if that is not HTTP.
  bool Received(absl::string_view line);

  // Of the last answer.
  std::string status_line;  // "HTTP/1.1 407 Proxy Authentication Required"
  int status = 0;           // 407; 0: none, or it is not one
  unsigned offers = 0;      // the ProxyAuth that it asks for
  bool not_http = false;

  bool authorized = false;  // the last request said who is there
  std::string no_ticket;    // why Negotiate had nothing to say

  // Of its end.
  CURLcode result = CURLE_OK;
  CURLproxycode socks = CURLPX_OK;
  int os_error = 0;        // an errno, or 0
  bool connected = false;  // to the proxy
  bool timed_out = false;  // the time that the whole may take ran out
  std::string curl_error;  // libcurl's words

 private:
  bool in_header_ = false;
};

// ExplainExchange returns what a failed exchange means, in a sentence with a
// code of connection_error.h. `scheme` is the ProxyAuth that was used; zero for
// none.
absl::Status ExplainExchange(const ProxyExchange& exchange,
                             const ProxySettings& settings, unsigned scheme);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_PROXY_EXCHANGE_H_
