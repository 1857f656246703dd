#include "core/outsiders.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/belonging.h"
#include "core/events.h"
#include "core/failover.h"
#include "core/naming.h"
#include "core/topology.h"
#include "proto/names.h"

namespace vedette::core {
namespace {

constexpr std::size_t kMaxOtherNames = 16;
const std::string kAsBefore = "was found to be of another group before";

// In publish periods. Sentinels say hello in every one; in four a newer configuration has reached us.
constexpr int kHearingPeriods = 2;
constexpr int kUnclaimedPeriods = 4;
constexpr int kOtherNamePeriods = 15;  // for which a group is known to have another name, too

// How long our hellos wait for a server to say whose it is. One that gives no INFO hears them after that.
constexpr Micros kIntroductionPatience = 1000ms;

// With `require-lineage` what is not shown to be ours is not.
bool is_stranger(const Primary& primary, const Belonging& belonging) {
  if (belonging.owner == Owner::kForeign) return true;
  const bool is_unproven = belonging.owner == Owner::kAmbiguous || belonging.evidence == Evidence::kLikeBefore;
  return primary.settings.require_lineage && is_unproven;
}

// One that was promoted by us is the configuration that others know by now.
bool is_published_as_primary(const Primary& primary, const Server& server) {
  return primary.failover && std::holds_alternative<ReconfigureReplicas>(primary.failover->state) &&
         chosen_replica(*primary.failover) == server.id;
}

void describe_stranger(Turn& turn, const Primary& primary, Outsider& outsider, const Belonging& belonging) {
  outsider.reason = describe(belonging, turn.state.names);
  if (outsider.foreign == outsider.server.run_id) return;
  outsider.since = turn.now;
  outsider.foreign = outsider.server.run_id;
  turn.durability.changed(primary.name);
}

void announce_stranger(Turn& turn, const Primary& primary, Outsider& outsider) {
  const bool is_there = outsider.foreign.known() && outsider.foreign == outsider.server.run_id;
  if (!outsider.at_replica || !is_there || !may_remind(turn, outsider.announced_at)) return;
  announce(turn, proto::event::kForeignReplica, primary, outsider.server, "#it " + outsider.reason);
}

void exclude_strangers(Turn& turn, Primary& primary) {
  std::vector<Address> strangers;
  for (const auto& [address, replica] : primary.replicas) {
    const Server& server = replica.server;
    if (is_published_as_primary(primary, server)) continue;
    if (is_stranger(primary, belonging_of(turn.state, primary, server, turn.now))) strangers.push_back(address);
  }
  for (const Address& address : strangers) {
    Outsider& outsider = exclude_replica(turn, primary, address);
    describe_stranger(turn, primary, outsider, belonging_of(turn.state, primary, outsider.server, turn.now));
    turn.acted();
  }
}

// A process that was found to be foreign stays so, whatever becomes of whom it follows, until it has taken over our
// data itself. Another one that comes up there is more likely to be of that group, too, unless it shows that it is
// ours: that it has as much data as ours had counts when nobody has claimed it for a while.
bool is_ours_again(Turn& turn, const Primary& primary, const Outsider& outsider, const Belonging& belonging) {
  if (!outsider.at_replica || belonging.owner == Owner::kUnknown) return false;
  const Server& server = outsider.server;
  if (server.run_id == outsider.foreign) return is_same_data(belonging.evidence);
  if (is_proof(belonging.evidence)) return true;
  return belonging.evidence == Evidence::kLikeBefore && !is_stranger(primary, belonging) &&
         turn.due(server.health.link_changed_at + kUnclaimedPeriods * turn.state.timing.publish_period);
}

void look_at_outsiders(Turn& turn, Primary& primary) {
  std::vector<Address> ours;
  for (auto& [address, outsider] : primary.outsiders) {
    const Belonging belonging = belonging_of(turn.state, primary, outsider.server, turn.now);
    if (is_ours_again(turn, primary, outsider, belonging)) {
      ours.push_back(address);
    } else if (is_stranger(primary, belonging)) {
      describe_stranger(turn, primary, outsider, belonging);
    }
    announce_stranger(turn, primary, outsider);
  }
  for (const Address& address : ours) {
    const bool was_announced = primary.outsiders.at(address).announced_at.has_value();
    const Replica& replica = readmit_replica(turn, primary, address);
    if (was_announced) announce(turn, proto::event::kForeignReplicaOver, primary, replica);
    announce(turn, proto::event::kReplicaFound, primary, replica);
    turn.acted();
  }
  if (!ours.empty()) watch_doubles(turn, primary);  // it may have become known by its name meanwhile
}

// A process that was found to be a stranger's may have been promoted by its own sentinels since: they have time to
// claim it before it counts as what the operator wants here.
bool is_still_usurped(Turn& turn, const Primary& primary, const Belonging& belonging) {
  const Server& server = primary.server;
  const bool is_usurper = primary.usurper.known() && server.run_id == primary.usurper;
  if (!is_usurper || is_proof(belonging.evidence)) return false;
  const Instant since = std::max(server.role_reported_at, server.health.link_changed_at);
  return !turn.due(since + kUnclaimedPeriods * turn.state.timing.publish_period);
}

// Our primary is gone if somebody else answers at its address.
void look_at_primary(Turn& turn, Primary& primary) {
  const Belonging belonging = belonging_of(turn.state, primary, primary.server, turn.now);
  if (belonging.owner == Owner::kUnknown) return;
  const bool is_strange = belonging.owner == Owner::kForeign || belonging.owner == Owner::kAmbiguous;
  const bool is_usurped = is_strange || is_still_usurped(turn, primary, belonging);
  const RunId usurper = is_usurped ? primary.server.run_id : RunId{};
  if (usurper != primary.usurper) turn.durability.changed(primary.name);
  primary.usurper = usurper;
  if (is_usurped == primary.usurped_since.has_value()) return;
  primary.usurped_since = is_usurped ? std::optional(turn.now) : std::nullopt;
  if (is_usurped) {
    announce(turn, proto::event::kForeignReplica, primary,
             fmt::format("#another server is at the primary's address: it {}",
                         is_strange ? describe(belonging, turn.state.names) : kAsBefore));
  }
  turn.acted();
}

// While it follows a server that lives, nothing of it may be touched: it would be cut off from its data. A newer
// configuration has some time to reach us first.
void look_at_upstream(Turn& turn, Primary& primary) {
  const Server& server = primary.server;
  const Address* upstream = primary.settings.relay || primary.usurped_since || !is_heard(server)
                                ? nullptr
                                : followed_outside(turn.state.names, primary, server, Micros{0});
  const Instant since = std::max(server.role_reported_at, primary.configuration_changed_at);
  const bool monitors_replica =
      upstream != nullptr && turn.due(since + kUnclaimedPeriods * turn.state.timing.publish_period);
  if (monitors_replica == primary.monitors_replica) return;
  primary.monitors_replica = monitors_replica;
  announce(turn, monitors_replica ? proto::event::kMonitorsReplica : proto::event::kMonitorsReplicaOver, primary,
           monitors_replica ? fmt::format("#it follows {}, which answers: monitor that one, or set relay",
                                          to_string(turn.state.names.shown(*upstream)))
                            : std::string());
  turn.acted();
}

// Another server with other data is at the primary's address. It is ours if our replicas have taken it for their
// primary, or if nobody else has claimed it for as long as the original waits with what it does not know.
bool is_accepted(const Turn& turn, const Primary& primary) {
  const Server& server = primary.server;
  const Names& names = turn.state.names;
  const auto& followers = server.info.replicas;
  const bool is_followed = std::any_of(followers.begin(), followers.end(), [&](const Address& follower) {
    return std::any_of(primary.replicas.begin(), primary.replicas.end(),
                       [&](const auto& entry) { return names.same(entry.first, follower); });
  });
  const int periods = is_followed || primary.replicas.empty() ? kHearingPeriods : kUnclaimedPeriods;
  return turn.now >= server.health.link_changed_at + periods * turn.state.timing.publish_period;
}

void remember(Turn& turn, const Primary& primary, Server& server) {
  const bool leads = &server == &primary.server;
  const LastKnown now{server.run_id, leads ? server.info.primary_offset : server.info.replication_offset,
                      server.info.keys};
  const bool is_new_process = !server.last_known || server.last_known->run_id != now.run_id;
  server.last_known = now;
  if (is_new_process) turn.durability.changed(primary.name);
}

bool follows_group(const Names& names, const Primary& primary, const Server& server) {
  return server.info.primary_link_up && server.info.primary && names.same(*server.info.primary, primary.server.address);
}

// Sentinels that name our very primary, in the process that we know or with our history, watch this group, too. That
// they name one of its replicas, or whom it follows, proves nothing while two groups take each other's addresses.
bool names_our_primary(const Turn& turn, const Primary& primary, const Address& named) {
  const Belonging belonging = belonging_of(turn.state, primary, primary.server, turn.now);
  return is_same_data(belonging.evidence) && turn.state.names.same(named, primary.server.address);
}

bool is_other_name(Turn& turn, Primary& primary, const proto::Hello& hello) {
  auto& names = primary.other_names;
  const Micros life = kOtherNamePeriods * turn.state.timing.publish_period;
  std::erase_if(names, [&](const auto& entry) { return turn.now - entry.second >= life; });
  const bool has_room = names.size() < kMaxOtherNames || names.contains(hello.primary_name);
  if (has_room && names_our_primary(turn, primary, hello.primary)) names[hello.primary_name] = turn.now;
  return names.contains(hello.primary_name);
}

}  // namespace

void settle_outsiders(Turn& turn, Primary& primary) {
  exclude_strangers(turn, primary);
  look_at_outsiders(turn, primary);
  look_at_primary(turn, primary);
  look_at_upstream(turn, primary);
}

void remember_stranger(Turn& turn, Primary& primary, const Address& address, const RunId& process) {
  if (address == primary.server.address) primary.usurper = process;
  if (!primary.replicas.contains(address)) return;
  Outsider& outsider = exclude_replica(turn, primary, address);
  outsider.foreign = process;
  outsider.reason = kAsBefore;
}

void note_own(Turn& turn, Primary& primary, Server& server) {
  const Belonging belonging = belonging_of(turn.state, primary, server, turn.now);
  if (belonging.owner != Owner::kOurs) return;
  if (belonging.evidence == Evidence::kWanted && !is_accepted(turn, primary)) return;
  const bool leads = &server == &primary.server;
  if (leads && primary.usurped_since && server.run_id == primary.usurper && !is_proof(belonging.evidence)) return;
  if (!leads) {
    if (is_proof(belonging.evidence) && follows_group(turn.state.names, primary, server)) {
      remember(turn, primary, server);
    }
    return;
  }
  if (primary.settings.relay && server.info.primary) primary.upstream = server.info.primary;
  if (!leads_group(turn.state.names, primary, server)) return;
  const std::string before = primary.histories.present;
  note_history(primary.histories, server.info);
  if (primary.histories.present != before) turn.durability.changed(primary.name);
  remember(turn, primary, server);
}

void note_claim(Turn& turn, Primary& owner, Server& server, const proto::Hello& hello) {
  const Names& names = turn.state.names;
  const bool is_same_name = hello.primary_name == owner.name;
  const bool is_named = names.same(hello.primary, server.address) ||
                        (server.info.primary && names.same(hello.primary, *server.info.primary));
  if (is_same_name && owner.sentinels.contains(hello.sender_id)) return;
  if (is_same_name && names.same(hello.primary, owner.server.address) && !owner.usurped_since) return;
  if (!is_same_name && is_other_name(turn, owner, hello)) return;
  if (turn.directory.named(hello.primary_name) != nullptr && !is_same_name) return;  // we know better ourselves
  const bool is_old = !server.claim || server.claim->at < server.health.link_changed_at;
  if (!is_named && !is_old && !server.claim->is_vague) return;  // more is known already
  const bool is_news = is_old || server.claim->is_vague == is_named;
  server.claim = Claim{hello.primary_name, hello.primary, turn.now, !is_named};
  if (is_news) turn.touch(owner.unit);
}

bool takes_orders(const State& state, const Primary& primary, const Server& server, Instant now) {
  const Belonging belonging = belonging_of(state, primary, server, now);
  return belonging.owner != Owner::kUnknown && !is_stranger(primary, belonging);
}

bool may_hear_of_us(Turn& turn, const Primary& primary, const Server& server) {
  const Belonging belonging = belonging_of(turn.state, primary, server, turn.now);
  if (belonging.owner == Owner::kUnknown) {
    return !(is_heard(server) && server.info.loading) &&
           turn.due(server.health.link_changed_at + kIntroductionPatience);
  }
  return belonging.owner == Owner::kOurs && (belonging.evidence != Evidence::kWanted || is_accepted(turn, primary));
}

bool may_remind(Turn& turn, std::optional<Instant>& announced_at) {
  if (announced_at && !turn.due(*announced_at + kReminder)) return false;
  announced_at = turn.now;
  return true;
}

}  // namespace vedette::core
