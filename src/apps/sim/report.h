// What `vedette sim` prints: parameters first, then a line for each seed, and the sum of all.
#pragma once

#include <string>

#include "sim/campaign.h"

namespace vedette::apps {

std::string describe_parameters(const sim::CampaignSettings& settings, bool json);
std::string describe_seed(std::uint64_t seed, const sim::CampaignReport& report, double seconds, bool json);
std::string describe_total(const sim::Figures& figures, double seconds, bool json);

}  // namespace vedette::apps
