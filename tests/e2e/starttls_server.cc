#include "tests/e2e/starttls_server.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace e2e {
namespace {

using tlspin::StartTls;

// In the configurations $D is the server's directory, $P its port, $H its name,
// $U and $G its account, $X the protocol, and $TLS what turns TLS on or off.

constexpr char kExim[] = R"(primary_hostname = $H
local_interfaces = 127.0.0.1.$P
spool_directory = $D/spool
log_file_path = $D/%slog
pid_file_path = $D/pid
host_lookup =
rfc1413_query_timeout = 0s
keep_environment =
tls_certificate = $D/chain.pem
tls_privatekey = $D/key.pem
tls_advertise_hosts = $TLS
)";

constexpr char kDovecot[] = R"(base_dir = $D/run
state_dir = $D/state
log_path = /dev/stderr
protocols = $X
listen = 127.0.0.1
default_internal_user = $U
default_internal_group = $G
default_login_user = $U
ssl = $TLS
ssl_cert = <$D/chain.pem
ssl_key = <$D/key.pem
mail_location = maildir:$D/mail
service $X-login {
  chroot =
  inet_listener $X {
    port = $P
  }
  inet_listener $Xs {
    port = 0
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
passdb {
  driver = static
}
userdb {
  driver = static
  args = uid=$U gid=$G home=$D/mail
}
)";

constexpr char kProsody[] = R"(daemonize = false
pidfile = "$D/pid"
data_path = "$D"
log = { { levels = { min = "info" }, to = "console" } }
interfaces = { "127.0.0.1" }
c2s_ports = { $P }
s2s_ports = { }
modules_enabled = { "saslauth"$TLS }
modules_disabled = { "s2s" }
authentication = "internal_hashed"
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
ssl = { key = "$D/key.pem", certificate = "$D/chain.pem" }
VirtualHost "$H"
)";

constexpr char kPostgres[] = R"(listen_addresses = '127.0.0.1'
port = $P
unix_socket_directories = ''
fsync = off
ssl = $TLS
ssl_cert_file = '$D/chain.pem'
ssl_key_file = '$D/key.pem'
)";

constexpr char kSlapd[] = R"(pidfile $D/pid
$TLSTLSCertificateFile $D/chain.pem
$TLSTLSCertificateKeyFile $D/key.pem
)";

}  // namespace

std::vector<std::string> StartTlsServer::Programs(StartTls protocol) {
  switch (protocol) {
    case StartTls::kSmtp:
      return {"exim4"};
    case StartTls::kImap:
      return {"dovecot", "imap-login"};
    case StartTls::kPop3:
      return {"dovecot", "pop3-login"};
    case StartTls::kXmpp:
      return {"prosody"};
    case StartTls::kPostgres:
      return {"initdb", "postgres"};
    case StartTls::kLdap:
      return {"slapd"};
    case StartTls::kNone:
      break;
  }
  return {};
}

bool StartTlsServer::NeedsRoot(StartTls protocol) {
  // Exim listens only for root and for its own account.
  return protocol == StartTls::kSmtp;
}

StartTlsServer::StartTlsServer(StartTls protocol, const Site& site, Tls tls,
                               const Network* network)
    : protocol_(protocol), host_(site.host), tls_(tls), network_(network) {
  TakeAccount();
  Own("chain.pem", site.chain_pem);
  Own("key.pem", site.key_pem);
  // Between the choice of a port and the server's use of it another may take
  // it.
  for (int attempt = 0; attempt < 3; ++attempt) {
    port_ = FreePort();
    if (Start()) {
      return;
    }
  }
  ADD_FAILURE() << StartTlsName(protocol) << " did not start: " << Log();
}

bool StartTlsServer::Start() {
  const std::vector<std::string> command = Unprivileged(Command());
  const std::vector<std::string> arguments(command.begin() + 1, command.end());
  if (network_ == nullptr) {
    process_ = std::make_unique<BackgroundProcess>(command.front(), arguments);
    return WaitForPort(port_, *process_);
  }
  process_ = network_->Start(command.front(), arguments);
  return network_->WaitForPort(port_, *process_);
}

StartTlsServer::~StartTlsServer() {
  if (process_ != nullptr) {
    process_->Stop(absl::Seconds(20));
  }
}

std::string StartTlsServer::Log() const {
  return absl::StrCat(process_->standard_output(), process_->standard_error());
}

// TakeAccount decides who the server runs as: who runs the test, unless that is
// root, and gives the directory to it.
void StartTlsServer::TakeAccount() {
  const passwd* account =
      geteuid() != 0
          ? getpwuid(geteuid())
          : getpwnam(protocol_ == StartTls::kSmtp ? "Debian-exim" : "nobody");
  ASSERT_NE(account, nullptr);
  user_ = account->pw_name;
  user_id_ = account->pw_uid;
  group_id_ = account->pw_gid;
  const group* its_group = getgrgid(group_id_);
  ASSERT_NE(its_group, nullptr);
  group_ = its_group->gr_name;
  ASSERT_EQ(chown(directory_.path().c_str(), user_id_, group_id_), 0);
}

std::string StartTlsServer::Own(absl::string_view name,
                                absl::string_view content) const {
  const std::string path = directory_.Write(name, content);
  EXPECT_EQ(chmod(path.c_str(), 0600), 0);
  EXPECT_EQ(chown(path.c_str(), user_id_, group_id_), 0);
  return path;
}

std::string StartTlsServer::Config(absl::string_view name,
                                   absl::string_view text,
                                   absl::string_view tls_on,
                                   absl::string_view tls_off) const {
  return Own(name, absl::StrReplaceAll(
                       text, {{"$D", directory_.path()},
                              {"$P", absl::StrCat(port_)},
                              {"$H", host_},
                              {"$U", user_},
                              {"$G", group_},
                              {"$X", StartTlsName(protocol_)},
                              {"$TLS", tls_ == Tls::kOn ? tls_on : tls_off}}));
}

std::vector<std::string> StartTlsServer::Unprivileged(
    const std::vector<std::string>& command) const {
  if (geteuid() != 0) {
    return command;
  }
  std::vector<std::string> all = {
      FindProgram("setpriv"), absl::StrCat("--reuid=", user_),
      absl::StrCat("--regid=", group_), "--clear-groups"};
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

std::vector<std::string> StartTlsServer::Command() const {
  switch (protocol_) {
    case StartTls::kSmtp:
      return {FindProgram("exim4"), "-bdf", "-C",
              Config("exim.conf", kExim, "*", "")};
    case StartTls::kImap:
    case StartTls::kPop3:
      return {FindProgram("dovecot"), "-F", "-c",
              Config("dovecot.conf", kDovecot, "yes", "no")};
    case StartTls::kXmpp:
      return {FindProgram("prosody"), "-F", "--config",
              Config("prosody.cfg.lua", kProsody, ", \"tls\"", "")};
    case StartTls::kPostgres:
      MakeDatabase();
      Config("data/postgresql.conf", kPostgres, "on", "off");
      return {FindProgram("postgres"), "-D", directory_.Path("data")};
    case StartTls::kLdap:
      return {FindProgram("slapd"),
              "-d",
              "0",
              "-f",
              Config("slapd.conf", kSlapd, "", "#"),
              "-h",
              absl::StrCat("ldap://127.0.0.1:", port_, "/")};
    case StartTls::kNone:
      break;
  }
  return {"false"};
}

void StartTlsServer::MakeDatabase() const {
  const std::string data = directory_.Path("data");
  if (std::filesystem::exists(data)) {
    return;
  }
  const std::vector<std::string> command =
      Unprivileged({FindProgram("initdb"), "--pgdata", data, "--auth=reject",
                    "--no-sync", "--encoding=UTF8", "--locale=C"});
  const ProcessResult made = testing_support::RunProcess(
      command.front(),
      std::vector<std::string>(command.begin() + 1, command.end()));
  EXPECT_EQ(made.exit_code, 0) << Show(made);
}

}  // namespace e2e
