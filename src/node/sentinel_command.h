// The subcommands of SENTINEL: those that only look (`sentinel_queries.cc`), those that change something
// (`sentinel_orders.cc`, `sentinel_config.cc`), and those for tests of the cluster itself (`sentinel_debug.cc`).
#pragma once

#include <string>
#include <string_view>

#include "node/request.h"

namespace vedette::node::sentinel {

// The monitored primary; null if there is none, and then the client has been told.
const core::Primary* find_primary(Request& request, const std::string& name);

void primaries(Request& request);
void primary(Request& request);
void replicas(Request& request);
void sentinels(Request& request);
void address_by_name(Request& request);
void check_quorum(Request& request);
void explain(Request& request);
void memory(Request& request);
void my_id(Request& request);
void info_cache(Request& request);
void pending_scripts(Request& request);

void is_down_by_address(Request& request);
void monitor(Request& request);
void remove(Request& request);
void set(Request& request);
void failover(Request& request);
void reset(Request& request);
void flush_config(Request& request);

void config(Request& request);

void debug(Request& request);
void simulate_failure(Request& request);

// The known peer that a connection belongs to, by the name that a sentinel gives its connections and by the address
// that they come from; nullopt if that is not only one. Evidence enough to take its question for its opinion, not
// enough for anything else.
std::optional<RunId> identify_peer(const core::State& state, std::string_view client_name, const Address& remote);

}  // namespace vedette::node::sentinel
