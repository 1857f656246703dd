#include "apps/sim/what_if.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <variant>

#include "apps/read_file.h"
#include "apps/sim/runner.h"
#include "base/words.h"
#include "conf/file.h"
#include "sim/duration.h"
#include "sim/stage.h"

namespace vedette::apps {
namespace {

constexpr Micros kBegin{20'000'000};  // all have found each other by then
constexpr Micros kWatched{120'000'000};
constexpr unsigned kUsualSentinels = 3;
constexpr unsigned kUsualReplicas = 2;

conf::MonitoredPrimary read_primary(const std::string& path) {
  const auto parsed = conf::File::parse(read_file(path));
  if (const auto* problems = std::get_if<std::vector<conf::Problem>>(&parsed)) {
    const conf::Problem& first = problems->front();
    throw std::runtime_error(fmt::format("{}:{}: {}", path, first.line_number, first.reason));
  }
  const auto& primaries = std::get<conf::File>(parsed).configuration().sentinel.primaries;
  if (primaries.empty()) throw std::runtime_error(fmt::format("{} monitors no primary", path));
  return primaries.front();
}

sim::WorldSettings world_like(const WhatIfSettings& settings, const conf::MonitoredPrimary& primary) {
  const auto known_sentinels = static_cast<unsigned>(primary.sentinels.size());
  const auto known_replicas = static_cast<unsigned>(primary.replicas.size());
  sim::WorldSettings world;
  world.sentinels = settings.sentinels != 0 ? settings.sentinels
                    : known_sentinels != 0  ? known_sentinels + 1
                                            : kUsualSentinels;
  world.replicas = settings.replicas != 0 ? settings.replicas : known_replicas != 0 ? known_replicas : kUsualReplicas;
  world.stock = std::min(settings.stock, world.sentinels);
  world.quorum = primary.quorum;
  world.down_after = primary.down_after;
  world.failover_timeout = primary.failover_timeout;
  return world;
}

// "kill primary@10s" is a step 10 s after all have found each other.
sim::Step read_action(const std::string& text) {
  const auto sign = text.rfind('@');
  if (sign == std::string::npos) throw std::runtime_error(fmt::format("'{}' has no time, as primary@10s has", text));
  const auto time = sim::parse_duration(std::string_view(text).substr(sign + 1));
  if (!time) throw std::runtime_error(time.error().message);
  sim::Step step;
  step.trigger = sim::At{kBegin + *time};
  step.action = split_words(text.substr(0, sign)).value_or(std::vector<std::string>{});
  return step;
}

sim::Scenario scenario_of(const WhatIfSettings& settings, const conf::MonitoredPrimary& primary) {
  sim::Scenario scenario;
  scenario.title = primary.name;
  scenario.world = world_like(settings, primary);
  for (const std::string& action : settings.actions) scenario.steps.push_back(read_action(action));
  std::stable_sort(scenario.steps.begin(), scenario.steps.end(), [](const sim::Step& a, const sim::Step& b) {
    return std::get<sim::At>(a.trigger).since_the_beginning < std::get<sim::At>(b.trigger).since_the_beginning;
  });
  sim::Step end;
  end.trigger = sim::After{2 * Micros(scenario.world.down_after) + kWatched};
  end.action = {"wait"};
  scenario.steps.push_back(end);
  return scenario;
}

std::string with_name(std::string text, const std::string& name) {
  constexpr std::string_view kSimulated = "group-0";
  for (auto at = text.find(kSimulated); at != std::string::npos; at = text.find(kSimulated, at + name.size())) {
    text.replace(at, kSimulated.size(), name);
  }
  return text;
}

// The events and what was done, from the first step on.
void print_timeline(const sim::Scenario& scenario) {
  const sim::Trace::Show show = [&](const sim::Trace::Line& line) {
    const bool is_event = line.what.starts_with('+') || line.what.starts_with('-');
    const bool is_deed = line.who == sim::World::kDeeds && line.what != "wait";
    const auto since_begin = std::chrono::duration<double>(line.at - (Instant{} + kBegin)).count();
    if (since_begin < 0 || (!is_event && !is_deed)) return;
    fmt::print("{:>9.3f} s  {:<12} {}\n", since_begin, line.who, with_name(std::string(line.what), scenario.title));
  };
  const sim::Verdict verdict = play(scenario, show);
  if (!verdict.passed) throw std::runtime_error(verdict.reason);
}

std::string seconds_text(Micros duration) {
  return fmt::format("{:.2f} s", std::chrono::duration<double>(duration).count());
}

}  // namespace

int show_what_if(const WhatIfSettings& settings) {
  const conf::MonitoredPrimary primary = read_primary(settings.conf);
  sim::Scenario scenario = scenario_of(settings, primary);
  const sim::WorldSettings& world = scenario.world;
  fmt::print("{}: {} sentinels, quorum {}, {} replicas, down-after {}, failover-timeout {}\n\n", primary.name,
             world.sentinels, world.quorum, world.replicas, sim::duration_text(world.down_after),
             sim::duration_text(world.failover_timeout));
  print_timeline(scenario);

  std::vector<Micros> pauses;
  std::vector<std::uint64_t> lost;
  unsigned settled = 0;
  for (unsigned run = 0; run < settings.runs; ++run) {
    scenario.world.seed = run + 1;
    const sim::Verdict verdict = play(scenario);
    if (verdict.broken) return kStatusInvariantBroken;
    pauses.push_back(verdict.longest_pause);
    lost.push_back(verdict.lost_writes);
    if (verdict.settled) ++settled;
  }
  std::sort(pauses.begin(), pauses.end());
  std::sort(lost.begin(), lost.end());
  const auto at = [&](const auto& values, std::size_t percent) { return values[(values.size() - 1) * percent / 100]; };
  fmt::print("\nOf {} runs, each with other delays:\n", settings.runs);
  fmt::print("  longest time without writes: {} in half of them, {} in 99 of 100, at most {}\n",
             seconds_text(at(pauses, 50)), seconds_text(at(pauses, 99)), seconds_text(pauses.back()));
  fmt::print("  acknowledged writes lost, at ten in a second: {} in half of them, at most {}\n", at(lost, 50),
             lost.back());
  fmt::print("  all was right at the end in {}\n", settled);
  return settled == settings.runs ? 0 : kStatusNoProgress;
}

}  // namespace vedette::apps
