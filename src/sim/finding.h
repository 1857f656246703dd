// A failure of a simulated world: what was done to it, and what came of that. It can be made shorter, until only what
// matters is left, and written down as a scenario.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/campaign.h"

namespace vedette::sim {

struct Finding {
  WorldSettings world;
  std::vector<World::Deed> deeds;
  Outcome outcome = Outcome::kInvariantBroken;
  std::string reason;
  Micros bound{0};  // in which all should have come right after the last deed
};

Finding finding_of(const CampaignSettings& settings, const CampaignReport& report);

// The world of the finding again. True: it fails in the same way.
bool fails_again(const Finding& finding);

// The same failure with less: deeds are left out, and other seeds tried, at most `max_runs` times in all.
// `progress` is told how many deeds are left.
Finding shrink(Finding finding, unsigned max_runs, const std::function<void(std::size_t)>& progress = {});

// As a file that `parse_scenarios` reads. It expects that all goes well, and so fails until the fault is mended.
std::string scenario_text(const Finding& finding);

}  // namespace vedette::sim
