// That fleets which watch groups of their own never mix, and who is meant by an address where servers may take each
// other's.
#include <fmt/format.h>

#include <algorithm>

#include "sim/checker.h"

namespace vedette::sim {

unsigned Checker::fleet_at(const std::string& host) const {
  const auto known = fleets_.find(host);
  return known == fleets_.end() ? 0 : known->second;
}

void Checker::know_host(const std::string& host, const std::string& name, unsigned fleet) {
  names_[host][fleet] = name;
  residents_[host] = {name, fleet};
  let_go(name);
}

void Checker::let_go(const std::string& server) {
  std::erase_if(taken_in_, [&](const auto& entry) { return entry.first == server; });
}

bool Checker::is_taken_in_at(const std::string& host, unsigned fleet) const {
  const auto resident = residents_.find(host);
  return resident != residents_.end() && has_taken_in(resident->second.name, fleet);
}

Watched Checker::watched(const SentinelProcess& sentinel, const core::Primary& primary) const {
  return {fleet_at(sentinel.host()), primary.name};
}

Address Checker::identity(unsigned fleet, const Address& address) const {
  const auto known = names_.find(address.host);
  if (known == names_.end()) return address;
  const auto own = known->second.find(fleet);
  return {(own == known->second.end() ? known->second.begin() : own)->second, address.port};
}

// Of who lives there: what is said to have happened there happened to him.
const Checker::AskRole* Checker::role_at(unsigned fleet, const Address& address) const {
  const auto resident = residents_.find(address.host);
  auto role = roles_.end();
  if (resident != residents_.end()) role = roles_.find({resident->second.name, address.port});
  if (role == roles_.end()) role = roles_.find(identity(fleet, address));
  return role == roles_.end() ? nullptr : &role->second;
}

void Checker::judge(bool of_stock, const std::string& what) {
  if (of_stock || stock_has_mixed_groups_) {
    tell_anomaly(what);
  } else {
    broken_(what);
  }
}

void Checker::stock_mixed_groups(const std::string& what) {
  stock_has_mixed_groups_ = true;
  tell_anomaly(what);
}

void Checker::check_voters(const SentinelProcess& sentinel, const core::Primary& primary) {
  const core::State& state = *sentinel.state();
  const unsigned fleet = fleet_at(sentinel.host());
  for (const auto& [id, voter] : primary.sentinels) {
    const auto peer = state.peers.find(voter.peer);
    if (peer == state.peers.end() || fleet_at(peer->second.address.host) == fleet) continue;
    if (!mixed_voters_.insert({sentinel.name(), id}).second) continue;
    judge(false, fmt::format("the voters of two groups mix: {} counts {} among those of {}", sentinel.name(),
                             to_string(peer->second.address), primary.name));
  }
}

// At this address no server of the fleet has ever lived; or one of another fleet lives there now, and it is that
// fleet's configuration.
bool Checker::is_of_another_fleet(const Watched& primary, Epoch epoch, const Address& configured) const {
  const auto known = names_.find(configured.host);
  if (known == names_.end() || is_taken_in_at(configured.host, primary.fleet)) return false;
  if (!known->second.contains(primary.fleet)) return true;
  if (residents_.at(configured.host).fleet == primary.fleet) return false;
  return std::any_of(configurations_.begin(), configurations_.end(), [&](const auto& entry) {
    return entry.first.first.fleet != primary.fleet && entry.first.second == epoch && entry.second.said == configured;
  });
}

void Checker::tell_of_foreign_configuration(const std::string& who, const Watched& primary, Epoch epoch,
                                            const Address& server) {
  const auto leader = leaders_.find({primary, epoch});
  const bool of_stock = leader != leaders_.end() && leader->second.stock;
  judge(of_stock, fmt::format("a configuration names another group's server: that of epoch {} of {}, on {}, {}",
                              to_number(epoch), primary.primary, who, to_string(server)));
}

void Checker::stock_adopted(const Watched& primary, Epoch epoch, const Address& address) {
  if (!is_of_another_fleet(primary, epoch, address)) return;
  stock_mixed_groups(fmt::format("a sentinel of the original's kind takes {} for the primary of {}, which is another's",
                                 to_string(identity(primary.fleet, address)), primary.primary));
}

}  // namespace vedette::sim
