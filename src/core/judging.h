// Keeps SDOWN and ODOWN in step with the evidence, and announces their changes, each in the instant at which it comes
// about.
#pragma once

#include "core/turn.h"

namespace vedette::core {

void judge_down_states(Turn& turn, Primary& primary);

}  // namespace vedette::core
