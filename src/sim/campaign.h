// A campaign: in one world, spell after spell of faults, each followed by calm in which everything must come right
// again within a bound. What is counted on the way is reported, not judged: writes lost, time without a primary.
#pragma once

#include <cstdint>
#include <functional>
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
  FaultWeights faults = Faults::all();
  std::optional<Micros> bound;  // another than `recovery_bound`
};

enum class Outcome : std::uint8_t { kWell, kInvariantBroken, kNoProgress };

// What is measured. Those of several campaigns can be added up.
struct Figures {
  Micros simulated{0};
  std::uint64_t events = 0;
  std::uint64_t spells = 0;
  std::uint64_t faults = 0;
  std::uint64_t candidacies = 0;
  std::uint64_t elections = 0;
  std::uint64_t failovers = 0;         // configurations that were published
  std::uint64_t anomalies = 0;         // that sentinels of the original's kind had a part in
  std::uint64_t address_reuses = 0;    // servers that came up at another's address
  std::uint64_t ambiguous_orders = 0;  // that concern another group, where nothing showed whose a server is
  std::uint64_t destroyed_keys = 0;    // by these
  std::uint64_t acknowledged_writes = 0;
  std::uint64_t lost_writes = 0;
  std::uint64_t reads = 0;
  std::uint64_t stale_reads = 0;   // of these: see `ReadCount`
  std::uint64_t failed_reads = 0;  // besides these
  Micros without_writes{0};        // pauses of more than a second between two acknowledgements, added up
  Micros longest_recovery{0};      // from the end of the faults until everything was right again

  void add(const Figures& other);
};

struct CampaignReport {
  Outcome outcome = Outcome::kWell;
  std::string reason;  // why it is not well
  Figures figures;
  std::uint64_t trace_hash = 0;
  std::map<std::string_view, std::uint64_t> faults;  // how often each kind happened
  std::vector<std::string> ambiguous;                // orders, and when they were given
  std::vector<std::string> last_lines;
  std::vector<World::Deed> deeds;  // of a world that is not well: all that was done to it
};

// Within this after the last fault everything must be right: an own attempt may have to wait for two failover
// timeouts after a vote for another, and what was told to servers meanwhile is corrected after some more seconds.
Micros recovery_bound(const WorldSettings& settings);

// `progress` is told after each spell how far it is.
using Progress = std::function<void(Micros simulated)>;
CampaignReport run_campaign(const CampaignSettings& settings, const Trace::Show& show = nullptr,
                            const Progress& progress = {});

}  // namespace vedette::sim
