// What a sentinel of the original's kind does in each of its ticks.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "proto/requests.h"
#include "sim/stock_sentinel.h"

namespace vedette::sim {
namespace {

using namespace std::chrono_literals;

const proto::RenamedCommands kNoneRenamed;
constexpr std::int64_t kSlowestTicks = 10;  // in a second; the rate is drawn anew each time, so that nobody keeps pace
constexpr std::int64_t kFastestTicks = 19;
constexpr Micros kTiltTrigger = 2s;
constexpr Micros kTiltPeriod = 30s;
constexpr Micros kInfoPeriod = 10s;
constexpr Micros kUrgentInfoPeriod = 1s;
constexpr Micros kPublishPeriod = 2s;
constexpr Micros kAskPeriod = 1s;
constexpr Micros kPingPeriod = 1s;
constexpr Micros kElectionTimeout = 10s;
constexpr Micros kDesync = 1s;
constexpr Micros kMinReconnectPeriod = 15s;

}  // namespace

void StockSentinel::tick() {
  const std::int64_t rate = kSlowestTicks + static_cast<std::int64_t>(rng_.below(kFastestTicks - kSlowestTicks + 1));
  after(Micros{1'000'000 / rate}, [this] { tick(); });
  // The original takes the time from the wall clock, for this and for all else. Of what comes of that only this is
  // here.
  const Instant wall_clock = now() + clock_offset();
  if (wall_clock < last_tick_ || wall_clock - last_tick_ > kTiltTrigger) enter_tilt();
  if (tilt_since_ && now() - *tilt_since_ > kTiltPeriod) tilt_since_.reset();
  last_tick_ = wall_clock;
  for (auto& [name, group] : groups_) handle(group);
}

void StockSentinel::enter_tilt() {
  tilt_since_ = now();
  log_(*this, "+tilt #tilt mode entered");
}

void StockSentinel::handle(Group& group) {
  keep_in_touch(group, group.primary, false);
  for (auto& [address, replica] : group.replicas) keep_in_touch(group, replica, false);
  for (auto& [id, peer] : group.peers) keep_in_touch(group, peer, true);
  if (tilt_since_) return;
  judge(group, group.primary, true);
  for (auto& [address, replica] : group.replicas) {
    judge(group, replica, false);
    correct(group, replica);
  }
  for (auto& [id, peer] : group.peers) judge(group, peer, false);
  judge_agreement(group);
  start_if_needed(group);
  advance(group);
  ask_peers(group, false);
}

void StockSentinel::keep_in_touch(Group& group, Instance& instance, bool is_peer) {
  keep_link(instance.commands, instance.address);
  if (!is_peer) keep_link(instance.hellos, instance.address);
  if (!instance.commands.connected) return;
  const bool urgent = &instance != &group.primary && (group.step != Step::kNone || group.primary.down);
  const Micros info_period = urgent ? kUrgentInfoPeriod : kInfoPeriod;
  if (!is_peer && (instance.info_at == Instant{} || now() - instance.asked_info_at > info_period)) {
    instance.asked_info_at = now();
    send(instance, Asked::kInfo, proto::request::info(kNoneRenamed));
  }
  if (now() - instance.pinged_at > std::min(group.down_after, kPingPeriod)) {
    instance.pinged_at = now();
    if (!instance.waiting_since) instance.waiting_since = now();
    send(instance, Asked::kPing, proto::request::ping(kNoneRenamed));
  }
  if (instance.said_hello_at != Instant{} && now() - instance.said_hello_at <= kPublishPeriod) return;
  instance.said_hello_at = now();
  const proto::Hello hello{address(), id_, current_epoch_, group.name, shown(group), group.config_epoch};
  send(instance, Asked::kOther, proto::request::publish_hello(hello, kNoneRenamed));
}

void StockSentinel::judge(Group& group, Instance& instance, bool is_primary) {
  const Micros silent = instance.waiting_since ? Micros(now() - *instance.waiting_since) : Micros{0};
  if (instance.commands.connected && silent > group.down_after / 2 &&
      now() - instance.commands.tried_at > kMinReconnectPeriod) {
    drop_link(instance.commands);
  }
  const bool strange = is_primary && instance.role == proto::Role::kReplica &&
                       now() - instance.role_since > group.down_after + 2 * kInfoPeriod;
  const bool down = silent > group.down_after || strange;
  if (down != instance.down) log(group, (down ? "+sdown " : "-sdown ") + to_string(instance.address));
  instance.down = down;
  if (is_primary && down) checker_.stock_saw_down(name(), watched(group), instance.address, now());
}

void StockSentinel::judge_agreement(Group& group) {
  unsigned count = group.primary.down ? 1 : 0;
  for (auto& [id, peer] : group.peers) {
    if (now() - peer.said_at > 5 * kAskPeriod) peer.says_down = false;
    if (peer.says_down) ++count;
  }
  const bool down = group.primary.down && count >= group.quorum;
  if (down != group.objectively_down) log(group, down ? "+odown" : "-odown");
  group.objectively_down = down;
}

// With its current epoch, whatever the failover's is.
void StockSentinel::ask_peers(Group& group, bool at_once) {
  if (!group.primary.down) return;
  for (auto& [id, peer] : group.peers) {
    if (!peer.commands.connected) continue;
    if (!at_once && now() - peer.asked_vote_at < kAskPeriod) continue;
    peer.asked_vote_at = now();
    const auto candidate = group.step == Step::kNone ? std::nullopt : std::optional(id_);
    send(peer, Asked::kVote,
         proto::request::is_primary_down(group.primary.address, current_epoch_, candidate, kNoneRenamed));
  }
}

void StockSentinel::start_failover(Group& group, bool forced) {
  group.forced = forced;
  current_epoch_ = next(current_epoch_);
  group.failover_epoch = current_epoch_;
  group.failover_started = now() + rng_.between(Micros{0}, kDesync);
  log(group, fmt::format("+try-failover {}", to_number(group.failover_epoch)));
  enter(group, Step::kWaitStart);
}

void StockSentinel::start_if_needed(Group& group) {
  if (!group.objectively_down || group.step != Step::kNone) return;
  if (now() - group.failover_started < 2 * group.failover_timeout) return;
  start_failover(group, false);
  ask_peers(group, true);
}

// The votes of the others at the current epoch, and its own at that of the failover.
RunId StockSentinel::count_votes(Group& group) {
  std::map<RunId, std::size_t> votes;
  for (const auto& [id, peer] : group.peers) {
    if (peer.leader.known() && peer.leader_epoch == current_epoch_) ++votes[peer.leader];
  }
  const auto most = [&] {
    return std::max_element(votes.begin(), votes.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; });
  };
  const RunId mine = cast_vote(group, group.failover_epoch, votes.empty() ? id_ : most()->first);
  if (mine.known() && group.leader_epoch == group.failover_epoch) ++votes[mine];
  if (votes.empty()) return {};
  const std::size_t voters = group.peers.size() + 1;
  const std::size_t needed = std::max<std::size_t>(voters / 2 + 1, group.quorum);
  return most()->second >= needed ? most()->first : RunId{};
}

// Whether it would have been elected if only votes for the epoch of its failover counted.
bool StockSentinel::is_majority_of_one_epoch(const Group& group) const {
  const auto mine = std::count_if(group.peers.begin(), group.peers.end(), [&](const auto& entry) {
    return entry.second.leader == id_ && entry.second.leader_epoch == group.failover_epoch;
  });
  return static_cast<std::size_t>(mine) + 1 >= (group.peers.size() + 1) / 2 + 1;
}

void StockSentinel::advance(Group& group) {
  switch (group.step) {
    case Step::kNone:
      return;
    case Step::kWaitStart:
      return wait_for_votes(group);
    case Step::kSelect:
      return select(group);
    case Step::kPromote: {
      Instance& chosen = group.replicas.at(group.chosen);
      if (!chosen.commands.connected) {
        if (now() - group.step_since > group.failover_timeout) abort(group, "-failover-abort-slave-timeout");
        return;
      }
      make_follow(chosen, std::nullopt);
      return enter(group, Step::kWaitPromotion);
    }
    case Step::kWaitPromotion:
      if (now() - group.step_since > group.failover_timeout) abort(group, "-failover-abort-slave-timeout");
      return;
    case Step::kReconfigure:
      return reconfigure(group);
  }
}

void StockSentinel::wait_for_votes(Group& group) {
  const bool is_elected = count_votes(group) == id_;
  if (!is_elected && !group.forced) {
    if (now() - group.failover_started > std::min(kElectionTimeout, group.failover_timeout)) {
      abort(group, "-failover-abort-not-elected");
    }
    return;
  }
  checker_.stock_leads(id_, watched(group), group.failover_epoch, is_elected);
  if (is_elected && !is_majority_of_one_epoch(group)) {
    checker_.stock_mixed_epochs(id_, watched(group), group.failover_epoch);
  }
  log(group, fmt::format("+elected-leader {}", to_number(group.failover_epoch)));
  enter(group, Step::kSelect);
}

bool StockSentinel::is_fit(const Group& group, const Instance& replica) const {
  const Micros info_life = group.primary.down ? 5 * kPingPeriod : 3 * kInfoPeriod;
  const Micros down_for = group.primary.down && group.primary.waiting_since
                              ? Micros(now() - *group.primary.waiting_since) - group.down_after
                              : Micros{0};
  return !replica.down && replica.commands.connected && now() - replica.last_valid <= 5 * kPingPeriod &&
         replica.info.priority != 0 && replica.info_at != Instant{} && now() - replica.info_at <= info_life &&
         replica.role == proto::Role::kReplica &&
         replica.info.primary_link_down_for <= down_for + 10 * group.down_after;
}

void StockSentinel::select(Group& group) {
  const Instance* best = nullptr;
  const auto preference = [](const Instance& replica) {
    return std::tuple(replica.info.priority, ~replica.info.replication_offset, replica.info.run_id);
  };
  for (const auto& [address, replica] : group.replicas) {
    if (!is_fit(group, replica)) continue;
    if (best == nullptr || preference(replica) < preference(*best)) best = &replica;
  }
  if (best == nullptr) return abort(group, "-failover-abort-no-good-slave");
  group.chosen = best->address;
  log(group, "+selected-slave " + to_string(group.chosen));
  enter(group, Step::kPromote);
}

// One after the other; what is down is left out, and after the timeout all the rest.
void StockSentinel::reconfigure(Group& group) {
  const bool late = now() - group.step_since > group.failover_timeout;
  bool busy = false;
  for (auto& [address, replica] : group.replicas) {
    if (address == group.chosen || replica.down) continue;
    const bool done = replica.reconfigured && replica.info.primary == group.chosen && replica.info.primary_link_up;
    if (done) continue;
    if (!replica.reconfigured && (late || !busy) && replica.commands.connected) {
      make_follow(replica, group.chosen);
      replica.reconfigured = true;
    }
    busy = true;
  }
  if (busy && !late && !group.replicas.at(group.chosen).down) return;
  log(group, "+failover-end");
  const Address chosen = group.chosen;
  switch_to(group, chosen);
}

// What claims to be a primary, or follows somebody else, is corrected when the primary has been well for long enough.
void StockSentinel::correct(Group& group, Instance& replica) {
  const Instance& primary = group.primary;
  const bool sane = group.step == Step::kNone && !primary.down && primary.role == proto::Role::kPrimary &&
                    primary.info_at != Instant{} && now() - primary.info_at < 2 * kInfoPeriod;
  if (!sane || replica.down || !replica.commands.connected || replica.info_at == Instant{}) return;
  const bool is_primary = replica.role == proto::Role::kPrimary;
  const bool strays = !is_primary && replica.info.primary && *replica.info.primary != primary.address;
  const Micros patience = is_primary ? 4 * kPublishPeriod : group.failover_timeout;
  const Instant since = is_primary ? replica.role_since : replica.followed_since;
  if ((!is_primary && !strays) || now() - since <= patience || replica.asked_info_at > replica.info_at) return;
  log(group, (is_primary ? "+convert-to-slave " : "+fix-slave-config ") + to_string(replica.address));
  make_follow(replica, primary.address);
  (is_primary ? replica.role_since : replica.followed_since) = now();  // give it time
}

void StockSentinel::enter(Group& group, Step step) {
  group.step = step;
  group.step_since = now();
}

void StockSentinel::abort(Group& group, const std::string& why) {
  log(group, why);
  enter(group, Step::kNone);
  group.forced = false;
}

Address StockSentinel::shown(const Group& group) const {
  return group.step == Step::kReconfigure ? group.chosen : group.primary.address;
}

}  // namespace vedette::sim
