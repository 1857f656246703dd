// `rename-command`: which command a client means by a word, where commands have other names than their own, or none.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace vedette::node {

class RenamedCommands {
 public:
  RenamedCommands() = default;

  // As the configuration has them: a command -> its new name, empty for none. Whatever the case.
  explicit RenamedCommands(const std::map<std::string, std::string>& renamed);

  // The command's own name; the word itself if nothing is known about it; empty if it names a command no longer.
  std::string_view own_name(std::string_view word) const;

 private:
  std::map<std::string, std::string> own_names_;  // by what clients say, both in lower case
};

}  // namespace vedette::node
