#include "tools/tlspin/formats/set_losses.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/pin_set.h"
#include "tools/tlspin/time_text.h"

namespace tlspin {
namespace {

using ::pinning::PinRole;
using ::pinning::PinSet;

// A SetLosses goes through one set once.
class SetLosses {
 public:
  SetLosses(const Capabilities& can, const ExportPlan& plan,
            const DocumentSet& set, std::vector<Loss>& losses)
      : can_(can), plan_(plan), set_(set), losses_(losses) {}

  void Run() {
    Mode();
    Expires();
    Roles();
    Blocked();
    Keys();
    Path();
    Notes();
  }

 private:
  void Mode();
  void Expires();
  void Roles();
  void Role(const DocumentPin& pin);
  void Blocked();
  void Keys();
  void Path();
  void Notes();

  void Add(const Place& place, absl::string_view code,
           absl::string_view message, LossEffect effect) {
    losses_.push_back({place, std::string(code), std::string(message), effect});
  }

  const Capabilities& can_;
  const ExportPlan& plan_;
  const DocumentSet& set_;
  std::vector<Loss>& losses_;
};

void SetLosses::Mode() {
  if (set_.set->mode() == PinSet::Mode::kReportOnly && !can_.report_only) {
    Add(set_.mode_place, "report-only",
        "report-only: the pins would be "
        "enforced",
        LossEffect::kRefusesMore);
  }
}

void SetLosses::Expires() {
  const bool reject = set_.set->on_expiry() == PinSet::OnExpiry::kReject;
  const std::string date = DateText(set_.set->expires());
  switch (can_.expiry) {
    case Expiry::kNone:
      Add(set_.expires_place, "expiry",
          absl::StrCat("expires on ", date, ": the pins would never expire"),
          reject ? LossEffect::kAcceptsMore : LossEffect::kRefusesMore);
      return;
    case Expiry::kMaxAge:
      Add(set_.expires_place, "expiry",
          absl::StrCat("expires on ", date,
                       ": the pins would be forgotten as "
                       "long after the last visit as there is until then"),
          LossEffect::kBoth);
      break;
    case Expiry::kDay:
      if (ParseTime(date).value_or(absl::Time()) != set_.set->expires()) {
        Add(set_.expires_place, "expiry",
            absl::StrCat("expires at ", TimeText(set_.set->expires()),
                         ": whole days only, so the pins would be enforced "
                         "until ",
                         DayNotBefore(set_.set->expires())),
            reject ? LossEffect::kBoth : LossEffect::kRefusesMore);
      }
      break;
  }
  if (reject) {
    Add(set_.on_expiry_place, "expiry-effect",
        "reject: the pins would not be enforced after the expiry",
        LossEffect::kAcceptsMore);
  }
}

void SetLosses::Roles() {
  bool leaf = false, other = false;
  for (const DocumentPin* pin : AllowedPins(set_)) {
    Role(*pin);
    (pin->pin.role == PinRole::kLeaf ? leaf : other) = true;
  }
  if (can_.matches == Matches::kLeafAndIssuers && leaf && other) {
    Add(set_.place, "role",
        absl::StrCat("set \"", set_.set->name(),
                     "\" has pins of leaves and of others: both kinds would "
                     "have to match"),
        LossEffect::kRefusesMore);
  }
}

void SetLosses::Role(const DocumentPin& pin) {
  const PinRole role = pin.pin.role;
  const std::string what = absl::StrCat("pin \"", pin.pin.name, "\", role ",
                                        PinRoleName(role), ": ");
  switch (can_.matches) {
    case Matches::kPath:
      if (role != PinRole::kAny) {
        Add(pin.place, "role",
            absl::StrCat(what,
                         "it would match anywhere on "
                         "the path"),
            LossEffect::kAcceptsMore);
      }
      return;
    case Matches::kLeaf:
      if (role != PinRole::kLeaf) {
        Add(pin.place, "role",
            absl::StrCat(what,
                         "it would be compared with "
                         "the leaf alone"),
            role == PinRole::kAny ? LossEffect::kRefusesMore
                                  : LossEffect::kBoth);
      }
      return;
    case Matches::kLeafAndIssuers:
      if (role == PinRole::kAny) {
        Add(pin.place, "role", absl::StrCat(what, "it would not match a leaf"),
            LossEffect::kRefusesMore);
        return;
      }
      break;
    case Matches::kLeafOrIssuers:
      break;
  }
  if (role == PinRole::kIssuer || role == PinRole::kAnchor) {
    Add(pin.place, "role",
        absl::StrCat(what,
                     "it would match any certificate "
                     "but the leaf"),
        LossEffect::kAcceptsMore);
  }
}

void SetLosses::Blocked() {
  if (can_.blocked_pins) {
    return;
  }
  for (const DocumentPin& pin : set_.blocked_pins) {
    Add(pin.place, "blocked",
        absl::StrCat("blocked pin \"", pin.pin.name,
                     "\": it would not be blocked"),
        LossEffect::kAcceptsMore);
  }
}

void SetLosses::Keys() {
  if (!can_.needs_keys) {
    return;
  }
  for (const DocumentPin* pin : AllowedPins(set_)) {
    if (plan_.keys.count(pin->pin.pin) == 0) {
      Add(pin->place, "key",
          absl::StrCat("pin \"", pin->pin.name,
                       "\": no file of --certificates has its key, and a "
                       "digest does not tell it"),
          LossEffect::kRefusesMore);
    }
  }
}

void SetLosses::Path() {
  if (!can_.keeps_path && !plan_.pkix) {
    Add(set_.place, "path",
        absl::StrCat("set \"", set_.set->name(),
                     "\": usages 2 and 3 ask for no trusted root, and 3 for "
                     "no name or dates either"),
        LossEffect::kAcceptsMore);
  }
}

void SetLosses::Notes() {
  if (can_.notes) {
    return;
  }
  if (!set_.comment.empty()) {
    Add(set_.comment_place, "note",
        absl::StrCat("the comment of set \"", set_.set->name(), "\""),
        LossEffect::kNothing);
  }
  for (const DocumentPin* pin : AllowedPins(set_)) {
    Add(pin->place, "note",
        absl::StrCat("the name \"", pin->pin.name, "\"",
                     pin->source.empty() ? "" : ", its source",
                     pin->comment.empty() ? "" : ", its comment"),
        LossEffect::kNothing);
  }
}

}  // namespace

void AddSetLosses(const Capabilities& can, const ExportPlan& plan, size_t index,
                  std::vector<Loss>& losses) {
  SetLosses(can, plan, plan.document->sets[index], losses).Run();
}

std::string DayNotBefore(absl::Time time) {
  const absl::Time day = ParseTime(DateText(time)).value_or(time);
  return DateText(day == time ? day : day + absl::Hours(24));
}

}  // namespace tlspin
