#include "node/renamed_commands.h"

#include "base/text.h"

namespace vedette::node {

// A name that one command loses may be that of another: names are given after all old ones are taken.
RenamedCommands::RenamedCommands(const std::map<std::string, std::string>& renamed) {
  for (const auto& [own, given] : renamed) own_names_.emplace(to_lower(own), "");
  for (const auto& [own, given] : renamed) {
    if (!given.empty()) own_names_[to_lower(given)] = to_lower(own);
  }
}

std::string_view RenamedCommands::own_name(std::string_view word) const {
  if (own_names_.empty()) return word;
  const auto found = own_names_.find(to_lower(word));
  return found == own_names_.end() ? word : found->second;
}

}  // namespace vedette::node
