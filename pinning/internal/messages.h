#ifndef PINNING_INTERNAL_MESSAGES_H_
#define PINNING_INTERNAL_MESSAGES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/language.h"

// Every sentence that says something of a diagnosis, in every language. The
// table is messages_table.cc; nothing that people read of a diagnosis is
// written anywhere else.
namespace pinning {
namespace internal {

// A Message is one sentence. `$0`, `$1`, ... stand for its arguments, all of
// which occur in each language.
struct Message {
  // For evidence its code, with a suffix if the code has several sentences:
  // "imitated-issuer.anchor". Otherwise "advice.clock", "summary.server".
  absl::string_view id;
  int arguments;
  absl::string_view english;
  absl::string_view spanish;
};

absl::Span<const Message> AllMessages();

// FindMessage returns the message `id`, or null.
const Message* FindMessage(absl::string_view id);

// FormatMessage returns the message `id` in `language`, with `arguments`, which
// must be escaped already, in their places; `id` itself if there is no such
// message.
std::string FormatMessage(absl::string_view id,
                          absl::Span<const std::string> arguments,
                          Language language);

// JoinList returns "a", "a and b", "a, b and c", as `language` has it.
std::string JoinList(absl::Span<const std::string> items, Language language);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_MESSAGES_H_
