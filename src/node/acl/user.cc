#include "node/acl/user.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/secret.h"
#include "base/sha256.h"
#include "base/text.h"

namespace vedette::node::acl {
namespace {

constexpr std::size_t kHashDigits = 64;

const Error kBadRule{"Syntax error"};

bool is_password_rule(std::string_view rule) {
  return !rule.empty() && std::string_view("><#!").find(rule.front()) != std::string_view::npos;
}

Result<std::string> read_hash(std::string_view word) {
  const bool is_hash = word.size() == kHashDigits && std::all_of(word.begin(), word.end(), [](char c) {
                         return is_hex_digit(c) && c == ascii_lower(c);
                       });
  if (is_hash) return std::string(word);
  return Error{"The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters"};
}

// The first denial, but that of a selector which the request all but passed says more.
void keep_nearest(std::optional<Denial>& nearest, Denial denial) {
  if (!nearest || denial.is_nearer_than(*nearest)) nearest = std::move(denial);
}

}  // namespace

Result<std::vector<std::string>> join_selectors(Rules words) {
  std::vector<std::string> rules;
  std::optional<std::string> opened;
  std::string first_word;
  for (const std::string& word : words) {
    const bool opens = word.starts_with('(') && !word.ends_with(')');
    if (opens) {
      first_word = word;
      opened = word;
    } else if (opened) {
      *opened += ' ' + word;
      if (!word.ends_with(')')) continue;
      rules.push_back(*std::exchange(opened, std::nullopt));
    } else {
      rules.push_back(word);
    }
  }
  if (opened) return Error{first_word};
  return rules;
}

std::string RuleError::shown_rule() const { return is_password_rule(rule) ? rule.substr(0, 1) + "..." : rule; }

User User::everything() {
  User user;
  const std::array<std::string, 5> rules{"on", "nopass", "~*", "&*", "+@all"};
  static_cast<void>(user.apply(rules));
  return user;
}

std::optional<RuleError> User::apply(Rules rules) {
  for (const std::string& rule : rules) {
    if (rule.size() > kMaxRuleBytes) return RuleError{{}, fmt::format("A rule takes at most {} bytes", kMaxRuleBytes)};
    if (const Status applied = apply_rule(rule); !applied) return RuleError{rule, applied.error().message};
  }
  if (text().size() <= kMaxUserBytes) return std::nullopt;
  return RuleError{{}, fmt::format("All rules of a user take at most {} bytes", kMaxUserBytes)};
}

Status User::apply_rule(std::string_view rule) {
  if (rule.empty() || apply_flag(rule)) return Ok{};
  if (is_password_rule(rule)) return apply_password(rule);
  if (rule.front() == '(') return add_selector(rule);
  return root_.apply(rule);
}

bool User::apply_flag(std::string_view rule) {
  const std::string flag = to_lower(rule);
  if (flag == "on" || flag == "off") {
    enabled_ = flag == "on";
  } else if (flag == "nopass" || flag == "resetpass") {
    needs_no_password_ = flag == "nopass";
    password_hashes_.clear();
  } else if (flag == "sanitize-payload" || flag == "skip-sanitize-payload") {
    sanitizes_payload_ = flag == "sanitize-payload";
  } else if (flag == "clearselectors") {
    selectors_.clear();
  } else if (flag == "reset") {
    reset();
  } else {
    return false;
  }
  return true;
}

void User::reset() {
  *this = User();
  sanitizes_payload_ = true;
}

// >password and #hash add one, <password and !hash take it away.
Status User::apply_password(std::string_view rule) {
  const bool is_plain = rule.front() == '>' || rule.front() == '<';
  const bool adds = rule.front() == '>' || rule.front() == '#';
  const auto hash = is_plain ? Result<std::string>(sha256_hex(rule.substr(1))) : read_hash(rule.substr(1));
  if (!hash) return hash.error();
  const auto known = std::find(password_hashes_.begin(), password_hashes_.end(), *hash);
  if (adds) {
    if (known == password_hashes_.end()) password_hashes_.push_back(*hash);
    needs_no_password_ = false;
    return Ok{};
  }
  if (known == password_hashes_.end()) {
    return Error{"The password you are trying to remove from the user does not exist"};
  }
  password_hashes_.erase(known);
  return Ok{};
}

Status User::add_selector(std::string_view rule) {
  if (!rule.ends_with(')')) return kBadRule;
  Selector selector;
  for (const std::string_view word : split(rule.substr(1, rule.size() - 2), ' ')) {
    if (word.ends_with(')')) return kBadRule;  // in a file it would end the selector
    if (const Status applied = selector.apply(word); !applied) return applied.error();
  }
  selectors_.push_back(std::move(selector));
  return Ok{};
}

bool User::accepts(std::string_view password) const {
  if (needs_no_password_) return true;
  const std::string offered = sha256_hex(password);
  bool fits = false;
  for (const std::string& hash : password_hashes_) fits |= equals_in_constant_time(offered, hash);
  return fits;
}

std::optional<Denial> User::check(const Command& called, std::span<const std::string> words) const {
  std::optional<Denial> nearest = root_.check(called, words);
  if (!nearest) return std::nullopt;
  for (const Selector& selector : selectors_) {
    auto denial = selector.check(called, words);
    if (!denial) return std::nullopt;
    keep_nearest(nearest, *std::move(denial));
  }
  return nearest;
}

bool User::allows_channel(std::string_view channel) const {
  return root_.allows_channel(channel) || std::any_of(selectors_.begin(), selectors_.end(),
                                                      [&](const Selector& one) { return one.allows_channel(channel); });
}

bool User::allows_pattern(std::string_view pattern) const {
  return root_.allows_pattern(pattern) || std::any_of(selectors_.begin(), selectors_.end(),
                                                      [&](const Selector& one) { return one.allows_pattern(pattern); });
}

std::vector<std::string_view> User::flags() const {
  std::vector<std::string_view> flags{enabled_ ? "on" : "off"};
  if (needs_no_password_) flags.emplace_back("nopass");
  if (sanitizes_payload_) flags.emplace_back(*sanitizes_payload_ ? "sanitize-payload" : "skip-sanitize-payload");
  return flags;
}

std::string User::text() const {
  std::string text;
  for (const std::string_view flag : flags()) text += fmt::format("{} ", flag);
  for (const std::string& hash : password_hashes_) text += fmt::format("#{} ", hash);
  text += root_.text();
  for (const Selector& selector : selectors_) text += fmt::format(" ({})", selector.text());
  return text;
}

}  // namespace vedette::node::acl
