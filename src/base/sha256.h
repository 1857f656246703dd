// SHA-256, in which passwords are kept.
#pragma once

#include <string>
#include <string_view>

namespace vedette {

// 64 hexadecimal digits in lower case.
std::string sha256_hex(std::string_view bytes);

}  // namespace vedette
