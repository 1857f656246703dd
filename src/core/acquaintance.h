// Hellos: how we get to know the other sentinels of a primary, and what they know better.
//
// A run id is an identity, an address is an attribute: a known run id at a new address has moved; a new run id at a
// known address has taken the place of the one before.
#pragma once

#include "core/turn.h"
#include "proto/hello.h"

namespace vedette::core {

void take_hello(Turn& turn, const proto::Hello& hello);

}  // namespace vedette::core
