// A selector: a set of permissions that together allow a request, to run the command and to use its channels. A user
// has one of their own and any number of further ones, written in parentheses.
//
// Patterns for keys are kept, so that files of data servers' users and habits work, but a sentinel has no keys.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "node/acl/command_rules.h"

namespace vedette::node::acl {

// Why a request is refused.
struct Denial {
  enum class Reason : std::uint8_t { kCommand, kChannel };

  Reason reason = Reason::kCommand;
  std::size_t position = 0;  // of the word that was refused
  std::string object;        // the command or the channel

  // Whether this one came further than the other before it was refused.
  bool is_nearer_than(const Denial& other) const {
    return reason != other.reason ? reason > other.reason : position > other.position;
  }
};

struct KeyPattern {
  bool reads = true;
  bool writes = true;
  std::string pattern;

  std::string text() const;
  bool operator==(const KeyPattern&) const = default;
};

class Selector {
 public:
  // One rule: of commands, `~pattern`, `%R~pattern`, `&pattern`, `allkeys`, `resetchannels`...
  Status apply(std::string_view rule);

  std::optional<Denial> check(const Command& called, std::span<const std::string> words) const;

  // Whether one may listen to or speak on a channel; a pattern only where it is allowed literally.
  bool allows_channel(std::string_view channel) const;
  bool allows_pattern(std::string_view pattern) const;

  // What ACL GETUSER tells.
  std::string commands_text() const { return commands_.text(); }
  std::string keys_text() const;
  std::string channels_text() const;

  // The rules that make it, as in ACL LIST.
  std::string text() const;

  bool operator==(const Selector&) const = default;

 private:
  Status add_key(KeyPattern added);
  Status add_key_with_permissions(std::string_view rule);
  Status add_channel(std::string_view pattern);

  CommandRules commands_;
  bool all_keys_ = false;
  std::vector<KeyPattern> keys_;
  bool all_channels_ = false;
  std::vector<std::string> channels_;
};

}  // namespace vedette::node::acl
