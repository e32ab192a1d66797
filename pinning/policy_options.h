#ifndef PINNING_POLICY_OPTIONS_H_
#define PINNING_POLICY_OPTIONS_H_

#include <string>
#include <vector>

namespace pinning {

// kAnyPolicyOid is the policy that stands for all others (RFC 5280, 4.2.1.4).
inline constexpr char kAnyPolicyOid[] = "2.5.29.32.0";

// PolicyOptions are the inputs of path validation that concern certificate
// policies (RFC 5280, 6.1.1(c), (e), (f) and (g)). By default no policy is
// asked for: then only an authority that requires one of those below it
// (4.2.1.11) can have a path refused.
struct PolicyOptions {
  // The policies that will do, dotted; anyPolicy among them means that any
  // does. Never empty. It counts only if a policy is required, here or by an
  // authority.
  std::vector<std::string> acceptable = {kAnyPolicyOid};
  // A path must be valid for a policy.
  bool require_explicit_policy = false;
  // An authority may not map a policy to another one.
  bool inhibit_policy_mapping = false;
  // anyPolicy in a certificate does not stand for others.
  bool inhibit_any_policy = false;
};

}  // namespace pinning

#endif  // PINNING_POLICY_OPTIONS_H_
