// Where a configuration comes from: the file of which the state is a part, what it includes, and what is read after it
// (the standard input, the command line).
//
// Lines are read in their order, so that the last one counts, with one exception: of what may be said only once (which
// primaries there are, and whom they know), the file itself has the first word, then what is read after it, then what
// is included. So a primary that a command line or an included file monitors can move: its new address is in the file.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "conf/options.h"

namespace vedette::conf {

// In the order in which they have a say.
enum class Rank : std::uint8_t { kFile, kAppended, kIncluded };

struct Source {
  std::string name;  // for people: a path, or what else it is
  std::string text;
};

// The files that an `include` line names, in their order; none if it is a pattern that fits none. `directory` is the
// `dir` above the line, to which a relative path is meant; empty: where we are.
using IncludeReader =
    std::function<Result<std::vector<Source>>(const std::string& pattern, const std::string& directory)>;

struct Sources {
  Source file;
  std::vector<Source> appended = {};
  IncludeReader include = {};  // none: nothing can be included
  IsExecutable is_executable = [](const std::string&) { return true; };
};

}  // namespace vedette::conf
