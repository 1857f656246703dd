// Where the primary is, since which epoch, and how that is made durable, published, adopted and known to be current.
#pragma once

#include "core/turn.h"

namespace vedette::core {

// The configuration has just changed: it is saved, then published.
void record_configuration(Turn& turn, Primary& primary);

// Publishes the configuration once it is durable: from then on hellos carry it, and they go out at once.
void publish_when_durable(Turn& turn, Primary& primary);
bool is_published(const Primary& primary);

// Makes the server at `address` the primary, and tells clients: `+switch-master`, then `+slave` for each of its
// replicas.
void switch_primary(Turn& turn, Primary& primary, const Address& address);

// A peer has a configuration that we are to follow, since it is newer or for better reasons than ours.
void adopt_configuration(Turn& turn, Primary& primary, const Sentinel& source, const Configuration& theirs);

// Whether hellos that came after `since` show a majority of the sentinels, this one included, to hold our
// configuration.
bool is_configuration_current(const State& state, const Primary& primary, Instant since);

}  // namespace vedette::core
