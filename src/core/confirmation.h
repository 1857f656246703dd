// Two configurations of one epoch: neither is newer, so each would be held on to for ever.
//
// Vedettes never make two of them, see "Invariants" in docs/FAILOVER.md. A sentinel of the original's kind may, when it
// fails over by order; and at epoch 0, which nobody was elected for, operators may give sentinels different primaries.
//
// Source of the rules: docs/FAILOVER.md, "Contradictions".
#pragma once

#include "core/turn.h"

namespace vedette::core {

// When a contradiction has lasted for longer than news need to get around: at epoch 0, what our own primary says of
// itself decides, if it follows the one that a peer names. Otherwise, if a majority has our configuration, we stand for
// election, promote nobody, and publish what we have at the epoch of that election, which all others follow.
void settle_contradictions(Turn& turn, Primary& primary);

}  // namespace vedette::core
