// Arithmetic of agreement. There are two thresholds, never confused: the *quorum* of sentinels that must see a primary
// down, and the *majority* of votes that makes a leader. Pure functions.
//
// Source of the rules: docs/FAILOVER.md, "Objectively down" and "Being a candidate".
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "core/state.h"

namespace vedette::core {

// An opinion older than this many ask-periods says nothing any more.
inline constexpr int kOpinionLifeInAskPeriods = 5;

Instant expiry_of(const Opinion& opinion, const Timing& timing);

// Votes needed to be elected: more than half of the voters, and no less than the quorum.
std::size_t election_majority(std::size_t voters, unsigned quorum);

// Connected, and not SDOWN: its vote can be had.
bool is_reachable(const State& state, const Sentinel& sentinel);

// The latest instant up to which `needed` of these hold, each of which holds up to an instant of its own. Nullopt if
// there are not so many; it is an error to need none.
std::optional<Instant> held_until(std::vector<Instant> each, std::size_t needed);

// How many sentinels see the primary down, this one included, as far as we know at `now`.
struct DownVotes {
  std::size_t count = 0;
  std::optional<Instant>
      valid_until;  // when the first of the counted opinions expires; nullopt if none of them is a peer's
};
DownVotes count_down_votes(const Primary& primary, const Timing& timing, Instant now);

// The votes of one election, counted for exactly its epoch: a vote of any other epoch, greater ones included, is
// another election's. (Counting votes of mixed epochs is how the original can elect two leaders.)
struct Tally {
  std::map<RunId, std::size_t> votes;  // by candidate
  std::size_t outstanding = 0;         // voters that may have voted at this epoch, or still may, for all that we know
  std::size_t majority = 0;

  std::size_t votes_for(const RunId& candidate) const;
  bool is_elected(const RunId& candidate) const { return votes_for(candidate) >= majority; }
  // Someone has been elected or still can be, by the votes that we do not know of; or by those but for some.
  bool someone_may_win(std::size_t without = 0) const;
};
bool is_outstanding(const Sentinel& sentinel, Epoch epoch);
Tally tally_votes(const Primary& primary, Epoch epoch);

}  // namespace vedette::core
