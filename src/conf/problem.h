// What is wrong with a configuration file.
#pragma once

#include <cstddef>
#include <string>

namespace vedette::conf {

struct Problem {
  std::size_t line_number = 0;  // from 1; 0 when it concerns the whole file
  std::string line;             // as it stands in the file, cut when it is very long
  std::string reason;           // what is wrong and, where we can tell, what to write instead
  std::string source = {};      // empty: the file itself; else what else was read, see `Source`

  bool operator==(const Problem&) const = default;
};

}  // namespace vedette::conf
