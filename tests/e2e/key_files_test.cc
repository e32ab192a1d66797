// `tlspin pin` of what openssl wraps keys and certificates in.

#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/programs.h"
#include "tests/testing/process.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"

namespace e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing_support::PinTextOf;
using ::testing_support::ProcessOptions;
using ::testing_support::RunProcess;
using ::testing_support::RunTlspin;

// Not ASCII: PKCS #12 has passwords in UTF-16.
constexpr char kPassword[] = "s\u00e9cret";

class KeyFilesTest : public ProgramsTest {
 protected:
  KeyFilesTest()
      : ProgramsTest({"openssl"}),
        key_(mint::Key::P256()),
        root_(mint::SelfSigned(mint::Ca("Example Root"), key_)) {
    directory_.Write("key.pem", key_.PrivatePem());
    directory_.Write("root.pem", root_.Pem());
    key_line_ = absl::StrCat(PinTextOf(key_), "  private key, EC P-256\n");
    root_line_ = absl::StrCat(PinTextOf(key_),
                              "  certificate, EC P-256, CN=Example Root\n");
  }

  // OpenSsl runs openssl, with words split at blanks, in the directory.
  void OpenSsl(const std::string& arguments) const {
    ProcessOptions options;
    options.working_directory = directory_.path();
    const std::vector<std::string> words =
        absl::StrSplit(arguments, ' ', absl::SkipEmpty());
    const ProcessResult result =
        RunProcess(FindProgram("openssl"), words, options);
    ASSERT_EQ(result.exit_code, 0) << arguments << "\n" << Show(result);
  }

  std::string MakePkcs12(const std::string& flags,
                         const std::string& password = kPassword) const {
    OpenSsl(absl::StrCat("pkcs12 -export ", flags,
                         " -inkey key.pem -in root.pem -out a.p12 -passout "
                         "pass:",
                         password));
    return directory_.Path("a.p12");
  }

  // Pin runs tlspin with the password in the environment.
  static ProcessResult Pin(const std::string& file,
                           const std::string& password = kPassword) {
    ProcessOptions options;
    options.environment = {{"TLSPIN_PASSWORD", password}};
    return RunTlspin({"pin", file}, options);
  }

  const TempDirectory directory_;
  const mint::Key key_;
  const mint::Minted root_;
  std::string key_line_, root_line_;
};

TEST_F(KeyFilesTest, Pkcs12OfEveryCipherThatIsKnown) {
  for (const char* flags :
       {"", "-legacy", "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES",
        "-keypbe PBE-SHA1-RC4-128 -certpbe PBE-SHA1-RC4-128 -legacy",
        "-keypbe PBE-SHA1-RC2-40 -certpbe PBE-SHA1-RC2-40 -legacy",
        "-keypbe aes-128-cbc -certpbe aes-192-cbc",
        "-keypbe NONE -certpbe NONE", "-macalg sha1", "-macalg sha512"}) {
    const ProcessResult result = Pin(MakePkcs12(flags));
    EXPECT_EQ(result.exit_code, 0) << flags << "\n" << Show(result);
    EXPECT_EQ(result.standard_output, absl::StrCat(key_line_, root_line_))
        << flags;
  }
  EXPECT_EQ(Pin(MakePkcs12("-nokeys")).standard_output, root_line_);
  EXPECT_EQ(Pin(MakePkcs12("-nocerts")).standard_output, key_line_);
}

TEST_F(KeyFilesTest, Pkcs12ThatIsNotKnown) {
  const struct {
    std::string flags, message;
  } kRows[] = {
      {"-keypbe PBE-SHA1-RC2-128 -certpbe PBE-SHA1-RC2-128 -legacy",
       "encrypted with a cipher that is not known here"},
      {"-keypbe camellia-256-cbc -certpbe camellia-256-cbc",
       "encrypted with a cipher that is not known here"},
      {"-macalg sha3-256",
       "its integrity rests on a hash that is not known here"},
      {"-nomac", "it has no integrity check (MAC)"},
  };
  for (const auto& row : kRows) {
    const ProcessResult result = Pin(MakePkcs12(row.flags));
    EXPECT_EQ(result.exit_code, 3) << row.flags;
    EXPECT_EQ(result.standard_output, "") << row.flags;
    EXPECT_THAT(
        result.standard_error,
        HasSubstr(absl::StrCat("a.p12: PKCS #12: ", row.message, "\n")));
    EXPECT_THAT(result.standard_error, HasSubstr("tlspin: hint: give its "));
  }
}

TEST_F(KeyFilesTest, Pkcs12PasswordsWrongEmptyAndMissing) {
  const std::string file = MakePkcs12("");
  ProcessResult result = Pin(file, "wrong");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.standard_output, "");
  EXPECT_THAT(result.standard_error, HasSubstr("the password is wrong\n"));
  EXPECT_THAT(result.standard_error, Not(HasSubstr("wrong\"")));
  EXPECT_EQ(Pin(file, "\xff").exit_code, 3);

  // Nobody to ask: a session of its own has no terminal.
  result =
      RunProcess(FindProgram("setsid"),
                 {"-w", testing_support::FromRunfiles("tools/tlspin/tlspin"),
                  "pin", file});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.standard_error,
              HasSubstr("encrypted: no terminal to ask for a password on"));
  EXPECT_THAT(result.standard_error, HasSubstr("--password-file"));

  // The empty password needs not be given.
  const std::string empty = MakePkcs12("", "");
  EXPECT_EQ(RunTlspin({"pin", empty}).standard_output,
            absl::StrCat(key_line_, root_line_));
  EXPECT_EQ(RunTlspin({"pin", "--password-file", directory_.Write("none", "\n"),
                       empty})
                .exit_code,
            0);
  // But what is given counts.
  EXPECT_EQ(Pin(empty, "other").exit_code, 3);
}

TEST_F(KeyFilesTest, PasswordFile) {
  const std::string file = MakePkcs12("");
  for (const char* end : {"", "\n", "\r\n", "\nmore\n"}) {
    const std::string password =
        directory_.Write("password", absl::StrCat(kPassword, end));
    EXPECT_EQ(RunTlspin({"pin", "--password-file", password, file}).exit_code,
              0);
  }
  ProcessOptions options;
  options.standard_input = absl::StrCat(kPassword, "\n");
  EXPECT_EQ(RunTlspin({"pin", "--password-file", "-", file}, options).exit_code,
            0);
  // The file wins over the environment.
  options.environment = {{"TLSPIN_PASSWORD", "wrong"}};
  EXPECT_EQ(RunTlspin({"pin", "--password-file", "-", file}, options).exit_code,
            0);
  EXPECT_EQ(RunTlspin({"pin", "--password-file", "-", "-"}).exit_code, 2);
  EXPECT_EQ(RunTlspin({"pin", "--password-file", "/nowhere", file}).exit_code,
            3);
  EXPECT_EQ(RunTlspin({"pin", "--password-file",
                       directory_.Write("nul", std::string("a\0b\n", 4)), file})
                .exit_code,
            3);
}

TEST_F(KeyFilesTest, TruncatedAtEveryByte) {
  const std::string file = MakePkcs12("-keypbe NONE -certpbe NONE");
  ProcessOptions options;
  options.environment = {{"TLSPIN_PASSWORD", kPassword}};
  const std::string whole = testing_support::ReadFile(directory_.Path("a.p12"));
  ASSERT_GT(whole.size(), 300u);
  for (size_t size = 0; size < whole.size(); size += 37) {
    options.standard_input = whole.substr(0, size);
    const ProcessResult result = RunTlspin({"pin", "-"}, options);
    EXPECT_EQ(result.exit_code, 3) << size;
    EXPECT_EQ(result.standard_output, "") << size;
  }
  options.standard_input = whole;
  EXPECT_EQ(RunTlspin({"pin", "-"}, options).exit_code, 0);
  options.standard_input = whole + "x";
  EXPECT_EQ(RunTlspin({"pin", "-"}, options).exit_code, 3);
  options.standard_input[whole.size() / 2] ^= 1;
  options.standard_input.pop_back();
  EXPECT_EQ(RunTlspin({"pin", "-"}, options).exit_code, 3);
}

TEST_F(KeyFilesTest, EncryptedPkcs8) {
  for (const char* flags :
       {"-v2 aes-256-cbc", "-v2 aes-128-cbc -v2prf hmacWithSHA1", "-v2 des3",
        "-v1 PBE-SHA1-3DES"}) {
    for (const char* form : {"PEM", "DER"}) {
      OpenSsl(absl::StrCat("pkcs8 -topk8 ", flags, " -outform ", form,
                           " -in key.pem -out p8 -passout pass:", kPassword));
      EXPECT_EQ(Pin(directory_.Path("p8")).standard_output, key_line_) << flags;
      const ProcessResult wrong = Pin(directory_.Path("p8"), "wrong");
      EXPECT_EQ(wrong.exit_code, 3) << flags;
      EXPECT_THAT(wrong.standard_error,
                  HasSubstr("the password is wrong, or it is damaged"));
    }
  }
  const struct {
    std::string flags, message;
  } kUnknown[] = {
      {"-v2 aes-256-cbc -v2prf hmacWithSHA512",
       "its key is derived with another hash than SHA-1 and SHA-256"},
      {"-scrypt", "its key is derived with another function than PBKDF2"},
      {"-v2 aria-256-cbc", "encrypted with a cipher that is not known here"},
      {"-v1 PBE-MD5-DES -provider legacy -provider default",
       "encrypted with a cipher that is not known here"},
  };
  for (const auto& row : kUnknown) {
    OpenSsl(absl::StrCat("pkcs8 -topk8 ", row.flags,
                         " -in key.pem -out p8 -passout pass:", kPassword));
    const ProcessResult result = Pin(directory_.Path("p8"));
    EXPECT_EQ(result.exit_code, 3) << row.flags;
    EXPECT_THAT(result.standard_error, HasSubstr(row.message));
  }
}

TEST_F(KeyFilesTest, EncryptedPemFromBeforePkcs8) {
  for (const char* cipher : {"aes256", "aes128", "des3"}) {
    OpenSsl(absl::StrCat(
        "ec -in key.pem -out old.pem -passout pass:", kPassword, " -", cipher));
    EXPECT_EQ(Pin(directory_.Path("old.pem")).standard_output, key_line_);
    EXPECT_EQ(Pin(directory_.Path("old.pem"), "wrong").exit_code, 3);
  }
  OpenSsl(absl::StrCat(
      "ec -in key.pem -out old.pem -camellia128 -passout pass:", kPassword));
  EXPECT_THAT(Pin(directory_.Path("old.pem")).standard_error,
              HasSubstr("encrypted with a cipher that is not known here"));
}

TEST_F(KeyFilesTest, Pkcs7Bundle) {
  const mint::Minted other =
      mint::SelfSigned(mint::Ca("Other Root"), mint::Key::P256());
  directory_.Write("other.pem", other.Pem());
  for (const char* form : {"PEM", "DER"}) {
    OpenSsl(
        absl::StrCat("crl2pkcs7 -nocrl -certfile root.pem -certfile "
                     "other.pem -out b.p7b -outform ",
                     form));
    const ProcessResult result = RunTlspin({"pin", directory_.Path("b.p7b")});
    EXPECT_EQ(result.exit_code, 0) << Show(result);
    EXPECT_THAT(result.standard_output, HasSubstr(root_line_));
    EXPECT_THAT(
        result.standard_output,
        HasSubstr(absl::StrCat(PinTextOf(other),
                               "  certificate, EC P-256, CN=Other Root\n")));
  }
  OpenSsl("crl2pkcs7 -nocrl -out b.p7b -outform DER");
  EXPECT_EQ(RunTlspin({"pin", directory_.Path("b.p7b")}).exit_code, 3);
}

// Typed runs tlspin on a terminal of its own and types `password` when asked.
// It returns what the terminal showed.
std::string Typed(const std::string& file, const std::string& password,
                  int* exit_code) {
  int terminal = -1;
  const pid_t pid = forkpty(&terminal, nullptr, nullptr, nullptr);
  if (pid == 0) {
    unsetenv("TLSPIN_PASSWORD");
    execl(testing_support::FromRunfiles("tools/tlspin/tlspin").c_str(),
          "tlspin", "pin", file.c_str(), nullptr);
    _exit(127);
  }
  std::string shown;
  bool typed = false;
  char buffer[4096];
  ssize_t got = 0;
  while ((got = read(terminal, buffer, sizeof(buffer))) > 0) {
    shown.append(buffer, static_cast<size_t>(got));
    if (!typed && absl::StrContains(shown, "password: ")) {
      EXPECT_EQ(write(terminal, password.data(), password.size()),
                static_cast<ssize_t>(password.size()));
      typed = true;
    }
  }
  int status = 0;
  waitpid(pid, &status, 0);
  close(terminal);
  *exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return shown;
}

TEST_F(KeyFilesTest, PasswordIsAskedForAndNotShown) {
  const std::string file = MakePkcs12("");
  int exit_code = -1;
  std::string shown = Typed(file, absl::StrCat(kPassword, "\n"), &exit_code);
  EXPECT_EQ(exit_code, 0) << shown;
  EXPECT_THAT(shown, HasSubstr(PinTextOf(key_)));
  EXPECT_THAT(shown, Not(HasSubstr(kPassword)));

  shown = Typed(file, "wrong-one\n", &exit_code);
  EXPECT_EQ(exit_code, 3) << shown;
  EXPECT_THAT(shown, HasSubstr("the password is wrong"));
  EXPECT_THAT(shown, Not(HasSubstr("wrong-one")));

  // Control-C ends it as it ends any program.
  shown = Typed(file, "half\x03", &exit_code);
  EXPECT_EQ(exit_code, 128 + SIGINT) << shown;
  EXPECT_THAT(shown, Not(HasSubstr("half")));
}

}  // namespace
}  // namespace e2e
