#include "tests/e2e/kerberos.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace e2e {
namespace {

constexpr int kPort = 8888;

constexpr char kClientConfig[] = R"([libdefaults]
 default_realm = CORP.TEST
 dns_lookup_kdc = false
 dns_lookup_realm = false
 rdns = false
 dns_canonicalize_hostname = false
 udp_preference_limit = 1
[realms]
 CORP.TEST = {
  kdc = 127.0.0.1:8888
 }
[domain_realm]
 .corp.test = CORP.TEST
)";

constexpr char kServerConfig[] = R"([kdcdefaults]
 kdc_listen = 127.0.0.1:8888
 kdc_tcp_listen = 127.0.0.1:8888
[realms]
 CORP.TEST = {
  database_name = $DIRECTORY/principal
  acl_file = $DIRECTORY/acl
  key_stash_file = $DIRECTORY/stash
  max_life = 10h
  supported_enctypes = aes256-cts-hmac-sha1-96:normal
 }
[logging]
 kdc = STDERR
)";

}  // namespace

Kerberos::Kerberos(const Network& network) : network_(network) {
  const std::string directory = network.WritableDirectory("krb5");
  environment_ = {
      absl::StrCat("KRB5_CONFIG=", network.Write("krb5.conf", kClientConfig)),
      absl::StrCat(
          "KRB5_KDC_PROFILE=",
          network.Write("kdc.conf",
                        absl::StrReplaceAll(kServerConfig,
                                            {{"$DIRECTORY", directory}})))};
  RunHere("kdb5_util", {"create", "-r", "CORP.TEST", "-s", "-P", "master"});
  std::vector<std::string> words = environment_;
  words.insert(words.end(), {FindProgram("krb5kdc"), "-n", "-r", "CORP.TEST"});
  kdc_ = network.Start(FindProgram("env"), words);
  if (!network.WaitForPort(kPort, *kdc_)) {
    ADD_FAILURE() << "the KDC did not start: "
                  << Show(kdc_->Wait(absl::ZeroDuration()));
  }
}

ProcessResult Kerberos::RunHere(const std::string& program,
                                const std::vector<std::string>& arguments,
                                const std::string& input) const {
  std::vector<std::string> words = environment_;
  words.push_back(FindProgram(program));
  words.insert(words.end(), arguments.begin(), arguments.end());
  testing_support::ProcessOptions options;
  options.standard_input = input;
  const ProcessResult result = network_.Run(FindProgram("env"), words, options);
  EXPECT_EQ(result.exit_code, 0) << program << ": " << Show(result);
  return result;
}

void Kerberos::Administer(const std::string& query) const {
  const ProcessResult result = RunHere("kadmin.local", {"-q", query});
  EXPECT_EQ(result.standard_error.find("while"), std::string::npos)
      << query << ": " << Show(result);
}

void Kerberos::AddUser(const std::string& user,
                       const std::string& password) const {
  Administer(absl::StrCat("addprinc -pw ", password, " ", user));
}

std::string Kerberos::AddService(const std::string& service) const {
  const std::string keytab = Network::Path("service.keytab");
  Administer(absl::StrCat("addprinc -randkey ", service));
  Administer(absl::StrCat("ktadd -k ", keytab, " ", service));
  network_.MustRun("chmod", {"644", keytab});
  return keytab;
}

std::string Kerberos::TicketOf(const std::string& user,
                               const std::string& password) const {
  const std::string cache =
      absl::StrCat("FILE:", Network::Path(absl::StrCat(user, ".ticket")));
  RunHere("kinit", {"-c", cache, user}, absl::StrCat(password, "\n"));
  return absl::StrCat("KRB5CCNAME=", cache);
}

}  // namespace e2e
