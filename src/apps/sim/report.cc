#include "apps/sim/report.h"

#include <fmt/format.h>

#include "base/version.h"

namespace vedette::apps {
namespace {

double hours(Micros duration) { return std::chrono::duration<double, std::ratio<3600>>(duration).count(); }
double seconds_of(Micros duration) { return std::chrono::duration<double>(duration).count(); }
double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string_view word_for(sim::Outcome outcome) {
  switch (outcome) {
    case sim::Outcome::kWell:
      return "well";
    case sim::Outcome::kInvariantBroken:
      return "invariant broken";
    case sim::Outcome::kNoProgress:
      return "no progress";
  }
  return "unknown";
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= ' ') out += c;
  }
  return out + '"';
}

// Only where servers can have come up at the addresses of others.
std::string reuses_text(const sim::Figures& figures) {
  if (figures.address_reuses == 0 && figures.ambiguous_orders == 0) return "";
  return fmt::format(", {} addresses reused, {} orders to others without evidence, {} keys destroyed by these",
                     figures.address_reuses, figures.ambiguous_orders, figures.destroyed_keys);
}

std::string figures_text(const sim::Figures& figures, double seconds) {
  return fmt::format(
      "{:.2f} simulated h in {:.1f} s ({:.0f} h/min), {} events, {} faults, {} failovers ({:.2f} candidacies each, {} "
      "elections), {} of {} acknowledged writes lost, {:.0f} s without writes, {} of {} reads stale and {} failed, "
      "slowest "
      "recovery {:.1f} s{}",
      hours(figures.simulated), seconds, hours(figures.simulated) / seconds * 60, figures.events, figures.faults,
      figures.failovers, ratio(figures.candidacies, figures.failovers), figures.elections, figures.lost_writes,
      figures.acknowledged_writes, seconds_of(figures.without_writes), figures.stale_reads, figures.reads,
      figures.failed_reads, seconds_of(figures.longest_recovery), reuses_text(figures));
}

std::string figures_json(const sim::Figures& figures) {
  return fmt::format(
      R"("simulated_hours":{:.4f},"events":{},"faults":{},"candidacies":{},"elections":{},"failovers":{},"anomalies":{},)"
      R"("acknowledged_writes":{},"lost_writes":{},"seconds_without_writes":{:.3f},"reads":{},"stale_reads":{},)"
      R"("failed_reads":{},"longest_recovery_seconds":{:.3f},"address_reuses":{},"ambiguous_orders":{},)"
      R"("destroyed_keys":{})",
      hours(figures.simulated), figures.events, figures.faults, figures.candidacies, figures.elections,
      figures.failovers, figures.anomalies, figures.acknowledged_writes, figures.lost_writes,
      seconds_of(figures.without_writes), figures.reads, figures.stale_reads, figures.failed_reads,
      seconds_of(figures.longest_recovery), figures.address_reuses, figures.ambiguous_orders, figures.destroyed_keys);
}

std::string weights_text(const sim::FaultWeights& weights) {
  std::string text;
  for (const auto& [kind, weight] : weights) text += fmt::format("{}{}={}", text.empty() ? "" : ",", kind, weight);
  return text;
}

std::string neighbours_option(const sim::WorldSettings& world) {
  if (world.neighbours == sim::Neighbours::kNone) return "";
  return fmt::format(" --neighbours {}", word_for(world.neighbours));
}

// How to have the same world again.
std::string options_text(const sim::CampaignSettings& settings) {
  const sim::WorldSettings& world = settings.world;
  return fmt::format(
      "--hours {:g} --storm {} --sentinels {} --stock {} --primaries {} --replicas {} --old-servers {} --readers {} "
      "--quorum {} "
      "--down-after {} "
      "--failover-timeout {}{}{}{} --faults {}",
      hours(settings.duration), settings.storm.count() / 1'000'000, world.sentinels, world.stock, world.primaries,
      world.replicas, world.old_servers, world.readers, world.quorum, world.down_after.count(),
      world.failover_timeout.count(), world.host_names ? " --host-names" : "",
      world.announced_names ? " --announced-names" : "", neighbours_option(world), weights_text(settings.faults));
}

}  // namespace

std::string describe_parameters(const sim::CampaignSettings& settings, bool json) {
  const double bound = seconds_of(recovery_bound(settings.world));
  if (json) {
    return fmt::format(R"({{"version":{},"commit":{},"options":{},"recovery_bound_seconds":{}}})", in_quotes(kVersion),
                       in_quotes(kCommit), in_quotes(options_text(settings)), bound);
  }
  return fmt::format("vedette {} ({})\n{}\nafter each storm all must be right within {} s", kVersion, kCommit,
                     options_text(settings), bound);
}

std::string describe_seed(std::uint64_t seed, const sim::CampaignReport& report, double seconds, bool json) {
  if (json) {
    return fmt::format(R"({{"seed":{},"outcome":{},"reason":{},{},"trace":"{:016x}"}})", seed,
                       in_quotes(word_for(report.outcome)), in_quotes(report.reason), figures_json(report.figures),
                       report.trace_hash);
  }
  std::string text =
      fmt::format("seed {}: {}, trace {:016x}", seed, figures_text(report.figures, seconds), report.trace_hash);
  if (report.figures.anomalies > 0) text += fmt::format(", {} anomalies of stock sentinels", report.figures.anomalies);
  for (const std::string& order : report.ambiguous) text += fmt::format("\nseed {}: ambiguous: {}", seed, order);
  if (report.outcome == sim::Outcome::kWell) return text;
  for (const std::string& line : report.last_lines) text += "\n" + line;
  return text + fmt::format("\nseed {}: {}: {}\nto see it again: --seed {} --trace, and the options above", seed,
                            word_for(report.outcome), report.reason, seed);
}

std::string describe_total(const sim::Figures& figures, double seconds, bool json) {
  if (json) return fmt::format(R"({{"total":{{{}}}}})", figures_json(figures));
  return "all together: " + figures_text(figures, seconds);
}

}  // namespace vedette::apps
