#ifndef TOOLS_TLSPIN_NET_CURL_LIBRARY_H_
#define TOOLS_TLSPIN_NET_CURL_LIBRARY_H_

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "absl/status/statusor.h"

namespace tlspin {

// A CurlLibrary is libcurl's functions, which have its documentation.
struct CurlLibrary {
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_easy_setopt) easy_setopt;
  decltype(&::curl_easy_getinfo) easy_getinfo;
  decltype(&::curl_easy_recv) easy_recv;
  decltype(&::curl_easy_send) easy_send;
  decltype(&::curl_multi_init) multi_init;
  decltype(&::curl_multi_cleanup) multi_cleanup;
  decltype(&::curl_multi_setopt) multi_setopt;
  decltype(&::curl_multi_add_handle) multi_add_handle;
  decltype(&::curl_multi_remove_handle) multi_remove_handle;
  decltype(&::curl_multi_socket_action) multi_socket_action;
  decltype(&::curl_multi_info_read) multi_info_read;
};

// LoadCurl loads libcurl, the first time, and initializes it. Linked with it,
// tlspin would take three times as long to start, for the thirty libraries that
// it brings along and that most runs have no use for. It returns
// FAILED_PRECONDITION if there is none. The result is good until the end of the
// process. Any thread may call it.
absl::StatusOr<const CurlLibrary*> LoadCurl();

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_CURL_LIBRARY_H_
