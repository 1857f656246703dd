// Who stands for election first, and how far apart. Candidates stand one after another, in an order that all sentinels
// compute alike, so that votes are not split; and a different one for each primary, so that the leadership of many
// failovers is spread. A pure function.
#pragma once

#include <span>

#include "core/state.h"

namespace vedette::core {

// The rank of `self` among itself and `others`, from 0, for elections about the primary of this name.
std::size_t candidate_rank(std::string_view primary_name, const RunId& self, std::span<const RunId> others);

// `pause` between candidates, or until a lost round is repeated, with so many primaries down at once: there is more
// to save and to answer then, by everybody, and who has not been heard yet must not be taken for one who does nothing.
Micros stretched(Micros pause, std::size_t primaries_down);

}  // namespace vedette::core
