// InterceptorCatalogue::FromJson on any text: no crash, a refusal says where,
// and a catalogue that is read answers for any certificate.
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "pinning/certificate.h"
#include "pinning/interception.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/places.h"
#include "tools/mint/mint.h"

namespace {

using pinning::Certificate;
using pinning::InterceptorCatalogue;

const Certificate& Intercepted() {
  static const Certificate& certificate = *new Certificate(
      *Certificate::FromDer(mint::SelfSigned(mint::Ca("mitmproxy"),
                                             mint::Key::Shared("p256-leaf"))
                                .der));
  return certificate;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = fuzz::TextOf(data, size);
  const auto catalogue = InterceptorCatalogue::FromJson(text, "fuzz.json");
  if (!catalogue.ok()) {
    fuzz::RequirePlace(catalogue.status(), "fuzz.json", text);
    return 0;
  }
  for (const InterceptorCatalogue::Product* product :
       {(*catalogue)->FindByName(Intercepted()),
        (*catalogue)->FindByKey(Intercepted().pin()),
        (*catalogue)->FindByStructure(Intercepted(), &Intercepted()),
        (*catalogue)->FindByStructure(Intercepted(), nullptr)}) {
    fuzz::Require(product == nullptr ||
                      ((*catalogue)->size() > 0 && !product->name.empty()),
                  "a product that is found has a name");
  }
  const auto merged = InterceptorCatalogue::Merge(**catalogue, **catalogue);
  fuzz::Require(merged->size() == (*catalogue)->size(),
                "a catalogue over itself is itself");
  return 0;
}
