#include "pinning/internal/distinguished_name.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/base/attributes.h"
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

// A RawAttribute is one AttributeTypeAndValue as it stands.
struct RawAttribute {
  Bytes oid;
  DerElement value;
};

ABSL_ATTRIBUTE_ALWAYS_INLINE inline DerResult<RawAttribute> ReadRawAttribute(
    DerReader& rdn, absl::string_view what) {
  PINNING_ASSIGN_OR_RETURN(DerReader pair,
                           rdn.ReadInside(CBS_ASN1_SEQUENCE, what));
  RawAttribute attribute;
  PINNING_ASSIGN_OR_RETURN(attribute.oid, pair.ReadOid(what));
  PINNING_ASSIGN_OR_RETURN(attribute.value, pair.ReadAny(what));
  PINNING_RETURN_IF_ERROR(pair.ExpectEnd(what));
  return attribute;
}

// VisitRdns calls `visit` with a reader of each RDN of the Name that `der` is,
// which ReadName found well-formed, and its index.
template <typename Visit>
void VisitRdns(Bytes der, const Visit& visit) {
  DerReader whole(der);
  DerResult<DerReader> rdns = whole.ReadInside(CBS_ASN1_SEQUENCE, "");
  for (int index = 0; rdns.ok() && !rdns->empty(); ++index) {
    const DerResult<DerReader> rdn = rdns->ReadInside(CBS_ASN1_SET, "");
    if (!rdn.ok()) {
      return;
    }
    visit(*rdn, index);
  }
}

// VisitAttributes calls `visit` with each attribute of `rdn` and returns their
// number.
template <typename Visit>
int VisitAttributes(DerReader rdn, const Visit& visit) {
  int count = 0;
  for (; !rdn.empty(); ++count) {
    const DerResult<RawAttribute> raw = ReadRawAttribute(rdn, "");
    if (!raw.ok()) {
      return count;
    }
    visit(*raw);
  }
  return count;
}

// A RecordWriter writes a normalized form. A record is counted: its length in
// four octets, then it. Open returns where the record begins; what is appended
// until Close is it.
class RecordWriter {
 public:
  explicit RecordWriter(size_t room) { out_.resize(room); }

  size_t Open() {
    Room(kCount);
    return size_ += kCount;
  }

  void Close(size_t begin) {
    const size_t size = size_ - begin;
    for (size_t i = 0; i < kCount; ++i) {
      out_[begin - kCount + i] =
          static_cast<char>(uint64_t{size} >> 8 * (kCount - 1 - i) & 0xff);
    }
  }

  void Append(absl::string_view text) {
    std::copy(text.begin(), text.end(), Room(text.size()));
    size_ += text.size();
  }

  // AppendFolded appends `text` as it is compared.
  void AppendFolded(absl::string_view text) {
    char* const begin = Room(text.size());
    char* to = begin;
    for (const char c : text) {
      if (c != ' ' || (to != begin && to[-1] != ' ')) {
        *to++ = absl::ascii_tolower(static_cast<unsigned char>(c));
      }
    }
    if (to != begin && to[-1] == ' ') {
      --to;
    }
    size_ += to - begin;
  }

  // Sort sorts the records from `begin` on.
  void Sort(size_t begin) {
    std::vector<std::string> records;
    for (size_t at = begin; at < size_;) {
      size_t size = kCount;
      for (size_t i = 0; i < kCount; ++i) {
        size += size_t{static_cast<unsigned char>(out_[at + i])}
                << 8 * (kCount - 1 - i);
      }
      records.push_back(out_.substr(at, size));
      at += size;
    }
    std::sort(records.begin(), records.end(),
              [](absl::string_view a, absl::string_view b) {
                return a.substr(kCount) < b.substr(kCount);
              });
    size_ = begin;
    for (const std::string& record : records) {
      Append(record);
    }
  }

  std::string Take() && {
    out_.resize(size_);
    return std::move(out_);
  }

 private:
  static constexpr size_t kCount = 4;

  // Room returns where to write next, with room for `size` octets.
  char* Room(size_t size) {
    if (out_.size() - size_ < size) {
      out_.resize(2 * (size_ + size));
    }
    return &out_[0] + size_;
  }

  std::string out_;  // and room after it
  size_t size_ = 0;
};

// AppendNormalized appends the record of `attribute`.
void AppendNormalized(const RawAttribute& attribute, RecordWriter* out) {
  const size_t begin = out->Open();
  const size_t type = out->Open();
  out->Append(AsText(attribute.oid));
  out->Close(type);
  const DerElement& value = attribute.value;
  if (IsUtf8String(value.tag, value.content)) {
    out->Append("t");
    out->AppendFolded(AsText(value.content));
  } else if (const auto text = Asn1StringToUtf8(value.tag, value.content)) {
    out->Append("t");
    out->AppendFolded(*text);
  } else {
    out->Append("d");
    out->Append(AsText(value.whole));
  }
  out->Close(begin);
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

DerResult<Name> ReadName(DerReader& reader, absl::string_view what) {
  PINNING_ASSIGN_OR_RETURN(const DerElement element,
                           reader.Read(CBS_ASN1_SEQUENCE, what));
  Name name;
  name.der = element.whole;
  DerReader rdns = reader.Inside(element.content);
  while (!rdns.empty()) {
    PINNING_ASSIGN_OR_RETURN(DerReader rdn,
                             rdns.ReadInside(CBS_ASN1_SET, what));
    name.has_empty_rdn |= rdn.empty();
    name.has_attribute |= !rdn.empty();
    while (!rdn.empty()) {
      PINNING_RETURN_IF_ERROR(ReadRawAttribute(rdn, what).status());
    }
  }
  return name;
}

std::string Normalize(Bytes der) {
  // A record has more octets for counts than DER for tags and lengths.
  RecordWriter out(2 * der.size());
  VisitRdns(der, [&out](const DerReader& rdn, int) {
    const size_t begin = out.Open();
    const int count = VisitAttributes(
        rdn, [&out](const RawAttribute& one) { AppendNormalized(one, &out); });
    if (count > 1) {
      out.Sort(begin);
    }
    out.Close(begin);
  });
  return std::move(out).Take();
}

const std::string& NormalizedOf(const Name& name) {
  return name.normalized.Get([&name] { return Normalize(name.der); });
}

bool NamesMatch(const Name& a, const Name& b) {
  return a.der == b.der || NormalizedOf(a) == NormalizedOf(b);
}

const std::vector<NameAttribute>& AttributesOf(const Name& name) {
  return name.attributes.Get([&name] {
    std::vector<NameAttribute> attributes;
    VisitRdns(name.der, [&](const DerReader& rdn, int index) {
      VisitAttributes(rdn, [&](const RawAttribute& raw) {
        attributes.push_back(AttributeOf(raw, index));
      });
    });
    return attributes;
  });
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
