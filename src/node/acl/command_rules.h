// Which commands a user may run: a list of rules such as `-@all +@pubsub +sentinel|masters -subscribe`, of which the
// last one that speaks of a command decides.
//
// The rules are kept as they were given, without those that a later one makes void. They always begin with one about
// all commands, so there always is one that decides.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "node/command.h"

namespace vedette::node::acl {

// Blanks would end a word of a file, and a NUL the whole line.
bool has_blanks(std::string_view text);

struct CommandRule {
  enum class Scope : std::uint8_t { kAll, kCategory, kCommand, kFirstArgument };

  bool allows = false;
  Scope scope = Scope::kAll;
  Categories category = 0;    // of kCategory
  std::string command = {};   // of kCommand and kFirstArgument, as the table has it: "client|list"
  std::string argument = {};  // of kFirstArgument

  bool speaks_of(const Command& called, std::span<const std::string> words) const;
  bool makes_void(const CommandRule& earlier) const;
  std::string text() const;

  bool operator==(const CommandRule&) const = default;
};

class CommandRules {
 public:
  // `+ping`, `-@admin`, `+sentinel|masters`, `+info|server`, `allcommands`; whatever the case.
  Status add(std::string_view rule);

  // `words` are the request, the command's name among them.
  bool allow(const Command& called, std::span<const std::string> words) const;

  std::string text() const;

  bool operator==(const CommandRules&) const = default;

 private:
  std::vector<CommandRule> rules_{CommandRule{}};
};

}  // namespace vedette::node::acl
