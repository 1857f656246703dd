#include "apps/sim_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

#include "base/text.h"
#include "base/version.h"
#include "sim/campaign.h"

namespace vedette::apps {
namespace {

constexpr int kInvariantBroken = 3;
constexpr int kNoProgress = 4;

struct Options {
  std::string seeds = "1";
  double hours = 1;
  bool trace = false;
  sim::WorldSettings world;
};

struct Range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

// "7" or "1..100".
Range seed_range(const std::string& text) {
  const auto dots = text.find("..");
  const auto first = parse_integer<std::uint64_t>(text.substr(0, dots));
  const auto last = dots == std::string::npos ? first : parse_integer<std::uint64_t>(text.substr(dots + 2));
  if (!first || !last || *last < *first) throw CLI::ValidationError("--seeds", "one number, or two: 1..100");
  return {*first, *last};
}

void print_settings(const Options& options) {
  const sim::WorldSettings& world = options.world;
  fmt::print("vedette {} sim: {} sentinels, {} primaries with {} replicas each, quorum {}, down-after {} ms, "
             "failover-timeout {} ms, {} h per seed\n",
             kVersion, world.sentinels, world.primaries, world.replicas,
             world.quorum != 0 ? world.quorum : world.sentinels / 2 + 1, world.down_after.count(),
             world.failover_timeout.count(), options.hours);
}

void print_report(std::uint64_t seed, const sim::CampaignReport& report, double seconds) {
  fmt::print("seed {}: {} simulated h in {:.1f} s ({:.0f} h/min), {} events, {} spells, {} elections, {} failovers, "
             "{} of {} acknowledged writes lost, {:.0f} s without writes, slowest recovery {:.1f} s, trace {:016x}\n",
             seed, std::chrono::duration<double, std::ratio<3600>>(report.simulated).count(), seconds,
             std::chrono::duration<double, std::ratio<3600>>(report.simulated).count() / seconds * 60, report.events,
             report.spells, report.elections, report.failovers, report.lost_writes, report.acknowledged_writes,
             std::chrono::duration<double>(report.without_writes).count(),
             std::chrono::duration<double>(report.longest_recovery).count(), report.trace_hash);
  if (report.outcome == sim::Outcome::kWell) return;
  for (const std::string& line : report.last_lines) fmt::print("{}\n", line);
  fmt::print("{}: {}\nto see it again: vedette sim --seeds {}\n",
             report.outcome == sim::Outcome::kInvariantBroken ? "AN INVARIANT IS BROKEN" : "NO PROGRESS", report.reason,
             seed);
}

int run(const Options& options) {
  const Range seeds = seed_range(options.seeds);
  print_settings(options);
  for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
    sim::CampaignSettings settings;
    settings.world = options.world;
    settings.world.seed = seed;
    settings.duration = std::chrono::duration_cast<Micros>(std::chrono::duration<double, std::ratio<3600>>(options.hours));
    const auto begin = std::chrono::steady_clock::now();
    const sim::CampaignReport report = run_campaign(settings, options.trace ? [](const std::string& line) {
      fmt::print("{}\n", line);
    } : sim::Trace::Show{});
    print_report(seed, report, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    std::fflush(stdout);
    if (report.outcome == sim::Outcome::kInvariantBroken) return kInvariantBroken;
    if (report.outcome == sim::Outcome::kNoProgress) return kNoProgress;
  }
  return 0;
}

}  // namespace

void add_sim_command(CLI::App& app, int& exit_status) {
  const auto options = std::make_shared<Options>();
  const auto milliseconds = [](Millis& target) {
    return [&target](std::int64_t count) { target = Millis(count); };
  };
  CLI::App* sim = app.add_subcommand("sim", "Simulates clusters under random faults, and watches the invariants");
  sim->add_option("--seed,--seeds", options->seeds, "The seed of the run, or a range of them: 1..100")
      ->capture_default_str();
  sim->add_option("--hours", options->hours, "Simulated hours for each seed")->capture_default_str()->check(CLI::PositiveNumber);
  sim->add_option("--sentinels", options->world.sentinels, "How many sentinels")->capture_default_str()->check(CLI::Range(1, 9));
  sim->add_option("--primaries", options->world.primaries, "How many primaries")->capture_default_str()->check(CLI::Range(1, 100));
  sim->add_option("--replicas", options->world.replicas, "Replicas of each primary")->capture_default_str()->check(CLI::Range(0, 20));
  sim->add_option("--quorum", options->world.quorum, "Sentinels that must agree; 0: a majority")->capture_default_str();
  sim->add_option_function<std::int64_t>("--down-after", milliseconds(options->world.down_after), "In milliseconds");
  sim->add_option_function<std::int64_t>("--failover-timeout", milliseconds(options->world.failover_timeout), "In milliseconds");
  sim->add_flag("--trace", options->trace, "Print everything that happens");
  sim->callback([options, &exit_status] { exit_status = run(*options); });
}

}  // namespace vedette::apps
