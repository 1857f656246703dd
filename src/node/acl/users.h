// All users by their names. There always is one called `default`: who connects is this one, if it needs no password.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "node/acl/user.h"

namespace vedette::node::acl {

inline constexpr std::string_view kDefaultUser = "default";
inline constexpr std::size_t kMaxUsers = 10'000;

class Users {
 public:
  using Table = std::map<std::string, User, std::less<>>;

  // The default user alone, with all rights. An empty password: none is needed.
  explicit Users(std::string_view default_password = {});

  const Table& all() const { return table_; }
  const User* find(std::string_view name) const;
  const User& default_user() const { return table_.find(kDefaultUser)->second; }

  // Whether clients may do something before they say who they are.
  bool are_let_in() const { return default_user().enabled() && default_user().needs_no_password(); }

  bool authenticate(std::string_view name, std::string_view password) const;

  // ACL SETUSER: makes or changes a user, or nothing at all. The error is what the client is told.
  Status set(std::string_view name, Rules words);

  // A user as a file has it: made anew, or nothing at all.
  std::optional<RuleError> define(std::string_view name, Rules words);

  // False: there is none. The default user must not be removed.
  bool remove(std::string_view name);

 private:
  Table table_;
};

// Why no user can have this name.
Status check_user_name(std::string_view name);

}  // namespace vedette::node::acl
