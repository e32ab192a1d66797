#include "tools/tlspin/connection_error.h"

#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace tlspin {
namespace {

using namespace connection_error;  // NOLINT: the list below is of nothing else

constexpr absl::string_view kAll[] = {
    kNameUnresolved,     kConnectionRefused,  kUnreachable,
    kConnectTimeout,     kProxyUnreachable,   kProxyTimeout,
    kProxyClosed,        kProxyNotHttp,       kProxyAuthentication,
    kProxyForbidden,     kProxyCannotConnect, kProxyRefused,
    kStartTlsNotOffered, kStartTlsRefused,    kStartTlsMalformed,
    kStartTlsInjected,   kStartTlsClosed,     kStartTlsTimeout,
    kTlsAtOnce,          kHelloReset,         kHelloClosed,
    kHelloTimeout,       kPlainHttp,          kNotTls,
    kTlsAlert,           kTlsFailed,          kTlsReset,
    kTlsClosed,          kTlsTimeout,
};

constexpr char kPayload[] = "tlspin/connection-error";
constexpr char kHint[] = "tlspin/hint";

std::string Payload(const absl::Status& status, const char* name) {
  const std::optional<absl::Cord> value = status.GetPayload(name);
  return value.has_value() ? std::string(*value) : "";
}

}  // namespace

absl::Span<const absl::string_view> AllConnectionErrors() { return kAll; }

absl::Status Coded(absl::string_view code, absl::StatusCode status,
                   absl::string_view message) {
  absl::Status error(status, message);
  error.SetPayload(kPayload, absl::Cord(code));
  return error;
}

std::string CodeOf(const absl::Status& status) {
  return Payload(status, kPayload);
}

absl::Status Hinted(absl::Status status, absl::string_view hint) {
  if (!hint.empty()) {
    status.SetPayload(kHint, absl::Cord(hint));
  }
  return status;
}

std::string HintOf(const absl::Status& status) {
  return Payload(status, kHint);
}

absl::Status Located(absl::string_view place, const absl::Status& status) {
  const std::string message = absl::StrCat(place, ": ", status.message());
  const std::string code = CodeOf(status);
  return code.empty() ? absl::Status(status.code(), message)
                      : Coded(code, status.code(), message);
}

}  // namespace tlspin
