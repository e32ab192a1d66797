#include "tools/tlspin/net/curl_library.h"

#include <dlfcn.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tools/tlspin/connection_error.h"

namespace tlspin {
namespace {

// The name is that of libcurl's binary interface: 4 since 2006.
constexpr char kName[] = "libcurl.so.4";

absl::Status Missing(absl::string_view why) {
  return Coded(connection_error::kProxyLibrary,
               absl::StatusCode::kFailedPrecondition,
               absl::StrCat("no proxy can be used without ", kName, ": ", why));
}

// A Loader looks up functions until one is missing.
class Loader {
 public:
  explicit Loader(void* library) : library_(library) {}

  template <typename Function>
  Loader& Get(const char* name, Function* function) {
    void* found = dlsym(library_, name);
    if (found == nullptr) {
      complete_ = false;
    }
    *function = reinterpret_cast<Function>(found);
    return *this;
  }

  bool complete() const { return complete_; }

 private:
  void* const library_;
  bool complete_ = true;
};

absl::StatusOr<const CurlLibrary*> Load() {
  // For itself: its names are offered to nothing else. Never unloaded: what it
  // registered for the end of the process is to be there then.
  void* handle = dlopen(kName, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* why = dlerror();
    return Missing(why == nullptr ? "it cannot be loaded" : why);
  }
  static CurlLibrary library;
  CURLcode (*global_init)(long) = nullptr;  // NOLINT: its type
  const bool complete =
      Loader(handle)
          .Get("curl_global_init", &global_init)
          .Get("curl_easy_init", &library.easy_init)
          .Get("curl_easy_cleanup", &library.easy_cleanup)
          .Get("curl_easy_setopt", &library.easy_setopt)
          .Get("curl_easy_getinfo", &library.easy_getinfo)
          .Get("curl_easy_recv", &library.easy_recv)
          .Get("curl_easy_send", &library.easy_send)
          .Get("curl_multi_init", &library.multi_init)
          .Get("curl_multi_cleanup", &library.multi_cleanup)
          .Get("curl_multi_setopt", &library.multi_setopt)
          .Get("curl_multi_add_handle", &library.multi_add_handle)
          .Get("curl_multi_remove_handle", &library.multi_remove_handle)
          .Get("curl_multi_socket_action", &library.multi_socket_action)
          .Get("curl_multi_info_read", &library.multi_info_read)
          .complete();
  if (!complete) {
    return Missing("it is too old");
  }
  if (global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return Missing("it cannot be initialized");
  }
  return &library;
}

}  // namespace

absl::StatusOr<const CurlLibrary*> LoadCurl() {
  static const absl::StatusOr<const CurlLibrary*>& loaded =
      *new absl::StatusOr<const CurlLibrary*>(Load());
  return loaded;
}

}  // namespace tlspin
