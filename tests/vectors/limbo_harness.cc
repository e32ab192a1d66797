// A harness for x509-limbo (github.com/C2SP/x509-limbo): reads a suite on
// standard input, asks a Verifier without pins about each case, and writes what
// it said to standard output. docs/path-validation.md says how the questions of
// a suite are put to the library where the two do not speak of the same thing.
//
// Flags:
//   --profile=auto|rfc5280|strict|webpki   the rules of every case; `auto`, the
//       default, goes by the case's own suite and features.
//   --anchors=certificates|keys   whether the validity and the constraints in
//       the certificates of anchors count (the default), or names and keys
//       alone (RFC 5280, 6.1.1(d)).

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "nlohmann/json.hpp"
#include "pinning/certificate.h"
#include "pinning/chain.h"
#include "pinning/error.h"
#include "pinning/interception.h"
#include "pinning/path_builder.h"
#include "pinning/pin_store.h"
#include "pinning/policy_options.h"
#include "pinning/revocation.h"
#include "pinning/server_name.h"
#include "pinning/spki.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"

namespace pinning {
namespace {

using Json = nlohmann::json;

constexpr absl::string_view kCrlBegin = "-----BEGIN X509 CRL-----";

// Flags are what the command line says.
struct Flags {
  std::optional<Profile> profile;  // nothing: by the case
  bool anchors_are_keys = false;
};

// An Answer is one result of the output.
struct Answer {
  std::string result;
  std::string context;
};

Answer Success(std::string context) { return {"SUCCESS", std::move(context)}; }
Answer Failure(std::string context) { return {"FAILURE", std::move(context)}; }
Answer Skipped(std::string context) { return {"SKIPPED", std::move(context)}; }

// CertificateCache parses each PEM text once: suites repeat their roots.
class CertificateCache {
 public:
  absl::StatusOr<Certificate> Parse(const std::string& pem) {
    const auto known = parsed_.find(pem);
    if (known != parsed_.end()) {
      return known->second;
    }
    absl::StatusOr<Certificate> parsed = ParseOne(pem);
    parsed_.emplace(pem, parsed);
    return parsed;
  }

 private:
  static absl::StatusOr<Certificate> ParseOne(const std::string& pem) {
    // Some suites were converted without the line ends of RFC 7468.
    constexpr char kBegin[] = "-----BEGIN CERTIFICATE-----";
    constexpr char kEnd[] = "-----END CERTIFICATE-----";
    absl::StatusOr<std::vector<Certificate>> list = Certificate::ListFromPem(
        absl::StrReplaceAll(pem, {{kBegin, absl::StrCat(kBegin, "\n")},
                                  {kEnd, absl::StrCat("\n", kEnd, "\n")}}));
    if (!list.ok()) {
      return list.status();
    }
    if (list->size() != 1) {
      return absl::InvalidArgumentError(
          absl::StrCat(list->size(), " certificates where one was expected"));
    }
    const auto spki = FindSpki(list->front().der());
    if (!spki.ok() || *spki != list->front().spki_der()) {
      std::cerr << "limbo_harness: FindSpki finds another SPKI\n";
      std::abort();
    }
    return list->front();
  }

  std::unordered_map<std::string, absl::StatusOr<Certificate>> parsed_;
};

std::vector<std::string> Strings(const Json& test, const char* key) {
  const auto it = test.find(key);
  return it == test.end() || it->is_null()
             ? std::vector<std::string>()
             : it->get<std::vector<std::string>>();
}

// Extra returns what a converted case has beyond the schema.
Json Extra(const Json& test) {
  const auto it = test.find("x_extra");
  return it == test.end() || !it->is_object() ? Json::object() : *it;
}

bool HasFeature(const Json& test, absl::string_view feature) {
  const std::vector<std::string> features = Strings(test, "features");
  return std::find(features.begin(), features.end(), feature) != features.end();
}

// ProfileOf returns the rules that the case says it is about. In x509-limbo the
// namespace names the specification: its webpki:: cases are about the Baseline
// Requirements, its others about RFC 5280. Cases converted from other suites,
// and chains met in the wild, claim neither.
Profile ProfileOf(const Json& test) {
  static constexpr absl::string_view kRfc5280[] = {
      "crl", "cve", "invalid", "pathlen", "pathological", "rfc5280"};
  const std::string id = test.at("id").get<std::string>();
  const absl::string_view suite = absl::string_view(id).substr(0, id.find(':'));
  if (suite == "webpki" &&
      !HasFeature(test, "rfc5280-incompatible-with-webpki")) {
    return Profile::kWebPki;
  }
  const bool own = suite == "webpki" ||
                   std::find(std::begin(kRfc5280), std::end(kRfc5280), suite) !=
                       std::end(kRfc5280);
  return own ? Profile::kRfc5280Strict : Profile::kRfc5280;
}

// PurposesOf returns the purposes of TLS among those asked for, any of which
// will do; the kind of validation says which if none is asked for.
std::vector<KeyPurpose> PurposesOf(const Json& test, bool client_auth) {
  std::vector<KeyPurpose> purposes;
  const std::vector<std::string> asked = Strings(test, "extended_key_usage");
  for (const std::string& usage : asked) {
    if (usage == "serverAuth") {
      purposes.push_back(KeyPurpose::kServerAuth);
    } else if (usage == "clientAuth") {
      purposes.push_back(KeyPurpose::kClientAuth);
    }
  }
  if (asked.empty()) {
    purposes.push_back(client_auth ? KeyPurpose::kClientAuth
                                   : KeyPurpose::kServerAuth);
  }
  return purposes;
}

// PoliciesOf returns the inputs that a case of PKITS has beyond the schema.
PolicyOptions PoliciesOf(const Json& test) {
  PolicyOptions policies;
  const Json extra = Extra(test);
  if (extra.contains("InitialPolicySet")) {
    policies.acceptable.clear();
  }
  for (const std::string& name : Strings(extra, "InitialPolicySet")) {
    // "NIST-test-policy-1" to "-10", of PKITS's section 3, or "anyPolicy".
    absl::string_view number = name;
    policies.acceptable.push_back(
        absl::ConsumePrefix(&number, "NIST-test-policy-")
            ? absl::StrCat("2.16.840.1.101.3.2.1.48.", number)
            : kAnyPolicyOid);
  }
  policies.require_explicit_policy =
      extra.value("InitialExplicitPolicy", false);
  policies.inhibit_policy_mapping =
      extra.value("InitialPolicyMappingInhibit", false);
  policies.inhibit_any_policy = extra.value("InitialAnyPolicyInhibit", false);
  return policies;
}

// FirstName returns the first alternative name of the leaf that someone could
// ask for: in a wildcard, some label for the asterisk.
std::optional<ServerName> FirstName(const Certificate& leaf) {
  for (const absl::string_view presented : leaf.dns_names()) {
    const bool wildcard = presented.substr(0, 2) == "*.";
    const absl::StatusOr<ServerName> name = ServerName::FromString(
        wildcard ? absl::StrCat("any", presented.substr(1))
                 : std::string(presented));
    if (name.ok() && name->kind() == ServerName::Kind::kDns) {
      return *name;
    }
  }
  for (const absl::string_view octets : leaf.ip_addresses()) {
    std::string text;
    for (size_t i = 0; i < octets.size(); ++i) {
      const unsigned octet = static_cast<unsigned char>(octets[i]);
      if (octets.size() == 4) {
        absl::StrAppend(&text, i == 0 ? "" : ".", octet);
      } else {
        absl::StrAppend(&text, i != 0 && i % 2 == 0 ? ":" : "",
                        absl::Hex(octet, absl::kZeroPad2));
      }
    }
    const absl::StatusOr<ServerName> name = ServerName::FromString(text);
    if (name.ok()) {
      return *name;
    }
  }
  return std::nullopt;
}

// A Question is a case as the library can be asked it.
struct Question {
  std::vector<Certificate> certificates;  // leaf first
  std::shared_ptr<const TrustStore> trust_store;
  std::vector<ServerName> names;  // all of them must match
  // Nobody said which name to ask for: a refusal that the name alone is the
  // reason for does not count, as the path was found valid before.
  bool name_made_up = false;
  std::vector<KeyPurpose> purposes;  // one of them must be allowed
  Profile profile = Profile::kRfc5280;
  PolicyOptions policies;
  std::optional<int> max_path_length;
  Revocation revocation;
  absl::Time now;
  // Made once: it is the same for all, and is parsed.
  std::shared_ptr<const InterceptorCatalogue> interceptors;
};

Answer Ask(const Question& question) {
  const absl::StatusOr<Chain> chain =
      Chain::FromCertificates(question.certificates);
  if (!chain.ok()) {
    return Failure(std::string(chain.status().message()));
  }
  std::string refusal;
  for (const KeyPurpose purpose : question.purposes) {
    Verifier::Options options;
    options.trust_store = question.trust_store;
    options.pin_store = PinStore::Empty();
    options.interceptors = question.interceptors;
    options.purpose = purpose;
    options.profile = question.profile;
    options.policies = question.policies;
    options.limits.max_path_length = question.max_path_length;
    options.limits.max_depth = std::max(
        options.limits.max_depth, question.max_path_length.value_or(0) + 2);
    const absl::StatusOr<std::shared_ptr<const Verifier>> verifier =
        Verifier::Create(options);
    if (!verifier.ok()) {
      return Failure(std::string(verifier.status().message()));
    }
    std::string accepted;
    bool all = true;
    for (const ServerName& name : question.names) {
      const Verdict verdict =
          (*verifier)->Verify(*chain, name, question.now, question.revocation);
      const bool only_name = question.name_made_up &&
                             verdict.error().code == ErrorCode::kNameMismatch;
      if (!verdict.accepted() && !only_name) {
        refusal = verdict.ToString();
        all = false;
        break;
      }
      absl::StrAppend(&accepted, accepted.empty() ? "" : "; ",
                      verdict.accepted()
                          ? verdict.ToString()
                          : "a valid path to a leaf without a usable name");
    }
    if (all) {
      return Success(absl::StrCat(
          accepted, question.name_made_up ? "; no name was asked for" : ""));
    }
  }
  return Failure(refusal);
}

// A Judge puts the cases of one suite to the library.
class Judge {
 public:
  explicit Judge(const Flags& flags) : flags_(flags), started_(absl::Now()) {}

  Answer Decide(const Json& test) {
    if (const std::string why = Unsupported(test); !why.empty()) {
      return Skipped(why);
    }
    Question question;
    question.profile = flags_.profile.value_or(ProfileOf(test));
    const bool client_auth = test.at("validation_kind") == "CLIENT";
    question.purposes = PurposesOf(test, client_auth);
    if (question.purposes.empty()) {
      return Skipped("no extended key usage of TLS is asked for");
    }
    if (test.contains("max_chain_depth") &&
        !test["max_chain_depth"].is_null()) {
      question.max_path_length = test["max_chain_depth"].get<int>();
    }
    question.policies = PoliciesOf(test);
    question.now = started_;
    question.interceptors = interceptors_;
    if (test.contains("validation_time") &&
        !test["validation_time"].is_null()) {
      const std::string text = test["validation_time"].get<std::string>();
      std::string error;
      if (!absl::ParseTime(absl::RFC3339_full, text, &question.now, &error)) {
        return Skipped(absl::StrCat("validation_time: ", error));
      }
    }
    if (const std::string why = ReadCertificates(test, &question);
        !why.empty()) {
      return Failure(why);
    }
    if (const std::string why = ReadNames(test, client_auth, &question);
        !why.empty()) {
      return Failure(why);
    }
    if (const std::string why = ReadCrls(test, &question); !why.empty()) {
      return Failure(why);
    }
    return Ask(question);
  }

 private:
  // Unsupported returns why the library cannot be asked this at all.
  static std::string Unsupported(const Json& test) {
    if (!Strings(test, "signature_algorithms").empty()) {
      return "signature algorithms cannot be restricted further";
    }
    if (!Strings(test, "key_usage").empty()) {
      return "no key usage but that of TLS can be asked for";
    }
    std::vector<Json> names =
        test.value("expected_peer_names", std::vector<Json>());
    if (test.contains("expected_peer_name")) {
      names.push_back(test["expected_peer_name"]);
    }
    for (const Json& name : names) {
      if (!name.is_null() && name.at("kind") == "RFC822") {
        return "a server name is no mailbox";
      }
    }
    return "";
  }

  // ReadCrls returns what is wrong with them, or nothing. A case without CRLs
  // does not ask about revocation.
  static std::string ReadCrls(const Json& test, Question* question) {
    std::vector<std::string> crls;
    for (const std::string& pem : Strings(test, "crls")) {
      absl::string_view base64 = pem;
      base64.remove_prefix(std::min(base64.size(), base64.find(kCrlBegin)));
      std::string der;
      if (!absl::ConsumePrefix(&base64, kCrlBegin) ||
          !absl::Base64Unescape(base64.substr(0, base64.find("-----")), &der)) {
        return "CRL: no PEM";
      }
      crls.push_back(std::move(der));
    }
    if (crls.empty()) {
      return "";
    }
    std::vector<absl::Span<const uint8_t>> spans;
    for (const std::string& der : crls) {
      spans.emplace_back(reinterpret_cast<const uint8_t*>(der.data()),
                         der.size());
    }
    absl::StatusOr<std::shared_ptr<const RevocationData>> data =
        RevocationData::FromCrls(spans);
    if (!data.ok()) {
      return std::string(data.status().message());
    }
    question->revocation.crls = *std::move(data);
    return "";
  }

  // ReadCertificates returns what is wrong with them, or nothing.
  std::string ReadCertificates(const Json& test, Question* question) {
    const absl::StatusOr<Certificate> leaf =
        cache_.Parse(test.at("peer_certificate").get<std::string>());
    if (!leaf.ok()) {
      return absl::StrCat("leaf: ", leaf.status().message());
    }
    question->certificates.push_back(*leaf);
    for (const std::string& pem : Strings(test, "untrusted_intermediates")) {
      const absl::StatusOr<Certificate> intermediate = cache_.Parse(pem);
      if (!intermediate.ok()) {
        return absl::StrCat("intermediate: ", intermediate.status().message());
      }
      question->certificates.push_back(*intermediate);
    }
    TrustStore::Builder builder;
    for (const std::string& pem : Strings(test, "trusted_certs")) {
      const absl::StatusOr<Certificate> root = cache_.Parse(pem);
      if (!root.ok()) {
        return absl::StrCat("trusted certificate: ", root.status().message());
      }
      TrustAnchor anchor{*root};
      anchor.enforce_expiry = !flags_.anchors_are_keys;
      anchor.enforce_constraints = !flags_.anchors_are_keys;
      // BoringSSL's suite says of each anchor which of the two it is.
      const std::string trust = Extra(test).value("last_cert_trust", "");
      if (!trust.empty()) {
        anchor.enforce_expiry = absl::StrContains(trust, "_EXPIRATION");
        anchor.enforce_constraints = absl::StrContains(trust, "_CONSTRAINTS");
      }
      builder.AddAnchor(std::move(anchor));
    }
    question->trust_store = builder.Build();
    return "";
  }

  // ReadNames returns why the names asked for cannot match, or nothing.
  static std::string ReadNames(const Json& test, bool client_auth,
                               Question* question) {
    std::vector<Json> wanted;
    if (client_auth) {
      wanted = test.value("expected_peer_names", std::vector<Json>());
    } else if (test.contains("expected_peer_name") &&
               !test["expected_peer_name"].is_null()) {
      wanted.push_back(test["expected_peer_name"]);
    }
    for (const Json& name : wanted) {
      const absl::StatusOr<ServerName> parsed =
          ServerName::FromString(name.at("value").get<std::string>());
      if (!parsed.ok()) {
        return absl::StrCat("the name asked for: ", parsed.status().message());
      }
      question->names.push_back(*parsed);
    }
    if (question->names.empty()) {
      question->name_made_up = true;
      const std::optional<ServerName> first =
          FirstName(question->certificates.front());
      question->names.push_back(
          first.has_value() ? *first
                            : *ServerName::FromString("not-asked.invalid"));
    }
    return "";
  }

  const Flags flags_;
  const absl::Time started_;
  const std::shared_ptr<const InterceptorCatalogue> interceptors_ =
      InterceptorCatalogue::BuiltIn();
  CertificateCache cache_;
};

std::optional<Flags> ParseFlags(int argc, char** argv) {
  Flags flags;
  for (int i = 1; i < argc; ++i) {
    const absl::string_view flag = argv[i];
    if (flag == "--profile=rfc5280") {
      flags.profile = Profile::kRfc5280;
    } else if (flag == "--profile=strict") {
      flags.profile = Profile::kRfc5280Strict;
    } else if (flag == "--profile=webpki") {
      flags.profile = Profile::kWebPki;
    } else if (flag == "--anchors=keys") {
      flags.anchors_are_keys = true;
    } else if (flag != "--profile=auto" && flag != "--anchors=certificates") {
      std::cerr << "limbo_harness: no such flag: " << flag << "\n";
      return std::nullopt;
    }
  }
  return flags;
}

int Main(int argc, char** argv) {
  const std::optional<Flags> flags = ParseFlags(argc, argv);
  if (!flags.has_value()) {
    return 2;
  }
  std::stringstream input;  // in one go: a suite may hold a hundred megabytes
  input << std::cin.rdbuf();
  const std::string text = input.str();
  const Json suite = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!suite.is_object() || !suite.contains("testcases")) {
    std::cerr << "limbo_harness: standard input is no suite\n";
    return 2;
  }
  Judge judge(*flags);
  Json results = Json::array();
  for (const Json& test : suite["testcases"]) {
    const Answer answer = judge.Decide(test);
    results.push_back({{"id", test.at("id")},
                       {"actual_result", answer.result},
                       {"context", answer.context}});
  }
  const Json output = {
      {"version", 1}, {"harness", "pinning"}, {"results", results}};
  std::cout
      << output.dump(
             2, ' ', false,
             Json::error_handler_t::replace)  // certificates hold anything
      << "\n";
  return 0;
}

}  // namespace
}  // namespace pinning

int main(int argc, char** argv) { return pinning::Main(argc, argv); }
