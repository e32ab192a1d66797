// ServerName::FromString on any text. The first line is a host; a second one,
// if there is any, is a pattern for a pin store and a name in a certificate.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "pinning/certificate.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "tests/fuzz/fuzz.h"
#include "tools/mint/mint.h"

namespace {

using fuzz::Require;
using pinning::PinSet;
using pinning::PinStore;
using pinning::ServerName;
using pinning::internal::HostPattern;

void CheckCanonical(const ServerName& name) {
  const auto again = ServerName::FromString(name.ToString());
  Require(again.ok() && *again == name, "canonicalization is idempotent");
  Require(absl::AsciiStrToLower(name.ToString()) == name.ToString() &&
              !absl::EndsWith(name.ToString(), "."),
          "a canonical name is in lower case, without a trailing dot");
}

pinning::NamedPin PinOfOne(uint8_t octet) {
  return {pinning::Pin::OfSpki({&octet, 1}), std::string(1, 'a' + octet)};
}

PinSet AnySet() {
  return *PinSet::Builder("set")
              .AddPin(PinOfOne(0))
              .AddBackupPin(PinOfOne(1))
              .SetExpiry(absl::FromUnixSeconds(0), PinSet::OnExpiry::kReject)
              .Build();
}

// Covers returns whether `pattern` covers `name`, by its definition.
bool Covers(const HostPattern& pattern, const ServerName& name) {
  absl::string_view rest = name.ToString();
  if (rest == pattern.base) {
    return pattern.kind != HostPattern::Kind::kOneLabel;
  }
  if (pattern.kind == HostPattern::Kind::kExact ||
      name.kind() == ServerName::Kind::kIpAddress ||
      !absl::ConsumeSuffix(&rest, absl::StrCat(".", pattern.base))) {
    return false;
  }
  return pattern.kind == HostPattern::Kind::kAnyLabels ||
         !absl::StrContains(rest, ".");
}

// CheckStore looks `name` up in a store of `pattern` alone.
void CheckStore(absl::string_view pattern, const ServerName& name) {
  const auto parsed = HostPattern::FromString(pattern);
  PinStore::Builder builder;
  builder.SetUpdated(absl::FromUnixSeconds(0));
  static const PinSet& set = *new PinSet(AnySet());
  Require(builder.AddPinSet(set).ok(), "a set is added");
  const bool mapped = builder.MapHost(pattern, "set").ok();
  Require(mapped == parsed.ok(), "a store takes the patterns that parse");
  if (!mapped) {
    return;
  }
  const auto again = HostPattern::FromString(parsed->ToString());
  Require(again.ok() && again->ToString() == parsed->ToString(),
          "the canonical pattern is a pattern");
  const auto store = builder.Build();
  Require(store.ok(), "a store of one pattern builds");
  Require(((*store)->Find(name)->has_value()) == Covers(*parsed, name),
          "a pattern covers what it says");
}

// CheckCertificate matches `name` with a certificate for `presented`.
void CheckCertificate(absl::string_view presented, const ServerName& name) {
  mint::Spec spec;
  spec.common_name = "leaf";
  spec.dns_names = {std::string(presented), name.ToString()};
  const auto minted = mint::SelfSigned(spec, mint::Key::Shared("p256-leaf"));
  const auto certificate = pinning::Certificate::FromDer(minted.der);
  if (certificate.ok()) {
    Require(
        name.Matches(*certificate) == (name.kind() == ServerName::Kind::kDns),
        "a DNS name matches itself, an address no DNS name");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = fuzz::TextOf(data, size);
  const size_t end = text.find('\n');
  const absl::StatusOr<ServerName> name =
      ServerName::FromString(text.substr(0, end));
  if (!name.ok()) {
    return 0;
  }
  CheckCanonical(*name);
  if (end != absl::string_view::npos) {
    CheckStore(text.substr(end + 1), *name);
    CheckCertificate(text.substr(end + 1), *name);
  }
  return 0;
}
