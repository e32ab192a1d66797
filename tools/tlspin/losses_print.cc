#include "tools/tlspin/losses_print.h"

#include "absl/strings/str_cat.h"

namespace tlspin {

void NoteLosses(Context& context, const std::string& file,
                const std::vector<Loss>& losses) {
  for (const Loss& loss : losses) {
    context.out.Note(absl::StrCat(
        Escape(PlaceText(file, loss.place)), ": ", Escape(loss.message), " (",
        LossEffectText(loss.effect), ") [", loss.code, "]"));
  }
}

Json JsonOf(const std::vector<Loss>& losses) {
  Json list = Json::array();
  for (const Loss& loss : losses) {
    list.push_back({{"line", loss.place.line},
                    {"column", loss.place.column},
                    {"code", loss.code},
                    {"message", loss.message},
                    {"effect", std::string(LossEffectText(loss.effect))}});
  }
  return list;
}

std::vector<std::string> FormatNames() {
  std::vector<std::string> names;
  for (const FormatSpec* format : AllFormats()) {
    names.emplace_back(format->name);
  }
  return names;
}

std::string FormatList() {
  std::string list;
  for (const FormatSpec* format : AllFormats()) {
    std::string line = absl::StrCat("  ", format->name);
    line.resize(20, ' ');
    absl::StrAppend(&list, line, format->title, "\n");
  }
  return list;
}

}  // namespace tlspin
