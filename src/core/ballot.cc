#include "core/ballot.h"

#include <algorithm>

namespace vedette::core {

Ballot cast_vote(Epoch current_epoch, const Vote& last_vote, Epoch config_epoch, Epoch asked, const RunId& candidate) {
  Ballot ballot{std::max(current_epoch, asked), last_vote, false};
  if (asked > last_vote.epoch && asked > config_epoch) {
    ballot.vote = {candidate, asked};
    ballot.granted = true;
  }
  return ballot;
}

}  // namespace vedette::core
