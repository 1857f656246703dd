#include "node/sentinel_command.h"

#include <array>

#include "node/commands.h"
#include "proto/names.h"

namespace vedette::node {
namespace sentinel {

const core::Primary* find_primary(Request& request, const std::string& name) {
  const auto found = request.state().primaries.find(name);
  if (found != request.state().primaries.end()) return &found->second;
  request.reply.error(proto::error::kNoSuchPrimary);
  return nullptr;
}

namespace {

void help(Request& request) { write_help(request, "SENTINEL", sentinel_subcommands()); }

constexpr std::array kSubcommands{
    Command{"sentinel|ckquorum", 3, &check_quorum, 0, "CKQUORUM <master-name>",
            "Whether enough sentinels are usable to agree on a failover of this master and to elect its leader."},
    Command{"sentinel|debug", -2, &debug, 0, "DEBUG [<param> <value> ...]",
            "Show the periods and timeouts of the sentinel in milliseconds, or change them until it ends."},
    Command{"sentinel|failover", 3, &failover, 0, "FAILOVER <master-name>",
            "Fail over now, whether or not the master is down."},
    Command{"sentinel|flushconfig", 2, &flush_config, 0, "FLUSHCONFIG", "Save the state to disk now."},
    Command{"sentinel|get-master-addr-by-name", 3, &address_by_name, 0, "GET-MASTER-ADDR-BY-NAME <master-name>",
            "Where clients find this master: its ip and port."},
    Command{"sentinel|get-primary-addr-by-name", 3, &address_by_name},
    Command{"sentinel|info-cache", -3, &info_cache, 0, "INFO-CACHE <master-name> [<master-name> ...]",
            "The last INFO of these masters and of their replicas, and its age in milliseconds."},
    Command{"sentinel|is-master-down-by-addr", 6, &is_down_by_address, 0,
            "IS-MASTER-DOWN-BY-ADDR <ip> <port> <epoch> <runid>",
            "Whether this sentinel sees the master down; its vote for <runid> in <epoch>, unless that is *."},
    Command{"sentinel|is-primary-down-by-addr", 6, &is_down_by_address},
    Command{"sentinel|master", 3, &primary, 0, "MASTER <master-name>", "The state of this master."},
    Command{"sentinel|primary", 3, &primary},
    Command{"sentinel|masters", 2, &primaries, 0, "MASTERS", "The state of every monitored master."},
    Command{"sentinel|primaries", 2, &primaries},
    Command{"sentinel|monitor", 6, &monitor, 0, "MONITOR <name> <ip> <port> <quorum>", "Monitor a master from now on."},
    Command{"sentinel|myid", 2, &my_id, 0, "MYID", "The id by which other sentinels know this one."},
    Command{"sentinel|pending-scripts", 2, &pending_scripts, 0, "PENDING-SCRIPTS",
            "The scripts that run or wait to run."},
    Command{"sentinel|remove", 3, &remove, 0, "REMOVE <master-name>", "Stop monitoring this master."},
    Command{"sentinel|replicas", 3, &replicas, 0, "REPLICAS <master-name>",
            "The state of the replicas of this master."},
    Command{"sentinel|slaves", 3, &replicas},
    Command{"sentinel|reset", 3, &reset, 0, "RESET <pattern>",
            "Forget the replicas, sentinels and failovers of the masters whose names match, and discover anew."},
    Command{"sentinel|sentinels", 3, &sentinels, 0, "SENTINELS <master-name>",
            "The state of the other sentinels of this master."},
    Command{"sentinel|set", -5, &set, 0, "SET <master-name> <option> <value> [<option> <value> ...]",
            "Change settings of this master: all of those given, or none if one is wrong."},
    Command{"sentinel|simulate-failure", -3, &simulate_failure, 0,
            "SIMULATE-FAILURE [CRASH-AFTER-ELECTION] [CRASH-AFTER-PROMOTION] [HELP]",
            "End this process at that point of its next failover."},
    Command{"sentinel|help", 2, &help, 0, "HELP", "This text."},
};

}  // namespace
}  // namespace sentinel

std::span<const Command> sentinel_subcommands() { return sentinel::kSubcommands; }

}  // namespace vedette::node
