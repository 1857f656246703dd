#include "apps/run_command.h"

#include <memory>
#include <string>

#include "net/run.h"

namespace vedette::apps {

void add_run_command(CLI::App& app, int& exit_status) {
  const auto config_file = std::make_shared<std::string>();
  app.add_option("sentinel.conf", *config_file,
                 "The configuration file. The state is saved in it, so it must be writable");
  app.add_flag("--sentinel")->description("Accepted and ignored, as `redis-server sentinel.conf --sentinel` has it");
  app.callback([&app, &exit_status, config_file] {
    if (!app.get_subcommands().empty()) return;
    if (config_file->empty()) {
      throw CLI::RequiredError("The path of a sentinel.conf, in which the state is saved as well,");
    }
    exit_status = net::run_sentinel(*config_file);
  });
}

}  // namespace vedette::apps
