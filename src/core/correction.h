// Servers that are not what the configuration says: an old primary that came back as one, a replica that follows
// somebody else.
#pragma once

#include "core/turn.h"

namespace vedette::core {

// Whether the primary is well, and has said lately that it is one.
bool looks_sane(const Turn& turn, const Primary& primary);

// Whether a replica reports to be one, and to follow the primary, as far as it has reported anything.
bool is_in_place(const Names& names, const Primary& primary, const Replica& replica);

// Tells such servers to follow the primary, once it is certain that it is they who are wrong and not we who are behind.
// Does nothing while a failover is in progress.
void correct_replicas(Turn& turn, Primary& primary);

}  // namespace vedette::core
