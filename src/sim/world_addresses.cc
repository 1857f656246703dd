// Who lives where in a simulated world: servers that move, or come up at the address of another that is dead, and the
// orders that sentinels give to whom they take them for.
#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "sim/world.h"

namespace vedette::sim {
namespace {

std::string new_server_host(unsigned number) { return fmt::format("10.6.{}.{}", number / 250, number % 250 + 1); }

}  // namespace

std::string_view word_for(Neighbours neighbours) {
  switch (neighbours) {
    case Neighbours::kNone:
      return "none";
    case Neighbours::kSameName:
      return "same-name";
    case Neighbours::kOtherName:
      return "other-name";
  }
  return "none";
}

std::optional<Neighbours> parse_neighbours(std::string_view word) {
  for (const Neighbours neighbours : {Neighbours::kNone, Neighbours::kSameName, Neighbours::kOtherName}) {
    if (word == word_for(neighbours)) return neighbours;
  }
  return std::nullopt;
}

// --- Addresses ---

RedisServer* World::server_named(std::string_view name) const {
  for (const Group& group : groups_) {
    for (RedisServer* server : group.servers) {
      if (server->name() == name) return server;
    }
  }
  return nullptr;
}

const Group& World::group_of(const RedisServer& server) const {
  const auto found = std::find_if(groups_.begin(), groups_.end(), [&](const Group& group) {
    return std::count(group.servers.begin(), group.servers.end(), &server) > 0;
  });
  VEDETTE_CHECK(found != groups_.end(), "every server is of a group");
  return *found;
}

const RedisServer* World::resident_at(const Address& address) const {
  for (const Group& group : groups_) {
    for (const RedisServer* server : group.servers) {
      if (server->alive() && is_of(*server, address)) return server;
    }
  }
  return nullptr;
}

std::string World::own_host(const RedisServer& server) const {
  const auto guest = guests_.find(server.name());
  return guest == guests_.end() ? server.host() : guest->second.home;
}

bool World::is_taken(const std::string& host) const { return resident_at({host, RedisServer::kPort}) != nullptr; }

bool World::is_free(const RedisServer& server) const { return !is_taken(own_host(server)); }

// Who is not told to take another's address, or a new one, lives at its own.
bool World::find_address(RedisServer& server, const Restart& restart) {
  const std::string own = own_host(server);
  std::string host = own;
  if (restart.moved) host = new_server_host(moves_++);
  if (!restart.at.empty()) host = own_host(*server_named(restart.at));
  if (is_taken(host)) return false;
  if (host == own || restart.moved) {
    go_home(server);
  } else {
    guests_.try_emplace(server.name(), Guest{own, server.configured_follows()});
    ++address_reuses_;
  }
  checker_.know_host(host, server.name(), group_of(server).fleet);
  if (host == server.host()) return true;
  server.move_to(host);
  lead_name_later(server);
  return true;
}

void World::lead_name_later(const RedisServer& server) {
  queue_.after(kNameLag, [this, &server, host = server.host()] {
    if (server.host() == host) name_server_.set(server.name(), {host});
  });
}

void World::send_guests_home() {
  const auto guests = guests_;
  for (const auto& [name, guest] : guests) server_named(name)->crash();
}

// Its data are another group's, since it was turned without evidence.
bool World::is_astray(const RedisServer& server) const {
  const std::set<unsigned> fleets = owners(server);
  return !fleets.empty() && !fleets.contains(group_of(server).fleet);
}

// A guest led its group from an address at which another group's server lives now: its configuration says so still.
bool World::is_misled(const RedisServer& server, const Group& group) const {
  return server.follows() && std::none_of(group.servers.begin(), group.servers.end(),
                                          [&](const RedisServer* one) { return is_of(*one, *server.follows()); });
}

// No sentinel can put these right; their operators do, as they would when they are told: as replicas of whoever has
// most of the group's data.
void World::give_back_servers() {
  for (const Group& group : groups_) {
    const RedisServer* leader =
        *std::max_element(group.servers.begin(), group.servers.end(), [&](const auto* one, const auto* other) {
          const auto kept = [&](const RedisServer& server) { return is_astray(server) ? 0 : server.keys(); };
          return kept(*one) < kept(*other);
        });
    for (RedisServer* server : group.servers) {
      const bool is_empty = is_astray(*server);
      if (!is_empty && !is_misled(*server, group)) continue;
      server->crash();
      server->configure(server == leader ? std::nullopt : std::optional(leader->address()));
      say(kDeeds, fmt::format("{} is given back to its group{}", server->name(), is_empty ? ", empty" : ""));
      start(*server, {.empty = is_empty});
    }
  }
}

// A pod is set up anew where it comes up: what it was told to follow elsewhere is not in its configuration.
void World::go_home(RedisServer& server) {
  const auto guest = guests_.find(server.name());
  if (guest == guests_.end()) return;
  server.configure(guest->second.configured_follows);
  guests_.erase(guest);
}

// --- Orders ---

const Sentinel* World::sentinel_at(const std::string& host) const {
  const auto found = std::find_if(sentinels_.begin(), sentinels_.end(),
                                  [&](const Sentinel* sentinel) { return sentinel->host() == host; });
  return found == sentinels_.end() ? nullptr : *found;
}

// An operator may order what it likes.
void World::judge_order(const RedisServer& server, const Group& group, const std::optional<Address>& target,
                        const std::string& teller) {
  const Sentinel* by = sentinel_at(teller);
  if (by == nullptr) return;
  if (checker_.fleet_at(teller) != group.fleet) return judge_foreign_order(server, group, target, *by);
  checker_.let_go(server.name());
  if (!target || target->host == kNowhere) return;  // of no group: a name was misleading
  std::vector<Address> addresses;
  for (const RedisServer* one : group.servers) addresses.push_back(one->address());
  const bool is_ours = dynamic_cast<const SentinelProcess*>(by) != nullptr;
  checker_.told_to_follow({server.name(), server.address(), *target, is_ours ? by->name() : ""},
                          {group.fleet, group.name}, addresses, queue_.now());
  judge_foreign_target(server, *target, *by);
}

void World::judge_foreign_order(const RedisServer& server, const Group& group, const std::optional<Address>& target,
                                const Sentinel& by) {
  Trespass order;
  order.by = by.name();
  order.of_stock = dynamic_cast<const SentinelProcess*>(&by) == nullptr;
  order.server = server.name();
  order.target = target;
  const RedisServer* followed = target ? resident_at(*target) : nullptr;
  const bool is_led_home = followed != nullptr && &group_of(*followed) == &group;
  const unsigned fleet = checker_.fleet_at(by.host());
  const bool is_copy = owners(server) == std::set{fleet};
  if (target && !is_led_home && !is_copy && server.follows() != target) order.keys = server.keys();
  const bool is_theirs = is_copy || checker_.has_taken_in(server.name(), fleet) || follows_fleet_of(by, server);
  order.is_evident = !is_theirs && evidence_.is_clear(by, server, group, queue_.now());
  trespasses_.judge(order);
  if (!order.is_evident) checker_.take_in(server.name(), fleet);
}

// A server that was turned once goes home with a copy of the other group's data: to that group it is no loss.
std::set<unsigned> World::owners(const RedisServer& server) const {
  const std::set<std::string> authors = histories_.authors_at(server.place());
  std::set<unsigned> fleets;
  for (const Group& group : groups_) {
    if (authors.contains(group.writer->name())) fleets.insert(group.fleet);
  }
  return fleets;
}

// Whoever made it follow there: to that fleet it is one of its own from then on.
bool World::follows_fleet_of(const Sentinel& sentinel, const RedisServer& server) const {
  if (!server.follows()) return false;
  const unsigned fleet = checker_.fleet_at(sentinel.host());
  if (const RedisServer* followed = resident_at(*server.follows())) return group_of(*followed).fleet == fleet;
  return std::any_of(groups_.begin(), groups_.end(), [&](const Group& group) {
    return group.fleet == fleet && std::any_of(group.servers.begin(), group.servers.end(),
                                               [&](const RedisServer* one) { return is_of(*one, *server.follows()); });
  });
}

// A server of the sentinel's own is to follow whom it takes for one of its own too.
void World::judge_foreign_target(const RedisServer& server, const Address& target, const Sentinel& by) {
  const RedisServer* followed = resident_at(target);
  if (followed == nullptr || server.follows() == target) return;
  const Group& theirs = group_of(*followed);
  const unsigned fleet = checker_.fleet_at(by.host());
  if (theirs.fleet == fleet || checker_.has_taken_in(followed->name(), fleet)) return;
  if (owners(*followed) == std::set{fleet}) return;
  Trespass order;
  order.by = by.name();
  order.of_stock = dynamic_cast<const SentinelProcess*>(&by) == nullptr;
  order.server = server.name();
  order.is_own = true;
  order.target = target;
  order.keys = server.keys();
  order.is_evident = evidence_.is_clear(by, *followed, theirs, queue_.now());
  trespasses_.judge(order);
}

}  // namespace vedette::sim
