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

void help(Request& request) { write_help(request, sentinel_command()); }

// Another spelling of a subcommand, not listed by HELP.
constexpr Command also(Command command, std::string_view name, std::string_view since) {
  command.name = name;
  command.since = since;
  command.usage = {};
  return command;
}

constexpr Command deprecated(Command command, Deprecation deprecation) {
  command.deprecation = deprecation;
  return command;
}

constexpr Command kAddressByName{.name = "sentinel|get-master-addr-by-name",
                                 .arity = 3,
                                 .run = &address_by_name,
                                 .flags = kAdmin,
                                 .since = "2.8.4",
                                 .usage = "GET-MASTER-ADDR-BY-NAME <master-name>",
                                 .summary = "Where clients find this master: its ip and port."};
constexpr Command kIsDownByAddress{
    .name = "sentinel|is-master-down-by-addr",
    .arity = 6,
    .run = &is_down_by_address,
    .flags = kAdmin,
    .since = "2.8.4",
    .usage = "IS-MASTER-DOWN-BY-ADDR <ip> <port> <epoch> <runid>",
    .summary = "Whether this sentinel sees the master down; its vote for <runid> in <epoch>, unless that is *."};
constexpr Command kPrimary{.name = "sentinel|master",
                           .arity = 3,
                           .run = &primary,
                           .flags = kAdmin,
                           .since = "2.8.4",
                           .usage = "MASTER <master-name>",
                           .summary = "The state of this master."};
constexpr Command kPrimaries{.name = "sentinel|masters",
                             .arity = 2,
                             .run = &primaries,
                             .flags = kAdmin,
                             .since = "2.8.4",
                             .complexity = kPerPrimary,
                             .usage = "MASTERS",
                             .summary = "The state of every monitored master."};
constexpr Command kReplicas{.name = "sentinel|replicas",
                            .arity = 3,
                            .run = &replicas,
                            .flags = kAdmin,
                            .since = "5.0.0",
                            .complexity = "O(N) in the replicas of this master",
                            .usage = "REPLICAS <master-name>",
                            .summary = "The state of the replicas of this master."};

constexpr std::string_view kSincePrimarySpellings = "8.0.0";  // of Valkey
constexpr std::string_view kOurs = "0.1.0";                   // of Vedette: what others do not have

constexpr std::array kSubcommands{
    Command{.name = "sentinel|ckquorum",
            .arity = 3,
            .run = &check_quorum,
            .flags = kAdmin,
            .since = "2.8.4",
            .usage = "CKQUORUM <master-name>",
            .summary = "Whether enough sentinels are usable to agree on a failover of this master and to elect its "
                       "leader."},
    Command{.name = "sentinel|config",
            .arity = -3,
            .run = &config,
            .flags = kAdmin,
            .since = "6.2.0",
            .complexity = kPerArgument,
            .usage = "CONFIG SET <option> <value> [<option> <value> ...], CONFIG GET <pattern> [<pattern> ...]",
            .summary = "Change settings of this sentinel: all of those given, or none if one is wrong; or show them."},
    Command{.name = "sentinel|debug",
            .arity = -2,
            .run = &debug,
            .flags = kAdmin,
            .since = "7.0.0",
            .complexity = kPerArgument,
            .usage = "DEBUG [<param> <value> ...]",
            .summary = "Show the periods and timeouts of the sentinel in milliseconds, or change them until it ends."},
    Command{.name = "sentinel|explain",
            .arity = 3,
            .run = &explain,
            .flags = kAdmin,
            .since = kOurs,
            .complexity = "O(N) in the replicas and sentinels of this master",
            .usage = "EXPLAIN <master-name>",
            .summary = "Why there is or is not a failover of this master now, what is waited for, what the other "
                       "sentinels think, and who would be promoted."},
    Command{.name = "sentinel|failover",
            .arity = -3,
            .run = &failover,
            .flags = kAdmin,
            .since = "2.8.4",
            .usage = "FAILOVER <master-name> [DRYRUN]",
            .summary = "Fail over now, whether or not the master is down; with DRYRUN only say what would be done."},
    Command{.name = "sentinel|flushconfig",
            .arity = 2,
            .run = &flush_config,
            .flags = kAdmin,
            .since = "2.8.4",
            .usage = "FLUSHCONFIG",
            .summary = "Save the state to disk now."},
    kAddressByName,
    also(kAddressByName, "sentinel|get-primary-addr-by-name", kSincePrimarySpellings),
    Command{.name = "sentinel|info-cache",
            .arity = -3,
            .run = &info_cache,
            .flags = kAdmin,
            .since = "3.2.0",
            .complexity = "O(N) in the instances",
            .usage = "INFO-CACHE <master-name> [<master-name> ...]",
            .summary = "The last INFO of these masters and of their replicas, and its age in milliseconds."},
    kIsDownByAddress,
    also(kIsDownByAddress, "sentinel|is-primary-down-by-addr", kSincePrimarySpellings),
    kPrimary,
    also(kPrimary, "sentinel|primary", kSincePrimarySpellings),
    kPrimaries,
    also(kPrimaries, "sentinel|primaries", kSincePrimarySpellings),
    Command{.name = "sentinel|memory",
            .arity = 2,
            .run = &memory,
            .flags = kAdmin,
            .since = kOurs,
            .complexity = "O(N) in the instances",
            .usage = "MEMORY",
            .summary = "What the memory of this sentinel is used for, in bytes, and by how many."},
    Command{.name = "sentinel|monitor",
            .arity = 6,
            .run = &monitor,
            .flags = kAdmin,
            .since = "2.8.4",
            .usage = "MONITOR <name> <ip> <port> <quorum>",
            .summary = "Monitor a master from now on."},
    Command{.name = "sentinel|myid",
            .arity = 2,
            .run = &my_id,
            .flags = kAdmin,
            .since = "6.2.0",
            .usage = "MYID",
            .summary = "The id by which other sentinels know this one."},
    Command{.name = "sentinel|pending-scripts",
            .arity = 2,
            .run = &pending_scripts,
            .flags = kAdmin,
            .since = "2.8.4",
            .usage = "PENDING-SCRIPTS",
            .summary = "The scripts that run or wait to run."},
    Command{.name = "sentinel|remove",
            .arity = 3,
            .run = &remove,
            .flags = kAdmin,
            .since = "2.8.4",
            .usage = "REMOVE <master-name>",
            .summary = "Stop monitoring this master."},
    kReplicas,
    deprecated(also(kReplicas, "sentinel|slaves", "2.8.0"), {"5.0.0", "`SENTINEL REPLICAS`"}),
    Command{.name = "sentinel|reset",
            .arity = 3,
            .run = &reset,
            .flags = kAdmin,
            .since = "2.8.4",
            .complexity = kPerPrimary,
            .usage = "RESET <pattern>",
            .summary = "Forget the replicas, sentinels and failovers of the masters whose names match, and discover "
                       "anew."},
    Command{.name = "sentinel|sentinels",
            .arity = 3,
            .run = &sentinels,
            .flags = kAdmin,
            .since = "2.8.4",
            .complexity = "O(N) in the sentinels of this master",
            .usage = "SENTINELS <master-name>",
            .summary = "The state of the other sentinels of this master."},
    Command{.name = "sentinel|set",
            .arity = -5,
            .run = &set,
            .flags = kAdmin,
            .since = "2.8.4",
            .complexity = kPerArgument,
            .usage = "SET <master-name> <option> <value> [<option> <value> ...]",
            .summary = "Change settings of this master: all of those given, or none if one is wrong."},
    Command{.name = "sentinel|simulate-failure",
            .arity = -3,
            .run = &simulate_failure,
            .flags = kAdmin,
            .since = "3.2.0",
            .usage = "SIMULATE-FAILURE [CRASH-AFTER-ELECTION] [CRASH-AFTER-PROMOTION] [HELP]",
            .summary = "End this process at that point of its next failover."},
    Command{.name = "sentinel|help",
            .arity = 2,
            .run = &help,
            .flags = kWhileUnready,
            .since = "6.2.0",
            .usage = "HELP",
            .summary = "This text."},
};

constexpr Command kSentinel{.name = "sentinel",
                            .arity = -2,
                            .flags = kAdmin,
                            .group = "sentinel",
                            .since = "2.8.4",
                            .complexity = kBySubcommand,
                            .summary = "What sentinels know, and orders to them.",
                            .subcommands = kSubcommands};

}  // namespace
}  // namespace sentinel

const Command& sentinel_command() { return sentinel::kSentinel; }

}  // namespace vedette::node
