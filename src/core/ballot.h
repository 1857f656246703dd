// Whether to give a vote: the rule that makes two leaders of one epoch impossible. A pure function.
//
// Source of the rule: docs/FAILOVER.md, "Votes". One vote per (primary, epoch) and sentinel, across restarts: the
// caller makes the outcome durable before it tells anybody. Unlike the original it asks nothing of the epoch that all
// primaries share, since with many primaries failing together each election would make the others' epochs stale.
#pragma once

#include "core/state.h"

namespace vedette::core {

struct Ballot {
  Epoch current_epoch{0};  // the voter's, to be raised to this
  Vote vote;               // the voter's for this primary, after the question
  bool granted = false;    // `vote` is new, and the candidate's
};

Ballot cast_vote(Epoch current_epoch, const Vote& last_vote, Epoch config_epoch, Epoch asked, const RunId& candidate);

}  // namespace vedette::core
