#include "tools/tlspin/formats/format.h"

#include "absl/strings/str_cat.h"

namespace tlspin {
namespace {

constexpr const FormatSpec* kFormats[] = {
    &kAndroidFormat,      &kAppleFormat,
    &kTrustKitIosFormat,  &kTrustKitAndroidFormat,
    &kOkHttpKotlinFormat, &kOkHttpJavaFormat,
    &kChromiumFormat,     &kCurlFormat,
    &kEnvoyFormat,        &kEnvoyJsonFormat,
    &kHeaderFormat,       &kPemFormat,
    &kTlsaFormat,
};

absl::string_view HostsText(HostForm hosts) {
  switch (hosts) {
    case HostForm::kNone:
      return "none";
    case HostForm::kNames:
      return "`x`";
    case HostForm::kNamesAndOneBelow:
      return "`x`; `x` and `*.x` together";
    case HostForm::kNamesAndAllBelow:
      return "`x`, `**.x`";
    case HostForm::kPatterns:
      return "`x`, `*.x`, `**.x`";
  }
  return "";
}

absl::string_view OverlapText(Overlap overlap) {
  switch (overlap) {
    case Overlap::kNone:
      return "–";
    case Overlap::kMostSpecific:
      return "most specific";
    case Overlap::kUnion:
      return "any pin of any";
    case Overlap::kUnknown:
      return "not documented";
  }
  return "";
}

absl::string_view CarveOutsText(CarveOuts carve_outs) {
  switch (carve_outs) {
    case CarveOuts::kNone:
      return "no";
    case CarveOuts::kNames:
      return "`x`";
    case CarveOuts::kTrees:
      return "`x`, `**.x`";
  }
  return "";
}

absl::string_view MatchesText(Matches matches) {
  switch (matches) {
    case Matches::kPath:
      return "`any`";
    case Matches::kLeaf:
      return "`leaf`";
    case Matches::kLeafAndIssuers:
      return "`leaf`; not the leaf; both if both";
    case Matches::kLeafOrIssuers:
      return "`leaf`, `any`; not the leaf";
  }
  return "";
}

absl::string_view ExpiryText(Expiry expiry) {
  switch (expiry) {
    case Expiry::kNone:
      return "no";
    case Expiry::kDay:
      return "a day, `stop-enforcing`";
    case Expiry::kMaxAge:
      return "after the last visit";
  }
  return "";
}

absl::string_view YesNo(bool yes) { return yes ? "yes" : "no"; }

}  // namespace

absl::string_view LossEffectText(LossEffect effect) {
  switch (effect) {
    case LossEffect::kAcceptsMore:
      return "accepts more";
    case LossEffect::kRefusesMore:
      return "refuses more";
    case LossEffect::kBoth:
      return "accepts more and refuses more";
    case LossEffect::kNothing:
      return "decides nothing";
  }
  return "";
}

absl::Span<const FormatSpec* const> AllFormats() { return kFormats; }

const FormatSpec* FindFormat(absl::string_view name) {
  for (const FormatSpec* format : kFormats) {
    if (format->name == name) {
      return format;
    }
  }
  return nullptr;
}

std::string FormatTable() {
  std::string table =
      "| format | file | hosts | where entries overlap | carve-outs | "
      "addresses | roles | expiry | report-only | blocked pins | notes |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const FormatSpec* format : kFormats) {
    const Capabilities& can = format->capabilities;
    absl::StrAppend(&table, "| `", format->name, "` | `", format->extension,
                    format->companion.empty() ? "" : "`, `", format->companion,
                    "` | ", HostsText(can.hosts), " | ",
                    OverlapText(can.overlap), " | ",
                    CarveOutsText(can.carve_outs), " | ");
    absl::StrAppend(&table, YesNo(can.addresses), " | ",
                    MatchesText(can.matches), " | ", ExpiryText(can.expiry),
                    " | ", YesNo(can.report_only), " | ",
                    YesNo(can.blocked_pins), " | ", YesNo(can.notes), " |\n");
  }
  return table;
}

}  // namespace tlspin
