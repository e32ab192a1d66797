#ifndef TOOLS_TLSPIN_NET_DESCRIPTORS_H_
#define TOOLS_TLSPIN_NET_DESCRIPTORS_H_

namespace tlspin {

// MakeRoomForDescriptors raises this process's limit on open descriptors, as
// far as it may, so that `jobs` can have `each` of them open. It returns how
// many of the jobs can have one, at least 1.
int MakeRoomForDescriptors(int jobs, int each);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_DESCRIPTORS_H_
