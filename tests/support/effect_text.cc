#include "tests/support/effect_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace vedette::testing {
namespace {

std::string vote_text(const RunId& leader, Epoch epoch) {
  if (!leader.known()) return epoch == Epoch{0} ? "no vote" : fmt::format("vote ?@{}", to_number(epoch));
  return fmt::format("vote {}@{}", leader.hex, to_number(epoch));
}

std::string_view word_of(core::InstanceKind kind) {
  switch (kind) {
    case core::InstanceKind::kPrimary:
      return "primary";
    case core::InstanceKind::kReplica:
      return "replica";
    case core::InstanceKind::kSentinel:
      return "sentinel";
  }
  return "?";
}

struct Printer {
  const InstanceName& name_of;

  std::string operator()(const core::Watch& e) const {
    return fmt::format("watch {} {}", word_of(e.kind), to_string(e.address));
  }
  std::string operator()(const core::Unwatch& e) const { return fmt::format("unwatch {}", name_of(e.instance)); }
  std::string operator()(const core::Relink& e) const {
    return fmt::format("relink {} at {}: {}", name_of(e.instance), to_string(e.address), core::to_string(e.reason));
  }
  std::string operator()(const core::SendPing& e) const { return fmt::format("ping {}", name_of(e.instance)); }
  std::string operator()(const core::SendInfo& e) const { return fmt::format("ask {} for INFO", name_of(e.instance)); }
  std::string operator()(const core::SendHello& e) const {
    return fmt::format("hello to {}: {} is at {} since epoch {}, current epoch {}", name_of(e.instance), e.primary_name,
                       to_string(e.configuration.address), to_number(e.configuration.epoch),
                       to_number(e.current_epoch));
  }
  std::string operator()(const core::AskPeer& e) const {
    if (!e.candidate) return fmt::format("ask {} whether {} is down", name_of(e.peer), to_string(e.primary));
    return fmt::format("ask {} for its vote on {} at epoch {}", name_of(e.peer), to_string(e.primary),
                       to_number(e.epoch));
  }
  std::string operator()(const core::Reconfigure& e) const {
    if (!e.to) return fmt::format("make {} a primary", name_of(e.instance));
    return fmt::format("make {} follow {}", name_of(e.instance), to_string(*e.to));
  }
  std::string operator()(const core::KillScript& e) const {
    return fmt::format("kill the script of {}", name_of(e.instance));
  }
  std::string operator()(const core::AnswerPeer& e) const {
    return fmt::format("answer q{}: {}, {}", static_cast<std::uint64_t>(e.token), e.reply.down ? "down" : "not down",
                       vote_text(e.reply.leader.value_or(RunId{}), e.reply.leader_epoch));
  }
  std::string operator()(const core::AnswerOrder& e) const {
    return fmt::format("answer o{}: {}", static_cast<std::uint64_t>(e.token),
                       e.result.ok() ? fmt::format("done, {}", e.count) : e.result.error().message);
  }
  std::string operator()(const core::Announce& e) const { return fmt::format("{} {}", e.event, e.payload); }
  std::string operator()(const core::RunScript& e) const {
    std::vector<std::string> arguments;
    for (const core::ScriptFact& fact : e.facts) arguments.push_back(fact.value);
    return fmt::format("run {} ({})", e.path, fmt::join(arguments, ", "));
  }
  std::string operator()(const core::Log& e) const { return fmt::format("log: {}", e.text); }
  std::string operator()(const core::Exit& e) const { return fmt::format("exit {}", e.status); }
};

std::string_view name_of_state(const core::Failover& failover) {
  constexpr std::string_view kNames[] = {"WaitStart", "SelectReplica", "SendPromotion", "WaitPromotion",
                                         "ReconfigureReplicas"};
  return kNames[failover.state.index()];
}

std::string down_text(bool subjectively, bool objectively = false) {
  return objectively ? ", sdown, odown" : subjectively ? ", sdown" : "";
}

std::string primary_text(const core::Primary& primary) {
  std::string text =
      fmt::format("{} at {} since epoch {}, {}{}", primary.name, to_string(primary.server.address),
                  to_number(primary.config_epoch), vote_text(primary.my_vote.leader, primary.my_vote.epoch),
                  down_text(primary.server.subjectively_down(), primary.objectively_down_since.has_value()));
  if (primary.failover) {
    text +=
        fmt::format(", failover {} at epoch {}", name_of_state(*primary.failover), to_number(primary.failover->epoch));
  }
  return text + "\n";
}

}  // namespace

std::string to_text(const core::Effect& effect, const InstanceName& name_of) {
  return with_short_ids(std::visit(Printer{name_of}, effect));
}

std::string to_text(const core::State& state) {
  std::string text = fmt::format("current epoch {}{}\n", to_number(state.current_epoch), state.tilt ? ", tilt" : "");
  for (const auto& [name, primary] : state.primaries) {
    text += primary_text(primary);
    for (const auto& [address, replica] : primary.replicas) {
      text += fmt::format("  replica {}{}\n", to_string(address), down_text(replica.server.subjectively_down()));
    }
    for (const auto& [id, sentinel] : primary.sentinels) {
      text += fmt::format("  sentinel {} at {}, {}{}{}\n", id.hex, to_string(state.peers.at(sentinel.peer).address),
                          vote_text(sentinel.vote.leader, sentinel.vote.epoch),
                          sentinel.opinion && sentinel.opinion->down ? ", finds it down" : "",
                          down_text(sentinel.subjectively_down_since.has_value()));
    }
  }
  return with_short_ids(text);
}

std::string to_text(const core::Explanation& explanation) {
  std::string text(core::to_string(explanation.situation));
  if (explanation.wait) {
    text += fmt::format("; waits for {}", core::to_string(explanation.wait->what));
    if (explanation.wait->until) text += fmt::format(" until {}", to_text(*explanation.wait->until));
  }
  text += fmt::format("\n  {} find it down, quorum {}; {} of {} voters can be reached, {} votes elect, we have {}\n",
                      explanation.down_opinions, explanation.quorum, explanation.reachable_voters, explanation.voters,
                      explanation.majority, explanation.votes);
  for (const core::PeerView& peer : explanation.peers) {
    text += fmt::format("  sentinel {}{}: {}", peer.id.hex, peer.reachable ? "" : ", not reached",
                        core::to_string(peer.sight));
    if (peer.said_at) text += fmt::format(", said at {}{}", to_text(*peer.said_at), peer.expired ? ", expired" : "");
    text += "\n";
  }
  for (const core::Candidate& candidate : explanation.selection.candidates) {
    text += fmt::format("  replica {}\n", core::describe(candidate));
  }
  return with_short_ids(text);
}

std::string with_short_ids(const std::string& text) {
  std::string shortened;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_not_of(text[begin], begin), text.size());
    shortened.append(end - begin == RunId::kLength ? 1 : end - begin, text[begin]);
    begin = end;
  }
  return shortened;
}

std::string to_text(Instant at) {
  const auto micros = at.time_since_epoch().count();
  if (micros % 1000 == 0) return fmt::format("{}", micros / 1000);
  return fmt::format("{}.{:03}", micros / 1000, micros % 1000);
}

}  // namespace vedette::testing
