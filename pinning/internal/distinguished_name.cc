#include "pinning/internal/distinguished_name.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "pinning/internal/asn1_string.h"
#include "pinning/internal/status_macros.h"

namespace pinning {
namespace internal {
namespace {

struct ShortName {
  absl::string_view oid;
  absl::string_view name;
};

// RFC 4514, section 3, then others registered with IANA for LDAP or in wide
// use in certificates.
constexpr ShortName kShortNames[] = {
    {"2.5.4.3", "CN"},
    {"2.5.4.7", "L"},
    {"2.5.4.8", "ST"},
    {"2.5.4.10", "O"},
    {"2.5.4.11", "OU"},
    {"2.5.4.6", "C"},
    {"2.5.4.9", "STREET"},
    {"0.9.2342.19200300.100.1.25", "DC"},
    {"0.9.2342.19200300.100.1.1", "UID"},
    {"2.5.4.4", "SN"},
    {"2.5.4.5", "serialNumber"},
    {"2.5.4.12", "title"},
    {"2.5.4.15", "businessCategory"},
    {"2.5.4.17", "postalCode"},
    {"2.5.4.42", "givenName"},
    {"2.5.4.46", "dnQualifier"},
    {"2.5.4.97", "organizationIdentifier"},
    {"1.2.840.113549.1.9.1", "emailAddress"},
};

absl::string_view AsText(absl::Span<const uint8_t> bytes) {
  return absl::string_view(reinterpret_cast<const char*>(bytes.data()),
                           bytes.size());
}

// A record is counted: its length in four octets, then it. OpenRecord returns
// where the record begins; what is appended until CloseRecord is it.
constexpr size_t kCount = 4;

size_t OpenRecord(std::string* out) {
  out->append(kCount, '\0');
  return out->size();
}

void CloseRecord(size_t begin, std::string* out) {
  const uint64_t size = out->size() - begin;
  for (size_t i = 0; i < kCount; ++i) {
    (*out)[begin - kCount + i] =
        static_cast<char>(size >> 8 * (kCount - 1 - i) & 0xff);
  }
}

void AppendRecord(absl::string_view record, std::string* out) {
  const size_t begin = OpenRecord(out);
  out->append(record.data(), record.size());
  CloseRecord(begin, out);
}

// AppendFolded appends `text` as it is compared.
void AppendFolded(absl::string_view text, std::string* out) {
  const size_t begin = out->size();
  for (const char c : text) {
    if (c == ' ' && (out->size() == begin || out->back() == ' ')) {
      continue;
    }
    out->push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
  }
  if (out->size() > begin && out->back() == ' ') {
    out->pop_back();
  }
}

// A RawAttribute is one AttributeTypeAndValue as it stands.
struct RawAttribute {
  Bytes oid;
  DerElement value;
};

absl::StatusOr<RawAttribute> ReadRawAttribute(DerReader& rdn,
                                              absl::string_view what) {
  PINNING_ASSIGN_OR_RETURN(DerReader pair,
                           rdn.ReadInside(CBS_ASN1_SEQUENCE, what));
  RawAttribute attribute;
  PINNING_ASSIGN_OR_RETURN(attribute.oid, pair.ReadOid(what));
  PINNING_ASSIGN_OR_RETURN(attribute.value, pair.ReadAny(what));
  PINNING_RETURN_IF_ERROR(pair.ExpectEnd(what));
  return attribute;
}

// AppendNormalized appends the record of `attribute`.
void AppendNormalized(const RawAttribute& attribute, std::string* out) {
  const size_t begin = OpenRecord(out);
  AppendRecord(AsText(attribute.oid), out);
  const DerElement& value = attribute.value;
  if (IsUtf8String(value.tag, value.content)) {
    out->push_back('t');
    AppendFolded(AsText(value.content), out);
  } else if (const auto text = Asn1StringToUtf8(value.tag, value.content)) {
    out->push_back('t');
    AppendFolded(*text, out);
  } else {
    out->push_back('d');
    out->append(AsText(value.whole));
  }
  CloseRecord(begin, out);
}

// SortRecords sorts the `count` records that `out` holds from `begin` on.
void SortRecords(size_t begin, size_t count, std::string* out) {
  std::vector<std::string> records;
  for (size_t at = begin; records.size() < count;) {
    size_t size = 0;
    for (size_t i = 0; i < kCount; ++i) {
      size = size << 8 | static_cast<unsigned char>((*out)[at + i]);
    }
    records.push_back(out->substr(at + kCount, size));
    at += kCount + size;
  }
  std::sort(records.begin(), records.end());
  out->resize(begin);
  for (const std::string& record : records) {
    AppendRecord(record, out);
  }
}

absl::Status ReadRdn(DerReader& rdns, absl::string_view what, Name* name) {
  PINNING_ASSIGN_OR_RETURN(DerReader rdn, rdns.ReadInside(CBS_ASN1_SET, what));
  name->has_empty_rdn |= rdn.empty();
  name->has_attribute |= !rdn.empty();
  const size_t begin = OpenRecord(&name->normalized);
  size_t count = 0;
  for (; !rdn.empty(); ++count) {
    PINNING_ASSIGN_OR_RETURN(const RawAttribute attribute,
                             ReadRawAttribute(rdn, what));
    AppendNormalized(attribute, &name->normalized);
  }
  if (count > 1) {
    SortRecords(begin, count, &name->normalized);
  }
  CloseRecord(begin, &name->normalized);
  return absl::OkStatus();
}

NameAttribute AttributeOf(const RawAttribute& raw, int rdn) {
  NameAttribute attribute;
  attribute.oid = OidToString(raw.oid);
  attribute.rdn = rdn;
  std::optional<std::string> text =
      Asn1StringToUtf8(raw.value.tag, raw.value.content);
  attribute.is_text = text.has_value();
  attribute.value =
      attribute.is_text
          ? *std::move(text)
          : absl::StrCat("#", absl::BytesToHexString(AsText(raw.value.whole)));
  return attribute;
}

// ReadAttributes reads what ReadName found well-formed.
std::vector<NameAttribute> ReadAttributes(Bytes der) {
  std::vector<NameAttribute> attributes;
  DerReader whole(der);
  absl::StatusOr<DerReader> rdns = whole.ReadInside(CBS_ASN1_SEQUENCE, "name");
  for (int index = 0; rdns.ok() && !rdns->empty(); ++index) {
    absl::StatusOr<DerReader> rdn = rdns->ReadInside(CBS_ASN1_SET, "name");
    while (rdn.ok() && !rdn->empty()) {
      const absl::StatusOr<RawAttribute> raw = ReadRawAttribute(*rdn, "name");
      if (!raw.ok()) {
        return attributes;
      }
      attributes.push_back(AttributeOf(*raw, index));
    }
    if (!rdn.ok()) {
      return attributes;
    }
  }
  return attributes;
}

void AppendEscaped(absl::string_view value, std::string* out) {
  for (size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool is_edge_space = c == ' ' && (i == 0 || i + 1 == value.size());
    if (c == '\0') {
      out->append("\\00");
      continue;
    }
    if (is_edge_space || (c == '#' && i == 0) ||
        absl::string_view("\"+,;<>\\").find(c) != absl::string_view::npos) {
      out->push_back('\\');
    }
    out->push_back(c);
  }
}

void AppendAttribute(const NameAttribute& attribute, std::string* out) {
  absl::string_view type = attribute.oid;
  for (const ShortName& known : kShortNames) {
    if (known.oid == type) {
      type = known.name;
      break;
    }
  }
  absl::StrAppend(out, type, "=");
  if (attribute.is_text) {
    AppendEscaped(attribute.value, out);
  } else {
    out->append(attribute.value);
  }
}

}  // namespace

absl::StatusOr<Name> ReadName(DerReader& reader, absl::string_view what) {
  PINNING_ASSIGN_OR_RETURN(const DerElement element,
                           reader.Read(CBS_ASN1_SEQUENCE, what));
  Name name;
  name.der = element.whole;
  // A record has more octets for counts than DER for tags and lengths.
  name.normalized.reserve(2 * element.whole.size());
  DerReader rdns = reader.Inside(element.content);
  while (!rdns.empty()) {
    PINNING_RETURN_IF_ERROR(ReadRdn(rdns, what, &name));
  }
  return name;
}

const std::vector<NameAttribute>& AttributesOf(const Name& name) {
  return name.attributes.Get([&name] { return ReadAttributes(name.der); });
}

bool IsWithinSubtree(absl::string_view normalized, absl::string_view base) {
  return absl::StartsWith(normalized, base);
}

std::string NameToString(const Name& name) {
  std::string out;
  const std::vector<NameAttribute>& all = AttributesOf(name);
  for (size_t end = all.size(); end > 0;) {
    size_t begin = end - 1;
    while (begin > 0 && all[begin - 1].rdn == all[end - 1].rdn) {
      --begin;
    }
    for (size_t i = begin; i < end; ++i) {
      if (i > begin) {
        out.push_back('+');
      } else if (end < all.size()) {
        out.push_back(',');
      }
      AppendAttribute(all[i], &out);
    }
    end = begin;
  }
  return out;
}

std::vector<std::string> AttributeValues(const Name& name,
                                         absl::string_view oid) {
  std::vector<std::string> values;
  for (const NameAttribute& attribute : AttributesOf(name)) {
    if (attribute.is_text && attribute.oid == oid) {
      values.push_back(attribute.value);
    }
  }
  return values;
}

}  // namespace internal
}  // namespace pinning
