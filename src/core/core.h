// The decisions of one sentinel, as a deterministic state machine: facts in, effects out.
//
// No socket, clock, thread, global state or unordered walk is in here, and no randomness of its own. Feeding the same
// inputs at the same instants to a core made from the same state and seed gives the same outputs, bit by bit.
//
// Use: after construction and after every `step`, carry out `take_output()` in its order, then be back with
// `TimerFired` at `next_deadline()`, or earlier with whatever happens first.
#pragma once

#include <memory>
#include <optional>

#include "base/rng.h"
#include "core/effect.h"
#include "core/input.h"
#include "core/state.h"

namespace vedette::core {

// What is known at start, from the configuration.
struct KnownPrimary {
  std::string name;
  Address address;
  PrimarySettings settings;
  Epoch config_epoch{0};
  Epoch leader_epoch{0};
  std::vector<Address> replicas;
  std::vector<std::pair<RunId, Address>> sentinels;
  Histories histories{};
  std::optional<Address> upstream{};                        // whom the primary of a relay follows
  std::vector<std::pair<Address, LastKnown>> last_known{};  // of the primary and of its replicas
  std::vector<std::pair<Address, RunId>> strangers{};       // the foreign processes that were at their addresses
};
struct Knowledge {
  RunId my_id;  // must be known
  Epoch current_epoch{0};
  Naming naming;
  std::vector<KnownPrimary> primaries;
  bool must_be_saved = false;  // e.g. since `my_id` was just generated
};

struct Explanation;

class Core {
 public:
  Core(const Knowledge& knowledge, Rng& rng, Instant now);
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  // Hundreds of primaries may be due at the same instant. The rules of so many are run in one step; those of the others
  // are due at once, so that whoever runs the core can see to other things in between.
  static constexpr std::size_t kUnitsInATurn = 16;

  // `now` must not go back from one call to the next.
  void step(Instant now, const Input& input);

  // An output that was carried out may be handed back, so that the next one uses its memory.
  Output take_output(Output used = {});

  // When `TimerFired` is wanted at the latest. Nullopt only when nothing is monitored.
  std::optional<Instant> next_deadline() const;

  const State& state() const;

  // `primary` must be of this core's state.
  Explanation explain(const Primary& primary, Instant now) const;

  // Where clients find the primary `name`: the promoted replica as soon as its promotion is confirmed. Null if unknown.
  const Address* address_of(std::string_view name) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vedette::core
