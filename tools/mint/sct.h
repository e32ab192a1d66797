#ifndef TOOLS_MINT_SCT_H_
#define TOOLS_MINT_SCT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "tools/mint/mint.h"

// Mints what certificate transparency logs and OCSP responders sign: for tests,
// good by default and broken in one chosen way at a time.
namespace mint {

// An SctSpec says what to put in a signed certificate timestamp (RFC 6962, 3.2)
// of the log with the key `log`, P-256 or RSA.
struct SctSpec {
  Key log;
  absl::Time timestamp = absl::FromUnixSeconds(1767229200);  // 2026-01-01 01:00
  uint8_t version = 0;
  std::vector<uint8_t> extensions = {};
  std::optional<std::vector<uint8_t>> log_id =
      std::nullopt;                // else the SHA-256 of the key
  uint8_t hash_algorithm = 4;      // SHA-256
  bool corrupt_signature = false;  // flips one bit
};

// X509Sct returns an SCT over `certificate`, for the TLS extension or OCSP.
std::vector<uint8_t> X509Sct(const SctSpec& spec, const Minted& certificate);

// SctList returns a SignedCertificateTimestampList of `scts` (3.3).
std::vector<uint8_t> SctList(const std::vector<std::vector<uint8_t>>& scts);

// SctListExtension returns the X.509 extension that embeds `list`.
Extension SctListExtension(const std::vector<uint8_t>& list);

// WithoutScts returns `spec` without the SCT list that Leaf puts in.
Spec WithoutScts(Spec spec);

// IssueLogged is Issue, with an embedded SCT for each of `scts`, over the
// precertificate of `spec`, instead of the SCT list that `spec` has. The list
// goes before the `position`th of `spec.extra`; by default, last.
Minted IssueLogged(Spec spec, const Key& key, const Minted& issuer,
                   const std::vector<SctSpec>& scts, int position = -1);

// An OcspSpec says what to put in an OCSP response (RFC 6960, 4.2): that of one
// certificate is good, by default.
struct OcspSpec {
  absl::Time this_update = absl::FromUnixSeconds(1767225600);  // 2026-01-01
  std::optional<absl::Time> next_update =
      absl::FromUnixSeconds(1798761600);       // 2027-01-01
  std::vector<uint8_t> sct_list;               // empty: no extension
  std::optional<std::vector<uint8_t>> serial;  // else the certificate's
  std::vector<Extension> extra;                // of the answer
  bool revoked = false;
};

// MintOcsp returns a response about `certificate`, signed by `issuer`.
std::vector<uint8_t> MintOcsp(const OcspSpec& spec, const Minted& certificate,
                              const Minted& issuer);

// A LogSpec is a log in a list.
struct LogSpec {
  Key key;
  std::string description;
  std::string operator_name = "Operator";
  std::string more = "";  // further members, as JSON: "\"state\": {...}"
  bool tiled = false;
};

// LogListJson returns a list of `logs` in the public format, version 3.
std::string LogListJson(const std::vector<LogSpec>& logs);

// LogId returns the SHA-256 of the log's key, `SPKI`.
std::vector<uint8_t> LogId(const Key& log);

}  // namespace mint

#endif  // TOOLS_MINT_SCT_H_
