#ifndef TOOLS_TLSPIN_NET_PROXY_CREDENTIALS_H_
#define TOOLS_TLSPIN_NET_PROXY_CREDENTIALS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/net/proxy_url.h"

namespace tlspin {

// ParseCredentials takes the text of a file of credentials: one line
// USER:PASSWORD, where only the first colon separates and a password may hold
// spaces; or the lines of a netrc file (machine HOST login USER password
// PASSWORD, default ...), of which those for `proxy_host` count. Empty lines
// and lines that begin with # are skipped. It returns INVALID_ARGUMENT, saying
// what is wrong without quoting the text, otherwise.
absl::StatusOr<ProxyCredentials> ParseCredentials(absl::string_view text,
                                                  absl::string_view proxy_host);

// ReadCredentials reads and parses the file. `*warning` says if other users may
// read it too, and what to do; else it is emptied.
absl::StatusOr<ProxyCredentials> ReadCredentials(const std::string& path,
                                                 absl::string_view proxy_host,
                                                 std::string* warning);

// CanAsk is whether there is a person to ask: standard input and standard error
// are terminals.
bool CanAsk();

// AskForCredentials asks for the user name, unless `user` is it, and for the
// password, which is not shown, on the terminal. `question` says what they are
// for. It returns CANCELLED if the person gives none.
absl::StatusOr<ProxyCredentials> AskForCredentials(const std::string& question,
                                                   const std::string& user);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_PROXY_CREDENTIALS_H_
