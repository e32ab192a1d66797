// tlspin through real proxies that ask who is there: squid, by each of the ways
// that it knows, in the clear and in TLS, and a SOCKS proxy.

#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/authority.h"
#include "tests/e2e/forward_proxy.h"
#include "tests/e2e/inspection.h"
#include "tests/e2e/kerberos.h"
#include "tests/e2e/network.h"
#include "tests/e2e/nginx.h"
#include "tests/e2e/winbind.h"
#include "tools/mint/mint.h"

namespace e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kHost[] = "a.wbx2.com";
constexpr char kForbidden[] = "b.wbx2.com";
constexpr char kProxyName[] = "proxy.corp.test";
constexpr int kPort = 3128;
constexpr int kTlsPort = 3129;
constexpr int kSocksPort = 1080;
constexpr char kNtlmPassword[] = "Secret1!";
constexpr char kNtlmMechanism[] = "/etc/gss/mech.d/mech.ntlmssp.conf";

using Words = std::vector<std::string>;

std::string Url(absl::string_view scheme, int port) {
  return absl::StrCat(scheme, "://", kProxyName, ":", port);
}

// A Company has a server on port 443 and proxies before it.
struct Company {
  Company();

  const Authority authority = MakeAuthority("A", /*rsa=*/false);
  const Network network{{kHost, kForbidden, kProxyName}};
  std::unique_ptr<Nginx> nginx;
  std::unique_ptr<Kerberos> kerberos;
  std::unique_ptr<Winbind> winbind;
  std::unique_ptr<ForwardProxy> squid;
  std::unique_ptr<BackgroundProcess> socks;
  // "GSS_MECH_CONFIG=..." that lets GSSAPI speak NTLM; without it, it does not.
  std::string ntlm_mechanism;
};

// SquidLines returns how squid learns who is there: all ways at once.
std::vector<std::string> SquidLines(const Network& network,
                                    const Winbind& winbind,
                                    const std::string& keytab) {
  const ProcessResult hashed =
      network.Run(FindProgram("openssl"), {"passwd", "-apr1", "secret1"});
  const std::string basic =
      network.Write("basic", absl::StrCat("alice:", hashed.standard_output));
  const std::string digest = network.Write("digest", "alice:secret1\n");
  return {
      absl::StrCat("auth_param negotiate program "
                   "/usr/lib/squid/negotiate_kerberos_auth -k ",
                   keytab, " -s HTTP/", kProxyName, "@CORP.TEST"),
      "auth_param negotiate children 2 startup=1",
      "auth_param negotiate keep_alive on",
      absl::StrCat("auth_param ntlm program ", FindProgram("ntlm_auth"),
                   " --configfile=", winbind.config(),
                   " --helper-protocol=squid-2.5-ntlmssp --domain=PROXYHOST"),
      "auth_param ntlm children 2 startup=1",
      "auth_param ntlm keep_alive on",
      absl::StrCat("auth_param digest program /usr/lib/squid/digest_file_auth ",
                   digest),
      "auth_param digest realm proxyrealm",
      absl::StrCat("auth_param basic program /usr/lib/squid/basic_ncsa_auth ",
                   basic),
      "auth_param basic realm proxyrealm",
      "acl known proxy_auth REQUIRED",
      absl::StrCat("acl forbidden dstdomain ", kForbidden),
      "http_access deny !known",
      "http_access deny forbidden",
      "http_access allow known",
  };
}

Company::Company() {
  if (!network.ok()) {
    ADD_FAILURE() << network.failure();
    return;
  }
  const mint::Key key = mint::Key::Shared("p256-leaf");
  nginx = std::make_unique<Nginx>(
      std::vector<Site>{MakeSite(kHost, authority, key)}, &network);
  network.Write("roots.pem", authority.root.Pem());
  network.Write("pins.json", PinFile({"*.wbx2.com"}, {authority.root.key}));
  ntlm_mechanism = absl::StrCat(
      "GSS_MECH_CONFIG=",
      network.Write(
          "mechanisms",
          network.Run(FindProgram("cat"), {kNtlmMechanism}).standard_output));
  network.MustRun("mount", {"-t", "tmpfs", "none", "/etc/gss/mech.d"});
  kerberos = std::make_unique<Kerberos>(network);
  kerberos->AddUser("alice", "alicepw");
  winbind = std::make_unique<Winbind>(network, "games", kNtlmPassword);
  const Site proxy = MakeSite(kProxyName, authority, key);
  ForwardProxy::Options options;
  options.port = kPort;
  options.tls_port = kTlsPort;
  options.tls_pem = absl::StrCat(proxy.chain_pem, proxy.key_pem);
  options.lines =
      SquidLines(network, *winbind,
                 kerberos->AddService(absl::StrCat("HTTP/", kProxyName)));
  options.environment = kerberos->environment();
  options.environment.push_back("KRB5RCACHETYPE=none");
  squid = std::make_unique<ForwardProxy>(network, options);
  socks = network.Start(FindProgram("microsocks"),
                        {"-i", "127.0.0.1", "-p", absl::StrCat(kSocksPort),
                         "-u", "alice", "-P", "secret1"});
  EXPECT_TRUE(network.WaitForPort(kSocksPort, *socks));
}

// One company serves all tests: it does not change but for squid's log.
class ProxyAuthTest : public NetworkTest {
 protected:
  ProxyAuthTest()
      : NetworkTest({"nginx", "squid", "openssl", "winbindd", "smbpasswd",
                     "wbinfo", "ntlm_auth", "krb5kdc", "kdb5_util",
                     "kadmin.local", "kinit", "microsocks"}) {}

  void SetUp() override {
    NetworkTest::SetUp();
    if (IsSkipped() || HasFatalFailure() || company_ != nullptr) {
      return;
    }
    if (access(kNtlmMechanism, R_OK) != 0) {
      MissingHere("gss-ntlmssp is not installed (tools/test installs it)");
      return;
    }
    company_ = std::make_unique<Company>();
    ASSERT_NE(company_->socks, nullptr);
  }

  static void TearDownTestSuite() { company_.reset(); }

  // File makes a file of credentials, and returns its path.
  static std::string File(const std::string& credentials) {
    const std::string path =
        company_->network.Write("credentials", credentials + "\n");
    company_->network.MustRun("chmod", {"600", path});
    return path;
  }

  static Inspection Inspect(const Words& more, const Words& environment = {},
                            absl::string_view host = kHost) {
    Words words = {"inspect",   std::string(host),
                   "--roots",   Network::Path("roots.pem"),
                   "--pins",    Network::Path("pins.json"),
                   "--timeout", "60",
                   "--json"};
    words.insert(words.end(), more.begin(), more.end());
    Words variables = company_->kerberos->environment();
    variables.insert(variables.end(), environment.begin(), environment.end());
    const ProcessResult result = company_->network.Tlspin(words, variables);
    for (const char* secret : {"secret1", "secret2", kNtlmPassword}) {
      EXPECT_THAT(result.standard_output, Not(HasSubstr(secret)));
      EXPECT_THAT(result.standard_error, Not(HasSubstr(secret)));
    }
    return ReadInspection(result);
  }

  // LogSince returns what squid logged beyond its first `lines` lines.
  static std::string LogSince(size_t lines) {
    const Words log = company_->squid->Log(lines + 1);
    return log.size() > lines ? log.back() : "";
  }
  static size_t LogSize() { return company_->squid->Log(0).size(); }

  static std::unique_ptr<Company> company_;
};

std::unique_ptr<Company> ProxyAuthTest::company_;

TEST_F(ProxyAuthTest, EachWayWithTheRightPassword) {
  const std::string ticket = company_->kerberos->TicketOf("alice", "alicepw");
  const struct {
    const char* scheme;
    const char* credentials;
    const char* user;  // in squid's log
    const char* way;
  } kRows[] = {
      {"basic", "alice:secret1", "alice ", "Basic"},
      {"digest", "alice:secret1", "alice ", "Digest"},
      {"ntlm", "PROXYHOST\\games:Secret1!", "games ", "NTLM"},
      {"negotiate", "", "alice@CORP.TEST ", "Negotiate"},
      // The strongest that there is something to say to.
      {"any", "alice:secret1", "alice@CORP.TEST ", "Negotiate"},
      {"basic,ntlm", "PROXYHOST\\games:Secret1!", "games ", "NTLM"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.scheme);
    const size_t before = LogSize();
    Words words = {"--proxy", Url("http", kPort), "--proxy-auth", row.scheme};
    if (*row.credentials != '\0') {
      words.insert(words.end(), {"--proxy-credentials", File(row.credentials)});
    }
    ExpectGenuine(Inspect(words, {ticket}));
    const std::string line = LogSince(before);
    EXPECT_THAT(line, HasSubstr(row.user));
    EXPECT_THAT(
        line, HasSubstr(absl::StrCat("200 CONNECT ", kHost, ":443 ", row.way)));
  }
}

TEST_F(ProxyAuthTest, WithoutATicketAPasswordServes) {
  const size_t before = LogSize();
  ExpectGenuine(Inspect({"--proxy", Url("http", kPort), "--proxy-credentials",
                         File("alice:secret1")},
                        {"KRB5CCNAME=FILE:/nonexistent"}));
  EXPECT_THAT(LogSince(before),
              HasSubstr(absl::StrCat("200 CONNECT ", kHost, ":443 Digest")));
}

TEST_F(ProxyAuthTest, EachWayWithAWrongPassword) {
  const struct {
    const char* scheme;
    const char* credentials;
    const char* message;
  } kRows[] = {
      {"basic", "alice:secret2", "password of alice (Basic;"},
      {"digest", "alice:secret2", "password of alice (Digest;"},
      {"ntlm", "PROXYHOST\\games:secret2", "(NTLM;"},
      {"any", "nobody:secret2", "password of nobody (Digest;"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.scheme);
    const Inspection seen =
        Inspect({"--proxy", Url("http", kPort), "--proxy-auth", row.scheme,
                 "--proxy-credentials", File(row.credentials)},
                {"KRB5CCNAME=FILE:/nonexistent"});
    ExpectUndecided(seen, "proxy-credentials-refused");
    EXPECT_THAT(seen.message, HasSubstr(row.message));
    EXPECT_THAT(seen.hint, HasSubstr("--proxy-credentials"));
  }
}

TEST_F(ProxyAuthTest, NobodyIsNamed) {
  const Inspection nobody = Inspect({"--proxy", Url("http", kPort)},
                                    {"KRB5CCNAME=FILE:/nonexistent"});
  ExpectUndecided(nobody, "proxy-authentication");
  EXPECT_THAT(nobody.message,
              HasSubstr("asks who is there (Basic, Digest, NTLM, Negotiate)"));
  EXPECT_THAT(nobody.hint, HasSubstr("--proxy-credentials"));

  const Inspection no_ticket =
      Inspect({"--proxy", Url("http", kPort), "--proxy-auth", "negotiate"},
              {"KRB5CCNAME=FILE:/nonexistent"});
  ExpectUndecided(no_ticket, "proxy-authentication");
  EXPECT_THAT(no_ticket.message, HasSubstr("there is no ticket for it"));
  EXPECT_THAT(no_ticket.hint, HasSubstr("kinit"));

  // With what the machine may have for NTLM: gss-ntlmssp, which leaves some of
  // its OpenSSL at the end.
  const std::string leaks =
      company_->network.Write("leaks", "leak:libcrypto.so.3\n");
  const Inspection in_place = Inspect(
      {"--proxy", Url("http", kPort), "--proxy-auth", "negotiate"},
      {"KRB5CCNAME=FILE:/nonexistent", company_->ntlm_mechanism,
       absl::StrCat(
           "NTLM_USER_FILE=",
           company_->network.Write("ntlm-users", "PROXYHOST:games:Secret1!\n")),
       absl::StrCat("LSAN_OPTIONS=suppressions=", leaks,
                    ":print_suppressions=0")});
  ExpectUndecided(in_place, "proxy-authentication");
  EXPECT_THAT(in_place.message, HasSubstr("NTLM was tried in its place"));

  // The proxy has no such name in the realm.
  const std::string ticket = company_->kerberos->TicketOf("alice", "alicepw");
  const Inspection by_address =
      Inspect({"--proxy", absl::StrCat("http://127.0.0.1:", kPort),
               "--proxy-auth", "negotiate"},
              {ticket});
  ExpectUndecided(by_address, "proxy-authentication");
  EXPECT_THAT(by_address.message, HasSubstr("not found in Kerberos database"));
}

TEST_F(ProxyAuthTest, InTls) {
  const std::string credentials = File("alice:secret1");
  const Words words = {"--proxy", Url("https", kTlsPort), "--proxy-auth",
                       "basic",   "--proxy-credentials",  credentials};
  Words trusting = words;
  trusting.insert(trusting.end(),
                  {"--proxy-cacert", Network::Path("roots.pem")});
  const size_t before = LogSize();
  ExpectGenuine(Inspect(trusting));
  EXPECT_THAT(LogSince(before), StartsWith("alice 200 CONNECT"));

  const Inspection untrusted = Inspect(words);
  ExpectUndecided(untrusted, "proxy-certificate-refused");
  EXPECT_THAT(untrusted.message, HasSubstr("unable to get local issuer"));
  EXPECT_THAT(untrusted.hint, HasSubstr("--proxy-cacert"));

  const Inspection misnamed =
      Inspect({"--proxy", absl::StrCat("https://127.0.0.1:", kTlsPort),
               "--proxy-cacert", Network::Path("roots.pem")});
  ExpectUndecided(misnamed, "proxy-certificate-refused");

  const Inspection wrong =
      Inspect({"--proxy", Url("https", kTlsPort), "--proxy-cacert",
               Network::Path("roots.pem"), "--proxy-auth", "basic",
               "--proxy-credentials", File("alice:secret2")});
  ExpectUndecided(wrong, "proxy-credentials-refused");

  const Inspection no_tls = Inspect({"--proxy", Url("https", kPort)});
  ExpectUndecided(no_tls, "proxy-tls-failed");
}

TEST_F(ProxyAuthTest, Socks) {
  const std::string right = File("alice:secret1");
  for (const char* scheme : {"socks5", "socks5h"}) {
    SCOPED_TRACE(scheme);
    ExpectGenuine(Inspect(
        {"--proxy", Url(scheme, kSocksPort), "--proxy-credentials", right}));
  }
  const Inspection nobody = Inspect({"--proxy", Url("socks5h", kSocksPort)});
  ExpectUndecided(nobody, "proxy-authentication");
  const Inspection wrong =
      Inspect({"--proxy", Url("socks5h", kSocksPort), "--proxy-credentials",
               File("alice:secret2")});
  ExpectUndecided(wrong, "proxy-credentials-refused");
  const Inspection closed =
      Inspect({"--proxy", Url("socks5h", kSocksPort), "--proxy-credentials",
               File("alice:secret1")},
              {}, absl::StrCat(kHost, ":444"));
  ExpectUndecided(closed, "proxy-cannot-connect");
}

TEST_F(ProxyAuthTest, WhatAnEnvironmentSays) {
  const Words variables = {
      absl::StrCat("https_proxy=http://alice:secret1@", kProxyName, ":", kPort),
      "KRB5CCNAME=FILE:/nonexistent"};
  size_t before = LogSize();
  ExpectGenuine(Inspect({}, variables));
  EXPECT_THAT(LogSince(before), StartsWith("alice 200 CONNECT"));

  Words user = {absl::StrCat("ALL_PROXY=", kProxyName, ":", kPort),
                "TLSPIN_PROXY_USER=PROXYHOST\\games",
                "TLSPIN_PROXY_PASSWORD=Secret1!"};
  before = LogSize();
  ExpectGenuine(Inspect({"--proxy-auth", "ntlm"}, user));
  EXPECT_THAT(LogSince(before), HasSubstr("games 200 CONNECT"));

  // Not through the proxy.
  before = LogSize();
  Words direct = variables;
  direct.push_back("no_proxy=example.org,.wbx2.com");
  ExpectGenuine(Inspect({}, direct));
  ExpectGenuine(Inspect({"--noproxy", "*"}, variables));
  EXPECT_EQ(LogSize(), before);
}

TEST_F(ProxyAuthTest, RefusedToWhomItKnows) {
  const Words words = {"--proxy", Url("http", kPort),    "--proxy-auth",
                       "basic",   "--proxy-credentials", File("alice:secret1")};
  ExpectUndecided(Inspect(words, {}, kForbidden), "proxy-forbidden");
  ExpectUndecided(Inspect(words, {}, absl::StrCat(kHost, ":444")),
                  "proxy-cannot-connect");
  ExpectUndecided(Inspect(words, {}, "nowhere.wbx2.com"),
                  "proxy-cannot-connect");
}

}  // namespace
}  // namespace e2e
