// Numbers the way people read them.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace vedette::demo {

std::string grouped(std::int64_t number);  // "4,711"
std::string in_millis(Micros duration);    // "1,234 ms", rounded down as the log does
std::string in_seconds(Micros duration);   // "12.3 s"

// "no writes", "1 write", "4,711 writes"
std::string counted(std::uint64_t count, std::string_view singular);

}  // namespace vedette::demo
