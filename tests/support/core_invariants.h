// Watches all that a core does and says, and remembers what must never be contradicted. See "Invariants" in
// docs/FAILOVER.md; the numbers are those of its list.
#pragma once

#include <map>
#include <set>
#include <string>

#include "core/core.h"

namespace vedette::testing {

class CoreInvariants {
 public:
  // `broken` gets a sentence for everything that is wrong.
  explicit CoreInvariants(std::function<void(const std::string&)> broken) : broken_(std::move(broken)) {}

  // A question or an order is about to be told to the core.
  void expect_answer(AnswerToken token, const std::string& primary) { waiting_[token] = primary; }
  // The process ends, and starts again with what is on its disk. Who waits for an answer waits in vain.
  void restart();
  std::size_t waiting() const { return waiting_.size(); }
  // An operator removed it: what comes back under its name is another one, but for the votes it has given.
  void forget(const std::string& primary) { published_.erase(primary); }

  // `on_disk` is what a crash at this moment would leave.
  void check(const core::Output& output, const core::State& state, const core::Knowledge& on_disk);

 private:
  void check_vote(const std::string& primary, const RunId& leader, Epoch epoch, const core::Knowledge& on_disk);
  void check_epochs(const core::State& state);
  void check_peers(const core::State& state);

  void take(const core::Watch& effect) { watched_.insert(effect.instance); }
  void take(const core::Unwatch& effect);
  void take(const core::SendHello& effect, const core::Knowledge& on_disk);
  void take(const core::AskPeer& effect, const core::State& state, const core::Knowledge& on_disk);
  void take(const core::AnswerPeer& effect, const core::Knowledge& on_disk);
  void take(const core::AnswerOrder& effect) { answered(effect.token); }
  void used(InstanceId instance);
  std::string answered(AnswerToken token);

  std::function<void(const std::string&)> broken_;
  std::map<AnswerToken, std::string> waiting_;
  std::set<InstanceId> watched_;
  std::map<std::string, std::map<Epoch, RunId>> votes_;        // by primary
  std::map<std::string, std::map<Epoch, Address>> published_;  // by primary
  Epoch current_epoch_{0};
  std::map<InstanceId, std::pair<Epoch, Epoch>> epochs_;  // by unit: of the configuration, of our vote
};

}  // namespace vedette::testing
