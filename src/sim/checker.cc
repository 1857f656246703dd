#include "sim/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace vedette::sim {
namespace {

constexpr std::string_view kVoteDirective = "sentinel leader-epoch";
constexpr std::string_view kConfigurationDirective = "sentinel config-epoch";

using Epochs = std::map<std::string, Epoch>;  // by what stands before them in a sentinel's file

void read_epochs(Epochs& epochs, const std::string& text) {
  constexpr std::string_view kRemoved = "- ";  // in a journal
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with(kRemoved)) {
      for (const auto& directive : {kVoteDirective, kConfigurationDirective}) {
        epochs.erase(fmt::format("{} {}", directive, line.substr(kRemoved.size())));
      }
    }
    if (line.find("-epoch ") == std::string_view::npos) continue;
    const auto space = line.rfind(' ');
    const auto number = parse_integer<std::uint64_t>(line.substr(space + 1));
    if (number) epochs[std::string(line.substr(0, space))] = Epoch{*number};
  }
}

Epochs epochs_on(const Disk& disk) {
  Epochs epochs;
  read_epochs(epochs, disk.text());
  read_epochs(epochs, disk.records());
  return epochs;
}

// The same, as it knows them.
Epochs epochs_of(const core::State& state) {
  Epochs epochs{{"sentinel current-epoch", state.current_epoch}};
  for (const auto& [name, primary] : state.primaries) {
    epochs[fmt::format("{} {}", kVoteDirective, name)] = primary.my_vote.epoch;
    epochs[fmt::format("{} {}", kConfigurationDirective, name)] = primary.config_epoch;
  }
  return epochs;
}

}  // namespace

void Checker::look_at(const SentinelProcess& sentinel) {
  const core::State& state = *sentinel.state();
  Life& life = lives_[&sentinel];
  if (life.id != state.my_id) ours_[life.id = state.my_id] = &sentinel;
  if (state.current_epoch < life.current_epoch) {
    broken_(fmt::format("the current epoch of {} went back", sentinel.name()));
  }
  life.current_epoch = state.current_epoch;
  check_disk(sentinel, life);
  for (const auto& [name, primary] : state.primaries) {
    Seen& seen = life.seen[name];
    check_epochs(sentinel, primary, seen);
    check_votes(sentinel, primary, seen);
    if (has_neighbours_) check_voters(sentinel, primary);
    check_down(sentinel, primary, seen);
    check_slowness(sentinel, primary, seen);
    check_leader(sentinel, primary, seen);
    check_configuration(sentinel, primary, seen);
  }
  if (life.seen.size() > state.primaries.size()) forget_removed_primaries(state, life);
}

// One that is monitored anew may have any configuration.
void Checker::forget_removed_primaries(const core::State& state, Life& life) {
  for (auto seen = life.seen.begin(); seen != life.seen.end();) {
    if (state.primaries.contains(seen->first)) {
      ++seen;
      continue;
    }
    const std::string what = fmt::format("{} {}", kConfigurationDirective, seen->first);
    life.known.erase(what);
    life.known_before.erase(what);
    seen = life.seen.erase(seen);
  }
}

// What was only in memory may be lost; that nothing of it had been told is what the other checks are about.
void Checker::restarted(const Sentinel& sentinel) { lives_.erase(&sentinel); }

void Checker::lost_disk(const SentinelProcess& sentinel) {
  disk_epochs_.erase(sentinel.name());
  std::erase_if(ours_, [&](const auto& entry) { return entry.second == &sentinel; });
}

// Epochs on disk never go back, across restarts too. A primary that is removed takes its configuration with it, but not
// the votes that were given: if it is monitored anew, they count.
//
// And none is forgotten: after a record is appended, there are at least those that were known before the last one was
// begun, which is when the one before that had ended.
void Checker::check_disk(const SentinelProcess& sentinel, Life& life) {
  const Disk& disk = sentinel.disk();
  if (disk.changes() == life.disk_changes) return;
  life.disk_changes = disk.changes();
  Epochs now = epochs_on(disk);
  Epochs& before = disk_epochs_[sentinel.name()];
  for (const auto& [what, epoch] : before) {
    const auto found = now.find(what);
    if (found == now.end()) {
      if (what.starts_with(kVoteDirective)) now[what] = epoch;
    } else if (found->second < epoch) {
      broken_(fmt::format("'{}' went back on the disk of {}", what, sentinel.name()));
    }
  }
  before = now;
  if (disk.appends() == life.appends) return;
  life.appends = disk.appends();
  Epochs known = epochs_of(*sentinel.state());
  for (const auto& [what, epoch] : life.known_before) {
    if (known.contains(what) && now[what] < epoch) {
      broken_(fmt::format("'{}' of {} was {}, and {} was saved after that", what, sentinel.name(), to_number(epoch),
                          to_number(now[what])));
    }
  }
  life.known_before = std::exchange(life.known, std::move(known));
}

std::optional<Epoch> Checker::on_disk(const RunId& id, std::string_view directive, const std::string& primary) const {
  const auto process = ours_.find(id);
  if (process == ours_.end()) return std::nullopt;
  const auto epochs = epochs_on(process->second->disk());
  const auto found = epochs.find(fmt::format("{} {}", directive, primary));
  return found == epochs.end() ? Epoch{0} : found->second;
}

// Epochs never go back in memory.
void Checker::check_epochs(const SentinelProcess& sentinel, const core::Primary& primary, Seen& seen) {
  if (primary.config_epoch < seen.config_epoch) {
    broken_(fmt::format("the configuration epoch of {} on {} went back", primary.name, sentinel.name()));
  }
  if (primary.my_vote.epoch < seen.vote.epoch) {
    broken_(fmt::format("the epoch of the vote of {} for {} went back", sentinel.name(), primary.name));
  }
  seen.config_epoch = primary.config_epoch;
}

// One vote per sentinel, primary and epoch, across restarts; and what others know of votes, candidacies and
// configurations is on the disk of whom it is about.
void Checker::check_votes(const SentinelProcess& sentinel, const core::Primary& primary, Seen& seen) {
  const core::Vote& mine = primary.my_vote;
  if (mine.epoch != seen.vote.epoch && mine.leader.known() && mine.leader != sentinel.state()->my_id) {
    const auto saved = on_disk(mine.leader, kVoteDirective, primary.name);
    if (saved && *saved < mine.epoch) {
      broken_(fmt::format("{} was asked for a vote at epoch {} that the candidate had not saved", sentinel.name(),
                          to_number(mine.epoch)));
    }
  }
  const bool is_repeated = mine.epoch == seen.vote.epoch && primary.voted_at != seen.voted_at;
  seen.voted_at = primary.voted_at;
  if (mine.leader.known() && is_repeated) {
    promised_[{sentinel.state()->my_id, watched(sentinel, primary), mine.epoch}] = primary.voted_at;
  }
  if (mine.epoch != seen.vote.epoch || mine.leader != seen.vote.leader) seen.vote = mine;
  for (const auto& [id, voter] : primary.sentinels) {
    Heard& heard = seen.heard[voter.peer];
    check_told_configuration(sentinel, primary, voter, heard.config_epoch);
    const bool is_known = heard.vote.epoch == voter.vote.epoch && heard.vote.leader == voter.vote.leader;
    if (!voter.vote.leader.known() || is_known) continue;
    heard.vote = voter.vote;
    const auto [given, is_new] =
        votes_.try_emplace({id, watched(sentinel, primary), voter.vote.epoch}, voter.vote.leader);
    if (given->second != voter.vote.leader) {
      broken_(fmt::format("{} was told that {} voted for {} at epoch {}, and that was {}", sentinel.name(), id.hex,
                          voter.vote.leader.hex, to_number(voter.vote.epoch), given->second.hex));
    }
    if (!is_new) continue;
    const auto saved = on_disk(id, kVoteDirective, primary.name);
    if (saved && *saved < voter.vote.epoch) {
      broken_(fmt::format("{} was told of a vote of {} at epoch {} that is not on its disk", sentinel.name(), id.hex,
                          to_number(voter.vote.epoch)));
    }
  }
}

void Checker::check_told_configuration(const SentinelProcess& sentinel, const core::Primary& primary,
                                       const core::Sentinel& peer, Epoch& told) {
  if (peer.config_epoch <= told) return;
  told = peer.config_epoch;
  const auto saved = on_disk(peer.id, kConfigurationDirective, primary.name);
  if (saved && *saved < told) {
    broken_(fmt::format("{} was told of a configuration at epoch {} that is not on the disk of {}", sentinel.name(),
                        to_number(told), peer.id.hex));
  }
}

std::size_t Checker::count_witnesses(const Watched& primary, const Address& address, Instant now) const {
  const Address server = identity(primary.fleet, address);
  const auto count = std::count_if(saw_down_.begin(), saw_down_.end(), [&](const auto& entry) {
    const auto& [seen_primary, seen_address, sentinel] = entry.first;
    return seen_primary == primary && seen_address == server && now - entry.second <= kOpinionLife;
  });
  return static_cast<std::size_t>(count);
}

// Nobody is sure without a quorum that was, of this server, and lately.
void Checker::check_down(const SentinelProcess& sentinel, const core::Primary& primary, Seen& seen) {
  const bool begins = primary.objectively_down_since && !seen.objectively_down;
  seen.objectively_down = primary.objectively_down_since.has_value();
  if (!primary.server.subjectively_down() && !begins) return;
  const Instant now = sentinel.now();
  const Watched group = watched(sentinel, primary);
  if (primary.server.subjectively_down()) {
    saw_down_[{group, identity(group.fleet, primary.server.address), sentinel.name()}] = now;
  }
  if (!begins) return;
  const std::size_t witnesses = count_witnesses(group, primary.server.address, now);
  if (witnesses < primary.settings.quorum) {
    broken_(fmt::format("{} holds {} to be objectively down, which {} have seen down", sentinel.name(), primary.name,
                        witnesses));
  }
}

// No failover but of a primary that is agreed to be down, or by order; one leader per primary and epoch, with a
// majority; and nobody is told of a promotion before it has happened.
void Checker::check_leader(const SentinelProcess& sentinel, const core::Primary& primary, Seen& seen) {
  const bool begins = primary.failover && !seen.in_failover;
  seen.in_failover = primary.failover.has_value();
  if (!primary.failover) return;
  const core::Failover& failover = *primary.failover;
  const RunId& id = sentinel.state()->my_id;
  if (begins && failover.cause == core::Cause::kDown && !primary.objectively_down_since) {
    broken_(fmt::format("{} fails {} over, which is not objectively down", sentinel.name(), primary.name));
  }
  const Watched group = watched(sentinel, primary);
  candidacies_.emplace(group, failover.epoch, id);
  const auto check = [&](const std::optional<std::string>& fault) {
    if (fault) broken_(fmt::format("{} {}", sentinel.name(), *fault));
  };
  if (std::holds_alternative<core::WaitStart>(failover.state)) return check(fault_of_candidate(primary, id));
  if (seen.led_at != failover.epoch) {
    seen.led_at = failover.epoch;
    check(fault_of_leader(primary, id));
    leads({id, false, !has_majority(primary, id)}, group, failover.epoch);
  }
  if (const auto* chosen = std::get_if<core::WaitPromotion>(&failover.state); chosen != nullptr) {
    if (seen.chosen_at != failover.epoch) check(fault_of_choice(primary, chosen->chosen));
    seen.chosen_at = failover.epoch;
    if (chosen->sent_at != seen.ordered_at && !failover.alone) check_lease(sentinel, primary, chosen->sent_at);
    seen.ordered_at = chosen->sent_at;
  }
  const auto* state = std::get_if<core::ReconfigureReplicas>(&failover.state);
  if (state == nullptr || seen.promoted_at == failover.epoch) return;
  seen.promoted_at = failover.epoch;
  if (const AskRole* role = role_at(group.fleet, state->promoted_address))
    check(fault_of_promotion(primary, (*role)()));
}

void Checker::check_lease(const SentinelProcess& sentinel, const core::Primary& primary, Instant ordered_at) {
  const RunId& id = sentinel.state()->my_id;
  const Epoch epoch = primary.failover->epoch;
  std::size_t promises = 1;  // its own
  for (const auto& [voter, known] : primary.sentinels) {
    if (known.vote.leader != id || known.vote.epoch != epoch) continue;
    const auto promised = promised_.find({voter, watched(sentinel, primary), epoch});
    const bool is_kept = promised != promised_.end() && ordered_at - promised->second <= kLease;
    if (is_kept || !ours_.contains(voter)) ++promises;
  }
  if (promises >= votes_needed(primary)) return;
  broken_(fmt::format("{} orders a promotion for {} at epoch {} by {} promises of the last {} ms", sentinel.name(),
                      primary.name, to_number(epoch), promises, to_millis(kLease)));
}

void Checker::stock_leads(const RunId& id, const Watched& primary, Epoch epoch, bool is_elected) {
  leads({id, true, !is_elected}, primary, epoch);
}

void Checker::stock_mixed_epochs(const RunId& id, const Watched& primary, Epoch epoch) {
  tell_anomaly(fmt::format("{} leads {} at epoch {} by votes of another", id.hex, primary.primary, to_number(epoch)));
}

void Checker::tell_anomaly(const std::string& what) {
  ++anomalies_;
  anomaly_(what);
}

void Checker::leads(const Leader& leader, const Watched& primary, Epoch epoch) {
  const auto [first, is_new] = leaders_.try_emplace({primary, epoch}, leader);
  if (is_new && leader.alone) ++alone_;
  if (first->second.id == leader.id) return;
  const std::string what = fmt::format("two leaders of {} at epoch {}: {} and {}", primary.primary, to_number(epoch),
                                       first->second.id.hex, leader.id.hex);
  if (!leader.stock && !first->second.stock) return broken_(what);
  first->second.stock = true;
  if (double_led_.insert({primary, epoch}).second) tell_anomaly(what);
}

void Checker::stock_saw_down(const std::string& sentinel, const Watched& primary, const Address& address, Instant now) {
  saw_down_[{primary, identity(primary.fleet, address), sentinel}] = now;
}

// A configuration epoch names one address.
void Checker::check_configuration(const SentinelProcess& sentinel, const core::Primary& primary, Seen& seen) {
  const core::Configuration& published = primary.published;
  if (published.epoch == Epoch{0} || published == seen.published) return;  // 0: of the operator's making
  seen.published = published;
  configured(sentinel.name(), watched(sentinel, primary), published.epoch, published.address);
}

void Checker::stock_configured(const Watched& primary, Epoch epoch, const Address& address) {
  configured("a sentinel of the original's kind", primary, epoch, address);
}

void Checker::configured(const std::string& who, const Watched& primary, Epoch epoch, const Address& said) {
  const Address server = identity(primary.fleet, said);
  const auto [named, is_new] = configurations_.try_emplace({primary, epoch}, Configured{server, said});
  if (is_new && is_of_another_fleet(primary, epoch, said)) tell_of_foreign_configuration(who, primary, epoch, server);
  if (named->second.server == server || named->second.said == said) return;
  const std::string what = fmt::format("epoch {} of {} names {} and, on {}, {}", to_number(epoch), primary.primary,
                                       to_string(named->second.server), who, to_string(server));
  const auto leader = leaders_.find({primary, epoch});
  const bool of_stock = leader != leaders_.end() && leader->second.stock;
  if (!of_stock && !stock_has_mixed_groups_) return broken_(what);
  if (conflicts_.insert({primary, epoch}).second) tell_anomaly(what);
}

void Checker::told_to_follow(const Told& told, const Watched& primary, const std::vector<Address>& group, Instant now) {
  const auto identity_of = [&](const Address& address) { return identity(primary.fleet, address); };
  const Address target = identity_of(told.target);
  const bool is_of_group =
      std::any_of(group.begin(), group.end(), [&](const Address& a) { return identity_of(a) == target; });
  if (!is_of_group && !is_taken_in_at(told.target.host, primary.fleet)) {
    judge(told.by.empty(),
          fmt::format("{} was told to follow {}, which is of another group", told.server, to_string(target)));
  }
  if (told.by.empty()) return;
  const auto resident = residents_.find(told.target.host);
  const bool is_another = resident != residents_.end() && resident->second.name != identity_of(told.address).host;
  if (target == identity_of(told.address) && !is_another) {
    broken_(fmt::format("{} was told by {} to follow itself", told.server, told.by));
  }
  check_correction(told, primary, now);
}

// What was promoted a moment ago is not made a replica again by who has not heard of it yet.
void Checker::check_correction(const Told& told, const Watched& primary, Instant now) {
  const AskRole* known = role_at(primary.fleet, told.address);
  const Role role = known == nullptr ? Role{} : (*known)();
  if (!role.leads || now - role.changed_at >= kCorrectionPatience) return;
  const auto later = configurations_.upper_bound({primary, kMaxEpoch});
  if (later == configurations_.begin()) return;
  const auto& [epoch, named] = *std::prev(later);
  if (epoch.first != primary || named.server != identity(primary.fleet, told.address)) return;
  if (named.said == told.target) return;   // where it lived then, and somebody else does now
  if (conflicts_.contains(epoch)) return;  // it names another as well, thanks to a sentinel of the original's kind
  if (stock_made_leaders_of(primary, epoch.second, configuration_of(told.by, primary.primary))) {
    return tell_anomaly(fmt::format("two leaders of {}, at epoch {} and just before, have promoted two replicas",
                                    primary.primary, to_number(epoch.second)));
  }
  const auto leader = leaders_.find(epoch);
  const bool by_order = leader != leaders_.end() && leader->second.alone;
  if (by_order) return;  // without a majority: those who have one do not have to wait for the news
  broken_(fmt::format("{} was told by {} to follow {}, though the newest configuration, of epoch {}, names it",
                      told.server, told.by, to_string(told.target), to_number(epoch.second)));
}

Epoch Checker::configuration_of(const std::string& sentinel, const std::string& primary) const {
  for (const auto& [process, life] : lives_) {
    const auto seen = life.seen.find(primary);
    if (process->name() == sentinel && seen != life.seen.end()) return seen->second.config_epoch;
  }
  return Epoch{0};
}

// It promises nothing, and may vote for another at once.
bool Checker::stock_made_leaders_of(const Watched& primary, Epoch one, Epoch other) const {
  return std::any_of(votes_.begin(), votes_.end(), [&](const auto& vote) {
    const auto& [voter, of, epoch] = vote.first;
    return of == primary && epoch == one && !ours_.contains(voter) && votes_.contains({voter, primary, other});
  });
}

}  // namespace vedette::sim
