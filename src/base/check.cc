#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace vedette {

void check_failed(const char* condition, const char* file, int line, const char* message) {
  std::fprintf(stderr, "vedette: broken invariant: %s (%s) at %s:%d\n", message, condition, file, line);
  std::fflush(stderr);
  std::abort();
}

}  // namespace vedette
