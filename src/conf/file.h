// A sentinel.conf in memory: the user's text, what it means, and how to write the state back into it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "conf/model.h"

namespace vedette::conf {

struct Problem {
  std::size_t line_number = 0;  // from 1; 0 when it concerns the whole file
  std::string line;             // as it stands in the file
  std::string reason;           // what is wrong and, where we can tell, what to write instead
};

class File {
 public:
  static constexpr std::size_t kMaxBytes = 64U << 20;      // of the whole file
  static constexpr std::size_t kMaxLineBytes = 64U << 10;  // of one line

  // Reads a whole file's text. On failure, every problem found in it, in the order of the lines.
  // (Vedette refuses to start with any; the original stops at the first.)
  static std::variant<File, std::vector<Problem>> parse(std::string_view text);

  // What the file means. Directives that only make sense for a data server are listed in `ignored()`.
  const Configuration& configuration() const;
  const std::vector<std::string>& ignored() const;  // "save (line 12)"

  // The text of the file with `wanted` in it: the user's lines, order and comments are kept, a changed directive is
  // replaced in place, a new one is appended at the end under one generated header, and a directive that is gone is
  // dropped. Options equal to their default that the user did not write are not written. Parsing the result gives
  // `wanted`.
  std::string render(const SentinelSettings& wanted) const;
};

}  // namespace vedette::conf
