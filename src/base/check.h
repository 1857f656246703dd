// Assertions that stay on in release builds.
//
// A broken invariant in a failover manager is worse than a restart: it could promote a second primary. Untrusted bytes
// must never reach a CHECK; they get a `Result`.
#pragma once

namespace vedette {

[[noreturn]] void check_failed(const char* condition, const char* file, int line, const char* message);

}  // namespace vedette

#define VEDETTE_CHECK(condition, message)                                 \
  do {                                                                    \
    if (!(condition)) [[unlikely]]                                        \
      ::vedette::check_failed(#condition, __FILE__, __LINE__, (message)); \
  } while (false)
