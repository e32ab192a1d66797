#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/key_file.h"

namespace tlspin {
namespace {

struct PinFlags {
  std::vector<std::string> files;
};

std::string LineOf(const KeyItem& item) {
  std::string line = absl::StrCat(item.pin.ToString(), "  ", item.kind);
  if (!item.key.empty()) {
    absl::StrAppend(&line, ", ", item.key);
  }
  if (!item.subject.empty()) {
    absl::StrAppend(&line, ", ", item.subject);
  }
  return absl::StrCat(line, "\n");
}

std::string JsonOf(const std::string& file, size_t index, const KeyItem& item) {
  Json json;
  json["schema"] = "tlspin.pin/1";
  json["file"] = file;
  json["index"] = index;
  json["kind"] = item.kind;
  json["key"] = item.key.empty() ? Json() : Json(item.key);
  json["subject"] = item.subject.empty() ? Json() : Json(item.subject);
  json["pin"] = item.pin.ToString();
  return JsonLine(json);
}

int PrintPins(Context& context, const std::string& file) {
  const absl::StatusOr<std::string> content = ReadInput(file);
  if (!content.ok()) {
    return context.Fail(content.status());
  }
  const absl::StatusOr<std::vector<KeyItem>> items = ParseKeys(*content);
  if (!items.ok()) {
    const bool encrypted = absl::IsUnauthenticated(items.status());
    return context.Fail(InFile(file, items.status()),
                        encrypted
                            ? "decrypt it first, or give its certificate or "
                              "public key: the pin is the same"
                            : "");
  }
  for (size_t i = 0; i < items->size(); ++i) {
    context.out.Answer(context.json ? JsonOf(file, i, (*items)[i])
                                    : LineOf((*items)[i]));
  }
  return kYes;
}

int RunPin(Context& context, const PinFlags& flags) {
  int code = kYes;
  for (const std::string& file : flags.files) {
    code = std::max(code, PrintPins(context, file));
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
      "in the files, PEM or DER, and of JWKs (RSA, EC, Ed25519). It decides\n"
      "nothing about them and checks no signature.",
      "  0  every file was read\n"
      "  2  the command line is wrong\n"
      "  3  a file could not be read, is none of these, or is encrypted\n",
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
  command.Argument("FILE", &flags->files, "Files; - is standard input")
      .Required();
}

}  // namespace tlspin
