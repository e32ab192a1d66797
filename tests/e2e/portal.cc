#include "tests/e2e/portal.h"

#include <vector>

#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace e2e {
namespace {

constexpr char kConfig[] = R"(daemon off;
master_process off;
pid $DIRECTORY/pid;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path $DIRECTORY/temporary;
  proxy_temp_path $DIRECTORY/temporary;
  fastcgi_temp_path $DIRECTORY/temporary;
  uwsgi_temp_path $DIRECTORY/temporary;
  scgi_temp_path $DIRECTORY/temporary;
  server {
    listen 127.0.0.1:443 ssl default_server;
    ssl_certificate $CERTIFICATE;
    ssl_certificate_key $KEY;
    location / { return 302 https://login.hotel-portal.test/login; }
  }
  server {
    listen 127.0.0.1:444;
    location / { return 302 http://login.hotel-portal.test/login; }
  }
}
)";

}  // namespace

Portal::Portal(const Network& network, const mint::Minted& certificate)
    : dnsmasq_(
          std::make_unique<Dnsmasq>(network, std::vector<std::string>{"#"})) {
  const std::string config = network.Write(
      "portal.conf",
      absl::StrReplaceAll(
          kConfig,
          {{"$DIRECTORY", network.WritableDirectory("portal")},
           {"$CERTIFICATE", network.Write("portal.pem", certificate.Pem())},
           {"$KEY",
            network.Write("portal.key", certificate.key.PrivatePem())}}));
  nginx_ = network.Start(FindProgram("nginx"), {"-e", "stderr", "-c", config});
  for (const int port : {443, 444}) {
    if (!network.WaitForPort(port, *nginx_)) {
      ADD_FAILURE() << "nginx did not start: "
                    << Show(nginx_->Wait(absl::ZeroDuration()));
      return;
    }
  }
}

}  // namespace e2e
