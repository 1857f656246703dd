#include "node/acl/users.h"

#include <fmt/format.h>

#include "base/check.h"

namespace vedette::node::acl {
namespace {

std::string password_rule(std::string_view password) { return ">" + std::string(password); }

}  // namespace

Status check_user_name(std::string_view name) {
  if (name.empty()) return Error{"Usernames can't be empty"};
  if (has_blanks(name)) return Error{"Usernames can't contain spaces or null characters"};
  if (name.size() > kMaxUserNameBytes) return Error{fmt::format("Usernames take at most {} bytes", kMaxUserNameBytes)};
  return Ok{};
}

Users::Users(std::string_view default_password) {
  User user = User::everything();
  if (!default_password.empty()) {
    const std::vector<std::string> rules{password_rule(default_password)};
    static_cast<void>(user.apply(rules));
  }
  table_.emplace(kDefaultUser, std::move(user));
}

const User* Users::find(std::string_view name) const {
  const auto found = table_.find(name);
  return found == table_.end() ? nullptr : &found->second;
}

bool Users::authenticate(std::string_view name, std::string_view password) const {
  const User* user = find(name);
  return user != nullptr && user->enabled() && user->accepts(password);
}

Status Users::set(std::string_view name, Rules words) {
  if (const Status fits = check_user_name(name); !fits) return Error{"ERR " + fits.error().message};
  const auto rules = join_selectors(words);
  if (!rules) {
    return Error{fmt::format("ERR Unmatched parenthesis in acl selector starting at '{}'.", rules.error().message)};
  }
  const User* known = find(name);
  if (known == nullptr && table_.size() >= kMaxUsers) return Error{fmt::format("ERR more than {} users", kMaxUsers)};
  User changed = known == nullptr ? User() : *known;
  if (const auto error = changed.apply(*rules)) {
    return Error{fmt::format("ERR Error in ACL SETUSER modifier '{}': {}", error->rule, error->reason)};
  }
  table_.insert_or_assign(std::string(name), std::move(changed));
  return Ok{};
}

std::optional<RuleError> Users::define(std::string_view name, Rules words) {
  if (const Status fits = check_user_name(name); !fits) return RuleError{{}, fits.error().message};
  if (table_.size() >= kMaxUsers) return RuleError{{}, fmt::format("more than {} users", kMaxUsers)};
  const auto rules = join_selectors(words);
  if (!rules) return RuleError{rules.error().message, "Unmatched parenthesis"};
  User user;
  if (auto error = user.apply(*rules)) return error;
  table_.insert_or_assign(std::string(name), std::move(user));
  return std::nullopt;
}

bool Users::remove(std::string_view name) {
  VEDETTE_CHECK(name != kDefaultUser, "the default user stays");
  const auto found = table_.find(name);
  if (found == table_.end()) return false;
  table_.erase(found);
  return true;
}

}  // namespace vedette::node::acl
