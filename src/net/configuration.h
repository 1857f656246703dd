// The configuration file at start: read and understood, or refused with everything that is wrong with it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "conf/file.h"

namespace vedette::net {

// The error is the whole message to be shown to the person who starts us, in several lines.
Result<conf::File> load_configuration(const std::string& path);

// All problems at once, in the shape that people know from Redis.
std::string describe_problems(const std::string& path, const std::vector<conf::Problem>& problems);

}  // namespace vedette::net
