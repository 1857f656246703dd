// Our version, as the build system knows it.
#pragma once

#include <string_view>

namespace vedette {

extern const std::string_view kVersion;  // "1.2.3"
extern const std::string_view kCommit;   // what was compiled, as git names it; "-dirty" with changes of its own

}  // namespace vedette
