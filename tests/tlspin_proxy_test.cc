// Which proxy tlspin uses, for which hosts, and as whom.

#include <sys/stat.h>

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/testing/process.h"
#include "tools/tlspin/net/no_proxy.h"
#include "tools/tlspin/net/proxy.h"
#include "tools/tlspin/net/proxy_credentials.h"
#include "tools/tlspin/net/proxy_url.h"

namespace tlspin {
namespace {

using ::testing_support::TempDirectory;

TEST(ParseProxyUrlTest, Forms) {
  const struct {
    const char* text;
    const char* parsed;
    const char* who;  // USER:PASSWORD; empty: nobody
  } kRows[] = {
      {"http://proxy.corp.test:3128", "http://proxy.corp.test:3128", ""},
      {"http://proxy", "http://proxy:80", ""},
      {"http://proxy/", "http://proxy:80", ""},
      {"proxy.corp.test:8080", "http://proxy.corp.test:8080", ""},
      {"HTTPS://Proxy", "https://proxy:443", ""},
      {"socks5://10.0.0.1", "socks5://10.0.0.1:1080", ""},
      {"socks5h://10.0.0.1:9", "socks5h://10.0.0.1:9", ""},
      {"socks4a://proxy", "socks4a://proxy:1080", ""},
      {"http://[2001:db8::1]:3128/", "http://[2001:db8::1]:3128", ""},
      {"http://proxy_1:65535", "http://proxy_1:65535", ""},
      {"http://alice:secret1@proxy:1", "http://proxy:1", "alice:secret1"},
      {"http://alice@proxy", "http://proxy:80", "alice:"},
      {"http://@proxy", "http://proxy:80", ""},
      {"http://a:b:c@proxy", "http://proxy:80", "a:b:c"},
      {"http://a:b@c@proxy", "http://proxy:80", "a:b@c"},
      {"http://CORP%5Calice:p%40%3a%25@proxy", "http://proxy:80",
       "CORP\\alice:p@:%"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.text);
    const absl::StatusOr<ProxyUrl> url = ParseProxyUrl(row.text);
    ASSERT_TRUE(url.ok()) << url.status();
    EXPECT_EQ(url->ToString(), row.parsed);
    EXPECT_EQ(url->credentials.has_value()
                  ? absl::StrCat(url->credentials->user, ":",
                                 url->credentials->password)
                  : "",
              row.who);
  }
}

TEST(ParseProxyUrlTest, BadOnesAreRefusedWithoutQuotingThePassword) {
  for (const char* bad : {"",
                          "http://",
                          "http://:3128",
                          "ftp://alice:secret1@proxy",
                          "socks4://alice:secret1@proxy",
                          "http://alice:secret1@proxy:0",
                          "http://alice:secret1@proxy:65536",
                          "http://alice:secret1@proxy:x",
                          "http://alice:secret1@proxy:",
                          "http://alice:secret1@pro xy",
                          "http://alice:secret1@proxy/path",
                          "http://alice:secret1@[::1",
                          "http://alice:secret1@[proxy]",
                          "http://2001:db8::1:3128",
                          "http://alice:secret1%@proxy",
                          "http://alice:secret1%2@proxy",
                          "http://alice:secret1%0a@proxy",
                          "http://alice:secret1%00@proxy",
                          "http://alice:secret1@proxy\r\nX: y",
                          "//proxy"}) {
    SCOPED_TRACE(bad);
    const absl::StatusOr<ProxyUrl> url = ParseProxyUrl(bad);
    EXPECT_EQ(url.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_FALSE(absl::StrContains(url.status().message(), "secret1"))
        << url.status();
  }
}

TEST(NoProxyTest, ReadsTheListAsCurlDoes) {
  const struct {
    const char* list;
    const char* host;
    bool covered;
  } kRows[] = {
      {"", "example.com", false},
      {"*", "example.com", true},
      {"*", "10.0.0.1", true},
      {" * ", "example.com", true},
      {"*,example.org", "example.com", false},
      {"example.com", "example.com", true},
      {"example.com", "EXAMPLE.com", true},
      {"Example.COM", "www.example.com", true},
      {"example.com", "notexample.com", false},
      {"www.example.com", "example.com", false},
      {".example.com", "example.com", true},
      {".example.com", "www.example.com", true},
      {"example.com.", "www.example.com", true},
      {"example.com", "www.example.com.", true},
      {"*.example.com", "www.example.com", false},
      {"a.test,example.com", "example.com", true},
      {"a.test example.com", "example.com", true},
      {"a.test, ,example.com,", "example.com", true},
      {",", "example.com", false},
      {".", "example.com", false},
      {"example.com:443", "example.com", false},
      {"10.1.2.3", "10.1.2.3", true},
      {"10.1.2.3", "10.1.2.30", false},
      {"2.3", "10.1.2.3", false},
      {"10.0.0.0/8", "10.255.0.1", true},
      {"10.0.0.0/8", "11.0.0.1", false},
      {"192.168.0.128/25", "192.168.0.127", false},
      {"192.168.0.128/25", "192.168.0.200", true},
      {"10.0.0.1/0", "8.8.8.8", true},
      {"10.0.0.1/33", "10.0.0.1", false},
      {"10.0.0.1/x", "10.0.0.1", false},
      {"10.0.0.0/8", "10.example.com", false},
      {"[::1]", "::1", true},
      {"::1", "::1", true},
      {"2001:db8::/32", "2001:db8:1::1", true},
      {"2001:db8::/32", "2001:db9::1", false},
      {"0.0.0.0/0", "::1", false},
      {"localhost", "localhost", true},
      {"localhost", "127.0.0.1", false},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(absl::StrCat("\"", row.list, "\" and ", row.host));
    EXPECT_EQ(NoProxy(row.list).Covers(row.host), row.covered);
  }
}

TEST(ParseCredentialsTest, Forms) {
  const struct {
    const char* text;
    const char* who;
  } kRows[] = {
      {"alice:secret1\n", "alice secret1"},
      {"alice:secret1", "alice secret1"},
      {"alice:secret1\r\n", "alice secret1"},
      {"# of the proxy\n\nCORP\\alice:a b:c \n", "CORP\\alice a b:c "},
      {"alice:\n", "alice "},
      {"machine proxy.corp.test login alice password secret1\n",
       "alice secret1"},
      {"machine other login bob password x\n"
       "machine PROXY.corp.test\n  login alice\n  password secret1\n"
       "default login carol password y\n",
       "alice secret1"},
      {"machine other login bob password x\ndefault login alice password p\n",
       "alice p"},
      {"default login alice account z password p", "alice p"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.text);
    const absl::StatusOr<ProxyCredentials> parsed =
        ParseCredentials(row.text, "proxy.corp.test");
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(absl::StrCat(parsed->user, " ", parsed->password), row.who);
  }
}

TEST(ParseCredentialsTest, BadOnesAreRefusedWithoutQuotingThem) {
  for (const char* bad : {"", "\n\n", "# nothing\n", "secret1", ":secret1",
                          "alice:secret1\nbob:secret1\n", "alice:secret1\x01",
                          "machine other login alice password secret1",
                          "machine proxy.corp.test password secret1",
                          "machine proxy.corp.test login alice password",
                          "machine proxy.corp.test login alice secret1 x"}) {
    SCOPED_TRACE(bad);
    const absl::StatusOr<ProxyCredentials> parsed =
        ParseCredentials(bad, "proxy.corp.test");
    EXPECT_FALSE(parsed.ok());
    EXPECT_FALSE(absl::StrContains(parsed.status().message(), "secret1"))
        << parsed.status();
  }
}

TEST(ReadCredentialsTest, WarnsOfAFileThatOthersMayRead) {
  const TempDirectory directory;
  const std::string path = directory.Write("proxy", "alice:secret1\n");
  std::string warning;
  for (const mode_t mode : {0640, 0604, 0644}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    EXPECT_TRUE(ReadCredentials(path, "proxy", &warning).ok());
    EXPECT_TRUE(absl::StrContains(warning, "chmod 600")) << warning;
  }
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  EXPECT_TRUE(ReadCredentials(path, "proxy", &warning).ok());
  EXPECT_EQ(warning, "");
  const absl::Status missing =
      ReadCredentials(directory.Path("none"), "proxy", &warning).status();
  EXPECT_TRUE(absl::StrContains(missing.message(), "No such file")) << missing;
}

GetVariable Variables(std::map<std::string, std::string> values) {
  return [values](const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt
                                 : std::optional<std::string>(found->second);
  };
}

TEST(ChooseProxyTest, TheFlagThenTheEnvironment) {
  const struct {
    const char* name;
    const char* flag;
    std::map<std::string, std::string> environment;
    const char* chosen;  // with its source; empty: none
  } kRows[] = {
      {"nothing", "", {}, ""},
      {"the flag alone", "http://flag:1", {}, "http://flag:1 --proxy"},
      {"the flag wins",
       "http://flag:1",
       {{"https_proxy", "http://a:1"}},
       "http://flag:1 --proxy"},
      {"lower case wins",
       "",
       {{"https_proxy", "a:1"}, {"HTTPS_PROXY", "b:1"}},
       "http://a:1 https_proxy"},
      {"upper case",
       "",
       {{"HTTPS_PROXY", "b:1"}, {"all_proxy", "c:1"}},
       "http://b:1 HTTPS_PROXY"},
      {"all, lower case",
       "",
       {{"all_proxy", "socks5h://c"}, {"ALL_PROXY", "d:1"}},
       "socks5h://c:1080 all_proxy"},
      {"all, upper case", "", {{"ALL_PROXY", "d:1"}}, "http://d:1 ALL_PROXY"},
      {"an empty one is none",
       "",
       {{"https_proxy", ""}, {"HTTPS_PROXY", "b:1"}},
       "http://b:1 HTTPS_PROXY"},
      {"that of plain HTTP is not ours", "", {{"http_proxy", "e:1"}}, ""},
      {"all hosts are excepted",
       "",
       {{"https_proxy", "a:1"}, {"no_proxy", "*"}},
       ""},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    ProxyFlags flags;
    flags.proxy = row.flag;
    const auto chosen = ChooseProxy(flags, Variables(row.environment));
    ASSERT_TRUE(chosen.ok()) << chosen.status();
    EXPECT_EQ(*chosen == nullptr
                  ? ""
                  : absl::StrCat((*chosen)->ToString(), " ", (*chosen)->source),
              row.chosen);
  }
}

TEST(ChooseProxyTest, WhichHostsAreExcepted) {
  const struct {
    const char* name;
    ProxyFlags flags;
    std::map<std::string, std::string> environment;
    bool a_served, b_served;
  } kRows[] = {
      {"lower case wins",
       {},
       {{"all_proxy", "p"}, {"no_proxy", "a.test"}, {"NO_PROXY", "b.test"}},
       false,
       true},
      {"upper case",
       {},
       {{"all_proxy", "p"}, {"NO_PROXY", "b.test"}},
       true,
       false},
      {"the flag in place of the variable",
       {"", "b.test", "", "", ""},
       {{"all_proxy", "p"}, {"no_proxy", "a.test"}},
       true,
       false},
      {"the variables are for the environment's proxies",
       {"http://p", "", "", "", ""},
       {{"no_proxy", "*"}},
       true,
       true},
      {"both flags", {"http://p", "a.test", "", "", ""}, {}, false, true},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    const auto chosen = ChooseProxy(row.flags, Variables(row.environment));
    ASSERT_TRUE(chosen.ok()) << chosen.status();
    ASSERT_NE(*chosen, nullptr);
    EXPECT_EQ((*chosen)->Serves("www.a.test"), row.a_served);
    EXPECT_EQ((*chosen)->Serves("b.test"), row.b_served);
  }
  ProxyFlags all;
  all.noproxy = "*";
  EXPECT_EQ(*ChooseProxy(all, Variables({{"all_proxy", "not a proxy"}})),
            nullptr);
}

TEST(ChooseProxyTest, AsWhom) {
  const TempDirectory directory;
  const std::string file = directory.Write("proxy", "file:f\n");
  ASSERT_EQ(chmod(file.c_str(), 0600), 0);
  const std::map<std::string, std::string> variables = {
      {"TLSPIN_PROXY_USER", "variable"}, {"TLSPIN_PROXY_PASSWORD", "v"}};
  std::map<std::string, std::string> all = variables;
  all["https_proxy"] = "http://url:u@p";
  const struct {
    const char* name;
    ProxyFlags flags;
    std::map<std::string, std::string> environment;
    const char* who;
    bool warned;
  } kRows[] = {
      {"nobody", {"http://p", "", "", "", ""}, {}, "", false},
      {"the file before the URL",
       {"http://url:u@p", "", "", file, ""},
       variables,
       "file:f",
       true},
      {"the URL of the flag before the variables",
       {"http://url:u@p", "", "", "", ""},
       variables,
       "url:u",
       true},
      {"the variables",
       {"http://p", "", "", "", ""},
       variables,
       "variable:v",
       false},
      {"the variables before a URL of the environment",
       {},
       all,
       "variable:v",
       false},
      {"the URL of the environment, without a warning",
       {},
       {{"https_proxy", "http://url:u@p"}},
       "url:u",
       false},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    const auto chosen = ChooseProxy(row.flags, Variables(row.environment));
    ASSERT_TRUE(chosen.ok()) << chosen.status();
    const auto& who = (*chosen)->credentials;
    EXPECT_EQ(
        who.has_value() ? absl::StrCat(who->user, ":", who->password) : "",
        row.who);
    EXPECT_EQ(!(*chosen)->warnings.empty(), row.warned);
  }
}

TEST(ChooseProxyTest, Schemes) {
  const struct {
    const char* text;
    unsigned auth;
  } kRows[] = {
      {"", kProxyAnyAuth},
      {"any", kProxyAnyAuth},
      {"basic", kProxyBasic},
      {"NTLM,Negotiate", kProxyNtlm | kProxyNegotiate},
      {"digest,basic", kProxyDigest | kProxyBasic},
  };
  ProxyFlags flags;
  flags.proxy = "http://p";
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.text);
    flags.auth = row.text;
    const auto chosen = ChooseProxy(flags, Variables({}));
    ASSERT_TRUE(chosen.ok()) << chosen.status();
    EXPECT_EQ((*chosen)->auth, row.auth);
  }
  EXPECT_EQ(ProxyAuthNames(kProxyNtlm | kProxyBasic), "Basic, NTLM");
}

TEST(ChooseProxyTest, AnErrorNamesTheFlagOrTheVariable) {
  const struct {
    ProxyFlags flags;
    std::map<std::string, std::string> environment;
    const char* named;
  } kRows[] = {
      {{"ftp://p", "", "", "", ""}, {}, "--proxy: "},
      {{}, {{"HTTPS_PROXY", "ftp://a:secret1@p"}}, "HTTPS_PROXY: "},
      {{"http://p", "", "bearer", "", ""}, {}, "--proxy-auth: "},
      {{"http://p", "", "basic,", "", ""}, {}, "--proxy-auth: "},
      {{"http://p", "", "", "/nowhere/secret", ""},
       {},
       "--proxy-credentials: /nowhere/secret: "},
      {{"https://p", "", "", "", "/nowhere/ca"}, {}, "--proxy-cacert: "},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.named);
    const absl::Status status =
        ChooseProxy(row.flags, Variables(row.environment)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::StartsWith(status.message(), row.named)) << status;
    EXPECT_FALSE(absl::StrContains(status.message(), "secret1")) << status;
  }
}

}  // namespace
}  // namespace tlspin
