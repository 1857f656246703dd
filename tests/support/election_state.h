// A primary in the middle of an election, made by hand: only what votes are counted from.
#pragma once

#include <string_view>

#include "core/state.h"
#include "tests/support/model_server.h"

namespace vedette::testing {

// The sentinel of this letter, added if it is new.
inline core::Sentinel& add_voter(core::Primary& primary, char id) {
  core::Sentinel& sentinel = primary.sentinels[run_id(id)];
  sentinel.id = run_id(id);
  return sentinel;
}

// `others` are the letters of the other sentinels.
inline core::Primary primary_with_voters(std::string_view others) {
  core::Primary primary;
  primary.name = "mymaster";
  for (const char id : others) add_voter(primary, id);
  return primary;
}

}  // namespace vedette::testing
