// One turn of the core: what the rules see and leave behind while one input is worked off.
//
// The rules are level-triggered: they look at the state as it is, do what is due, and name the instant at which
// something will be due next. So a rule asks `turn.due(instant)`: true if the instant has come; otherwise the unit's
// timer is set to it, unless something else is due earlier. After a rule has acted, the rules of the unit are run once
// more (`acted`), until nothing more is due.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "core/directory.h"
#include "core/durability.h"
#include "core/effect.h"
#include "core/state.h"

namespace vedette::core {

class Turn {
 public:
  Turn(Instant at, State& known, Directory& who, Durability& saves, Rng& chance, std::vector<Effect>& effects)
      : now(at), state(known), directory(who), durability(saves), rng(chance), effects_(effects) {}

  const Instant now;
  State& state;
  Directory& directory;
  Durability& durability;
  Rng& rng;

  template <typename E>
  void emit(E effect) {
    effects_.emplace_back(std::move(effect));
  }
  std::vector<Effect>& effects() { return effects_; }

  // --- Timers, within the rules of one unit ---
  bool due(Instant at) {
    if (at <= now) return true;
    deadline_ = std::min(deadline_.value_or(at), at);
    return false;
  }
  void acted() { acted_ = true; }

  // --- For the core, which runs the rules ---
  void begin_pass() {
    deadline_.reset();
    acted_ = false;
  }
  bool has_acted() const { return acted_; }
  std::optional<Instant> deadline() const { return deadline_; }

  // The unit's rules are to be run in this turn, although its timer has not fired.
  void touch(InstanceId unit) { touched_.insert(unit); }
  std::set<InstanceId>& touched() { return touched_; }

 private:
  std::vector<Effect>& effects_;
  std::optional<Instant> deadline_;
  bool acted_ = false;
  std::set<InstanceId> touched_;
};

}  // namespace vedette::core
