#include "tools/tlspin/net/proxy_transfer.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace tlspin {
namespace {

// libcurl's options are of type long, on every machine.
using Long = long;  // NOLINT

Long CurlAuth(unsigned scheme) {
  switch (scheme) {
    case kProxyBasic:
      return static_cast<Long>(CURLAUTH_BASIC);
    case kProxyDigest:
      return static_cast<Long>(CURLAUTH_DIGEST);
    case kProxyNtlm:
      return static_cast<Long>(CURLAUTH_NTLM);
    case kProxyNegotiate:
      return static_cast<Long>(CURLAUTH_NEGOTIATE);
    default:
      return static_cast<Long>(CURLAUTH_NONE);
  }
}

}  // namespace

std::unique_ptr<ProxyTransfer> ProxyTransfer::Create(
    const CurlLibrary* curl, const ProxySettings& settings,
    const std::string& host, int port, unsigned scheme) {
  CURL* const easy = curl->easy_init();
  if (easy == nullptr) {
    return nullptr;
  }
  auto transfer = std::unique_ptr<ProxyTransfer>(new ProxyTransfer(curl, easy));
  transfer->Set(CURLOPT_ERRORBUFFER, &transfer->error_[0]);
  const std::string url = absl::StrCat(
      "http://",
      absl::StrContains(host, ':') ? absl::StrCat("[", host, "]") : host, ":",
      port, "/");
  // A connection to there, through the proxy, and nothing else.
  transfer->Set(CURLOPT_URL, url.c_str());
  transfer->Set(CURLOPT_PROTOCOLS_STR, "http");
  transfer->Set(CURLOPT_CONNECT_ONLY, Long{1});
  transfer->Set(CURLOPT_HTTPPROXYTUNNEL, Long{1});
  transfer->Set(CURLOPT_FRESH_CONNECT, Long{1});
  // The caller keeps the time; libcurl's own would be five minutes.
  transfer->Set(CURLOPT_CONNECTTIMEOUT, Long{24 * 60 * 60});
  // No signals from a library, and no waiting for a resolver that does not
  // answer when all else is done.
  transfer->Set(CURLOPT_NOSIGNAL, Long{1});
  transfer->Set(CURLOPT_QUICK_EXIT, Long{1});
  transfer->SetProxy(settings, scheme);
  transfer->Set(CURLOPT_HEADERFUNCTION, &ProxyTransfer::OnHeader);
  transfer->Set(CURLOPT_HEADERDATA, transfer.get());
  transfer->Set(CURLOPT_DEBUGFUNCTION, &ProxyTransfer::OnDebug);
  transfer->Set(CURLOPT_DEBUGDATA, transfer.get());
  transfer->Set(CURLOPT_VERBOSE, Long{1});
  return transfer;
}

void ProxyTransfer::SetProxy(const ProxySettings& settings, unsigned scheme) {
  // The scheme of the URL tells libcurl the type.
  Set(CURLOPT_PROXY, settings.url.ToString().c_str());
  Set(CURLOPT_NOPROXY, "");  // whom it serves is decided, not by libcurl
  if (!settings.ca_file.empty()) {
    Set(CURLOPT_PROXY_CAINFO, settings.ca_file.c_str());
    Set(CURLOPT_PROXY_CAPATH, static_cast<char*>(nullptr));
  }
  Set(CURLOPT_PROXYAUTH, CurlAuth(scheme));
  Set(CURLOPT_SOCKS5_AUTH, static_cast<Long>(CURLAUTH_BASIC));
  if (scheme == kProxyNegotiate) {
    // As whom the ticket says; empty, but there.
    Set(CURLOPT_PROXYUSERNAME, "");
    Set(CURLOPT_PROXYPASSWORD, "");
  } else if (scheme != 0 && settings.credentials.has_value()) {
    Set(CURLOPT_PROXYUSERNAME, settings.credentials->user.c_str());
    Set(CURLOPT_PROXYPASSWORD, settings.credentials->password.c_str());
  }
}

ProxyTransfer::~ProxyTransfer() { curl_->easy_cleanup(easy_); }

ProxyExchange& ProxyTransfer::End(CURLcode result) {
  exchange_.result = result;
  exchange_.curl_error = error_;
  Long value = 0;
  curl_->easy_getinfo(easy_, CURLINFO_OS_ERRNO, &value);
  exchange_.os_error = static_cast<int>(value);
  value = 0;
  curl_->easy_getinfo(easy_, CURLINFO_PROXY_ERROR, &value);
  exchange_.socks = static_cast<CURLproxycode>(value);
  curl_socket_t fd = CURL_SOCKET_BAD;
  if (result == CURLE_OK &&
      curl_->easy_getinfo(easy_, CURLINFO_ACTIVESOCKET, &fd) == CURLE_OK) {
    fd_ = fd;
  }
  return exchange_;
}

Transport::Result ProxyTransfer::Read(char* data, size_t size) {
  size_t bytes = 0;
  const CURLcode result = curl_->easy_recv(easy_, data, size, &bytes);
  if (result == CURLE_OK && bytes == 0) {
    return {Transport::Outcome::kEnd, 0, 0};
  }
  return After(result, bytes);
}

Transport::Result ProxyTransfer::Write(const char* data, size_t size) {
  size_t bytes = 0;
  const CURLcode result = curl_->easy_send(easy_, data, size, &bytes);
  return After(result, bytes);
}

Transport::Result ProxyTransfer::After(CURLcode result, size_t bytes) {
  if (result == CURLE_OK && bytes > 0) {
    return {Transport::Outcome::kMoved, bytes, 0};
  }
  if (result == CURLE_OK || result == CURLE_AGAIN) {
    return {Transport::Outcome::kWait, 0, 0};
  }
  Long error = 0;
  curl_->easy_getinfo(easy_, CURLINFO_OS_ERRNO, &error);
  return {Transport::Outcome::kLost, 0, static_cast<int>(error)};
}

size_t ProxyTransfer::OnHeader(char* line, size_t one, size_t size,
                               void* self) {
  ProxyTransfer* const that = static_cast<ProxyTransfer*>(self);
  return that->exchange_.Received(absl::string_view(line, one * size))
             ? one * size
             : 0;
}

int ProxyTransfer::OnDebug(CURL*, curl_infotype type, char* data, size_t size,
                           void* self) {
  ProxyTransfer* const that = static_cast<ProxyTransfer*>(self);
  if (type == CURLINFO_HEADER_OUT) {
    that->exchange_.Sent(absl::string_view(data, size));
  } else if (type == CURLINFO_TEXT) {
    that->exchange_.Note(absl::string_view(data, size));
  }
  return 0;
}

}  // namespace tlspin
