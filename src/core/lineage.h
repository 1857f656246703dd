// By what the data of a group is recognised: the replication ids that its primaries have had.
//
// A primary that is started anew may begin a history of its own, with which no replica has synchronised yet. So what
// belongs to a group is not judged by the present history alone: data of an earlier one is old, not foreign.
#pragma once

#include <string>
#include <vector>

#include "proto/info.h"

namespace vedette::core {

// More are not kept: whatever is that old is no better than foreign.
inline constexpr std::size_t kMaxEarlierHistories = 16;

struct Histories {
  std::string present;               // of the primary as it reports itself; empty: not known yet
  std::string before;                // its second id, of which the present one is the continuation
  std::vector<std::string> earlier;  // those before, the latest first
};

// Takes in what the one that leads the group reports. A primary that has become a replica does not lead: it has the
// history of whomever it follows.
void note_history(Histories& histories, const proto::InfoReport& leader);

// How a server's data relates to that of a group, as far as replication ids tell.
enum class Lineage : std::uint8_t { kUnknown, kPresent, kEarlier, kForeign };
Lineage lineage_of(const proto::InfoReport& server, const Histories& histories);

}  // namespace vedette::core
