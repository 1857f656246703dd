#include "sim/evidence.h"

#include <algorithm>

namespace vedette::sim {

bool Evidence::is_reached(const Sentinel& sentinel, const RedisServer& server) const {
  return sentinel.running() && server.running() && server.is_well() &&
         !network_.is_cut(sentinel.host(), server.host()) && !network_.is_cut(server.host(), sentinel.host());
}

void Evidence::keep(Since& since, const std::string& one, const std::string& other, bool is_so, Instant now) {
  if (is_so) {
    since.try_emplace({one, other}, now);
  } else {
    since.erase({one, other});
  }
}

bool Evidence::lasts(const Since& since, const std::string& one, const std::string& other, Instant now) {
  const auto found = since.find({one, other});
  return found != since.end() && now - found->second >= kAge;
}

void Evidence::look_at(const std::vector<Group>& groups, Instant now) {
  for (const Group& group : groups) {
    for (const Sentinel* sentinel : group.sentinels) {
      const std::vector<Address> known =
          sentinel->alive() ? sentinel->known_servers(group.name) : std::vector<Address>{};
      for (const RedisServer* server : group.servers) {
        const bool is_known =
            std::any_of(known.begin(), known.end(), [&](const Address& address) { return is_of(*server, address); });
        keep(claimed_, sentinel->name(), server->name(), is_known && is_reached(*sentinel, *server), now);
      }
      for (const Group& any : groups) {
        for (const RedisServer* server : any.servers) {
          keep(reached_, sentinel->name(), server->name(), is_reached(*sentinel, *server), now);
        }
      }
    }
    for (const RedisServer* one : group.servers) {
      for (const RedisServer* other : group.servers) {
        const bool is_up = one->running() && other->running() && one->synchronised() && one->follows() &&
                           is_of(*other, *one->follows());
        keep(connected_, one->name(), other->name(), is_up, now);
      }
    }
  }
}

void Evidence::forget(const Process& process) {
  for (Since* since : {&reached_, &claimed_, &connected_}) {
    std::erase_if(*since, [&](const auto& entry) {
      return entry.first.first == process.name() || entry.first.second == process.name();
    });
  }
}

bool Evidence::is_clear(const Sentinel& to, const RedisServer& server, const Group& group, Instant now) const {
  if (!lasts(reached_, to.name(), server.name(), now)) return false;
  const bool is_claimed = std::any_of(group.sentinels.begin(), group.sentinels.end(), [&](const Sentinel* sentinel) {
    return lasts(claimed_, sentinel->name(), server.name(), now);
  });
  const bool is_connected = std::any_of(group.servers.begin(), group.servers.end(), [&](const RedisServer* other) {
    return lasts(connected_, server.name(), other->name(), now) || lasts(connected_, other->name(), server.name(), now);
  });
  return is_claimed || is_connected;
}

}  // namespace vedette::sim
