#ifndef TOOLS_TLSPIN_NET_DESCRIPTORS_H_
#define TOOLS_TLSPIN_NET_DESCRIPTORS_H_

namespace tlspin {

// MakeRoomForDescriptors raises this process's limit on open descriptors, as
// far as it may, so that `wanted` more can be opened. It returns how many can,
// at least 1.
int MakeRoomForDescriptors(int wanted);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_DESCRIPTORS_H_
