// What ThreadSanitizer is not to report; it asks the program for this.
//
// absl::Mutex tells it about locks and has it ignore how they are made. What
// GCC's runtime does not ignore is the memory that Abseil maps for a thread
// that has to wait for the first time: mapping it counts as a write, which the
// post that wakes the thread then seems to race with. No memory of ours is
// touched under this function.
#if defined(__SANITIZE_THREAD__)
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race:absl::*::synchronization_internal::CreateThreadIdentity\n";
}
#endif
