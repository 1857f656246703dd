#include "tests/support/core_invariants.h"

#include <fmt/format.h>

#include <algorithm>

namespace vedette::testing {
namespace {

const core::KnownPrimary* find(const core::Knowledge& on_disk, const std::string& name) {
  const auto found = std::find_if(on_disk.primaries.begin(), on_disk.primaries.end(),
                                  [&](const core::KnownPrimary& known) { return known.name == name; });
  return found == on_disk.primaries.end() ? nullptr : &*found;
}

}  // namespace

void CoreInvariants::check(const core::Output& output, const core::State& state, const core::Knowledge& on_disk) {
  for (const core::Effect& effect : output.effects) {
    if (const auto* e = std::get_if<core::Watch>(&effect)) take(*e);
    if (const auto* e = std::get_if<core::Unwatch>(&effect)) take(*e);
    if (const auto* e = std::get_if<core::Relink>(&effect)) used(e->instance);
    if (const auto* e = std::get_if<core::SendPing>(&effect)) used(e->instance);
    if (const auto* e = std::get_if<core::SendInfo>(&effect)) used(e->instance);
    if (const auto* e = std::get_if<core::Reconfigure>(&effect)) used(e->instance);
    if (const auto* e = std::get_if<core::SendHello>(&effect)) take(*e, on_disk);
    if (const auto* e = std::get_if<core::AskPeer>(&effect)) take(*e, state, on_disk);
    if (const auto* e = std::get_if<core::AnswerPeer>(&effect)) take(*e, on_disk);
    if (const auto* e = std::get_if<core::AnswerOrder>(&effect)) take(*e);
  }
  check_epochs(state);
  check_peers(state);
}

void CoreInvariants::restart() {
  waiting_.clear();
  watched_.clear();
  epochs_.clear();
  current_epoch_ = Epoch{0};
}

// 1: one vote per primary and epoch, across restarts. 4: on disk before it is told.
void CoreInvariants::check_vote(const std::string& primary, const RunId& leader, Epoch epoch,
                                const core::Knowledge& on_disk) {
  const auto [given, is_new] = votes_[primary].emplace(epoch, leader);
  if (given->second != leader) {
    broken_(fmt::format("{} got a vote of epoch {} that {} has", leader.hex, to_number(epoch), given->second.hex));
  }
  // A primary that was removed meanwhile starts with all epochs spent, should it be monitored again.
  const core::KnownPrimary* known = find(on_disk, primary);
  const Epoch spent = known == nullptr ? on_disk.current_epoch : known->leader_epoch;
  if (spent < epoch || on_disk.current_epoch < epoch) {
    broken_(fmt::format("the vote of epoch {} for {} is told and not on disk", to_number(epoch), primary));
  }
}

// 3: epochs never go back.
void CoreInvariants::check_epochs(const core::State& state) {
  if (state.current_epoch < current_epoch_) broken_("the current epoch went back");
  current_epoch_ = state.current_epoch;
  for (const auto& [name, primary] : state.primaries) {
    auto& [config_epoch, vote_epoch] = epochs_[primary.unit];
    if (primary.config_epoch < config_epoch) broken_("a configuration epoch went back");
    if (primary.my_vote.epoch < vote_epoch) broken_("the epoch of a vote went back");
    config_epoch = primary.config_epoch;
    vote_epoch = primary.my_vote.epoch;
  }
}

// What a peer is said to watch is what the primaries say.
void CoreInvariants::check_peers(const core::State& state) {
  std::map<InstanceId, std::set<std::string>> names;
  std::map<InstanceId, std::map<Micros, std::size_t>> down_afters;
  for (const auto& [name, primary] : state.primaries) {
    for (const auto& [id, sentinel] : primary.sentinels) {
      names[sentinel.peer].insert(name);
      ++down_afters[sentinel.peer][primary.settings.down_after];
    }
  }
  for (const auto& [id, peer] : state.peers) {
    if (peer.primaries != names[id]) broken_("a peer is said to watch others than those that know it");
    if (peer.down_afters != down_afters[id]) broken_("a peer is not asked at the pace of its primaries");
  }
  if (names.size() != state.peers.size()) broken_("a primary has a sentinel that is no peer");
}

void CoreInvariants::used(InstanceId instance) {
  if (!watched_.contains(instance)) broken_("something is sent to an instance that is not watched");
}

void CoreInvariants::take(const core::Unwatch& effect) {
  used(effect.instance);
  watched_.erase(effect.instance);
}

// 3: a configuration epoch names one address. 4: what is published is on disk.
void CoreInvariants::take(const core::SendHello& effect, const core::Knowledge& on_disk) {
  used(effect.instance);
  const Epoch epoch = effect.configuration.epoch;
  if (epoch == Epoch{0}) return;  // of the operator's making
  const auto [named, is_new] = published_[effect.primary_name].emplace(epoch, effect.configuration.address);
  if (named->second != effect.configuration.address) {
    broken_(fmt::format("epoch {} names two addresses for {}", to_number(epoch), effect.primary_name));
  }
  const core::KnownPrimary* known = find(on_disk, effect.primary_name);
  if (known == nullptr || known->config_epoch < epoch) broken_("a configuration is published and not on disk");
}

void CoreInvariants::take(const core::AskPeer& effect, const core::State& state, const core::Knowledge& on_disk) {
  used(effect.peer);
  if (effect.candidate) check_vote(effect.primary_name, state.my_id, effect.epoch, on_disk);
}

void CoreInvariants::take(const core::AnswerPeer& effect, const core::Knowledge& on_disk) {
  const std::string primary = answered(effect.token);
  if (effect.reply.leader) check_vote(primary, *effect.reply.leader, effect.reply.leader_epoch, on_disk);
}

std::string CoreInvariants::answered(AnswerToken token) {
  const auto found = waiting_.find(token);
  if (found == waiting_.end()) {
    broken_("an answer that nobody waits for");
    return {};
  }
  const std::string primary = found->second;
  waiting_.erase(found);
  return primary;
}

}  // namespace vedette::testing
