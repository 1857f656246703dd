// The failover of one primary, from the election won to the new configuration in force. The states and their
// transitions are drawn in `state.h`.
//
// Source of the rules: docs/FAILOVER.md, "Choosing the replica" and "Promotion and after". The order of the events is a
// contract.
#pragma once

#include "core/turn.h"

namespace vedette::core {

// Does what is due in the failover that is in progress, if one is.
void advance_failover(Turn& turn, Primary& primary);

// The replica that is being or has been promoted, if one has been chosen.
std::optional<InstanceId> chosen_replica(const Failover& failover);

}  // namespace vedette::core
