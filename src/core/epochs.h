// The epoch that all primaries of a sentinel share: it only ever grows.
#pragma once

#include "core/turn.h"

namespace vedette::core {

// Makes it at least `epoch`, durable in time, and announces the change as one that `primary` gave rise to. Absurd
// epochs are ignored (see kMaxEpoch).
void raise_epoch(Turn& turn, const Primary& primary, Epoch epoch);

}  // namespace vedette::core
