// What must hold of one sentinel that stands for election, leads, or has had a replica promoted. Told from what it
// knows itself, and counted anew: were its own counting asked, a mistake in that could not be seen.
#pragma once

#include <optional>
#include <string>

#include "core/state.h"

namespace vedette::sim {

// What a server is, in truth.
struct Role {
  bool leads = false;
  Instant changed_at{};  // since when it does, or does not
};

std::size_t votes_needed(const core::Primary& primary);
// Has the sentinel of this id the votes of a majority of all it knows of, for exactly the epoch of its failover?
bool has_majority(const core::Primary& primary, const RunId& id);

// Null, or what is wrong. It is an error to call these for a primary that is not being failed over.
std::optional<std::string> fault_of_candidate(const core::Primary& primary, const RunId& id);
std::optional<std::string> fault_of_leader(const core::Primary& primary, const RunId& id);
// Of the replica that it has chosen: its data is known to be of another history, and another one was fit.
std::optional<std::string> fault_of_choice(const core::Primary& primary, InstanceId chosen);
// Of the replica that is held to be promoted, which is in truth in this role.
std::optional<std::string> fault_of_promotion(const core::Primary& primary, const Role& promoted);

}  // namespace vedette::sim
