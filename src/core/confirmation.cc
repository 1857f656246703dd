#include "core/confirmation.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/configuration.h"
#include "core/correction.h"
#include "core/election.h"
#include "core/events.h"

namespace vedette::core {
namespace {

// In publish periods: how long a contradiction is left to itself, and for how long a hello tells what its sender holds.
constexpr int kPatience = 5;
constexpr int kFreshness = 3;

bool contradicts(const Turn& turn, const Primary& primary, const Sentinel& sentinel) {
  return sentinel.config_changed_at && sentinel.config_epoch == primary.config_epoch &&
         turn.now - sentinel.last_hello <= kFreshness * turn.state.timing.publish_period &&
         !turn.state.names.same(sentinel.config_address, primary.server.address);
}

Instant contradicted_since(const Primary& primary, const Sentinel& sentinel) {
  return std::max(*sentinel.config_changed_at, primary.configuration_changed_at);
}

// Of those who contradict, whoever has done so for longest.
const Sentinel* find_contradiction(const Turn& turn, const Primary& primary) {
  const Sentinel* first = nullptr;
  for (const auto& [id, sentinel] : primary.sentinels) {
    if (!contradicts(turn, primary, sentinel)) continue;
    if (first == nullptr || contradicted_since(primary, sentinel) < contradicted_since(primary, *first)) {
      first = &sentinel;
    }
  }
  return first;
}

// Our primary says itself that it follows the one that the peer names.
bool agrees_with(const State& state, const Server& server, const Sentinel& sentinel) {
  return server.health.connected && server.role_reported == proto::Role::kReplica && server.info.primary &&
         state.names.same(*server.info.primary, sentinel.config_address);
}

void yield(Turn& turn, Primary& primary, const Sentinel& sentinel) {
  log(turn, Level::kWarning,
      fmt::format("{} is a replica, and follows the primary that {} was given: taken from there", primary.name,
                  sentinel.id.hex));
  adopt_configuration(turn, primary, sentinel, {sentinel.config_address, sentinel.config_epoch});
  turn.acted();
}

void stand_to_confirm(Turn& turn, Primary& primary, const Sentinel& sentinel) {
  log(turn, Level::kWarning,
      fmt::format("{} names another primary of {} at the same epoch {}; a majority has ours, which is to be confirmed",
                  sentinel.id.hex, primary.name, to_number(primary.config_epoch)));
  primary.stood_to_confirm_at = turn.now;
  stand_for_election(turn, primary, Cause::kContradiction);
}

}  // namespace

void settle_contradictions(Turn& turn, Primary& primary) {
  if (primary.failover || primary.objectively_down_since || !is_published(primary)) return;
  const Sentinel* sentinel = find_contradiction(turn, primary);
  if (sentinel == nullptr) return;
  const Micros patience = kPatience * turn.state.timing.publish_period;
  const Instant since = contradicted_since(primary, *sentinel);
  if (primary.config_epoch == Epoch{0} && agrees_with(turn.state, primary.server, *sentinel)) {
    if (turn.due(std::max(since, primary.server.role_reported_at) + patience)) yield(turn, primary, *sentinel);
    return;
  }
  const Instant from = std::max({since + patience, primary.stood_to_confirm_at + patience, primary.not_before});
  if (!looks_sane(turn, primary) || !turn.due(from + candidate_delay(turn.state, primary))) return;
  if (is_configuration_current(turn.state, primary, turn.now - patience)) stand_to_confirm(turn, primary, *sentinel);
}

}  // namespace vedette::core
