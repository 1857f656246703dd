#include "sim/finding.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/words.h"
#include "sim/action.h"
#include "sim/duration.h"

namespace vedette::sim {
namespace {

constexpr Instant kFirstDeed = Instant{} + std::chrono::seconds(20);  // of a world that has found itself by then
constexpr std::uint64_t kOtherSeeds = 4;                              // that are tried with fewer deeds

// Of an invariant, which one; the names and numbers in it do not matter.
std::string kind_of(const std::string& reason) { return reason.substr(0, reason.find_first_of("0123456789:")); }

class Shrinker {
 public:
  Shrinker(Finding finding, unsigned max_runs, const std::function<void(std::size_t)>& progress)
      : best_(std::move(finding)), runs_left_(max_runs), progress_(progress) {}

  Finding shrink() {
    keep_last_storm();
    for (std::size_t piece = best_.deeds.size() / 2; piece > 0 && runs_left_ > 0; piece /= 2) leave_out(piece);
    return std::move(best_);
  }

 private:
  // Does the candidate fail too, perhaps with another seed? Then it is the best one.
  bool try_out(Finding candidate) {
    const std::uint64_t seed = candidate.world.seed;
    for (std::uint64_t other = 0; other <= kOtherSeeds && runs_left_ > 0; ++other, --runs_left_) {
      candidate.world.seed = seed + other;
      if (!fails_again(candidate)) continue;
      best_ = std::move(candidate);
      if (progress_) progress_(best_.deeds.size());
      return true;
    }
    return false;
  }

  // Most failures have their reasons in what happened since all was well for the last time.
  void keep_last_storm() {
    const auto is_heal = [](const World::Deed& deed) { return deed.action == "heal"; };
    auto end = best_.deeds.rbegin();
    if (end != best_.deeds.rend() && is_heal(*end)) ++end;  // that from which nothing came right
    const auto begin = std::find_if(end, best_.deeds.rend(), is_heal).base();
    if (begin == best_.deeds.begin()) return;
    Finding candidate = best_;
    candidate.deeds.assign(begin, best_.deeds.end());
    const Micros earlier = candidate.deeds.front().at - kFirstDeed;
    for (World::Deed& deed : candidate.deeds) deed.at -= earlier;
    try_out(std::move(candidate));
  }

  void leave_out(std::size_t piece) {
    for (std::size_t at = 0; at < best_.deeds.size() && runs_left_ > 0;) {
      Finding candidate = best_;
      const auto begin = candidate.deeds.begin() + static_cast<std::ptrdiff_t>(at);
      const auto rest = static_cast<std::size_t>(candidate.deeds.end() - begin);
      candidate.deeds.erase(begin, begin + static_cast<std::ptrdiff_t>(std::min(piece, rest)));
      if (!try_out(std::move(candidate))) at += piece;
    }
  }

  Finding best_;
  unsigned runs_left_;
  const std::function<void(std::size_t)>& progress_;
};

}  // namespace

Finding finding_of(const CampaignSettings& settings, const CampaignReport& report) {
  return {settings.world, report.deeds, report.outcome, report.reason,
          settings.bound.value_or(recovery_bound(settings.world))};
}

bool fails_again(const Finding& finding) {
  World world(finding.world);
  for (const World::Deed& deed : finding.deeds) {
    world.run_until(deed.at);
    if (world.broken()) break;
    const auto words = split_words(deed.action);
    if (!words || !act(world, *words)) return false;
  }
  if (finding.outcome == Outcome::kInvariantBroken) {
    world.run_until(world.queue().now() + finding.bound);
    return world.broken() && kind_of(*world.broken()) == kind_of(finding.reason);
  }
  world.heal();
  const Instant end = world.queue().now() + finding.bound;
  while (!world.broken() && world.unsettled() && world.queue().now() < end) world.run_until(world.queue().now() + 1s);
  return !world.broken() && world.unsettled();
}

Finding shrink(Finding finding, unsigned max_runs, const std::function<void(std::size_t)>& progress) {
  return Shrinker(std::move(finding), max_runs, progress).shrink();
}

std::string scenario_text(const Finding& finding) {
  const WorldSettings& world = finding.world;
  std::string text = fmt::format("=== {}\n", finding.reason);
  const auto with = [&](std::string_view key, const auto& value) { text += fmt::format("with {} {}\n", key, value); };
  with("seed", world.seed);
  with("sentinels", world.sentinels);
  with("stock", world.stock);
  with("primaries", world.primaries);
  with("neighbours", word_for(world.neighbours));
  with("replicas", world.replicas);
  with("old-servers", world.old_servers);
  with("readers", world.readers);
  with("quorum", world.quorum);
  with("down-after", duration_text(world.down_after));
  with("failover-timeout", duration_text(world.failover_timeout));
  with("host-names", world.host_names ? "yes" : "no");
  with("announced-names", world.announced_names ? "yes" : "no");
  for (const World::Deed& deed : finding.deeds) {
    text += fmt::format("at {} {}\n", duration_text(deed.at - Instant{}), deed.action);
  }
  if (finding.deeds.empty() || finding.deeds.back().action != "heal") text += "after 1s heal\n";
  return text + fmt::format("expect settled within {}\n", duration_text(finding.bound));
}

}  // namespace vedette::sim
