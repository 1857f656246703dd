#include "apps/sim/command.h"

#include <algorithm>
#include <memory>
#include <string>

#include "apps/sim/runner.h"
#include "apps/sim/scenario_runner.h"
#include "apps/sim/what_if.h"
#include "base/text.h"

namespace vedette::apps {
namespace {

struct SimOptions {
  std::string seeds = "1";
  double hours = 1;
  unsigned storm = 40;
  std::string faults = "all";
  RunnerSettings runner;
  ScenarioRunSettings scenario;
  WhatIfSettings what_if;
};

// "7" or "1..100".
void read_seeds(const std::string& text, RunnerSettings& runner) {
  const auto dots = text.find("..");
  const auto first = parse_integer<std::uint64_t>(text.substr(0, dots));
  const auto last = dots == std::string::npos ? first : parse_integer<std::uint64_t>(text.substr(dots + 2));
  if (!first || !last || *last < *first) throw CLI::ValidationError("--seeds", "one number, or two: 1..100");
  runner.first_seed = *first;
  runner.last_seed = *last;
}

int run_simulation(const SimOptions& options) {
  if (!options.scenario.file.empty()) {
    ScenarioRunSettings scenario = options.scenario;
    scenario.trace = options.runner.trace;
    return run_scenarios(scenario);
  }
  if (!options.what_if.conf.empty()) return show_what_if(options.what_if);
  RunnerSettings runner = options.runner;
  read_seeds(options.seeds, runner);
  const auto faults = sim::parse_fault_weights(options.faults);
  if (!faults) throw CLI::ValidationError("--faults", faults.error().message);
  runner.campaign.faults = *faults;
  if (runner.campaign.world.old_servers > runner.campaign.world.replicas + 1) {
    throw CLI::ValidationError("--old-servers", "at most as many as there are servers in a group");
  }
  if (runner.campaign.world.stock > runner.campaign.world.sentinels) {
    throw CLI::ValidationError("--stock", "at most as many as there are sentinels");
  }
  if (runner.campaign.world.stock > 0 && runner.campaign.world.host_names) {
    throw CLI::ValidationError("--host-names", "the model of the original knows addresses only: not with --stock");
  }
  runner.campaign.storm = std::chrono::seconds(options.storm);
  runner.campaign.duration =
      std::chrono::duration_cast<Micros>(std::chrono::duration<double, std::ratio<3600>>(options.hours));
  if (runner.trace) runner.jobs = 1;
  return run_seeds(runner);
}

void add_world_options(CLI::App& sim, sim::WorldSettings& world) {
  const auto milliseconds = [](Millis& target) { return [&target](std::uint32_t count) { target = Millis(count); }; };
  sim.add_option("--sentinels", world.sentinels, "How many sentinels")->capture_default_str()->check(CLI::Range(1, 9));
  sim.add_option("--stock", world.stock, "How many of these are of the original's kind")->capture_default_str();
  sim.add_option("--primaries", world.primaries, "How many primaries")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  sim.add_option("--replicas", world.replicas, "Replicas of each primary")
      ->capture_default_str()
      ->check(CLI::Range(0, 20));
  sim.add_option("--old-servers", world.old_servers, "How many servers of each group know no HELLO at first")
      ->capture_default_str();
  sim.add_option_function<std::string>(
         "--neighbours", [&world](const std::string& word) { world.neighbours = *sim::parse_neighbours(word); },
         "One more group with sentinels of its own, which know it by the same name or by another")
      ->check(CLI::IsMember({"none", "same-name", "other-name"}));
  world.readers = 1;
  sim.add_option("--readers", world.readers, "Clients of each group that read")
      ->capture_default_str()
      ->check(CLI::Range(0, 100));
  sim.add_option("--quorum", world.quorum, "Sentinels that must agree; 0: a majority")->capture_default_str();
  sim.add_option_function<std::uint32_t>("--down-after", milliseconds(world.down_after), "In milliseconds (1000)");
  sim.add_option_function<std::uint32_t>("--failover-timeout", milliseconds(world.failover_timeout),
                                         "In milliseconds (10000)");
  CLI::Option* host_names = sim.add_flag("--host-names", world.host_names, "The sentinels know the primaries by name");
  sim.add_flag("--announced-names", world.announced_names, "So do all others, of all servers, which may move")
      ->needs(host_names);
}

// What happens to somebody's own configuration. `vedette sim --conf` alone reads these.
void add_what_if_options(CLI::App& sim, WhatIfSettings& what_if) {
  CLI::Option* conf = sim.add_option("--conf", what_if.conf,
                                     "Show what would happen to the first primary of this sentinel.conf instead");
  conf->check(CLI::ExistingFile);
  sim.add_option("--runs", what_if.runs, "How many runs of it are counted, each with other delays")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000))
      ->needs(conf);
  const auto add_action = [&](const std::string& option, const std::string& help, const std::string& before,
                              const std::string& after) {
    const auto add = [&what_if, before, after](const std::vector<std::string>& values) {
      for (const std::string& value : values) {
        const auto sign = std::min(value.rfind('@'), value.size());
        what_if.actions.push_back(before + value.substr(0, sign) + after + value.substr(sign));
      }
    };
    sim.add_option_function<std::vector<std::string>>(option, add, help)->needs(conf)->expected(1)->take_all();
  };
  add_action("--kill", "With --conf: WHO@TIME, such as primary@10s, sentinel-0@1m or redis-0-1@90s", "kill ", "");
  add_action("--lose", "WHO@TIME: its machine loses its power", "lose ", "");
  add_action("--stop", "WHO@TIME: as by SIGSTOP", "stop ", "");
  add_action("--continue", "WHO@TIME", "continue ", "");
  add_action("--start", "WHO@TIME: it was killed, or its machine has power again", "start ", "");
  add_action("--partition", "WHO@TIME: cut off from all other servers and sentinels", "divide ", " rest");
  add_action("--heal", "@TIME: everything runs and is connected again", "heal", "");
}

}  // namespace

void add_sim_command(CLI::App& app, int& exit_status) {
  const auto options = std::make_shared<SimOptions>();
  CLI::App* sim = app.add_subcommand("sim", "Simulates clusters under random faults, and watches the invariants");
  sim->add_option("--seed,--seeds", options->seeds, "The seed of the run, or a range of them: 1..100")
      ->capture_default_str();
  sim->add_option("--hours", options->hours, "Simulated hours for each seed")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  sim->add_option("--storm", options->storm, "Seconds for which faults happen, before each calm")
      ->capture_default_str()
      ->check(CLI::Range(1, 3600));
  sim->add_option("--faults", options->faults,
                  "'all', or kinds of faults, with weights: primary-killed=3,network-split")
      ->capture_default_str();
  add_world_options(*sim, options->runner.campaign.world);
  add_what_if_options(*sim, options->what_if);
  sim->add_option("--jobs", options->runner.jobs, "Seeds at once; 0: one for each processor")->capture_default_str();
  sim->add_flag("--keep-going", options->runner.keep_going, "Go on with the next seed after a finding");
  sim->add_flag("--trace", options->runner.trace, "Print everything that happens");
  sim->add_flag("--json", options->runner.json, "One JSON object for each line that is printed");
  sim->add_option("--shrink", options->runner.shrink_to,
                  "Where a finding is written to as a scenario, made as short as it can be");
  sim->add_option("--scenario", options->scenario.file, "Play the scenarios of this file instead")
      ->check(CLI::ExistingFile);
  sim->add_flag("--diagram", options->scenario.diagram, "Draw each scenario as a sequence diagram for Mermaid");
  sim->callback([options, sim, &exit_status] {
    const sim::WorldSettings& world = options->runner.campaign.world;
    if (sim->count("--sentinels") > 0) options->what_if.sentinels = world.sentinels;
    if (sim->count("--replicas") > 0) options->what_if.replicas = world.replicas;
    options->what_if.stock = world.stock;
    exit_status = run_simulation(*options);
  });
}

}  // namespace vedette::apps
