#include "core/orders.h"

#include <fmt/format.h>

#include <chrono>

#include "base/text.h"
#include "core/configuration.h"
#include "core/election.h"
#include "core/events.h"
#include "core/probing.h"
#include "core/selection.h"
#include "core/topology.h"
#include "proto/names.h"

namespace vedette::core {
namespace {

constexpr std::string_view kSecretShown = "******";

void refuse(Turn& turn, AnswerToken token, std::string_view reason) {
  turn.emit(AnswerOrder{token, Error{std::string(reason)}});
}

// Done; to be told when all changes so far are durable.
void confirm(Turn& turn, AnswerToken token, std::int64_t count = 0) {
  turn.durability.answer(turn.effects(), AnswerOrder{token, Ok{}, count}, turn.durability.latest());
}

// Credentials, and the names of the commands that a link begins with, are used when it is made: new ones want new
// links.
void relink_servers(Turn& turn, Primary& primary) {
  const auto relink = [&](Server& server) {
    note_link_down(turn, server.health, LinkFault::kConnecting);
    turn.emit(Relink{server.id, server.address, LinkFault::kConnecting});
  };
  relink(primary.server);
  for (auto& [address, replica] : primary.replicas) relink(replica.server);
  for (auto& [address, outsider] : primary.outsiders) relink(outsider.server);
}

std::string shown_value(const std::string& option, const std::string& value) {
  return equals_ignoring_case(option, "auth-pass") ? std::string(kSecretShown) : value;
}

// Those that are well, which the primary's INFO would name at once; it may never come, if the primary is dead or dies
// now.
std::vector<Address> replicas_to_keep(const Turn& turn, const Primary& primary) {
  std::vector<Address> kept;
  for (const auto& [address, replica] : primary.replicas) {
    const Server& server = replica.server;
    const bool is_well = server.health.connected && !server.subjectively_down();
    const bool follows = server.info.primary && turn.state.names.same(*server.info.primary, primary.server.address);
    if (is_well && follows) kept.push_back(address);
  }
  return kept;
}

void reset_primary(Turn& turn, Primary& primary) {
  // A promotion that the others have been told of is not taken back: one configuration epoch names one address.
  const Address address = current_address(primary);
  if (address != primary.server.address) switch_primary(turn, primary, address);
  const std::vector<Address> kept = replicas_to_keep(turn, primary);
  remove_all_replicas(turn, primary);
  remove_all_outsiders(turn, primary);
  remove_all_sentinels(turn, primary);
  primary.hearsay.clear();
  move_primary(turn, primary, primary.server.address);
  refresh_server(primary.server);  // what was forgotten is found again at once
  announce(turn, proto::event::kResetPrimary, primary);
  for (const Address& replica_address : kept) {
    const Replica* replica = add_replica(turn, primary, replica_address);
    if (replica != nullptr) announce(turn, proto::event::kReplicaFound, primary, *replica);
  }
  turn.touch(primary.unit);
}

// Who has given the order finds it in the file when it is confirmed, as with the original.
void change_settings(Turn& turn, const std::string& primary_name) {
  turn.durability.changed(primary_name);
  turn.durability.everything_changed();
}

}  // namespace

void carry_out(Turn& turn, const Monitor& order) {
  if (turn.directory.named(order.name) != nullptr) return refuse(turn, order.token, proto::error::kDuplicatePrimary);
  PrimarySettings settings;
  settings.quorum = order.quorum;
  settings.down_after = std::chrono::duration_cast<Millis>(turn.state.timing.default_down_after);
  settings.failover_timeout = std::chrono::duration_cast<Millis>(turn.state.timing.default_failover_timeout);
  Primary& primary = add_primary(turn, order.name, order.address, settings);
  primary.published = current_configuration(primary);
  // It may have been monitored before, and votes given then must not be given again: they were for epochs up to this.
  primary.my_vote.epoch = turn.state.current_epoch;
  change_settings(turn, order.name);
  announce(turn, proto::event::kMonitor, primary, fmt::format("quorum {}", settings.quorum));
  confirm(turn, order.token);
}

void carry_out(Turn& turn, const Remove& order) {
  const Primary* primary = turn.directory.named(order.name);
  if (primary == nullptr) return refuse(turn, order.token, proto::error::kNoSuchPrimary);
  announce(turn, proto::event::kMonitorOver, *primary);
  remove_primary(turn, order.name);
  change_settings(turn, order.name);
  confirm(turn, order.token);
}

void carry_out(Turn& turn, const Set& order) {
  Primary* primary = turn.directory.named(order.name);
  if (primary == nullptr) return refuse(turn, order.token, proto::error::kNoSuchPrimary);
  const PrimarySettings& old = primary->settings;
  const bool needs_new_links = order.settings.auth_user != old.auth_user || order.settings.auth_pass != old.auth_pass ||
                               order.settings.renamed_commands != old.renamed_commands;
  apply_settings(turn.state, *primary, order.settings);
  if (needs_new_links) relink_servers(turn, *primary);
  for (const auto& [option, value] : order.options) {
    announce(turn, proto::event::kSet, *primary, fmt::format("{} {}", option, shown_value(option, value)));
  }
  change_settings(turn, order.name);
  turn.touch(primary->unit);
  confirm(turn, order.token);
}

Status may_fail_over(const State& state, const Primary& primary, Instant now) {
  if (primary.failover) return Error{std::string(proto::error::kFailoverInProgress)};
  if (select_replica(state, primary, now).chosen() == nullptr) {
    return Error{std::string(proto::error::kNoGoodReplica)};
  }
  return Ok{};
}

void carry_out(Turn& turn, const FailoverNow& order) {
  Primary* primary = turn.directory.named(order.name);
  if (primary == nullptr) return refuse(turn, order.token, proto::error::kNoSuchPrimary);
  if (const Status allowed = may_fail_over(turn.state, *primary, turn.now); !allowed) {
    return refuse(turn, order.token, allowed.error().message);
  }
  log(turn, Level::kWarning, fmt::format("Executing user requested FAILOVER of '{}'", primary->name));
  stand_for_election(turn, *primary, Cause::kOrder);
  turn.touch(primary->unit);
  confirm(turn, order.token);
}

void carry_out(Turn& turn, const Reset& order) {
  std::int64_t count = 0;
  for (auto& [name, primary] : turn.state.primaries) {
    if (!glob_matches(order.pattern, name)) continue;
    reset_primary(turn, primary);
    ++count;
  }
  confirm(turn, order.token, count);
}

void carry_out(Turn& turn, const Flush& order) {
  turn.durability.everything_changed();
  confirm(turn, order.token);
}

}  // namespace vedette::core
