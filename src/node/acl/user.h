// A user: whether they may come in and how, and what they may do.
//
// A user is made by rules, one word each, applied one after the other: `on >secret ~* &+* -@all +@pubsub`. Passwords
// are kept as their hashes only.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "node/acl/selector.h"

namespace vedette::node::acl {

using Rules = std::span<const std::string>;

// Written to a sentinel.conf, the user must fit into a line of it and each rule into a value, all quoted and escaped.
inline constexpr std::size_t kMaxUserBytes = 14'000;
inline constexpr std::size_t kMaxRuleBytes = 8'000;
inline constexpr std::size_t kMaxUserNameBytes = 255;

// A rule that cannot be applied, and why.
struct RuleError {
  std::string rule;
  std::string reason;

  // Fit for a log: passwords are left out.
  std::string shown_rule() const;
};

// Rules in which a selector takes one word, though its author may have used several: `(+ping` `~x)` is `(+ping ~x)`.
// Fails with the word that opens a parenthesis which nothing closes.
Result<std::vector<std::string>> join_selectors(Rules words);

class User {
 public:
  // May do nothing, and not even come in.
  User() = default;

  // May do everything, without a password.
  static User everything();

  // Applies all rules, selectors joined. On failure the user is half changed, and to be thrown away.
  std::optional<RuleError> apply(Rules rules);

  bool enabled() const { return enabled_; }
  bool needs_no_password() const { return needs_no_password_; }

  // In a time that does not depend on how much of a password is right.
  bool accepts(std::string_view password) const;

  std::optional<Denial> check(const Command& called, std::span<const std::string> words) const;
  bool allows_channel(std::string_view channel) const;
  bool allows_pattern(std::string_view pattern) const;

  // What ACL GETUSER tells.
  std::vector<std::string_view> flags() const;
  const std::vector<std::string>& password_hashes() const { return password_hashes_; }
  const Selector& root() const { return root_; }
  const std::vector<Selector>& selectors() const { return selectors_; }

  // The rules that make it out of a new user, as in ACL LIST: one word each but for selectors, parted by blanks.
  std::string text() const;

  bool operator==(const User&) const = default;

 private:
  Status apply_rule(std::string_view rule);
  bool apply_flag(std::string_view rule);  // false: it is none
  Status apply_password(std::string_view rule);
  Status add_selector(std::string_view rule);
  void reset();

  bool enabled_ = false;
  bool needs_no_password_ = false;
  std::optional<bool> sanitizes_payload_;  // about a command of data servers; kept
  std::vector<std::string> password_hashes_;
  Selector root_;
  std::vector<Selector> selectors_;
};

}  // namespace vedette::node::acl
