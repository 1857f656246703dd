#include "core/judging.h"

#include <fmt/format.h>

#include "core/detection.h"
#include "core/events.h"
#include "core/quorum.h"
#include "proto/names.h"

namespace vedette::core {
namespace {

// Brings `since` in step with the verdict. True if it changed.
bool follow_verdict(Turn& turn, std::optional<Instant>& since, const DownVerdict& verdict) {
  const bool down = verdict.at && turn.due(*verdict.at);
  if (down == since.has_value()) return false;
  since = down ? std::optional(turn.now) : std::nullopt;
  turn.acted();
  return true;
}

std::string_view sdown_event(bool down) { return down ? proto::event::kSdown : proto::event::kSdownOver; }

// People want to know which kind of silence it is; the event's payload is a contract and has no room for it.
void log_cause(Turn& turn, const Primary& primary, const DownVerdict& verdict) {
  switch (verdict.reason) {
    case DownReason::kSilent: {
      const Health& health = primary.server.health;
      const auto silence = to_millis(turn.now - silent_since(health).value_or(turn.now));
      const std::string_view cause = health.connected ? proto::to_string(health.last_verdict) : to_string(health.fault);
      return log(turn, Level::kNotice,
                 fmt::format("{} has given no valid reply for {} ms ({}: {})", primary.name, silence,
                             health.connected ? "last reply" : "link", cause));
    }
    case DownReason::kRefused:
      return log(
          turn, Level::kNotice,
          fmt::format("{} has refused {} connections in a row, for {} ms", primary.name, primary.server.health.refusals,
                      to_millis(turn.now - *primary.server.health.refused_since)));
    case DownReason::kReportsReplica:
      return log(turn, Level::kNotice, fmt::format("{} has reported to be a replica for too long", primary.name));
    case DownReason::kRebooted:
      return log(turn, Level::kNotice, fmt::format("{} restarted and does not serve in time", primary.name));
    case DownReason::kUsurped:
      return log(turn, Level::kNotice, fmt::format("a server of somebody else is at the address of {}", primary.name));
  }
}

// It is our network that is broken, or theirs: people want to know, once.
void note_holding_back(Turn& turn, Primary& primary, const DownVerdict& verdict) {
  if (verdict.held_back_from) turn.due(*verdict.held_back_from);
  const bool held_back = verdict.is_held_back(turn.now);
  if (held_back == primary.held_back) return;
  primary.held_back = held_back;
  if (held_back) {
    log(turn, Level::kWarning,
        fmt::format("{} is silent, but most of its replicas hear from it: it does not count as down as long as they do",
                    primary.name));
  } else {
    log(turn, Level::kWarning, fmt::format("{} does not depend on the word of its replicas any more", primary.name));
  }
  turn.acted();
}

void judge_primary_server(Turn& turn, Primary& primary) {
  const DownVerdict verdict = judge_primary(turn.state, primary);
  note_holding_back(turn, primary, verdict);
  if (!follow_verdict(turn, primary.server.subjectively_down_since, verdict)) return;
  announce(turn, sdown_event(primary.server.subjectively_down()), primary);
  if (!primary.server.subjectively_down()) return;
  log_cause(turn, primary, verdict);
  for (auto& [id, sentinel] : primary.sentinels) sentinel.asked_at.reset();  // ask for opinions at once
}

void judge_others(Turn& turn, Primary& primary) {
  for (auto& [address, replica] : primary.replicas) {
    if (follow_verdict(turn, replica.server.subjectively_down_since, judge_replica(turn.state, primary, replica))) {
      announce(turn, sdown_event(replica.server.subjectively_down()), primary, replica);
    }
  }
  for (auto& [id, sentinel] : primary.sentinels) {
    const Health& health = turn.state.peers.at(sentinel.peer).health;
    const DownVerdict verdict = judge_silence(health, primary.settings.down_after,
                                              pace_for(turn.state, sentinel.subjectively_down_since.has_value()));
    // PINGs to a peer, which all primaries share, do not run these rules: look again before it can be down.
    if (!verdict.at) turn.due(health.last_valid_reply + primary.settings.down_after);
    if (follow_verdict(turn, sentinel.subjectively_down_since, verdict)) {
      announce(turn, sdown_event(sentinel.subjectively_down_since.has_value()), primary, sentinel);
    }
  }
}

void judge_agreement(Turn& turn, Primary& primary) {
  const DownVotes votes = count_down_votes(primary, turn.state.timing, turn.now);
  if (votes.valid_until) turn.due(*votes.valid_until);
  const bool down = primary.server.subjectively_down() && votes.count >= primary.settings.quorum;
  if (down == primary.objectively_down_since.has_value()) return;
  turn.acted();
  if (down) {
    primary.objectively_down_since = turn.now;
    turn.state.objectively_down.insert(primary.unit);
    announce(turn, proto::event::kOdown, primary, fmt::format("#quorum {}/{}", votes.count, primary.settings.quorum));
  } else {
    primary.objectively_down_since.reset();
    turn.state.objectively_down.erase(primary.unit);
    primary.dead_rounds = 0;
    announce(turn, proto::event::kOdownOver, primary);
  }
}

}  // namespace

void judge_down_states(Turn& turn, Primary& primary) {
  judge_primary_server(turn, primary);
  judge_others(turn, primary);
  judge_agreement(turn, primary);
}

}  // namespace vedette::core
