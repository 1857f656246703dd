// Votes asked for, and being elected or not.
//
// Source of the rules: docs/FAILOVER.md, "Being a candidate", "Manual failover".
#pragma once

#include "core/input.h"
#include "core/turn.h"

namespace vedette::core {

// An operator's order goes on without a majority after this long, unless somebody else has votes.
inline constexpr Micros kForcedPatience = 2000ms;

// --- As one who asks ---
// Asks the peers for their opinions while the primary is SDOWN, and for their votes while we stand for election.
void ask_peers(Turn& turn, Primary& primary);
void take_answer(Turn& turn, Primary& primary, Sentinel& sentinel, const PeerAnswered& answer);

// --- As a candidate ---
// Stands for election when the primary is ODOWN and it is our turn.
void stand_when_due(Turn& turn, Primary& primary);
// When that will be. The primary must be ODOWN, and no failover of ours under way.
Instant next_candidacy(const State& state, const Primary& primary);
// How long we let others stand before us, of those that would stand at the same time.
Micros candidate_delay(const State& state, const Primary& primary);
void stand_for_election(Turn& turn, Primary& primary, Cause cause);
// The outcome of the candidacy so far; on `kElected` the caller goes on with the failover, on `kLost` it is over.
enum class Outcome : std::uint8_t { kOpen, kElected, kLost };
Outcome candidacy_outcome(Turn& turn, Primary& primary);
// Until when votes are awaited, as far as we know now; by order it goes on alone then. A candidacy must be open.
Instant candidacy_deadline(const State& state, const Primary& primary, Instant now);

// Leaves a round that nobody can have won, or that is not worth winning any more, and repeats it after a short pause
// that grows with each: while the primary is down, or if it was ordered.
void retry_round(Turn& turn, Primary& primary);

// Ends a failover of ours without a promotion.
void abort_failover(Turn& turn, Primary& primary, std::string_view event);

}  // namespace vedette::core
