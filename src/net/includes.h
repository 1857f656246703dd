// The files that an `include` line of a configuration names.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "conf/sources.h"

namespace vedette::net {

// `pattern` is a path or a glob, relative to `directory`. Files that a glob fits are given in the order of their names,
// a path that is no glob must exist. Each is named by its canonical path.
Result<std::vector<conf::Source>> read_included(const std::string& pattern, const std::string& directory);

}  // namespace vedette::net
