#include "sim/name_server.h"

namespace vedette::sim {

void NameServer::look_up(Process& asker, const std::string& name, Done done) {
  if (health_ == NameServerHealth::kDead) {
    asker.after(kTimeout, [done = std::move(done)] { done(Error{"Timeout while contacting DNS servers"}); });
    return;
  }
  asker.after(duration(), [this, name, done = std::move(done)] { done(answer(name)); });
}

Micros NameServer::duration() {
  return rng_.between(kShortestLookup, health_ == NameServerHealth::kSlow ? kLongestSlowLookup : kLongestLookup);
}

Result<std::vector<std::string>> NameServer::answer(const std::string& name) const {
  const auto found = names_.find(name);
  if (found == names_.end()) return Error{"Domain name not found"};
  return found->second;
}

}  // namespace vedette::sim
