#include "core/detection.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/belonging.h"
#include "core/quorum.h"

namespace vedette::core {
namespace {

// What a majority of the replicas says counts.
std::optional<Instant> corroborated_until(const Names& names, const Primary& primary) {
  std::vector<Instant> vouching;
  for (const auto& [address, replica] : primary.replicas) {
    if (const auto until = vouches_until(names, primary, replica)) vouching.push_back(*until);
  }
  return held_until(std::move(vouching), primary.replicas.size() / 2 + 1);
}

void hold_back(DownVerdict& verdict, std::optional<Instant> until) {
  if (!verdict.at || !until || *until <= *verdict.at) return;
  verdict.held_back_from = verdict.at;
  verdict.at = until;
}

// Of two reasons, the one that applies first.
void keep_earlier(DownVerdict& verdict, Instant at, DownReason reason) {
  if (!verdict.at || at < *verdict.at) verdict = {at, reason, std::nullopt};
}

// When a primary that says that it is a replica counts as down. It does not while it follows a living server outside of
// the group: it would be cut off from its data.
std::optional<Instant> misplaced_at(const Names& names, const Primary& primary, const Timing& timing) {
  const Server& server = primary.server;
  if (!server.info_received_at || leads_group(names, primary, server)) return std::nullopt;
  if (followed_outside(names, primary, server, Micros{0}) != nullptr) return std::nullopt;
  // As long as it was configured as a replica, there was nothing wrong with that.
  Instant since = std::max(server.role_reported_at, primary.configuration_changed_at);
  if (followed_outside(names, primary, server, Micros::max()) != nullptr) {
    since = std::max(since, *server.info_received_at - server.info.primary_link_down_for);
  }
  return since + primary.settings.down_after + 2 * timing.info_period;
}

}  // namespace

OwnPace pace_for(const State& state, bool is_down) { return is_down ? OwnPace{} : state.pace; }

std::string_view to_string(LinkFault fault) {
  switch (fault) {
    case LinkFault::kNone:
      return "none";
    case LinkFault::kConnecting:
      return "connecting";
    case LinkFault::kRefused:
      return "connection refused";
    case LinkFault::kReset:
      return "connection reset";
    case LinkFault::kTimedOut:
      return "connection timed out";
    case LinkFault::kUnreachable:
      return "unreachable";
    case LinkFault::kUnresolved:
      return "name not resolved";
    case LinkFault::kNoNameServer:
      return "no name server answers";
    case LinkFault::kInsecure:
      return "TLS failed";
    case LinkFault::kUnauthorized:
      return "authentication failed";
    case LinkFault::kProtocol:
      return "not a RESP server";
    case LinkFault::kSilent:
      return "silent";
  }
  return "unknown";
}

Micros ping_period(const Timing& timing, Micros down_after) {
  const int times = down_after >= kLongDownAfter ? 5 : 10;
  return std::min(timing.ping_period, down_after / times);
}

bool is_unplaced(const Health& health) { return health.fault == LinkFault::kNoNameServer && !health.reached; }

std::optional<Instant> silent_since(const Health& health) {
  if (is_unplaced(health)) return std::nullopt;
  if (health.oldest_unanswered_ping) return health.oldest_unanswered_ping;
  if (!health.connected) return health.last_valid_reply;
  return std::nullopt;
}

DownVerdict judge_silence(const Health& health, Micros down_after, const OwnPace& pace) {
  DownVerdict verdict;
  if (const auto since = silent_since(health)) verdict.at = pace.excused(*since + down_after);
  return verdict;
}

DownVerdict judge_replica(const State& state, const Primary& primary, const Replica& replica) {
  const Server& server = replica.server;
  return judge_silence(server.health, primary.settings.down_after, pace_for(state, server.subjectively_down()));
}

DownVerdict judge_primary(const State& state, const Primary& primary) {
  const Names& names = state.names;
  const Server& server = primary.server;
  const OwnPace pace = pace_for(state, server.subjectively_down());
  DownVerdict verdict = judge_silence(server.health, primary.settings.down_after, pace);
  if (verdict.at && primary.adopted_at) {
    verdict.at = std::max<Instant>(*verdict.at, *primary.adopted_at + primary.settings.down_after);
  }
  if (primary.settings.fast_down_after > 0ms && server.health.refusals >= kTellingRefusals) {
    keep_earlier(verdict, *server.health.refused_since + primary.settings.fast_down_after, DownReason::kRefused);
  }
  if (primary.settings.corroborate_with_replicas) hold_back(verdict, corroborated_until(names, primary));
  if (const auto at = misplaced_at(names, primary, state.timing))
    keep_earlier(verdict, *at, DownReason::kReportsReplica);
  if (primary.usurped_since) keep_earlier(verdict, *primary.usurped_since, DownReason::kUsurped);
  if (server.rebooted_at) {
    keep_earlier(verdict, pace.excused(*server.rebooted_at + primary.settings.reboot_down_after),
                 DownReason::kRebooted);
  }
  return verdict;
}

std::optional<Instant> vouches_until(const Names& names, const Primary& primary, const Replica& replica) {
  const Server& server = replica.server;
  const proto::InfoReport& info = server.info;
  const auto since = silent_since(primary.server.health);
  if (!since || !server.info_received_at || *server.info_received_at < *since) return std::nullopt;
  const bool follows = server.role_reported == proto::Role::kReplica && info.primary_link_up && info.primary &&
                       names.same(*info.primary, primary.server.address);
  if (!follows || !info.primary_last_io) return std::nullopt;
  const Instant heard_at = *server.info_received_at - *info.primary_last_io;
  return heard_at + std::max<Micros>(primary.settings.down_after, kReplicationSilence);
}

std::optional<Instant> witnesses_wanted_from(const Primary& primary) {
  const PrimarySettings& settings = primary.settings;
  const auto since = silent_since(primary.server.health);
  if (!settings.corroborate_with_replicas || !since) return std::nullopt;
  const Instant half_silent = *since + settings.down_after / 2;
  const auto& refused_since = primary.server.health.refused_since;
  if (settings.fast_down_after == 0ms || !refused_since) return half_silent;
  return std::min<Instant>(half_silent, *refused_since + settings.fast_down_after / 2);
}

}  // namespace vedette::core
