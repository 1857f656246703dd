// The invariants of docs/FAILOVER.md, watched from outside after every event of every sentinel. What is seen here, nobody
// in the simulated world can see: all sentinels at once, and the past.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <tuple>

#include "core/state.h"
#include "sim/sentinel_process.h"

namespace vedette::sim {

class Checker {
 public:
  using Broken = std::function<void(const std::string&)>;

  explicit Checker(Broken broken) : broken_(std::move(broken)) {}

  // After an event of this sentinel, which is alive.
  void look_at(const SentinelProcess& sentinel);
  // It begins a new life: what it knew and had not saved is gone.
  void restarted(const SentinelProcess& sentinel);

  std::size_t elections() const { return leaders_.size(); }
  std::size_t configurations() const { return configurations_.size(); }

 private:
  using PrimaryEpoch = std::pair<std::string, Epoch>;
  struct Seen {  // of one primary by one sentinel, in its present life
    Epoch config_epoch{0};
    Epoch vote_epoch{0};
    bool in_failover = false;
  };

  void check_epochs(const SentinelProcess& sentinel, const core::Primary& primary, Seen& seen);
  void check_votes(const SentinelProcess& sentinel, const core::Primary& primary);
  void check_leader(const SentinelProcess& sentinel, const core::Primary& primary, Seen& seen);
  void check_configuration(const SentinelProcess& sentinel, const core::Primary& primary);

  Broken broken_;
  std::map<std::pair<std::string, std::string>, Seen> seen_;  // by the names of the sentinel and the primary
  std::map<std::string, Epoch> current_epochs_;               // by the name of the sentinel
  std::map<std::tuple<RunId, std::string, Epoch>, RunId> votes_;  // by voter, primary and epoch: as others were told
  std::map<PrimaryEpoch, RunId> leaders_;
  std::map<PrimaryEpoch, Address> configurations_;
};

}  // namespace vedette::sim
