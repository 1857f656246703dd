// That nobody is taken for down for the slowness of those who judge.
#include <fmt/format.h>

#include "sim/checker.h"

namespace vedette::sim {

// Who was down before all came right may be seen so for some time.
void Checker::check_slowness(const SentinelProcess& sentinel, const core::Primary& primary, Seen& seen) {
  const auto check = [&](const core::Server& server) {
    if (!server.subjectively_down()) {
      seen.down.erase(server.id);
      return;
    }
    const bool is_new = seen.down.insert(server.id).second;
    if (!is_new || !well_since_ || sentinel.now() < *well_since_) return;
    broken_(fmt::format("{} takes {} for down, and nothing has happened but that sentinels were slow", sentinel.name(),
                        to_string(server.address)));
  };
  check(primary.server);
  for (const auto& [address, replica] : primary.replicas) check(replica.server);
}

}  // namespace vedette::sim
