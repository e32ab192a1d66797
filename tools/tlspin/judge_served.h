#ifndef TOOLS_TLSPIN_JUDGE_SERVED_H_
#define TOOLS_TLSPIN_JUDGE_SERVED_H_

#include "pinning/connection_facts.h"
#include "pinning/server_name.h"
#include "pinning/verdict.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/judge.h"

namespace tlspin {

// FactsOf returns what is known of the connection that `served` came from. The
// result points into `served`. FetchChain asks for all of it, so that nothing
// is what the server gave and not what is unknown.
pinning::ConnectionFacts FactsOf(const Served& served);

// JudgeServed returns the verdict on what was served, in the light of the
// connection.
pinning::Verdict JudgeServed(const Judge& judge, const Served& served,
                             const pinning::ServerName& name);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_JUDGE_SERVED_H_
