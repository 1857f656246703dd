#include "apps/sim/scenario_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "apps/read_file.h"
#include "apps/sim/runner.h"
#include "sim/duration.h"
#include "sim/stage.h"

namespace vedette::apps {
namespace {

int run_one(const sim::Scenario& scenario, const ScenarioRunSettings& settings) {
  const sim::Trace::Show show = [](const sim::Trace::Line& line) { fmt::print("{}\n", line.text); };
  sim::Diagram diagram;
  const sim::Verdict verdict =
      play(scenario, settings.trace ? show : sim::Trace::Show{}, settings.diagram ? &diagram : nullptr);
  if (!verdict.passed && !settings.trace) {
    for (const std::string& line : verdict.last_lines) fmt::print("{}\n", line);
  }
  if (settings.diagram) fmt::print("{}", diagram.text());
  fmt::print("{} {}\n", verdict.passed ? "ok    " : "FAILED", scenario.title);
  if (verdict.passed) {
    fmt::print("       longest pause in writes {:.2f} s, {} acknowledged writes lost\n",
               std::chrono::duration<double>(verdict.longest_pause).count(), verdict.lost_writes);
    return 0;
  }
  fmt::print("       {}: {}\n", settings.file, verdict.reason);
  return verdict.broken ? kStatusInvariantBroken : kStatusNoProgress;
}

}  // namespace

int run_scenarios(const ScenarioRunSettings& settings) {
  const auto scenarios = sim::parse_scenarios(read_file(settings.file));
  if (!scenarios) throw std::runtime_error(fmt::format("{}, {}", settings.file, scenarios.error().message));
  int status = 0;
  for (const sim::Scenario& scenario : *scenarios) status = std::max(status, run_one(scenario, settings));
  return status;
}

}  // namespace vedette::apps
