#include "base/secret.h"

#include <cstddef>

namespace vedette {

bool equals_in_constant_time(std::string_view offered, std::string_view secret) {
  unsigned difference = offered.size() == secret.size() ? 0 : 1;
  for (std::size_t i = 0; i < offered.size(); ++i) {
    const char wanted = secret.empty() ? '\0' : secret[i % secret.size()];
    difference |= static_cast<unsigned char>(offered[i] ^ wanted);
  }
  return difference == 0;
}

}  // namespace vedette
