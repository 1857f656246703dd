// `vedette sim`: lives of whole clusters under random faults, replayable from their seeds.
#pragma once

#include <CLI/CLI.hpp>

namespace vedette::apps {

// Its exit statuses: 0 all well, 1 bad arguments, 3 an invariant was broken, 4 no progress. A crash is a signal.
void add_sim_command(CLI::App& app, int& exit_status);

}  // namespace vedette::apps
