#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "pinning/certificate.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/compare_names.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/connect_flags.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/key_file.h"
#include "tools/tlspin/password.h"
#include "tools/tlspin/probe.h"
#include "tools/tlspin/proxy_use.h"

namespace tlspin {
namespace {

struct PinFlags {
  std::vector<std::string> inputs;   // FILE or HOST
  std::vector<std::string> connect;  // --connect: hosts
  std::string password_file;         // --password-file; empty: none
  ConnectFlags connection;
};

// Endings of files that hold keys and certificates, and no name of a top-level
// domain: a file that is missing is not looked for on the network.
constexpr absl::string_view kFileEndings[] = {
    ".pem", ".crt", ".cer", ".der", ".key", ".csr", ".req",  ".p8",  ".pk8",
    ".p12", ".pfx", ".p7b", ".p7c", ".spc", ".jwk", ".jwks", ".json"};

// IsFile returns whether `input` means a file and not a server.
bool IsFile(const std::string& input) {
  struct stat info;
  if (input == "-" || absl::StrContains(input, '/') ||
      stat(input.c_str(), &info) == 0) {
    return true;
  }
  return std::any_of(std::begin(kFileEndings), std::end(kFileEndings),
                     [&](absl::string_view ending) {
                       return absl::EndsWithIgnoreCase(input, ending);
                     });
}

std::string LineOf(const KeyItem& item, absl::string_view role) {
  std::string line = absl::StrCat(item.pin.ToString(), "  ", item.kind);
  for (const absl::string_view more :
       {absl::string_view(item.key), absl::string_view(item.subject), role}) {
    if (!more.empty()) {
      absl::StrAppend(&line, ", ", more);
    }
  }
  return absl::StrCat(line, "\n");
}

Json JsonOf(size_t index, const KeyItem& item) {
  Json json;
  json["schema"] = "tlspin.pin/1";
  json["file"] = nullptr;
  json["index"] = index;
  json["kind"] = item.kind;
  json["key"] = item.key.empty() ? Json() : Json(item.key);
  json["subject"] = item.subject.empty() ? Json() : Json(item.subject);
  json["pin"] = item.pin.ToString();
  return json;
}

// EncryptedHint says what to do about an error of ParseKeys, or nothing.
absl::string_view EncryptedHint(const absl::Status& status,
                                const Passwords& passwords) {
  if (absl::IsUnimplemented(status)) {
    return "give its certificate or public key, which have the same pin, or "
           "convert it with openssl";
  }
  if (!absl::IsUnauthenticated(status)) {
    return "";
  }
  return passwords.given.has_value()
             ? "its certificate or public key has the same pin and needs none"
             : "give the password with --password-file or in the environment "
               "variable TLSPIN_PASSWORD; its certificate or public key has "
               "the same pin and needs none";
}

int PrintFile(Context& context, const std::string& file,
              const Passwords& passwords) {
  const absl::StatusOr<std::string> content = ReadInput(file);
  if (!content.ok()) {
    return context.Fail(content.status());
  }
  const absl::StatusOr<std::vector<KeyItem>> items =
      ParseKeys(*content, passwords);
  if (!items.ok()) {
    return context.Fail(InFile(file, items.status()),
                        EncryptedHint(items.status(), passwords));
  }
  for (size_t i = 0; i < items->size(); ++i) {
    Json json = JsonOf(i, (*items)[i]);
    json["file"] = file;
    context.out.Answer(context.json ? JsonLine(json) : LineOf((*items)[i], ""));
  }
  return kYes;
}

// RoleOf returns what the certificate at `index` is among those served, as they
// say themselves: no signature is checked.
absl::string_view RoleOf(const std::vector<pinning::Certificate>& chain,
                         size_t index) {
  if (index == 0) {
    return "leaf";
  }
  const pinning::Certificate& certificate = chain[index];
  if (certificate.subject() != chain[index - 1].issuer()) {
    return "not the issuer of the one before";
  }
  return certificate.subject() == certificate.issuer() ? "root" : "issuer";
}

int PrintServed(Context& context, const Endpoint& endpoint,
                const ConnectOptions& options) {
  const absl::StatusOr<Served> served = FetchChain(endpoint, options);
  if (!served.ok()) {
    return context.Fail(CompareNames(served.status(), endpoint, options));
  }
  std::vector<KeyItem> items;
  std::vector<pinning::Certificate> chain;
  for (const std::vector<uint8_t>& der : served->certificates) {
    absl::StatusOr<KeyItem> item = CertificateItem(der);
    absl::StatusOr<pinning::Certificate> certificate =
        pinning::Certificate::FromDer(der);
    if (!item.ok() || !certificate.ok()) {
      return context.Fail(Located(
          absl::StrCat(endpoint.ToString(), ": certificate ", items.size()),
          item.ok() ? certificate.status() : item.status()));
    }
    items.push_back(*std::move(item));
    chain.push_back(*std::move(certificate));
  }
  const ProxySettings* proxy = ProxyFor(endpoint, options);
  for (size_t i = 0; i < items.size(); ++i) {
    Json json = JsonOf(i, items[i]);
    json["endpoint"] =
        EndpointJson(endpoint, proxy == nullptr ? "" : proxy->ToString());
    json["role"] = RoleOf(chain, i);
    context.out.Answer(context.json ? JsonLine(json)
                                    : LineOf(items[i], RoleOf(chain, i)));
  }
  context.out.Note(absl::StrCat(
      Escape(endpoint.ToString()),
      ": nothing was verified: whoever is in the middle could have served "
      "this; tlspin generate pins only what validates"));
  return kYes;
}

// A Work is one input, checked.
struct Work {
  std::string file;  // empty: a server
  Endpoint endpoint;
};

absl::StatusOr<std::vector<Work>> PlanWork(const PinFlags& flags) {
  std::vector<Work> plan;
  const auto add_server = [&](const std::string& text) {
    absl::StatusOr<Endpoint> endpoint =
        ParseEndpoint(text, DefaultPortOf(flags.connection));
    if (endpoint.ok()) {
      plan.push_back({"", *std::move(endpoint)});
    }
    return endpoint.status();
  };
  for (const std::string& input : flags.inputs) {
    if (IsFile(input)) {
      if (input == "-" && flags.password_file == "-") {
        return absl::InvalidArgumentError(
            "standard input cannot be both the file and the password");
      }
      plan.push_back({input, {}});
    } else if (const absl::Status status = add_server(input); !status.ok()) {
      return status;
    }
  }
  for (const std::string& host : flags.connect) {
    if (const absl::Status status = add_server(host); !status.ok()) {
      return status;
    }
  }
  if (plan.empty()) {
    return absl::InvalidArgumentError("no file and no host is given");
  }
  return plan;
}

int RunPin(Context& context, const PinFlags& flags) {
  const absl::StatusOr<std::vector<Work>> plan = PlanWork(flags);
  absl::StatusOr<ConnectOptions> options =
      ConnectOptionsFromFlags(flags.connection);
  for (const absl::Status& usage : {plan.status(), options.status()}) {
    if (!usage.ok()) {
      return context.Fail(usage, "see tlspin pin --help", kUsage);
    }
  }
  const absl::StatusOr<Passwords> passwords =
      PasswordsFromFlag(flags.password_file);
  if (!passwords.ok()) {
    return context.Fail(passwords.status());
  }
  std::vector<Endpoint> endpoints;
  for (const Work& work : *plan) {
    if (work.file.empty()) {
      endpoints.push_back(work.endpoint);
    }
  }
  const absl::Status prepared = PrepareProxy(context, endpoints, &*options);
  if (!prepared.ok()) {
    return context.Fail(prepared);
  }
  int code = kYes;
  for (const Work& work : *plan) {
    code = std::max(code, work.file.empty()
                              ? PrintServed(context, work.endpoint, *options)
                              : PrintFile(context, work.file, *passwords));
  }
  return code;
}

const HelpText& Help() {
  static const HelpText& help = *new HelpText{
      "Print the pins of certificates, keys and requests",
      "Prints the SHA-256 pin of every certificate, private key (PKCS #8, "
      "PKCS\n"
      "#1, SEC 1; never printed), public key and certificate request (PKCS "
      "#10)\n"
      "in the files, PEM or DER; of PKCS #12 and PKCS #7; and of JWKs (RSA, "
      "EC,\n"
      "Ed25519). Of a server, those of the chain that it presents. It decides\n"
      "nothing about them and checks no signature.\n"
      "\n"
      "An argument is a file if it is there, is -, holds a slash, or ends as "
      "such\n"
      "files do (.pem, .key, .p12 ...); anything else is a host. --connect "
      "takes\n"
      "hosts only. A password comes from --password-file, else from the\n"
      "environment variable TLSPIN_PASSWORD, else it is asked for on the\n"
      "terminal, after the empty password was tried.",
      "  0  every file was read, every server answered\n"
      "  2  the command line is wrong\n"
      "  3  a file could not be read, is none of these, or its password is\n"
      "     wrong or missing; no connection\n",
      "  $ tlspin pin backup.key\n"
      "  sha256/afwiKY3RxoMmLkuRW1l7QsPZTJPwDS2pdDROQjXw8ig=  private key, EC "
      "P-256"};
  return help;
}

}  // namespace

void AddPinCommand(CommandTable& table, Context& context) {
  const auto flags = std::make_shared<PinFlags>();
  Command& command =
      AddCommand(table, context, "pin", Help(),
                 [&context, flags] { return RunPin(context, *flags); });
  command.Argument("INPUT", &flags->inputs,
                   "Files, - for standard input; or HOST[:PORT]");
  command.Option("--connect", "HOST", &flags->connect,
                 "A server whose chain to ask for; may be repeated");
  command.Option("--password-file", "FILE", &flags->password_file,
                 "Open what is encrypted with the first line of FILE");
  AddConnectFlags(command, &flags->connection);
}

}  // namespace tlspin
