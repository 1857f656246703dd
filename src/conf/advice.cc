#include "conf/advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/host.h"
#include "conf/statements.h"
#include "conf/values.h"

namespace vedette::conf {
namespace {

bool is_of_this_machine(std::string_view host) { return host == "localhost" || is_loopback(host); }

class Adviser {
 public:
  explicit Adviser(const File& file) : file_(file) {}

  std::vector<Problem> advise() {
    const Configuration& configuration = file_.configuration();
    look_at_server(configuration);
    look_at_sentinel(configuration.sentinel);
    for (const MonitoredPrimary& primary : configuration.sentinel.primaries) {
      look_at_quorum(primary);
      look_at_times(primary);
      look_at_syncs(primary);
      look_at_access(primary);
    }
    return std::move(advice_);
  }

 private:
  void look_at_server(const Configuration& configuration) {
    const ServerSettings& server = configuration.server;
    const bool is_local =
        !server.bind.empty() && std::all_of(server.bind.begin(), server.bind.end(), is_of_this_machine);
    const bool is_guarded = server.protected_mode || !server.requirepass.empty() ||
                            !configuration.sentinel.users.empty() || !server.acl_file.empty() || is_local;
    if (!is_guarded) say({}, "whoever reaches the port may reconfigure the servers: set 'requirepass', or 'bind'");
    for (const std::string& ignored : file_.ignored()) {
      say({}, fmt::format("{} concerns data servers only, and is ignored", ignored));
    }
  }

  void look_at_sentinel(const SentinelSettings& sentinel) {
    if (sentinel.primaries.empty()) say({}, "no 'sentinel monitor' line: there is nothing to watch");
    if (!sentinel.deny_scripts_reconfig) {
      say(global_subject("deny-scripts-reconfig"), "every client may choose which programs are run here");
    }
    if (sentinel.announce_hostnames && !sentinel.resolve_hostnames) {
      say(global_subject("announce-hostnames"), "announcing host names needs 'sentinel resolve-hostnames yes' as well");
    }
    std::map<Address, std::string_view> names;
    for (const MonitoredPrimary& primary : sentinel.primaries) {
      const auto [other, is_new] = names.emplace(primary.address, primary.name);
      if (is_new) continue;
      say(of(primary, "monitor"),
          fmt::format("{} and {} are one server: both will fail it over", shown(other->second), shown(primary.name)));
    }
  }

  void look_at_quorum(const MonitoredPrimary& primary) {
    const Subject line = of(primary, "monitor");
    const std::size_t voters = primary.sentinels.size() + 1;
    if (voters == 1) {
      if (primary.quorum == 1) {
        say(line, fmt::format("with a quorum of 1, a single sentinel declares {} down", shown(primary.name)));
      }
      return;
    }
    const std::size_t majority = voters / 2 + 1;
    if (voters % 2 == 0) {
      say(line, fmt::format("{} sentinels vote on {}: they survive no more failures than {} would", voters,
                            shown(primary.name), voters - 1));
    }
    if (primary.quorum > voters) {
      say(line, fmt::format("{} sentinels can never reach the quorum of {}", voters, primary.quorum));
    } else if (primary.quorum < majority) {
      say(line,
          fmt::format("the quorum {} is below the majority {} of {} sentinels: fewer than can fail over declare {} "
                      "down",
                      primary.quorum, majority, voters, shown(primary.name)));
    }
  }

  void look_at_times(const MonitoredPrimary& primary) {
    if (primary.down_after < kHastyDownAfter) {
      say(of(primary, "down-after-milliseconds"),
          fmt::format("{} counts as down after {} ms of silence: a short stall is enough for a failover",
                      shown(primary.name), primary.down_after.count()));
    }
    if (primary.fast_down_after > 0ms) {
      say(of(primary, "fast-down-after-milliseconds"),
          fmt::format("{} counts as down after {} ms without a listener: restarting it is enough for a failover",
                      shown(primary.name), primary.fast_down_after.count()));
    }
    if (primary.failover_timeout < primary.down_after) {
      say(of(primary, "failover-timeout"), fmt::format("the failover-timeout of {} is shorter than its "
                                                       "down-after-milliseconds",
                                                       shown(primary.name)));
    }
  }

  void look_at_syncs(const MonitoredPrimary& primary) {
    const std::size_t replicas = primary.replicas.size();
    if (primary.parallel_syncs <= kManyParallelSyncs && (replicas < 2 || primary.parallel_syncs < replicas)) return;
    say(of(primary, "parallel-syncs"),
        fmt::format("{} replicas of {} may synchronise at once after a failover: none may be left to read from",
                    primary.parallel_syncs, shown(primary.name)));
  }

  void look_at_access(const MonitoredPrimary& primary) {
    if (!primary.auth_user.empty() && primary.auth_pass.empty()) {
      say(of(primary, "auth-user"),
          fmt::format("the auth-user of {} is not used without an auth-pass", shown(primary.name)));
    }
    const bool has_remote_peer =
        std::any_of(primary.sentinels.begin(), primary.sentinels.end(),
                    [](const KnownSentinel& sentinel) { return !is_of_this_machine(sentinel.address.host); });
    if (is_of_this_machine(primary.address.host) && has_remote_peer) {
      say(of(primary, "monitor"), fmt::format("{} is another server for each of the other sentinels of {}",
                                              primary.address.host, shown(primary.name)));
    }
  }

  static Subject of(const MonitoredPrimary& primary, std::string_view option) {
    return option_subject(primary.name, option);
  }

  void say(const Subject& subject, std::string text) {
    Problem advice{0, {}, std::move(text)};
    if (const Place* place = file_.place_of(subject.key)) {
      advice.line_number = place->line_number;
      advice.source = place->source;
    }
    advice_.push_back(std::move(advice));
  }

  const File& file_;
  std::vector<Problem> advice_;
};

}  // namespace

std::vector<Problem> advise(const File& file) { return Adviser(file).advise(); }

}  // namespace vedette::conf
