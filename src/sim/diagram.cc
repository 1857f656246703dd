#include "sim/diagram.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "resp/reply_decoder.h"
#include "sim/world.h"

namespace vedette::sim {
namespace {

constexpr std::size_t kShownOfAnId = 8;

// Semicolons end a statement of Mermaid, and `#` begins a character's code.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ';' || c == '#') {
      out += fmt::format("#{};", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::string short_id(const std::string& id) { return id.substr(0, kShownOfAnId); }

std::optional<std::string> describe_request(const std::vector<std::string>& words) {
  if (equals_ignoring_case(words[0], "REPLICAOF") || equals_ignoring_case(words[0], "SLAVEOF")) {
    return fmt::format("{}", fmt::join(words, " "));
  }
  const bool asks = words.size() == 6 && equals_ignoring_case(words[0], "SENTINEL") &&
                    equals_ignoring_case(words[1], "IS-MASTER-DOWN-BY-ADDR");
  if (asks && words[5] != "*") return fmt::format("vote for {} at epoch {}?", short_id(words[5]), words[4]);
  if (words.size() >= 2 && equals_ignoring_case(words[0], "SENTINEL") && !asks)
    return fmt::format("{}", fmt::join(words, " "));
  return std::nullopt;
}

// An answer to a question for a vote: 1, a run id, an epoch.
std::optional<std::string> describe_reply(const resp::Value& reply) {
  const auto& parts = reply.elements;
  const bool is_vote = parts.size() == 3 && parts[1].text.size() > kShownOfAnId;
  if (!is_vote) return std::nullopt;
  return fmt::format("my vote: {} at epoch {}", short_id(parts[1].text), parts[2].integer);
}

// A request is an array of bulk strings, and so looks like a reply.
std::optional<std::string> describe(std::string_view bytes) {
  std::vector<std::string> described;
  resp::ReplyDecoder decoder;
  decoder.feed(bytes);
  for (auto next = decoder.next(); next && *next; next = decoder.next()) {
    const resp::Value& value = **next;
    std::vector<std::string> words;
    for (const resp::Value& element : value.elements) {
      if (element.is(resp::Type::kBulkString)) words.push_back(element.text);
    }
    const bool is_request = !words.empty() && words.size() == value.elements.size();
    if (auto text = is_request ? describe_request(words) : describe_reply(value)) described.push_back(*std::move(text));
  }
  if (described.empty()) return std::nullopt;
  return fmt::format("{}", fmt::join(described, ", "));
}

std::string at(Instant now, std::string_view text) {
  const double seconds = std::chrono::duration<double>(now - Instant{}).count();
  return fmt::format("{:.3f} s {}", seconds, text);
}

}  // namespace

void Diagram::said(Instant now, std::string_view who, std::string_view what) {
  const bool is_event = what.starts_with("+") || what.starts_with("-") || who == World::kDeeds || who == "BROKEN";
  if (is_event) add({std::string(who), {}, at(now, what)});
}

void Diagram::sent(Instant now, std::string_view from, std::string_view to, std::string_view bytes) {
  if (auto text = describe(bytes)) add({std::string(from), std::string(to), at(now, *text)});
}

void Diagram::add(Entry entry) {
  entries_.push_back(std::move(entry));
  if (entries_.size() > kMaxEntries) entries_.pop_front();
}

std::string Diagram::text() const {
  std::vector<std::string> participants;
  const auto take_part = [&](const std::string& who) {
    const bool is_new = std::count(participants.begin(), participants.end(), who) == 0;
    if (!who.empty() && is_new) participants.push_back(who);
  };
  for (const Entry& entry : entries_) {
    take_part(entry.from);
    take_part(entry.to);
  }
  std::sort(participants.begin(), participants.end());
  std::string text = "sequenceDiagram\n";
  for (const std::string& who : participants) text += fmt::format("    participant {}\n", who);
  for (const Entry& entry : entries_) {
    if (entry.to.empty()) {
      text += fmt::format("    Note over {}: {}\n", entry.from, escaped(entry.text));
    } else {
      text += fmt::format("    {}->>{}: {}\n", entry.from, entry.to, escaped(entry.text));
    }
  }
  return text;
}

}  // namespace vedette::sim
