// What `vedette` does without a subcommand: runs one sentinel.
#pragma once

#include <CLI/CLI.hpp>

namespace vedette::apps {

// Adds the arguments to the program itself; once they are parsed and no subcommand was named, `exit_status` is that of
// the sentinel.
void add_run_command(CLI::App& app, int& exit_status);

}  // namespace vedette::apps
