#include "pinning/sct.h"

#include <openssl/bytestring.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/ocsp_reader.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/status_macros.h"

namespace pinning {
namespace {

constexpr absl::string_view kEmbeddedList = "1.3.6.1.4.1.11129.2.4.2";
constexpr uint64_t kMaxTimestampMs = 253402300799999;  // end of the year 9999

// An SctListReader reads one list, and knows where it is in it.
class SctListReader {
 public:
  SctListReader(absl::Span<const uint8_t> list, SctSource source)
      : base_(list.data()), source_(source) {
    CBS_init(&all_, list.data(), list.size());
  }

  absl::StatusOr<std::vector<Sct>> Read();

 private:
  absl::StatusOr<Sct> ReadSct(CBS sct) const;
  absl::Status Error(const CBS& at, absl::string_view fault) const {
    return absl::InvalidArgumentError(
        absl::StrCat(SctSourceName(source_), " SCT list: offset ",
                     CBS_data(&at) - base_, ": ", fault));
  }

  const uint8_t* base_;
  CBS all_;
  SctSource source_;
};

std::vector<uint8_t> BytesOf(const CBS& cbs) {
  return std::vector<uint8_t>(CBS_data(&cbs), CBS_data(&cbs) + CBS_len(&cbs));
}

absl::StatusOr<std::vector<Sct>> SctListReader::Read() {
  CBS list;
  if (!CBS_get_u16_length_prefixed(&all_, &list)) {
    return Error(all_, "the list is cut off");
  }
  if (CBS_len(&all_) != 0) {
    return Error(all_, "trailing bytes");
  }
  if (CBS_len(&list) == 0) {  // sct_list<1..2^16-1>
    return Error(list, "the list is empty");
  }
  std::vector<Sct> scts;
  while (CBS_len(&list) != 0) {
    CBS sct;
    const CBS before = list;
    if (!CBS_get_u16_length_prefixed(&list, &sct)) {
      return Error(before, "an SCT is cut off");
    }
    if (CBS_len(&sct) == 0) {  // SerializedSCT<1..2^16-1>
      return Error(before, "an SCT is empty");
    }
    if (scts.size() == kMaxSctsPerList) {
      return Error(before, absl::StrCat("more than ", kMaxSctsPerList));
    }
    PINNING_ASSIGN_OR_RETURN(Sct read, ReadSct(sct));
    scts.push_back(std::move(read));
  }
  return scts;
}

absl::StatusOr<Sct> SctListReader::ReadSct(CBS sct) const {
  Sct result;
  result.source = source_;
  CBS log_id, extensions, signature;
  if (!CBS_get_u8(&sct, &result.version)) {
    return Error(sct, "the SCT is cut off");
  }
  if (result.version != 0) {
    return result;
  }
  if (!CBS_get_bytes(&sct, &log_id, result.log_id.size()) ||
      !CBS_get_u64(&sct, &result.timestamp_ms) ||
      !CBS_get_u16_length_prefixed(&sct, &extensions) ||
      !CBS_get_u8(&sct, &result.hash_algorithm) ||
      !CBS_get_u8(&sct, &result.signature_algorithm) ||
      !CBS_get_u16_length_prefixed(&sct, &signature)) {
    return Error(sct, "the SCT is cut off");
  }
  if (CBS_len(&sct) != 0) {
    return Error(sct, "trailing bytes in the SCT");
  }
  std::copy_n(CBS_data(&log_id), result.log_id.size(), result.log_id.begin());
  result.extensions = BytesOf(extensions);
  result.signature = BytesOf(signature);
  return result;
}

}  // namespace

absl::string_view SctSourceName(SctSource source) {
  switch (source) {
    case SctSource::kEmbedded:
      return "embedded";
    case SctSource::kTlsExtension:
      return "tls";
    case SctSource::kOcsp:
      return "ocsp";
  }
  return "unknown";
}

absl::Time Sct::timestamp() const {
  return timestamp_ms > kMaxTimestampMs
             ? absl::InfiniteFuture()
             : absl::FromUnixMillis(static_cast<int64_t>(timestamp_ms));
}

absl::StatusOr<std::vector<Sct>> ParseSctList(absl::Span<const uint8_t> list,
                                              SctSource source) {
  return SctListReader(list, source).Read();
}

absl::StatusOr<std::vector<Sct>> EmbeddedScts(const Certificate& certificate) {
  for (const internal::RawExtension& extension :
       certificate.parsed().extensions) {
    if (internal::OidToString(extension.oid) != kEmbeddedList) {
      continue;
    }
    internal::DerReader value(extension.value);
    const absl::StatusOr<internal::DerElement> list =
        value.Read(CBS_ASN1_OCTETSTRING, "embedded SCT list");
    PINNING_RETURN_IF_ERROR(list.status());
    PINNING_RETURN_IF_ERROR(value.ExpectEnd("embedded SCT list"));
    return ParseSctList(list->content, SctSource::kEmbedded);
  }
  return std::vector<Sct>();
}

absl::StatusOr<std::vector<Sct>> OcspScts(absl::Span<const uint8_t> response,
                                          const Certificate& certificate) {
  if (response.size() > kMaxOcspSize) {
    return absl::InvalidArgumentError(absl::StrCat(
        "offset 0: OCSPResponse: larger than ", kMaxOcspSize, " bytes"));
  }
  PINNING_ASSIGN_OR_RETURN(
      const std::vector<internal::OcspAnswer> answers,
      internal::ReadOcspAnswers(response, kMaxOcspAnswers));
  std::vector<Sct> scts;
  for (const internal::OcspAnswer& answer : answers) {
    if (!answer.sct_list.has_value() || answer.serial != certificate.serial()) {
      continue;
    }
    PINNING_ASSIGN_OR_RETURN(std::vector<Sct> list,
                             ParseSctList(*answer.sct_list, SctSource::kOcsp));
    if (scts.size() + list.size() > kMaxSctsPerList) {
      return absl::InvalidArgumentError(
          absl::StrCat("ocsp SCT lists: more than ", kMaxSctsPerList));
    }
    std::move(list.begin(), list.end(), std::back_inserter(scts));
  }
  return scts;
}

}  // namespace pinning
