#ifndef PINNING_INTERNAL_STATUS_MACROS_H_
#define PINNING_INTERNAL_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// The only macros of the library.

// PINNING_RETURN_IF_ERROR returns the status of `expr` if it is not OK.
#define PINNING_RETURN_IF_ERROR(expr)     \
  do {                                    \
    absl::Status pinning_status = (expr); \
    if (!pinning_status.ok()) {           \
      return pinning_status;              \
    }                                     \
  } while (false)

// PINNING_ASSIGN_OR_RETURN assigns the value of `expr`, a StatusOr, to `lhs`,
// which may declare a variable, or returns its status.
#define PINNING_ASSIGN_OR_RETURN(lhs, expr) \
  PINNING_ASSIGN_OR_RETURN_(PINNING_CONCAT_(pinning_or_, __LINE__), lhs, expr)
#define PINNING_ASSIGN_OR_RETURN_(or_value, lhs, expr) \
  auto or_value = (expr);                              \
  if (!or_value.ok()) {                                \
    return std::move(or_value).status();               \
  }                                                    \
  lhs = *std::move(or_value)
#define PINNING_CONCAT_(a, b) PINNING_CONCAT_IMPL_(a, b)
#define PINNING_CONCAT_IMPL_(a, b) a##b

#endif  // PINNING_INTERNAL_STATUS_MACROS_H_
