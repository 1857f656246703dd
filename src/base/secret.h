// Comparing what a stranger offers with a secret, without telling by the time it takes how much of it was right.
#pragma once

#include <string_view>

namespace vedette {

// Equal? Takes time that depends on the length of `offered` alone.
bool equals_in_constant_time(std::string_view offered, std::string_view secret);

}  // namespace vedette
