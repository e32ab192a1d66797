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

// AppendCounted appends `record` with its length before it.
void AppendCounted(absl::string_view record, std::string* out) {
  const uint64_t size = record.size();
  for (int shift = 24; shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>(size >> shift & 0xff));
  }
  out->append(record.data(), record.size());
}

std::string FoldText(absl::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (const char c : text) {
    if (c == ' ' && (folded.empty() || folded.back() == ' ')) {
      continue;
    }
    folded.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
  }
  if (!folded.empty() && folded.back() == ' ') {
    folded.pop_back();
  }
  return folded;
}

// ReadAttribute reads one AttributeTypeAndValue and returns its normalized
// form.
absl::StatusOr<std::string> ReadAttribute(DerReader& rdn, int index,
                                          absl::string_view what, Name* name) {
  PINNING_ASSIGN_OR_RETURN(DerReader pair,
                           rdn.ReadInside(CBS_ASN1_SEQUENCE, what));
  PINNING_ASSIGN_OR_RETURN(const Bytes oid, pair.ReadOid(what));
  PINNING_ASSIGN_OR_RETURN(const DerElement value, pair.ReadAny(what));
  PINNING_RETURN_IF_ERROR(pair.ExpectEnd(what));

  NameAttribute attribute;
  attribute.oid = OidToString(oid);
  attribute.rdn = index;
  std::string normalized;
  AppendCounted(AsText(oid), &normalized);
  std::optional<std::string> text = Asn1StringToUtf8(value.tag, value.content);
  attribute.is_text = text.has_value();
  if (attribute.is_text) {
    normalized.append("t").append(FoldText(*text));
    attribute.value = *std::move(text);
  } else {
    normalized.append("d").append(AsText(value.whole));
    attribute.value =
        absl::StrCat("#", absl::BytesToHexString(AsText(value.whole)));
  }
  name->attributes.push_back(std::move(attribute));
  return normalized;
}

absl::Status ReadRdn(DerReader& rdns, int index, absl::string_view what,
                     Name* name) {
  PINNING_ASSIGN_OR_RETURN(DerReader rdn, rdns.ReadInside(CBS_ASN1_SET, what));
  if (rdn.empty()) {
    name->has_empty_rdn = true;
  }
  std::vector<std::string> set;
  while (!rdn.empty()) {
    PINNING_ASSIGN_OR_RETURN(std::string normalized,
                             ReadAttribute(rdn, index, what, name));
    set.push_back(std::move(normalized));
  }
  std::sort(set.begin(), set.end());
  std::string record;
  for (const std::string& attribute : set) {
    AppendCounted(attribute, &record);
  }
  AppendCounted(record, &name->normalized);
  return absl::OkStatus();
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
  DerReader rdns = reader.Inside(element.content);
  for (int index = 0; !rdns.empty(); ++index) {
    PINNING_RETURN_IF_ERROR(ReadRdn(rdns, index, what, &name));
  }
  return name;
}

bool IsWithinSubtree(absl::string_view normalized, absl::string_view base) {
  return absl::StartsWith(normalized, base);
}

std::string NameToString(const Name& name) {
  std::string out;
  const std::vector<NameAttribute>& all = name.attributes;
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
  for (const NameAttribute& attribute : name.attributes) {
    if (attribute.is_text && attribute.oid == oid) {
      values.push_back(attribute.value);
    }
  }
  return values;
}

}  // namespace internal
}  // namespace pinning
