#ifndef TESTS_TESTING_X509_ORACLE_H_
#define TESTS_TESTING_X509_ORACLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"

// A second opinion: BoringSSL's own X.509 code, of which the library uses none.
namespace testing_support {

using Der = absl::Span<const uint8_t>;

// An X509Question is what X509_verify_cert is asked. Partial chains are off.
struct X509Question {
  Der leaf;
  std::vector<Der> intermediates;
  std::vector<Der> roots;
  absl::Time now;
  bool client_auth = false;  // else server authentication
  std::string host;          // a DNS name or an address; empty: any
};

// An X509Answer is X509_V_OK or the first error, and the chain it is about,
// leaf first, as far as it went. X509_verify_cert knows no constraints on
// addresses and fails on them: here it goes on, as if they were not there.
struct X509Answer {
  int error = 0;
  std::vector<std::vector<uint8_t>> chain;
};

X509Answer AskX509(const X509Question& question);

// X509ErrorText returns the description of an error.
std::string X509ErrorText(int error);

// X509Issued returns whether `issuer` has the name that `issued` gives for its
// issuer, and the key that verifies its signature.
bool X509Issued(Der issuer, Der issued);

// X509IsFor returns whether `leaf` presents `host`, a DNS name or an address,
// in its alternative names.
bool X509IsFor(Der leaf, const std::string& host);

}  // namespace testing_support

#endif  // TESTS_TESTING_X509_ORACLE_H_
