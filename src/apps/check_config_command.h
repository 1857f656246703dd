// `vedette check-config FILE`: everything that is wrong with a configuration, and what is risky in it, without starting
// anything.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace vedette::apps {

void add_check_config_command(CLI::App& app, int& exit_status);

// What the command does. Returns the exit status: 0 when a sentinel would start, also with warnings, and else 1.
int check_config(const std::string& path, std::string& report);

}  // namespace vedette::apps
