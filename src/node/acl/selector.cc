#include "node/acl/selector.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.h"

namespace vedette::node::acl {
namespace {

const Error kBadPattern{"Syntax error"};

bool is_one_of(std::string_view rule, std::string_view a, std::string_view b) {
  return equals_ignoring_case(rule, a) || equals_ignoring_case(rule, b);
}

Error useless_pattern(std::string_view flag, std::string_view reset, std::string_view what) {
  return Error{
      fmt::format("Adding a pattern after the * pattern (or the '{}' flag) is not valid and does not have any effect. "
                  "Try '{}' to start with an empty list of {}",
                  flag, reset, what)};
}

}  // namespace

std::string KeyPattern::text() const {
  if (reads && writes) return fmt::format("~{}", pattern);
  return fmt::format("%{}~{}", reads ? "R" : "W", pattern);
}

Status Selector::apply(std::string_view rule) {
  if (rule.empty()) return Ok{};
  if (is_one_of(rule, "allkeys", "~*")) {
    all_keys_ = true;
    keys_.clear();
  } else if (equals_ignoring_case(rule, "resetkeys")) {
    all_keys_ = false;
    keys_.clear();
  } else if (is_one_of(rule, "allchannels", "&*")) {
    all_channels_ = true;
    channels_.clear();
  } else if (equals_ignoring_case(rule, "resetchannels")) {
    all_channels_ = false;
    channels_.clear();
  } else if (rule.front() == '~') {
    return add_key({.pattern = std::string(rule.substr(1))});
  } else if (rule.front() == '%') {
    return add_key_with_permissions(rule);
  } else if (rule.front() == '&') {
    return add_channel(rule.substr(1));
  } else {
    return commands_.add(rule);
  }
  return Ok{};
}

Status Selector::add_key(KeyPattern added) {
  if (has_blanks(added.pattern)) return kBadPattern;
  if (all_keys_) return useless_pattern("allkeys", "resetkeys", "patterns");
  const auto known =
      std::find_if(keys_.begin(), keys_.end(), [&](const KeyPattern& key) { return key.pattern == added.pattern; });
  KeyPattern& key = known == keys_.end() ? keys_.emplace_back(added) : *known;
  key.reads |= added.reads;
  key.writes |= added.writes;
  if (key.pattern == "*" && key.reads && key.writes) return apply("allkeys");
  return Ok{};
}

// %R~pattern, %W~pattern, %RW~pattern
Status Selector::add_key_with_permissions(std::string_view rule) {
  KeyPattern key{.reads = false, .writes = false, .pattern = {}};
  std::size_t i = 1;
  for (; i < rule.size() && rule[i] != '~'; ++i) {
    const char letter = ascii_upper(rule[i]);
    bool* permission = letter == 'R' ? &key.reads : letter == 'W' ? &key.writes : nullptr;
    if (permission == nullptr || *permission) return kBadPattern;
    *permission = true;
  }
  if (!key.reads && !key.writes) return kBadPattern;
  if (i < rule.size()) key.pattern = rule.substr(i + 1);
  return add_key(std::move(key));
}

Status Selector::add_channel(std::string_view pattern) {
  if (has_blanks(pattern)) return kBadPattern;
  if (all_channels_) return useless_pattern("allchannels", "resetchannels", "channels");
  if (!allows_pattern(pattern)) channels_.emplace_back(pattern);
  return Ok{};
}

std::optional<Denial> Selector::check(const Command& called, std::span<const std::string> words) const {
  if (!commands_.allow(called, words)) return Denial{Denial::Reason::kCommand, 0, std::string(called.name)};
  if (called.channels == ChannelUse::kNone) return std::nullopt;
  const std::size_t end = called.channels == ChannelUse::kFirst ? std::min<std::size_t>(2, words.size()) : words.size();
  for (std::size_t i = 1; i < end; ++i) {
    const bool allowed = called.channels == ChannelUse::kPatterns ? allows_pattern(words[i]) : allows_channel(words[i]);
    if (!allowed) return Denial{Denial::Reason::kChannel, i, words[i]};
  }
  return std::nullopt;
}

bool Selector::allows_channel(std::string_view channel) const {
  return all_channels_ || std::any_of(channels_.begin(), channels_.end(),
                                      [&](const std::string& pattern) { return glob_matches(pattern, channel); });
}

bool Selector::allows_pattern(std::string_view pattern) const {
  return all_channels_ || std::find(channels_.begin(), channels_.end(), pattern) != channels_.end();
}

std::string Selector::keys_text() const {
  if (all_keys_) return "~*";
  std::vector<std::string> texts;
  for (const KeyPattern& key : keys_) texts.push_back(key.text());
  return fmt::format("{}", fmt::join(texts, " "));
}

std::string Selector::channels_text() const {
  if (all_channels_) return "&*";
  std::vector<std::string> texts;
  for (const std::string& channel : channels_) texts.push_back("&" + channel);
  return fmt::format("{}", fmt::join(texts, " "));
}

std::string Selector::text() const {
  std::string text = keys_text();
  if (!text.empty()) text += ' ';
  if (!all_channels_) text += "resetchannels ";
  const std::string channels = channels_text();
  if (!channels.empty()) text += channels + ' ';
  return text + commands_.text();
}

}  // namespace vedette::node::acl
