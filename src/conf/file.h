// A sentinel.conf in memory: the user's text, what it means, and how to write the state back into it.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "conf/document.h"
#include "conf/model.h"
#include "conf/options.h"
#include "conf/problem.h"

namespace vedette::conf {

class File {
 public:
  static constexpr std::size_t kMaxBytes = 64U << 20;      // of the whole file
  static constexpr std::size_t kMaxLineBytes = 64U << 10;  // of one line that is no comment
  static constexpr std::size_t kMaxLines = 1U << 20;
  static constexpr std::size_t kMaxProblems = 100;  // after these the rest of the file is not looked at

  // Reads a whole file's text. On failure, every problem found in it, in the order of the lines.
  // (Vedette refuses to start with any; the original stops at the first.)
  // Scripts that are not executable are problems too.
  static std::variant<File, std::vector<Problem>> parse(
      std::string_view text, IsExecutable is_executable = [](const std::string&) { return true; });

  // What the file means.
  const Configuration& configuration() const { return document_.configuration; }

  // Directives that only make sense for a data server: "save (line 12)".
  const std::vector<std::string>& ignored() const { return document_.ignored; }

  // Directives that were read and checked, but that nothing acts upon yet: "tls-port (line 3)".
  const std::vector<std::string>& not_yet_honoured() const { return document_.not_yet_honoured; }

  // The text of the file with `wanted` in it: the user's lines, order and comments are kept, a changed directive is
  // replaced in place, a new one is appended at the end under one generated header, and a directive that is gone is
  // dropped. Options equal to their default that the user did not write are not written. Parsing the result gives
  // `wanted`, but for the order of primaries, replicas and sentinels.
  // `wanted` must be within the limits and rules of `conf/values.h`: what was not read from a file must have been
  // checked by the same readers.
  std::string render(const SentinelSettings& wanted) const;

 private:
  explicit File(Document document) : document_(std::move(document)) {}

  Document document_;
};

}  // namespace vedette::conf
