// Why a sentinel chose the replica that it chose, from what it logged about all candidates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/demo/roster.h"

namespace vedette::demo {

struct Candidate {
  std::string server;  // its port
  bool chosen = false;
  std::string rejection;  // why it is not fit at all; empty: it is
  std::uint64_t priority = 0;
  std::uint64_t offset = 0;  // how far it has come in the primary's stream of writes
};

// "replica of mymaster: 127.0.0.1:7002 chosen: priority 100, offset 4711", and the like for those not chosen. Nullopt
// for any other sentence.
std::optional<Candidate> parse_candidate(std::string_view sentence);

// "it has 14 bytes more of the data than 7003": what set the chosen one apart.
std::string explain_choice(const std::vector<Candidate>& candidates);

}  // namespace vedette::demo
