// Turning the other replicas to the promoted one, `parallel-syncs` at a time.
#pragma once

#include "core/turn.h"

namespace vedette::core {

enum class Progress : std::uint8_t { kUnderWay, kDone };

// Done when every other replica follows the promoted one or is down; or when the promoted one is down itself: then
// there is a new primary to fail over, and nothing to wait for.
Progress reconfigure_replicas(Turn& turn, Primary& primary, InstanceId promoted);

// Tells those that are left, all at once, after the failover has taken too long.
void reconfigure_the_rest(Turn& turn, Primary& primary, InstanceId promoted);

}  // namespace vedette::core
