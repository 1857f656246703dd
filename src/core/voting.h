// Votes given: to others who ask, and to ourselves.
//
// Source of the rules: docs/FAILOVER.md, "Votes" and "Leases".
#pragma once

#include "core/input.h"
#include "core/turn.h"

namespace vedette::core {

// A peer asks for our opinion, or for our vote. The answer leaves once the vote is durable.
void answer_peer(Turn& turn, const PeerAsked& question);

// Our vote from now on. It has to be durable before anybody is told of it.
void record_vote(Turn& turn, Primary& primary, const Vote& vote);

}  // namespace vedette::core
