#include "tools/tlspin/judge_served.h"

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "pinning/revocation.h"
#include "pinning/verifier.h"

namespace tlspin {

pinning::ConnectionFacts FactsOf(const Served& served) {
  pinning::ConnectionFacts facts;
  facts.tls_version = served.version;
  facts.offered_alpn = served.offered_alpn;
  facts.alpn = served.alpn;
  facts.ocsp_response = absl::MakeConstSpan(served.ocsp);
  facts.sct_list = absl::MakeConstSpan(served.scts);
  facts.resumed = false;
  return facts;
}

pinning::Verdict JudgeServed(const Judge& judge, const Served& served,
                             const pinning::ServerName& name) {
  const std::vector<absl::Span<const uint8_t>> chain(
      served.certificates.begin(), served.certificates.end());
  return judge.verifier->VerifyDer(chain, name, judge.now,
                                   pinning::Revocation(), FactsOf(served));
}

}  // namespace tlspin
