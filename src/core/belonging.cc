#include "core/belonging.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/lineage.h"

namespace vedette::core {
namespace {

// For how long other sentinels are believed that they know a server, in publish periods: they say so in every one.
constexpr int kClaimLifeInPublishPeriods = 15;

// Numbers of keys that differ by no more are alike: keys expire, and the last ones may not have reached the disk.
constexpr std::uint64_t kAlikeWithin = 16;
constexpr std::uint64_t kAlikePart = 50;  // or a fiftieth of the greater number

// A server whose link to the one that it follows broke a moment ago still follows a living one, for all we know.
constexpr Micros kLately = 60s;

bool are_alike(std::uint64_t one, std::uint64_t other) {
  const auto [less, more] = std::minmax(one, other);
  return more - less <= std::max(kAlikeWithin, more / kAlikePart);
}

bool is_of_group(const Names& names, const Primary& primary, const Address& address) {
  if (names.same(address, primary.server.address)) return true;
  if (primary.settings.relay && primary.upstream && names.same(address, *primary.upstream)) return true;
  return primary.replicas.contains(address) ||
         std::any_of(primary.replicas.begin(), primary.replicas.end(),
                     [&](const auto& entry) { return names.same(address, entry.first); });
}

// A server at the address of a replica that has not been found to be foreign tells nothing of another that follows it:
// that may be of our own doing.
bool is_place_of_group(const Names& names, const Primary& primary, const Address& address) {
  return is_of_group(names, primary, address) ||
         std::any_of(primary.outsiders.begin(), primary.outsiders.end(), [&](const auto& entry) {
           const Outsider& outsider = entry.second;
           const bool is_foreign = outsider.foreign.known() && outsider.foreign == outsider.server.run_id;
           return outsider.at_replica && !is_foreign && names.same(address, entry.first);
         });
}

bool is_known_process(const Server& server) {
  return server.last_known && server.last_known->run_id.known() && server.last_known->run_id == server.run_id;
}

// The primary, or a replica that is there and has been seen to be ours: who follows one that only stands at the address
// of one, or that is gone, proves nothing.
bool is_member(const Names& names, const Primary& primary, const Address& address) {
  if (names.same(address, primary.server.address)) return !primary.usurped_since;
  if (primary.settings.relay && primary.upstream && names.same(address, *primary.upstream)) return true;
  return std::any_of(primary.replicas.begin(), primary.replicas.end(), [&](const auto& entry) {
    const Server& replica = entry.second.server;
    return names.same(address, entry.first) && is_heard(replica) && is_known_process(replica);
  });
}

bool is_of_history(const Server& server, const Histories& histories) {
  const Lineage lineage = lineage_of(server.info, histories);
  return lineage == Lineage::kPresent || lineage == Lineage::kEarlier;
}

// Nobody can be told apart from a group of which neither a history nor this server has ever been known.
bool is_untold(const Primary& primary, const Server& server) {
  return lineage_of(server.info, primary.histories) == Lineage::kUnknown && !server.last_known;
}

const Address* followed(const Server& server) {
  const bool is_replica = server.role_reported == proto::Role::kReplica;
  return is_replica && server.info.primary ? &*server.info.primary : nullptr;
}

// Another primary that we monitor too, unless both names are of one group.
const Primary* monitored_elsewhere(const State& state, const Primary& primary, const Server& server) {
  if (server.info.replication_id.empty() || state.primaries.size() < 2) return nullptr;
  for (const auto& [name, other] : state.primaries) {
    if (&other != &primary && lineage_of(server.info, other.histories) == Lineage::kPresent) return &other;
  }
  return nullptr;
}

bool is_recent(const State& state, const Server& server, Instant now) {
  return server.claim->at >= server.health.link_changed_at &&
         now - server.claim->at < kClaimLifeInPublishPeriods * state.timing.publish_period;
}

bool is_claimed(const State& state, const Server& server, Instant now) {
  return server.claim && !server.claim->is_vague && is_recent(state, server, now);
}

bool leads_others(const Names& names, const Primary& primary, const Server& server) {
  const auto& replicas = server.info.replicas;
  return server.role_reported == proto::Role::kPrimary &&
         std::any_of(replicas.begin(), replicas.end(),
                     [&](const Address& replica) { return !is_place_of_group(names, primary, replica); });
}

// What the monitored primary says of its own replicas is how these are found, so it tells nothing about itself.
std::optional<Belonging> foreign_by_evidence(const State& state, const Primary& primary, const Server& server,
                                             Instant now) {
  if (const Primary* other = monitored_elsewhere(state, primary, server)) {
    return Belonging{Owner::kForeign, Evidence::kMonitoredElsewhere, other->server.address, other->name};
  }
  if (const Address* address = followed_outside(state.names, primary, server, kLately)) {
    return Belonging{Owner::kForeign, Evidence::kFollowsOthers, *address, {}};
  }
  if (is_claimed(state, server, now)) {
    return Belonging{Owner::kForeign, Evidence::kClaimed, server.claim->primary, server.claim->name};
  }
  if (&server != &primary.server && leads_others(state.names, primary, server)) {
    return Belonging{Owner::kForeign, Evidence::kLeadsOthers, std::nullopt, {}};
  }
  return std::nullopt;
}

// Of a newcomer without evidence: an old primary that kept its data in an AOF comes back with a new history, and a pod
// comes back empty. The server at the primary's address is the one that the operator wants, unless told otherwise.
Belonging by_data(const State& state, const Primary& primary, const Server& server, Instant now) {
  const auto& keys = server.info.keys;
  if (!keys) return {Owner::kOurs, Evidence::kUntold, {}, {}};
  if (*keys == 0) return {Owner::kOurs, Evidence::kEmpty, {}, {}};
  const auto& known = server.last_known;
  const bool is_known = known && known->keys;
  if (is_known && are_alike(*keys, *known->keys)) return {Owner::kOurs, Evidence::kLikeBefore, {}, {}};
  if (server.claim && server.claim->is_vague && is_recent(state, server, now)) {
    return {Owner::kForeign, Evidence::kClaimed, server.claim->primary, server.claim->name};
  }
  const bool is_wanted = &server == &primary.server && !primary.settings.require_lineage;
  if (is_wanted) return {Owner::kOurs, Evidence::kWanted, {}, {}};
  if (!known) return {Owner::kForeign, Evidence::kNeverOurs, {}, {}};
  return {Owner::kAmbiguous, is_known ? Evidence::kUnlikeBefore : Evidence::kUnknownData, {}, {}};
}

}  // namespace

bool is_heard(const Server& server) {
  return server.health.connected && server.info_received_at &&
         *server.info_received_at >= server.health.link_changed_at;
}

bool is_proof(Evidence evidence) { return is_same_data(evidence) || evidence == Evidence::kFollowsUs; }

bool is_same_data(Evidence evidence) { return evidence == Evidence::kProcess || evidence == Evidence::kHistory; }

Belonging belonging_of(const State& state, const Primary& primary, const Server& server, Instant now) {
  if (!is_heard(server)) return {};
  if (is_known_process(server)) return {Owner::kOurs, Evidence::kProcess, {}, {}};
  if (is_of_history(server, primary.histories)) return {Owner::kOurs, Evidence::kHistory, {}, {}};
  const Address* leader = followed(server);
  // Where two groups take each other's addresses, a primary's newcomer follows its own one at the address of our
  // replica.
  const bool is_led = &server != &primary.server && leader != nullptr;
  if (is_led && is_member(state.names, primary, *leader)) {
    return {Owner::kOurs, Evidence::kFollowsUs, {}, {}};
  }
  if (is_untold(primary, server)) return {Owner::kOurs, Evidence::kUntold, {}, {}};
  if (const auto foreign = foreign_by_evidence(state, primary, server, now)) return *foreign;
  if (server.info.loading) return {};  // it has told only of the part of its data that is read
  return by_data(state, primary, server, now);
}

std::string describe(const Belonging& belonging, const Names& names) {
  const auto other = [&] { return belonging.other ? to_string(names.shown(*belonging.other)) : std::string(); };
  switch (belonging.evidence) {
    case Evidence::kNone:
      return "has not told yet whose it is";
    case Evidence::kProcess:
      return "is the process that was known before";
    case Evidence::kHistory:
      return "has data of this group's history";
    case Evidence::kFollowsUs:
      return "follows a server of this group";
    case Evidence::kUntold:
      return "shows nothing by which it could be told apart";
    case Evidence::kMonitoredElsewhere:
      return fmt::format("has the data of {}", belonging.group);
    case Evidence::kFollowsOthers:
      return fmt::format("follows {}, which is not of this group", other());
    case Evidence::kClaimed:
      return fmt::format("belongs to other sentinels, whose {} is at {}", belonging.group, other());
    case Evidence::kLeadsOthers:
      return "has replicas that this group does not know";
    case Evidence::kNeverOurs:
      return "has data of an unknown history, and none of this group was ever seen there";
    case Evidence::kEmpty:
      return "is empty";
    case Evidence::kLikeBefore:
      return "has as much data as was known here before";
    case Evidence::kWanted:
      return "is at the address that the operator gave, and has other data than was known there before";
    case Evidence::kUnlikeBefore:
      return "has an unknown history, and another number of keys than was known here before";
    case Evidence::kUnknownData:
      return "has data of an unknown history";
  }
  return {};
}

const Address* followed_outside(const Names& names, const Primary& primary, const Server& server, Micros patience) {
  const Address* leader = followed(server);
  if (leader == nullptr || is_place_of_group(names, primary, *leader)) return nullptr;
  const proto::InfoReport& info = server.info;
  const bool answers = info.primary_link_up || info.primary_sync_in_progress ||
                       (!info.primary_never_linked && info.primary_link_down_for < patience);
  return answers ? leader : nullptr;
}

bool leads_group(const Names& names, const Primary& primary, const Server& server) {
  if (server.role_reported == proto::Role::kPrimary) return true;
  const Address* leader = followed(server);
  return primary.settings.relay && leader != nullptr && primary.upstream && names.same(*leader, *primary.upstream);
}

}  // namespace vedette::core
