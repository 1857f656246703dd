#include "node/acl/command_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "node/commands.h"

namespace vedette::node::acl {
namespace {

const Error kUnknownName{"Unknown command or category name in ACL"};
const Error kBadCommandRule{"Syntax error"};

Result<CommandRule> read_category_rule(bool allows, std::string_view word) {
  const std::string name = to_lower(word);
  if (name == "all") return CommandRule{.allows = allows};
  const auto found = std::find(kCategoryWords.begin(), kCategoryWords.end(), name);
  if (found == kCategoryWords.end()) return kUnknownName;
  const auto category = static_cast<Category>(found - kCategoryWords.begin());
  return CommandRule{.allows = allows, .scope = CommandRule::Scope::kCategory, .category = only(category)};
}

// A word after the bar that is no subcommand stands for the first argument, which only an allowance may name.
Result<CommandRule> read_first_argument_rule(std::string_view word) {
  const std::size_t bar = word.rfind('|');
  const std::string_view argument = word.substr(bar + 1);
  if (argument.empty() || has_blanks(argument)) return kBadCommandRule;
  const Command* command = find_command(word.substr(0, bar));
  if (command == nullptr || !command->subcommands.empty()) return kUnknownName;
  if (command->name.find('|') != std::string_view::npos) {
    return Error{"Allowing first-arg of a subcommand is not supported"};
  }
  return CommandRule{.allows = true,
                     .scope = CommandRule::Scope::kFirstArgument,
                     .command = std::string(command->name),
                     .argument = std::string(argument)};
}

Result<CommandRule> read_command_rule(bool allows, std::string_view word) {
  if (const Command* command = find_command(word)) {
    return CommandRule{.allows = allows, .scope = CommandRule::Scope::kCommand, .command = std::string(command->name)};
  }
  if (allows && word.find('|') != std::string_view::npos) return read_first_argument_rule(word);
  return kUnknownName;
}

Result<CommandRule> read_rule(std::string_view rule) {
  if (equals_ignoring_case(rule, "allcommands")) return CommandRule{.allows = true};
  if (equals_ignoring_case(rule, "nocommands")) return CommandRule{};
  if (rule.empty() || (rule.front() != '+' && rule.front() != '-')) return kBadCommandRule;
  const bool allows = rule.front() == '+';
  const std::string_view word = rule.substr(1);
  return word.starts_with('@') ? read_category_rule(allows, word.substr(1)) : read_command_rule(allows, word);
}

// Is it the command itself, or a subcommand of it?
bool belongs_to(std::string_view called, std::string_view command) {
  return called.starts_with(command) && (called.size() == command.size() || called[command.size()] == '|');
}

}  // namespace

bool has_blanks(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return is_space(c) || c == '\0'; });
}

bool CommandRule::speaks_of(const Command& called, std::span<const std::string> words) const {
  switch (scope) {
    case Scope::kAll:
      return true;
    case Scope::kCategory:
      return (called.categories() & category) != 0;
    case Scope::kCommand:
      return belongs_to(called.name, command);
    case Scope::kFirstArgument:
      return called.name == command && words.size() > 1 && equals_ignoring_case(words[1], argument);
  }
  return false;
}

bool CommandRule::makes_void(const CommandRule& earlier) const {
  switch (scope) {
    case Scope::kAll:
      return true;
    case Scope::kCategory:
      return earlier.category == category;
    case Scope::kCommand:
      return earlier.scope >= Scope::kCommand && belongs_to(earlier.command, command);
    case Scope::kFirstArgument:
      return earlier.scope == scope && earlier.command == command && equals_ignoring_case(earlier.argument, argument);
  }
  return false;
}

std::string CommandRule::text() const {
  const char sign = allows ? '+' : '-';
  switch (scope) {
    case Scope::kAll:
      return fmt::format("{}@all", sign);
    case Scope::kCategory: {
      std::size_t index = 0;
      while (only(static_cast<Category>(index)) != category) ++index;
      return fmt::format("{}@{}", sign, kCategoryWords.at(index));
    }
    case Scope::kCommand:
      return fmt::format("{}{}", sign, command);
    case Scope::kFirstArgument:
      return fmt::format("{}{}|{}", sign, command, argument);
  }
  return {};
}

Status CommandRules::add(std::string_view rule) {
  auto added = read_rule(rule);
  if (!added) return added.error();
  rules_.erase(std::remove_if(rules_.begin(), rules_.end(),
                              [&](const CommandRule& earlier) { return added->makes_void(earlier); }),
               rules_.end());
  rules_.push_back(*std::move(added));
  return Ok{};
}

bool CommandRules::allow(const Command& called, std::span<const std::string> words) const {
  const auto decisive = std::find_if(rules_.rbegin(), rules_.rend(),
                                     [&](const CommandRule& rule) { return rule.speaks_of(called, words); });
  return decisive->allows;
}

std::string CommandRules::text() const {
  std::string text;
  for (const CommandRule& rule : rules_) {
    if (!text.empty()) text += ' ';
    text += rule.text();
  }
  return text;
}

}  // namespace vedette::node::acl
