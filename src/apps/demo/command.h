// `vedette demo` on the command line.
#pragma once

#include <CLI/CLI.hpp>

namespace vedette::demo {

// Adds the subcommand. Once it is parsed and was named, `exit_status` is that of the demo.
void add_demo_command(CLI::App& app, int& exit_status);

}  // namespace vedette::demo
