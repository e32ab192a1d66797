#ifndef TESTS_TESTING_COUNTED_HEAP_H_
#define TESTS_TESTING_COUNTED_HEAP_H_

#include <cstddef>

namespace testing_support {

// HeapAllocations returns how often `operator new` has been called, by any
// thread, since the program started. A program that calls it has its
// `operator new` and `delete` replaced by ones that count; what is allocated by
// malloc alone, as BoringSSL does, is not counted.
size_t HeapAllocations();

// HeapBytes returns how many bytes of the heap are in use, malloc's too; of a
// sanitizer's heap where there is one.
size_t HeapBytes();

}  // namespace testing_support

#endif  // TESTS_TESTING_COUNTED_HEAP_H_
