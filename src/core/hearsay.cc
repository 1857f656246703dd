#include "core/hearsay.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/acquaintance.h"
#include "core/belonging.h"
#include "core/correction.h"
#include "core/events.h"
#include "core/outsiders.h"
#include "core/topology.h"
#include "proto/names.h"

namespace vedette::core {
namespace {

// In publish periods: who says hello does so in every one.
constexpr int kLife = 15;
constexpr int kConfirmation = 3;

struct Speech {
  bool is_peer;  // said by a sentinel that we know as one of this primary
  Instant heard_at;
  Instant now;
};

template <typename Servers>
const Server* server_in(const Names& names, const Servers& servers, const Address& address) {
  const auto exact = servers.find(address);
  if (exact != servers.end()) return &exact->second.server;
  const auto found =
      std::find_if(servers.begin(), servers.end(), [&](const auto& entry) { return names.same(entry.first, address); });
  return found == servers.end() ? nullptr : &found->second.server;
}

bool is_followed_by(const Names& names, const Primary& primary, const Server& server, const Address& address) {
  const Address* leader = followed_outside(names, primary, server, Micros{0});
  return leader != nullptr && names.same(*leader, address);
}

// Our primary itself follows it; or, while that is down, most of its replicas do, in the processes that we know.
bool leads_ours(const State& state, const Primary& primary, const Address& address, Instant now) {
  const Names& names = state.names;
  const Belonging own = belonging_of(state, primary, primary.server, now);
  if (own.owner == Owner::kOurs && is_followed_by(names, primary, primary.server, address)) return true;
  if (!primary.server.subjectively_down()) return false;
  const auto led = std::count_if(primary.replicas.begin(), primary.replicas.end(), [&](const auto& entry) {
    const Server& server = entry.second.server;
    return belonging_of(state, primary, server, now).evidence == Evidence::kProcess &&
           is_followed_by(names, primary, server, address);
  });
  return static_cast<std::size_t>(led) > primary.replicas.size() / 2;
}

// We have never seen this group, and cannot: all there is to go by is the word of those whom we were told to trust.
bool knows_nothing(const Primary& primary) {
  return primary.histories.present.empty() && primary.server.subjectively_down();
}

// A stranger may name an address at which its own primary was until a moment ago, and ours is now. So what it says
// counts only if it says so long after the server came up there.
bool has_lasted_since(const State& state, std::optional<Instant> since, Instant heard_at) {
  return !since || heard_at - *since >= kConfirmation * state.timing.publish_period;
}

// Whether the named server, which is no primary of ours yet, is one that could have become it.
Standing standing_of_server(const State& state, const Primary& primary, const Server& server, const Speech& speech) {
  const Belonging belonging = belonging_of(state, primary, server, speech.now);
  if (belonging.owner == Owner::kUnknown) return Standing::kUndecided;
  if (belonging.owner == Owner::kForeign) return Standing::kForeign;
  if (!is_same_data(belonging.evidence)) return Standing::kUndecided;
  return speech.is_peer || has_lasted_since(state, server.health.link_changed_at, speech.heard_at)
             ? Standing::kOurs
             : Standing::kUndecided;
}

// Who is named as the primary has our history, or is another's: that nothing else is known of it is no excuse.
Standing standing_of_outsider(const State& state, const Primary& primary, const Outsider& outsider,
                              const Speech& speech) {
  const Standing standing = standing_of_server(state, primary, outsider.server, speech);
  const Belonging belonging = belonging_of(state, primary, outsider.server, speech.now);
  if (standing != Standing::kUndecided || is_proof(belonging.evidence)) return standing;
  const bool is_foreign = belonging.owner == Owner::kAmbiguous ||
                          (belonging.owner != Owner::kUnknown && outsider.server.run_id == outsider.foreign);
  return is_foreign ? Standing::kForeign : Standing::kUndecided;
}

bool is_of_majority(const State& state, const Primary& primary, const Address& address, Instant now) {
  const auto naming = std::count_if(primary.sentinels.begin(), primary.sentinels.end(), [&](const auto& entry) {
    const Sentinel& sentinel = entry.second;
    return now - sentinel.last_hello < kConfirmation * state.timing.publish_period &&
           state.names.same(sentinel.config_address, address);
  });
  return static_cast<std::size_t>(naming) >= primary.voters() / 2 + 1;
}

// Everything may have changed while we were away: processes, histories, data. Then the group is where the majority of
// those is who were its sentinels before; but not while our own primary serves.
bool is_agreed_upon(const State& state, const Primary& primary, const Address& address, Instant now) {
  const Belonging own = belonging_of(state, primary, primary.server, now);
  const bool is_served = is_proof(own.evidence) && leads_group(state.names, primary, primary.server);
  return !is_served && is_of_majority(state, primary, address, now);
}

bool is_named(const State& state, const Primary& primary, const Address& address) {
  return std::any_of(primary.hearsay.begin(), primary.hearsay.end(),
                     [&](const auto& entry) { return state.names.same(entry.second.hello.primary, address); });
}

void inquire(Turn& turn, Primary& primary, const Address& address) {
  const Names& names = turn.state.names;
  if (names.same(address, primary.server.address) || server_in(names, primary.replicas, address) != nullptr ||
      server_in(names, primary.outsiders, address) != nullptr) {
    return;
  }
  add_outsider(turn, primary, address);
}

void announce_foreign(Turn& turn, Primary& primary, Hearsay& hearsay) {
  const Names& names = turn.state.names;
  const proto::Hello& hello = hearsay.hello;
  const Address named = names.shown(hello.primary);
  if (may_remind(turn, hearsay.announced_at)) {
    announce_text(turn, proto::event::kForeignSentinel, primary,
                  fmt::format("{} #it names {}, which is not of this group",
                              proto::describe_sentinel(hello.sender_id, names.shown(hello.sender), primary.name,
                                                       names.shown(primary.server.address)),
                              to_string(named)));
  }
  const auto outsider = primary.outsiders.find(hello.primary);
  if (outsider == primary.outsiders.end() || outsider->second.at_replica) return;
  const Server& server = outsider->second.server;
  outsider->second.foreign = server.run_id;
  outsider->second.reason = describe(belonging_of(turn.state, primary, server, turn.now), names);
  if (!may_remind(turn, outsider->second.announced_at)) return;
  announce(turn, proto::event::kForeignConfiguration, primary,
           fmt::format("#{} at epoch {}, named by {}: it {}", to_string(named), to_number(hello.config_epoch),
                       hello.sender_id.hex, outsider->second.reason));
}

// It is no voter. One that was is dropped only while our primary serves, and not together with most of the others: it
// may be us who have missed something, and we must not be alone in counting votes.
void find_foreign(Turn& turn, Primary& primary, Hearsay& hearsay) {
  const RunId& sender = hearsay.hello.sender_id;
  hearsay.is_foreign = true;
  announce_foreign(turn, primary, hearsay);
  if (!primary.sentinels.contains(sender) || !looks_sane(turn, primary)) return;
  // All others have said by then what they think.
  if (!turn.due(hearsay.since + kConfirmation * turn.state.timing.publish_period)) return;
  if (is_of_majority(turn.state, primary, hearsay.hello.primary, turn.now)) return;
  remove_sentinel(turn, primary, sender);
  turn.acted();
}

void drop_needless_inquiries(Turn& turn, Primary& primary) {
  std::vector<Address> needless;
  for (const auto& [address, outsider] : primary.outsiders) {
    if (!outsider.at_replica && !is_named(turn.state, primary, address)) needless.push_back(address);
  }
  for (const Address& address : needless) remove_outsider(turn, primary, address);
}

void make_room(Primary& primary) {
  if (primary.hearsay.size() < kMaxHearsay) return;
  primary.hearsay.erase(
      std::min_element(primary.hearsay.begin(), primary.hearsay.end(),
                       [](const auto& one, const auto& other) { return one.second.heard_at < other.second.heard_at; }));
}

Standing standing_of_hello(const State& state, const Primary& primary, const proto::Hello& hello,
                           const Speech& speech) {
  const Names& names = state.names;
  if (speech.is_peer && is_agreed_upon(state, primary, hello.primary, speech.now)) return Standing::kOurs;
  if (names.same(hello.primary, primary.server.address)) {
    const bool is_doubtful = primary.usurped_since || !has_lasted_since(state, primary.switched_at, speech.heard_at);
    return is_doubtful && !speech.is_peer ? Standing::kUndecided : Standing::kOurs;
  }
  if (const Server* replica = server_in(names, primary.replicas, hello.primary)) {
    // A stranger that is merely behind hears of our primary and names that one next; until then it could not vote for
    // it either.
    if (!speech.is_peer && hello.config_epoch <= primary.config_epoch) return Standing::kUndecided;
    const Standing standing = standing_of_server(state, primary, *replica, speech);
    return speech.is_peer && standing == Standing::kUndecided ? Standing::kOurs : standing;
  }
  if (leads_ours(state, primary, hello.primary, speech.now) || (speech.is_peer && knows_nothing(primary))) {
    return Standing::kOurs;
  }
  const Server* server = server_in(names, primary.outsiders, hello.primary);
  if (server == nullptr) return Standing::kUndecided;
  return standing_of_outsider(state, primary, primary.outsiders.at(server->address), speech);
}

}  // namespace

Standing standing_of(const State& state, const Primary& primary, const Hearsay& said, Instant now) {
  const Speech speech{primary.sentinels.contains(said.hello.sender_id), said.heard_at, now};
  const Standing standing = standing_of_hello(state, primary, said.hello, speech);
  const bool is_doubtful = said.on_stranger && !speech.is_peer;
  return standing == Standing::kOurs && is_doubtful ? Standing::kUndecided : standing;
}

void note_hearsay(Turn& turn, Primary& primary, const Hearsay& said) {
  if (!primary.hearsay.contains(said.hello.sender_id)) make_room(primary);
  const auto [entry, is_new] = primary.hearsay.try_emplace(said.hello.sender_id);
  Hearsay& hearsay = entry->second;
  if (is_new || hearsay.hello.primary != said.hello.primary) hearsay.since = turn.now;
  hearsay.hello = said.hello;
  hearsay.heard_at = said.heard_at;
  hearsay.on_stranger = said.on_stranger;
  inquire(turn, primary, said.hello.primary);
  turn.touch(primary.unit);
}

void settle_hearsay(Turn& turn, Primary& primary) {
  if (primary.hearsay.empty() && primary.outsiders.empty()) return;
  const Micros life = kLife * turn.state.timing.publish_period;
  std::vector<Hearsay> believed;
  for (auto entry = primary.hearsay.begin(); entry != primary.hearsay.end();) {
    Hearsay& hearsay = entry->second;
    const Standing standing = standing_of(turn.state, primary, hearsay, turn.now);
    if (standing == Standing::kForeign) find_foreign(turn, primary, hearsay);
    if (standing == Standing::kOurs) believed.push_back(hearsay);
    entry = standing == Standing::kOurs || turn.due(hearsay.heard_at + life) ? primary.hearsay.erase(entry)
                                                                             : std::next(entry);
  }
  for (const Hearsay& hearsay : believed) {
    believe(turn, primary, hearsay.hello, hearsay.heard_at);
    turn.acted();
  }
  drop_needless_inquiries(turn, primary);
}

}  // namespace vedette::core
