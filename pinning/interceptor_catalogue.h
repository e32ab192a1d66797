#ifndef PINNING_INTERCEPTOR_CATALOGUE_H_
#define PINNING_INTERCEPTOR_CATALOGUE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "pinning/certificate.h"
#include "pinning/interceptor_product.h"
#include "pinning/pin.h"

namespace pinning {

// An InterceptorCatalogue lists the certificate authorities of known
// interception products (pins/interceptors.json; docs/interceptors.md has the
// format). It names a product to people and is never an input to trust: an
// interceptor picks the text in its own certificates. Immutable and shareable.
class InterceptorCatalogue {
 public:
  using Product = InterceptorProduct;

  // FromJson parses a catalogue. It returns INVALID_ARGUMENT whose message
  // begins "FILE:LINE:COLUMN: "; it never returns part of a file.
  static absl::StatusOr<std::shared_ptr<const InterceptorCatalogue>> FromJson(
      absl::string_view text, absl::string_view file_name = "interceptors");

  // BuiltIn returns the catalogue that the library was built with.
  static std::shared_ptr<const InterceptorCatalogue> BuiltIn();

  // Merge returns a catalogue that asks `own` first and `base` after it. A
  // product that both name, and a key that both list, is `own`'s alone.
  static std::shared_ptr<const InterceptorCatalogue> Merge(
      const InterceptorCatalogue& own, const InterceptorCatalogue& base);

  // FindByKey returns the product known to hold the key `spki`, or null. That
  // is as good as proof: a forger cannot serve a key that it does not hold.
  const Product* FindByKey(const Pin& spki) const;

  // FindByIssuer returns the first product one of whose rules for issuers holds
  // on the issuer name of `certificate`, or on its subject if it is an
  // authority's; or null.
  const Product* FindByIssuer(const Certificate& certificate) const;

  // FindBySubject returns the first product one of whose rules for subjects
  // holds on the subject of `certificate`, or null.
  const Product* FindBySubject(const Certificate& certificate) const;

  // FindByName is FindByIssuer, and FindBySubject if that finds nothing.
  const Product* FindByName(const Certificate& certificate) const;

  // FindByStructure returns the product whose forgeries are built as `leaf` is,
  // or null. `issuer` is the certificate whose key signed it, and null if that
  // is not known, which no rule that asks for it survives. It is a resemblance:
  // any program may build certificates in the same way.
  const Product* FindByStructure(const Certificate& leaf,
                                 const Certificate* issuer) const;

  // products returns the products in the order in which they are asked.
  const std::vector<Product>& products() const;
  size_t size() const { return products().size(); }

  // SharedWith returns what this catalogue and `other` both have, products by
  // name and keys as pins, in this one's order: what Merge would drop.
  std::vector<std::string> SharedWith(const InterceptorCatalogue& other) const;

  ~InterceptorCatalogue();

 private:
  struct Rep;
  explicit InterceptorCatalogue(std::unique_ptr<const Rep> rep);

  std::unique_ptr<const Rep> rep_;
};

}  // namespace pinning

#endif  // PINNING_INTERCEPTOR_CATALOGUE_H_
