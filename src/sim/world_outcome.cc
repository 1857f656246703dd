// What has come of a simulated world: whether all is as it should be, and what was lost.
#include <algorithm>
#include <iterator>

#include "sim/world.h"

namespace vedette::sim {

std::optional<std::string> World::unsettled(const Group& group) const {
  const RedisServer* primary = primary_of(group);
  if (primary == nullptr) return "there is not one primary";
  for (const RedisServer* server : group.servers) {
    if (server == primary || !server->alive()) continue;
    if (!is_of(*primary, *server->follows())) return server->name() + " does not follow " + primary->name();
    if (!server->synchronised()) return server->name() + " is not synchronised";
  }
  for (const Sentinel* sentinel : group.sentinels) {
    if (!sentinel->alive()) continue;
    const auto view = sentinel->view(group.name);
    if (!view) return sentinel->name() + " does not watch it";
    const Sentinel::View& known = *view;
    if (!is_of(*primary, known.primary)) return sentinel->name() + " names another primary";
    if (known.down) return sentinel->name() + " sees the primary down";
    if (known.in_failover) return sentinel->name() + " is in a failover";
    if (known.sentinels + 1 != group.sentinels.size()) return sentinel->name() + " does not know all sentinels";
    if (!knows_all(*sentinel, group, known)) return sentinel->name() + " does not know all replicas";
  }
  const auto written = group.writer->last_success();
  if (!written || queue_.now() - *written > std::chrono::seconds(1)) return "the writer cannot write";
  return std::nullopt;
}

// Where servers take each other's addresses, a sentinel knows those too at which one has once lived.
bool World::knows_all(const Sentinel& sentinel, const Group& group, const Sentinel::View& view) const {
  if (settings_.neighbours == Neighbours::kNone) return view.replicas + 1 == group.servers.size();
  const std::vector<Address> known = sentinel.known_servers(group.name);
  return std::all_of(group.servers.begin(), group.servers.end(), [&](const RedisServer* server) {
    return std::any_of(known.begin(), known.end(), [&](const Address& address) { return is_of(*server, address); });
  });
}

std::optional<std::string> World::unsettled() const {
  for (const Group& group : groups_) {
    const std::string whose = group.fleet == 0 ? group.name : group.name + " of the neighbours";
    if (auto why = unsettled(group)) return whose + ": " + *why;
  }
  for (const Sentinel* sentinel : sentinels_) {
    const auto* ours = dynamic_cast<const SentinelProcess*>(sentinel);
    if (ours != nullptr && ours->alive() && !ours->has_saved_all()) return ours->name() + " has not saved all it knows";
  }
  return std::nullopt;
}

WriteCount World::count_writes(Group& group) {
  WriteCount count;
  const RedisServer* primary = primary_of(group);
  group.kept_writes.clear();
  for (const Writer::Acknowledged& write : group.writer->take_acknowledged()) {
    ++count.acknowledged;
    if (primary != nullptr && !histories_.includes(primary->place(), write.place)) {
      ++count.lost;
    } else {
      group.kept_writes.push_back(write);
    }
    const Micros pause = group.last_write ? Micros(write.at - *group.last_write) : Micros{0};
    group.last_write = write.at;
    count.longest_pause = std::max(count.longest_pause, pause);
    if (pause > kNoticeablePause) count.without += pause;
  }
  if (group.last_write) count.longest_pause = std::max(count.longest_pause, Micros(queue_.now() - *group.last_write));
  return count;
}

ReadCount World::count_reads(Group& group) {
  ReadCount count;
  for (Reader* reader : group.readers) {
    count.failed += reader->take_failures();
    for (const Reader::Read& read : reader->take_reads()) {
      ++count.done;
      if (is_stale(read, group.kept_writes)) ++count.stale;
    }
  }
  return count;
}

// Writes are in the order of time.
bool World::is_stale(const Reader::Read& read, const std::vector<Writer::Acknowledged>& writes) const {
  const auto fresh = std::partition_point(writes.begin(), writes.end(),
                                          [&](const auto& write) { return write.at <= read.at - kFreshness; });
  return fresh != writes.begin() && !histories_.includes(read.place, std::prev(fresh)->place);
}

const RedisServer* World::primary_of(const Group& group) const {
  const RedisServer* primary = nullptr;
  for (const RedisServer* server : group.servers) {
    if (!server->alive() || !server->is_primary()) continue;
    if (primary != nullptr) return nullptr;
    primary = server;
  }
  return primary;
}

}  // namespace vedette::sim
