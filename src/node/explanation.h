// What the core explains of a primary, in words (`explanation_text.cc`) and as a map: SENTINEL EXPLAIN, and
// SENTINEL FAILOVER with DRYRUN.
#pragma once

#include <string>

#include "core/explain.h"
#include "node/fields.h"

namespace vedette::node {

// One or two plain sentences on why there is or is not a failover.
std::string why(const core::State& state, const core::Primary& primary, const core::Explanation& explanation,
                Instant now);

// What an order to fail over would do. It must be one that would be accepted.
std::string what_an_order_would_do(const core::State& state, const core::Primary& primary,
                                   const core::Explanation& explanation, Instant now);

// All that led to it. What does not apply is left out.
Fields explanation_fields(const core::State& state, const core::Primary& primary, const core::Explanation& explanation,
                          Instant now);

// The same for the order, as far as it goes.
Fields rehearsal_fields(const core::State& state, const core::Primary& primary, const core::Explanation& explanation,
                        Instant now);

}  // namespace vedette::node
