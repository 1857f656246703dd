// Hellos: how we get to know the other sentinels of a primary, and what they know better.
//
// A run id is an identity, an address is an attribute: a known run id at a new address has moved; a new run id at a
// known address has taken the place of the one before.
#pragma once

#include "core/input.h"
#include "core/turn.h"

namespace vedette::core {

void take_hello(Turn& turn, const HelloReceived& fact);

// Does what a hello calls for that is about our group: its sender is a peer, and a newer configuration is adopted. It
// may have been heard a while ago.
void believe(Turn& turn, Primary& primary, const proto::Hello& hello, Instant heard_at);

}  // namespace vedette::core
