#include "pinning/verdict.h"

// A verdict is asked, not tested: `if (verdict)` would read as "there is one".
bool Use(const pinning::Verdict& verdict) {
#ifdef MISUSE
  if (verdict) {
#else
  if (verdict.accepted()) {
#endif
    return true;
  }
  return false;
}
