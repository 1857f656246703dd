// Who listens to which channels and patterns. A directory only: it sends nothing and knows no protocol.
//
// Every walk is ordered, so that messages go out in the same order in every run.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "node/ports.h"

namespace vedette::node {

// Listeners by topic and topics by listener. A topic is a channel's name or a pattern.
class Topics {
 public:
  using Listeners = std::set<ConnectionId>;

  bool add(ConnectionId listener, const std::string& topic);     // false: it listens to it already
  bool remove(ConnectionId listener, const std::string& topic);  // false: it did not listen to it
  void drop(ConnectionId listener);

  std::vector<std::string> of(ConnectionId listener) const;  // sorted
  std::size_t count(ConnectionId listener) const;
  std::size_t bytes(ConnectionId listener) const;  // of the names of its topics

  const std::map<std::string, Listeners, std::less<>>& all() const { return listeners_; }

 private:
  struct Subscriptions {
    std::set<std::string> topics;
    std::size_t bytes = 0;
  };
  void forget(const std::string& topic, ConnectionId listener);

  std::map<std::string, Listeners, std::less<>> listeners_;
  std::map<ConnectionId, Subscriptions> subscriptions_;
};

// Listeners that get a message in the same form.
struct Audience {
  std::optional<std::string> pattern;  // nullopt: they listen to the channel itself
  std::vector<ConnectionId> listeners;
};

struct PubSub {
  Topics channels;
  Topics patterns;

  std::size_t count(ConnectionId listener) const { return channels.count(listener) + patterns.count(listener); }
  std::size_t bytes(ConnectionId listener) const { return channels.bytes(listener) + patterns.bytes(listener); }
  void drop(ConnectionId listener);

  // In the order in which they are to be served: the channel's own listeners come first.
  std::vector<Audience> audiences_of(std::string_view channel) const;
};

}  // namespace vedette::node
