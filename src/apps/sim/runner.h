// Runs one campaign for each seed, as many at once as there are processors, each in a process of its own: a crash of
// one is a finding like others.
#pragma once

#include <cstdint>
#include <string>

#include "sim/campaign.h"

namespace vedette::apps {

inline constexpr int kStatusInvariantBroken = 3;
inline constexpr int kStatusNoProgress = 4;
inline constexpr int kStatusCrash = 5;

struct RunnerSettings {
  sim::CampaignSettings campaign;  // of every seed
  std::uint64_t first_seed = 1;
  std::uint64_t last_seed = 1;
  unsigned jobs = 0;        // 0: one for each processor
  bool keep_going = false;  // after a finding
  bool trace = false;
  bool json = false;
  std::string shrink_to{};  // a file for the first finding, made short; empty: none
};

// The exit status: that of the worst that was found.
int run_seeds(const RunnerSettings& settings);

}  // namespace vedette::apps
