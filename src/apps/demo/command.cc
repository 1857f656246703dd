#include "apps/demo/command.h"

#include <memory>

#include "apps/demo/demo.h"

namespace vedette::demo {

void add_demo_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("demo", "Watch a failover of real servers, on this machine");
  const auto down_after = std::make_shared<Millis::rep>(Options{}.down_after.count());
  const auto keep = std::make_shared<bool>(false);
  command->add_option("--down-after", *down_after, "How long a server must be silent to count as down, in milliseconds")
      ->check(CLI::Range(kMinDownAfter.count(), kMaxDownAfter.count()))
      ->capture_default_str();
  command->add_flag("--keep", *keep, "Keep everything running at the end, until Ctrl-C");
  command->callback(
      [&exit_status, down_after, keep] { exit_status = run_demo({.down_after = Millis(*down_after), .keep = *keep}); });
}

}  // namespace vedette::demo
