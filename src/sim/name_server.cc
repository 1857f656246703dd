#include "sim/name_server.h"

namespace vedette::sim {

void NameServer::look_up(Process& asker, const std::string& name, Done done) {
  if (health_ == NameServerHealth::kDead) {
    asker.after(kTimeout, [done = std::move(done)] { done(Error{"Timeout while contacting DNS servers"}); });
    return;
  }
  asker.after(duration(), [this, name, done = std::move(done)] { done(answer(name)); });
}

void NameServer::mislead(const std::string& name, const std::string& ip) {
  if (ip.empty()) {
    misled_.erase(name);
  } else {
    misled_[name] = ip;
  }
}

Micros NameServer::duration() {
  return rng_.between(kShortestLookup, health_ == NameServerHealth::kSlow ? kLongestSlowLookup : kLongestLookup);
}

Result<std::vector<std::string>> NameServer::answer(const std::string& name) const {
  if (const auto misled = misled_.find(name); misled != misled_.end()) return std::vector{misled->second};
  const auto found = names_.find(name);
  if (found == names_.end()) return std::vector<std::string>{};
  return found->second;
}

}  // namespace vedette::sim
