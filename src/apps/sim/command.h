// `vedette sim`: whole clusters under random faults, watched for broken invariants.
#pragma once

#include <CLI/CLI.hpp>

namespace vedette::apps {

void add_sim_command(CLI::App& app, int& exit_status);

}  // namespace vedette::apps
