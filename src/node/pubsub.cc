#include "node/pubsub.h"

#include "base/text.h"

namespace vedette::node {

bool Topics::add(ConnectionId listener, const std::string& topic) {
  Subscriptions& mine = subscriptions_[listener];
  if (!mine.topics.insert(topic).second) return false;
  mine.bytes += topic.size();
  listeners_[topic].insert(listener);
  return true;
}

bool Topics::remove(ConnectionId listener, const std::string& topic) {
  const auto mine = subscriptions_.find(listener);
  if (mine == subscriptions_.end() || mine->second.topics.erase(topic) == 0) return false;
  mine->second.bytes -= topic.size();
  if (mine->second.topics.empty()) subscriptions_.erase(mine);
  forget(topic, listener);
  return true;
}

void Topics::drop(ConnectionId listener) {
  const auto mine = subscriptions_.extract(listener);
  if (mine.empty()) return;
  for (const std::string& topic : mine.mapped().topics) forget(topic, listener);
}

void Topics::forget(const std::string& topic, ConnectionId listener) {
  const auto listeners = listeners_.find(topic);
  listeners->second.erase(listener);
  if (listeners->second.empty()) listeners_.erase(listeners);
}

std::vector<std::string> Topics::of(ConnectionId listener) const {
  const auto mine = subscriptions_.find(listener);
  if (mine == subscriptions_.end()) return {};
  return {mine->second.topics.begin(), mine->second.topics.end()};
}

std::size_t Topics::count(ConnectionId listener) const {
  const auto mine = subscriptions_.find(listener);
  return mine == subscriptions_.end() ? 0 : mine->second.topics.size();
}

std::size_t Topics::bytes(ConnectionId listener) const {
  const auto mine = subscriptions_.find(listener);
  return mine == subscriptions_.end() ? 0 : mine->second.bytes;
}

void PubSub::drop(ConnectionId listener) {
  channels.drop(listener);
  patterns.drop(listener);
}

std::vector<Audience> PubSub::audiences_of(std::string_view channel) const {
  std::vector<Audience> audiences;
  if (const auto found = channels.all().find(channel); found != channels.all().end()) {
    audiences.push_back({std::nullopt, {found->second.begin(), found->second.end()}});
  }
  for (const auto& [pattern, listeners] : patterns.all()) {
    if (glob_matches(pattern, channel)) audiences.push_back({pattern, {listeners.begin(), listeners.end()}});
  }
  return audiences;
}

}  // namespace vedette::node
