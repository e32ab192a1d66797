#ifndef TESTS_E2E_INSPECTION_H_
#define TESTS_E2E_INSPECTION_H_

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "tests/e2e/programs.h"

namespace e2e {

// An Inspection is what `tlspin inspect --json` said: a verdict, or an error.
struct Inspection {
  ProcessResult result;
  bool accepted = false;
  bool mitm = false;
  std::string error;       // "PIN_MISMATCH"; of a tlspin.error: its code
  std::string pin_status;  // "mismatch"
  std::string kind;        // of the diagnosis, and so on; empty: an error
  std::string product;
  std::string confidence;
  std::string advice;
  std::string hint;  // of a tlspin.error
  std::string message;
  std::set<std::string> codes;  // of the evidence
};

// ReadInspection parses the output. It fails the test if that is not one JSON
// object of a schema it knows.
Inspection ReadInspection(const ProcessResult& result);

// ExpectInterception expects what must hold of every inspected connection:
// refused with exit code 1, kind "interception", advice, and `product` within
// the product's name.
void ExpectInterception(const Inspection& seen, absl::string_view product);

// ExpectGenuine expects an accepted connection without a diagnosis.
void ExpectGenuine(const Inspection& seen);

// ExpectUndecided expects exit code 3 and a tlspin.error with this code, and no
// word of interception.
void ExpectUndecided(const Inspection& seen, absl::string_view code);

// Note prints one line of the table of what was concluded, for the log.
void Note(absl::string_view scenario, const Inspection& seen);

}  // namespace e2e

#endif  // TESTS_E2E_INSPECTION_H_
