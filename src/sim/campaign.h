// A campaign: in one world, spell after spell of faults, each followed by calm in which everything must come right again
// within a bound. What is counted on the way is reported, not judged: writes lost, time without a primary.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/faults.h"
#include "sim/world.h"

namespace vedette::sim {

struct CampaignSettings {
  WorldSettings world;
  Micros duration{std::chrono::hours(1)};
  Micros storm{std::chrono::seconds(40)};  // how long faults go on before each calm
};

enum class Outcome : std::uint8_t { kWell, kInvariantBroken, kNoProgress };

struct CampaignReport {
  Outcome outcome = Outcome::kWell;
  std::string reason;  // why it is not well
  Micros simulated{0};
  std::uint64_t events = 0;
  std::uint64_t spells = 0;
  std::uint64_t elections = 0;
  std::uint64_t failovers = 0;  // configurations that were published
  std::uint64_t acknowledged_writes = 0;
  std::uint64_t lost_writes = 0;
  Micros without_writes{0};   // pauses of more than a second between two acknowledgements, added up
  Micros longest_recovery{0};  // from the end of the faults until everything was right again
  std::uint64_t trace_hash = 0;
  std::map<std::string_view, std::uint64_t> faults;
  std::vector<std::string> last_lines;
};

// Within this after the last fault everything must be right: an own attempt may have to wait for two failover
// timeouts after a vote for another, and what was told to servers meanwhile is corrected after some more seconds.
Micros recovery_bound(const WorldSettings& settings);

CampaignReport run_campaign(const CampaignSettings& settings, const Trace::Show& show);

}  // namespace vedette::sim
