// LDAP: the extended request StartTLS (RFC 4511, 4.12 and 4.14).
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "tools/tlspin/net/starttls_protocol.h"

namespace tlspin {
namespace {

using Step = StartTlsDialogue::Step;

// LDAPMessage { messageID 1, extendedReq { requestName StartTLS } }
constexpr absl::string_view kRequest =
    "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
    "1.3.6.1.4.1.1466.20037";
constexpr absl::string_view kStartTlsName = "1.3.6.1.4.1.1466.20037";
constexpr absl::string_view kDisconnectionName = "1.3.6.1.4.1.1466.20036";
constexpr absl::string_view kDisconnectionId("\x00", 1);
constexpr absl::string_view kRequestId("\x01", 1);

constexpr uint8_t kSequence = 0x30;
constexpr uint8_t kInteger = 0x02;
constexpr uint8_t kEnumerated = 0x0a;
constexpr uint8_t kOctetString = 0x04;
constexpr uint8_t kExtendedResponse = 0x78;
constexpr uint8_t kReferral = 0xa3;
constexpr uint8_t kResponseName = 0x8a;

constexpr int kProtocolError = 2;

// BER rather than DER (RFC 4511, 5.1): a length may have leading zeros, which
// Active Directory's have, but is always definite.
struct Header {
  size_t header_size = 0;  // 0: not complete
  size_t content_size = 0;
};

// ReadHeader reads a tag, which is one byte here, and a length.
std::optional<Header> ReadHeader(absl::string_view input) {
  Header header;
  if (input.size() < 2) {
    return header;
  }
  const uint8_t first = static_cast<uint8_t>(input[1]);
  if (first < 0x80) {
    header.header_size = 2;
    header.content_size = first;
    return header;
  }
  const size_t octets = first & 0x7f;
  if (octets == 0 || octets > 4) {
    return std::nullopt;
  }
  if (input.size() < 2 + octets) {
    return header;
  }
  header.header_size = 2 + octets;
  for (const char octet : input.substr(2, octets)) {
    header.content_size =
        header.content_size << 8 | static_cast<uint8_t>(octet);
  }
  return header;
}

// TakeElement takes an element with `tag` from the front of `*input`; nullopt
// if there is none.
std::optional<absl::string_view> TakeElement(absl::string_view* input,
                                             uint8_t tag) {
  const std::optional<Header> header = ReadHeader(*input);
  if (!header.has_value() || header->header_size == 0 ||
      static_cast<uint8_t>((*input)[0]) != tag ||
      input->size() - header->header_size < header->content_size) {
    return std::nullopt;
  }
  const absl::string_view content =
      input->substr(header->header_size, header->content_size);
  input->remove_prefix(header->header_size + header->content_size);
  return content;
}

// A Response is an ExtendedResponse, of which the name may be absent.
struct Response {
  absl::string_view id;
  int result = 0;
  absl::string_view diagnostic;
  absl::string_view name;
};

std::optional<Response> ParseResponse(absl::string_view message) {
  const auto id = TakeElement(&message, kInteger);
  auto operation = TakeElement(&message, kExtendedResponse);
  if (!id.has_value() || !operation.has_value()) {
    return std::nullopt;
  }
  const auto result = TakeElement(&*operation, kEnumerated);
  const auto matched = TakeElement(&*operation, kOctetString);
  const auto diagnostic = TakeElement(&*operation, kOctetString);
  if (!result.has_value() || result->size() != 1 || !matched.has_value() ||
      !diagnostic.has_value()) {
    return std::nullopt;
  }
  TakeElement(&*operation, kReferral);
  Response response;
  response.id = *id;
  response.result = static_cast<uint8_t>((*result)[0]);
  response.diagnostic = *diagnostic;
  response.name = TakeElement(&*operation, kResponseName).value_or("");
  return response;
}

std::string ResultName(int result) {
  switch (result) {
    case 1:
      return "operationsError";
    case kProtocolError:
      return "protocolError";
    case 8:
      return "strongerAuthRequired";
    case 10:
      return "referral";
    case 13:
      return "confidentialityRequired";
    case 51:
      return "busy";
    case 52:
      return "unavailable";
    case 53:
      return "unwillingToPerform";
    case 80:
      return "other";
    default:
      return absl::StrCat("result ", result);
  }
}

absl::Status NotLdap() {
  return StartTlsMalformed(
      "the server does not speak LDAP: what it sends is no answer to StartTLS");
}

class Ldap : public StartTlsDialogue::Protocol {
 public:
  std::string Begin() override { return std::string(kRequest); }
  absl::string_view Awaited() const override {
    return "the answer to StartTLS";
  }
  absl::StatusOr<size_t> Take(absl::string_view input, Step* step) override;

 private:
  absl::Status TakeResponse(absl::string_view message, Step* step);
};

absl::StatusOr<size_t> Ldap::Take(absl::string_view input, Step* step) {
  const std::optional<Header> header = ReadHeader(input);
  if (static_cast<uint8_t>(input[0]) != kSequence || !header.has_value()) {
    return NotLdap();
  }
  if (header->header_size == 0) {
    return size_t{0};
  }
  const size_t size = header->header_size + header->content_size;
  if (size > StartTlsDialogue::kMaxReceived) {
    return StartTlsMalformed(
        absl::StrCat("the server announces an answer to StartTLS of ", size,
                     " bytes, more than the ", StartTlsDialogue::kMaxReceived,
                     " that are read"));
  }
  if (input.size() < size) {
    return size_t{0};
  }
  const absl::Status taken = TakeResponse(
      input.substr(header->header_size, header->content_size), step);
  if (!taken.ok()) {
    return taken;
  }
  return size;
}

absl::Status Ldap::TakeResponse(absl::string_view message, Step* step) {
  const std::optional<Response> response = ParseResponse(message);
  if (!response.has_value()) {
    return NotLdap();
  }
  const std::string words = absl::StrCat(
      ResultName(response->result), response->diagnostic.empty() ? "" : ", ",
      response->diagnostic.empty() ? "" : Words(response->diagnostic));
  if (response->id == kDisconnectionId &&
      response->name == kDisconnectionName) {
    return StartTlsRefused(
        absl::StrCat("the server ends the connection: ", words));
  }
  if (response->id != kRequestId ||
      (!response->name.empty() && response->name != kStartTlsName)) {
    return NotLdap();
  }
  // RFC 4511, 4.12: of an extension that a server does not know.
  if (response->result == kProtocolError) {
    return NotOffered(
        absl::StrCat("the server does not offer StartTLS: ", words));
  }
  if (response->result != 0) {
    return StartTlsRefused(
        absl::StrCat("the server refuses StartTLS: ", words));
  }
  step->done = true;
  return absl::OkStatus();
}

}  // namespace

std::unique_ptr<StartTlsDialogue::Protocol> NewLdap() {
  return std::make_unique<Ldap>();
}

}  // namespace tlspin
