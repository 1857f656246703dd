// Turning the other replicas to the promoted one, `parallel-syncs` at a time.
#pragma once

#include "core/turn.h"

namespace vedette::core {

enum class Progress : std::uint8_t { kUnderWay, kDone };

// The promoted process is there still, or another with its data: who came up at its address since may be anybody's.
bool may_be_followed(const Turn& turn, const Primary& primary, const ReconfigureReplicas& failover,
                     const Server& promoted);

// Done when every other replica follows the promoted one or is down; or when the promoted one is gone itself: then
// there is a new primary to fail over, and nothing to wait for.
Progress reconfigure_replicas(Turn& turn, Primary& primary, const ReconfigureReplicas& failover);

// Tells those that are left, all at once, after the failover has taken too long.
void reconfigure_the_rest(Turn& turn, Primary& primary, const ReconfigureReplicas& failover);

}  // namespace vedette::core
