#include "sim/campaign.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "sim/action.h"
#include "sim/duration.h"

namespace vedette::sim {
namespace {

constexpr Micros kStep{250'000};     // how often it is looked whether all is right again
constexpr Micros kBoot{30'000'000};  // until a new world has found itself

class Campaign {
 public:
  Campaign(const CampaignSettings& settings, const Trace::Show& show, const Progress& progress)
      : settings_(settings),
        progress_(progress),
        world_(settings.world, show, [this](std::string_view who, std::string_view what) { hear(who, what); }),
        faults_(world_, settings.faults) {}

  CampaignReport run() {
    await_calm(kBoot);
    while (report_.outcome == Outcome::kWell && world_.queue().now() < Instant{} + settings_.duration) spell();
    return finish();
  }

 private:
  void hear(std::string_view who, std::string_view what) {
    if (who != World::kAmbiguous) return;
    report_.ambiguous.push_back(fmt::format("at {} {}", duration_text(world_.queue().now() - Instant{}), what));
  }

  void spell() {
    ++report_.figures.spells;
    const Instant end = world_.queue().now() + settings_.storm;
    faults_.rage_until(end);
    world_.run_until(end);
    faults_.forget();
    if (!world_.broken()) VEDETTE_CHECK(act(world_, {"heal"}), "a world can be healed");
    await_calm(settings_.bound.value_or(recovery_bound(settings_.world)));
    count_data();
    if (progress_) progress_(world_.queue().now() - Instant{});
  }

  void await_calm(Micros bound) {
    const Instant begin = world_.queue().now();
    std::optional<std::string> why = "it has not begun";
    while (why && !world_.broken() && world_.queue().now() < begin + bound) {
      why = world_.unsettled();
      if (why) world_.run_until(world_.queue().now() + kStep);
    }
    if (why && !world_.broken()) why = world_.unsettled();
    report_.figures.longest_recovery = std::max(report_.figures.longest_recovery, Micros(world_.queue().now() - begin));
    if (world_.broken()) {
      report_.outcome = Outcome::kInvariantBroken;
      report_.reason = *world_.broken();
    } else if (why) {
      report_.outcome = Outcome::kNoProgress;
      report_.reason = fmt::format("{} s after everything was mended: {}", bound.count() / 1'000'000, *why);
    } else {
      world_.note_calm();
    }
  }

  void count_data() {
    for (Group& group : world_.groups()) {
      const WriteCount count = world_.count_writes(group);
      report_.figures.acknowledged_writes += count.acknowledged;
      report_.figures.lost_writes += count.lost;
      report_.figures.without_writes += count.without;
      const ReadCount reads = world_.count_reads(group);
      report_.figures.reads += reads.done;
      report_.figures.stale_reads += reads.stale;
      report_.figures.failed_reads += reads.failed;
    }
  }

  CampaignReport finish() {
    report_.figures.simulated = world_.queue().now() - Instant{};
    report_.figures.events = world_.queue().happened();
    report_.figures.candidacies = world_.checker().candidacies();
    report_.figures.anomalies = world_.checker().anomalies();
    report_.figures.address_reuses = world_.address_reuses();
    report_.figures.ambiguous_orders = world_.trespasses().ambiguous_orders();
    report_.figures.destroyed_keys = world_.trespasses().destroyed_keys();
    report_.figures.elections = world_.checker().elections();
    report_.figures.failovers = world_.checker().configurations();
    if (report_.outcome != Outcome::kWell) report_.deeds = world_.deeds();
    report_.trace_hash = world_.trace().hash();
    report_.faults = faults_.counts();
    for (const auto& [kind, count] : report_.faults) report_.figures.faults += count;
    report_.last_lines.assign(world_.trace().last_lines().begin(), world_.trace().last_lines().end());
    return std::move(report_);
  }

  const CampaignSettings settings_;
  const Progress& progress_;
  CampaignReport report_;
  World world_;
  Faults faults_;
};

}  // namespace

Micros recovery_bound(const WorldSettings& settings) {
  return 3 * Micros(settings.failover_timeout) + 2 * Micros(settings.down_after) + Micros(std::chrono::seconds(60));
}

CampaignReport run_campaign(const CampaignSettings& settings, const Trace::Show& show, const Progress& progress) {
  return Campaign(settings, show, progress).run();
}

void Figures::add(const Figures& other) {
  simulated += other.simulated;
  events += other.events;
  spells += other.spells;
  faults += other.faults;
  candidacies += other.candidacies;
  elections += other.elections;
  failovers += other.failovers;
  anomalies += other.anomalies;
  address_reuses += other.address_reuses;
  ambiguous_orders += other.ambiguous_orders;
  destroyed_keys += other.destroyed_keys;
  acknowledged_writes += other.acknowledged_writes;
  lost_writes += other.lost_writes;
  reads += other.reads;
  stale_reads += other.stale_reads;
  failed_reads += other.failed_reads;
  without_writes += other.without_writes;
  longest_recovery = std::max(longest_recovery, other.longest_recovery);
}

}  // namespace vedette::sim
