#ifndef PINNING_KEY_OBSERVER_H_
#define PINNING_KEY_OBSERVER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/connection_facts.h"
#include "pinning/server_name.h"

namespace pinning {

// A KeyObserver remembers which host presented which key, so that a key that
// turns up on hosts which have nothing to do with each other is noticed: a
// middlebox that has one key for all of its leaves, or one authority that signs
// for everybody. It needs no network, and knows nothing until hosts have been
// visited. It says; it decides nothing: what it returns goes into
// ConnectionFacts and never changes whether a chain is accepted.
//
// It is bounded: one sighting for each of at most `max_hosts` hosts, the host
// seen longest ago leaving first. A sighting holds its leaf certificate, a few
// kilobytes as a rule and Certificate::kMaxDerSize at most.
//
// It may be used from several threads at once; a lock is held for as long as it
// takes to compare at most `max_hosts` digests. Two KeyObservers share nothing,
// and nothing leaves the process. What it keeps is a list of hosts visited:
// who must not keep one, uses none.
class KeyObserver {
 public:
  static constexpr size_t kDefaultMaxHosts = 512;

  // A `max_hosts` of zero remembers nothing.
  explicit KeyObserver(size_t max_hosts = kDefaultMaxHosts);
  ~KeyObserver();
  KeyObserver(const KeyObserver&) = delete;
  KeyObserver& operator=(const KeyObserver&) = delete;

  // A Sighting is one verification. All pointers but `issuer` are required;
  // nothing that they point to is kept but copies.
  struct Sighting {
    const ServerName* name = nullptr;
    const Certificate* leaf = nullptr;
    // A certificate that the leaf names as its issuer; null if there is none.
    const Certificate* issuer = nullptr;
    bool issuer_signed = false;  // the leaf's signature is by `issuer`
    // Signatures lead from the leaf to a bundled anchor, though the path may
    // be refused for another reason, such as a date.
    bool vouched = false;
    bool accepted = false;  // the verdict
    absl::Time now;
    const ConnectionFacts* facts = nullptr;
  };

  // Record remembers `sighting` in place of what was known of the host, and
  // returns what was known before that bears on it. Refused verifications are
  // recorded too: a middlebox that is refused everywhere is the one to notice.
  //
  // What is no sign is left out. Hosts are unrelated if their registered
  // domains (Public Suffix List) differ; addresses and names for private use
  // have none, and are compared with nothing. One leaf certificate that covers
  // both names explains a shared key; so does public hosting: a sighting that
  // is `vouched` and whose leaf covers its host is compared with nothing but
  // the same host's.
  SeenElsewhere Record(const Sighting& sighting);

  // size returns how many hosts are remembered.
  size_t size() const;

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

}  // namespace pinning

#endif  // PINNING_KEY_OBSERVER_H_
