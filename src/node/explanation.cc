#include "node/explanation.h"

#include <algorithm>
#include <utility>

#include "core/topology.h"

namespace vedette::node {
namespace {

std::string_view link_word(const core::Health& health) {
  return health.connected ? std::string_view("ok") : core::to_string(health.fault);
}

Fields peer_fields(const core::State& state, const core::Primary& primary, const core::PeerView& view, Instant now) {
  const core::Sentinel& sentinel = primary.sentinels.at(view.id);
  const core::Peer& peer = state.peers.at(view.peer);
  Fields fields;
  fields.add("name", to_string(state.names.shown(peer.address)));
  fields.add("runid", view.id.hex);
  fields.add("link", link_word(peer.health));
  fields.add("leases", peer.is_vedette.value_or(false) ? "yes" : "no");
  fields.add("opinion", core::to_string(view.sight));
  if (view.said_at) {
    fields.add("opinion-age", to_millis(now - *view.said_at));
    fields.add("opinion-expired", view.expired ? "yes" : "no");
  }
  fields.add("last-hello-message", to_millis(now - sentinel.last_hello));
  fields.add("config-epoch", to_number(sentinel.config_epoch));
  if (sentinel.vote.leader.known()) fields.add("voted-leader", sentinel.vote.leader.hex);
  if (sentinel.vote.epoch != Epoch{0}) fields.add("voted-leader-epoch", to_number(sentinel.vote.epoch));
  return fields;
}

std::string verdict_on(const core::Candidate& candidate) {
  switch (candidate.fitness) {
    case core::Fitness::kChosen:
      return "chosen";
    case core::Fitness::kBehindChosen:
      return "fit";
    default:
      return "rejected";
  }
}

std::string reason_for(const core::State& state, const core::Primary& primary, const core::Selection& selection,
                       const core::Candidate& candidate) {
  const core::Candidate* chosen = selection.chosen();
  if (candidate.fitness == core::Fitness::kBehindChosen && chosen != nullptr) {
    return fmt::format("{} {}", to_string(state.names.shown(chosen->address)),
                       core::explain(core::advantage_of(primary, *chosen, candidate)));
  }
  if (candidate.fitness == core::Fitness::kChosen) {
    const auto& all = selection.candidates;
    const bool has_rivals = std::any_of(all.begin(), all.end(), [](const core::Candidate& other) {
      return other.fitness == core::Fitness::kBehindChosen;
    });
    return has_rivals ? "the best of those that are fit" : "the only one that is fit";
  }
  return std::string(core::explain(candidate.fitness));
}

void add_selection(Fields& fields, const core::State& state, const core::Primary& primary,
                   const core::Selection& selection, Instant now) {
  const core::Candidate* chosen = selection.chosen();
  fields.add("would-be-promoted", chosen == nullptr ? "" : to_string(state.names.shown(chosen->address)));
  std::vector<Fields> replicas;
  for (const core::Candidate& candidate : selection.candidates) {
    const core::Server& server = primary.replicas.at(candidate.address).server;
    Fields& replica = replicas.emplace_back();
    replica.add("name", to_string(state.names.shown(candidate.address)));
    replica.add("verdict", verdict_on(candidate));
    replica.add("reason", reason_for(state, primary, selection, candidate));
    replica.add("slave-priority", candidate.priority);
    replica.add("slave-repl-offset", candidate.offset);
    if (server.info_received_at) replica.add("info-refresh", to_millis(now - *server.info_received_at));
    replica.add("link", link_word(server.health));
  }
  fields.add_list("replicas", std::move(replicas));
}

// What is of other groups and has come near: servers at the addresses of replicas, and sentinels of the same name.
void add_foreign(Fields& fields, const core::State& state, const core::Primary& primary, Instant now) {
  std::vector<Fields> all;
  for (const auto& [address, outsider] : primary.outsiders) {
    if (!outsider.at_replica && !outsider.foreign.known()) continue;
    Fields& server = all.emplace_back();
    server.add("kind", outsider.at_replica ? "replica" : "configuration");
    server.add("name", to_string(state.names.shown(address)));
    server.add("reason", outsider.foreign.known() ? "it " + outsider.reason : "it has not answered yet");
    server.add("since", to_millis(now - outsider.since));
  }
  for (const auto& [id, hearsay] : primary.hearsay) {
    Fields& sentinel = all.emplace_back();
    sentinel.add("kind", hearsay.is_foreign ? "sentinel" : "unverified-sentinel");
    sentinel.add("name", to_string(state.names.shown(hearsay.hello.sender)));
    sentinel.add("runid", id.hex);
    sentinel.add("reason", fmt::format("it names {} at epoch {}", to_string(state.names.shown(hearsay.hello.primary)),
                                       to_number(hearsay.hello.config_epoch)));
    sentinel.add("last-hello-message", to_millis(now - hearsay.heard_at));
  }
  fields.add_list("foreign", std::move(all));
}

void add_voters(Fields& fields, const core::Explanation& explanation) {
  fields.add("voters", explanation.voters);
  fields.add("reachable-voters", explanation.reachable_voters);
  fields.add("majority", explanation.majority);
}

}  // namespace

Fields rehearsal_fields(const core::State& state, const core::Primary& primary, const core::Explanation& explanation,
                        Instant now) {
  Fields fields;
  fields.add("result", "OK");
  fields.add("why", what_an_order_would_do(state, primary, explanation, now));
  add_voters(fields, explanation);
  add_selection(fields, state, primary, explanation.selection, now);
  return fields;
}

Fields explanation_fields(const core::State& state, const core::Primary& primary, const core::Explanation& explanation,
                          Instant now) {
  Fields fields;
  fields.add("why", why(state, primary, explanation, now));
  fields.add("situation", core::to_string(explanation.situation));
  fields.add("waiting-for", explanation.wait ? core::to_string(explanation.wait->what) : "nothing");
  if (explanation.wait && explanation.wait->until) {
    fields.add("waiting-ms", to_millis(std::max(*explanation.wait->until - now, Micros{0})));
  }
  fields.add("name", primary.name);
  const Address address = state.names.shown(core::current_address(primary));
  fields.add("ip", address.host);
  fields.add("port", address.port);
  fields.add("config-epoch", to_number(primary.config_epoch));
  fields.add("link", link_word(primary.server.health));
  fields.add("last-ok-ping-reply", to_millis(now - primary.server.health.last_valid_reply));
  fields.add("down-opinions", explanation.down_opinions);
  fields.add("quorum", explanation.quorum);
  add_voters(fields, explanation);
  if (primary.failover) {
    fields.add("failover-epoch", to_number(primary.failover->epoch));
    fields.add("failover-time", to_millis(now - primary.failover->started_at));
  }
  if (explanation.situation == core::Situation::kStanding) fields.add("votes", explanation.votes);
  if (primary.my_vote.leader.known()) fields.add("voted-leader", primary.my_vote.leader.hex);
  if (primary.my_vote.epoch != Epoch{0}) fields.add("voted-leader-epoch", to_number(primary.my_vote.epoch));
  add_selection(fields, state, primary, explanation.selection, now);
  std::vector<Fields> peers;
  for (const core::PeerView& view : explanation.peers) peers.push_back(peer_fields(state, primary, view, now));
  fields.add_list("sentinels", std::move(peers));
  add_foreign(fields, state, primary, now);
  return fields;
}

}  // namespace vedette::node
