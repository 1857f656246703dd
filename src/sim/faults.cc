#include "sim/faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/check.h"
#include "base/text.h"
#include "sim/action.h"
#include "sim/duration.h"

namespace vedette::sim {
namespace {

constexpr unsigned kMaxFaultWeight = 1000;

}  // namespace

const std::vector<Faults::Kind>& Faults::kinds() {
  static const std::vector<Kind> all{
      {"primary-killed", 14, &Faults::kill_primary},
      {"server-killed", 6, &Faults::kill_server},
      {"server-emptied", 2, &Faults::empty_server},
      {"server-replaced", 2, &Faults::replace_server},
      {"server-with-aof", 3, &Faults::restart_with_aof},
      {"server-moved", 3, &Faults::move_server},
      {"address-taken", 12, &Faults::take_address},
      {"server-loading", 4, &Faults::load_server},
      {"server-of-other-version", 4, &Faults::exchange_version},
      {"sentinel-killed", 8, &Faults::kill_sentinel},
      {"all-sentinels-killed", 1, &Faults::kill_all_sentinels},
      {"everything-killed", 2, &Faults::kill_everything},
      {"host-lost", 5, &Faults::lose_power},
      {"primary-stopped", 6, &Faults::pause_primary},
      {"process-stopped", 6, &Faults::pause_process},
      {"sentinel-stalled", 6, &Faults::stall_sentinels},
      {"cut-one-way", 8, &Faults::cut_one_way},
      {"cut-both-ways", 8, &Faults::cut_both_ways},
      {"host-isolated", 8, &Faults::isolate_host},
      {"network-split", 4, &Faults::split_hosts},
      {"connections-reset", 5, &Faults::reset_connections},
      {"slow-disk", 4, &Faults::slow_disk},
      {"full-disk", 4, &Faults::full_disk},
      {"unsure-disk", 3, &Faults::unsure_disk},
      {"misleading-name", 2, &Faults::misleading_name},
      {"denied-command", 3, &Faults::denied_command},
      {"slow-names", 2, &Faults::slow_names},
      {"dead-names", 2, &Faults::dead_names},
      {"bad-scripts", 2, &Faults::bad_scripts},
      {"bad-weather", 4, &Faults::bad_weather},
      {"clock-set", 2, &Faults::set_clock},
      {"server-busy", 3, &Faults::busy_server},
      {"server-misconfigured", 2, &Faults::misconfigured_server},
      {"failover-ordered", 5, &Faults::order_failover},
  };
  return all;
}

const FaultWeights& Faults::all() {
  static const FaultWeights weights = [] {
    FaultWeights given;
    for (const Kind& kind : kinds()) given[kind.name] = kind.weight;
    return given;
  }();
  return weights;
}

Result<FaultWeights> parse_fault_weights(std::string_view text) {
  if (text == "all") return Faults::all();
  FaultWeights weights;
  for (const std::string_view word : split(text, ',')) {
    const auto sign = word.find('=');
    const auto known = Faults::all().find(word.substr(0, sign));
    if (known == Faults::all().end()) return Error{fmt::format("there is no fault '{}'", word.substr(0, sign))};
    const auto weight = sign == std::string_view::npos ? known->second : parse_integer<unsigned>(word.substr(sign + 1));
    if (!weight || *weight == 0 || *weight > kMaxFaultWeight) {
      return Error{fmt::format("the weight of a fault is a number from 1 to {}", kMaxFaultWeight)};
    }
    weights[known->first] = *weight;
  }
  return weights;
}

void Faults::rage_until(Instant end) {
  end_ = end;
  plan();
}

void Faults::plan() {
  const Micros pause = rng_.between(kShortestPause, kLongestPause);
  if (world_.queue().now() + pause >= end_) return;
  world_.queue().after(pause, [this, spell = spell_] {
    if (spell != spell_) return;
    strike();
    plan();
  });
}

void Faults::strike() {
  const unsigned total = std::accumulate(weights_.begin(), weights_.end(), 0U,
                                         [](unsigned sum, const auto& entry) { return sum + entry.second; });
  std::uint64_t draw = rng_.below(total);
  for (const Kind& kind : kinds()) {
    const auto weight = weights_.find(kind.name);
    if (weight == weights_.end()) continue;
    if (draw < weight->second) {
      ++counts_[kind.name];
      (this->*kind.happen)();
      return;
    }
    draw -= weight->second;
  }
}

void Faults::act(const std::vector<std::string>& words) {
  const Status done = sim::act(world_, words);
  VEDETTE_CHECK(done.ok(), "a fault knows how to be one");
}

void Faults::act_later(std::vector<std::string> words) {
  later(a_while(), [this, words = std::move(words)] { act(words); });
}

const Process& Faults::any_process() {
  const auto& all = world_.processes();
  return *all[rng_.below(all.size())];
}

const RedisServer& Faults::any_server() { return *any_of(any_of(world_.groups()).servers); }

const RedisServer& Faults::any_primary() {
  const Group& group = any_of(world_.groups());
  for (const RedisServer* server : group.servers) {
    if (server->alive() && server->is_primary()) return *server;
  }
  return *any_of(group.servers);
}

// --- Processes ---

void Faults::kill(const Process& process, std::vector<std::string> how_it_starts) {
  act({"kill", process.name()});
  std::vector<std::string> start{"start", process.name()};
  start.insert(start.end(), how_it_starts.begin(), how_it_starts.end());
  act_later(std::move(start));
}

void Faults::kill_primary() { kill(any_primary()); }
void Faults::kill_server() { kill(any_server()); }
void Faults::empty_server() { kill(rng_.below(2) == 0 ? any_primary() : any_server(), {"empty"}); }
void Faults::replace_server() { kill(rng_.below(2) == 0 ? any_primary() : any_server(), {"foreign"}); }
void Faults::restart_with_aof() { kill(rng_.below(2) == 0 ? any_primary() : any_server(), {"aof"}); }
// Where names are not announced it would be another server to everybody.
void Faults::move_server() {
  const RedisServer& server = rng_.below(2) == 0 ? any_primary() : any_server();
  kill(server, world_.settings().announced_names ? std::vector<std::string>{"moved"} : std::vector<std::string>{});
}

// Alive, at its own address, and in step with its primary.
bool Faults::is_plain_replica(const RedisServer& server) const {
  return server.alive() && server.configured_follows() && server.synchronised() &&
         world_.own_host(server) == server.host();
}

// Where there is no other fleet's group nothing happens.
//
// A replica comes up at the address of another group's replica that has died, and follows its own primary, as pods do.
// Primaries keep their addresses: one that moves without a name is lost to its group, whoever takes its place.
void Faults::take_address() {
  if (world_.settings().neighbours == Neighbours::kNone) return;
  const RedisServer& owner = any_server();
  const Group& theirs = world_.groups().back();
  const bool is_theirs = std::count(theirs.servers.begin(), theirs.servers.end(), &owner) > 0;
  const Group& others = is_theirs ? world_.groups()[rng_.below(world_.groups().size() - 1)] : theirs;
  const RedisServer& guest = *any_of(others.servers);
  if (!is_plain_replica(owner) || !is_plain_replica(guest)) return;
  static const std::vector<std::vector<std::string>> ways{{}, {}, {"aof"}, {"empty"}};
  std::vector<std::string> start{"start", guest.name(), "at", owner.name()};
  const std::vector<std::string>& way = any_of(ways);
  start.insert(start.end(), way.begin(), way.end());
  act({"kill", owner.name()});
  later(rng_.between(kShortestGap, kLongestGap), [this, &owner, &guest, start = std::move(start)] {
    if (owner.alive() || !world_.is_free(owner) || !is_plain_replica(guest)) return act_later({"start", owner.name()});
    act({"kill", guest.name()});
    act(start);
    later(a_while(), [this, &owner, &guest] {
      act({"kill", guest.name()});
      act({"start", guest.name() + "," + owner.name()});
    });
  });
}

void Faults::load_server() {
  kill(rng_.below(2) == 0 ? any_primary() : any_server(), {"loading", duration_text(a_while())});
}
void Faults::exchange_version() {
  kill(rng_.below(2) == 0 ? any_primary() : any_server(), {rng_.below(2) == 0 ? "old" : "new"});
}
void Faults::kill_sentinel() { kill(*any_of(world_.sentinels())); }
void Faults::kill_all_sentinels() {
  for (const Sentinel* sentinel : world_.sentinels()) kill(*sentinel);
}
void Faults::kill_everything() {
  for (const Sentinel* sentinel : world_.sentinels()) kill(*sentinel);
  for (const Group& group : world_.groups()) kill_group(group);
}
// One at least has its data: that all are lost is nobody's fault but that of who does this.
void Faults::kill_group(const Group& group) {
  static const std::vector<std::vector<std::string>> ways{{}, {}, {"aof"}, {"empty"}};
  const std::size_t kept = rng_.below(group.servers.size());
  for (std::size_t i = 0; i < group.servers.size(); ++i) {
    kill(*group.servers[i], ways[rng_.below(i == kept ? ways.size() - 1 : ways.size())]);
  }
}
void Faults::lose_power() {
  const Process& process = rng_.below(2) == 0 ? any_primary() : any_process();
  act({"lose", process.name()});
  act_later({"start", process.name()});
}

void Faults::stop(const Process& process) {
  act({"stop", process.name()});
  act_later({"continue", process.name()});
}

// By a command that takes long, or a machine that has too much to do: of all sentinels on it or of one, once or again
// and again, each time for less than what TILT answers.
void Faults::stall_sentinels() {
  const std::string who = rng_.below(3) == 0 ? "sentinels" : any_of(world_.sentinels())->name();
  const std::uint64_t times = rng_.below(2) == 0 ? 1 : 2 + rng_.below(kMostStallsInARow - 1);
  Micros from_now{0};
  for (std::uint64_t i = 0; i < times; ++i) {
    const Micros length = rng_.between(kShortestStall, kLongestStall);
    later(from_now, [this, who, length] { act({"stall", who, duration_text(length)}); });
    from_now += length + rng_.between(kShortestBreath, kLongestBreath);
  }
}

void Faults::pause_primary() { stop(any_primary()); }
void Faults::pause_process() { stop(any_process()); }

// --- Network ---

void Faults::cut_one_way() {
  const Process& from = any_process();
  const Process& to = any_process();
  act({"cut", from.name(), to.name()});
  act_later({"mend", from.name(), to.name()});
}

void Faults::divide(const std::string& one, const std::string& other) {
  act({"divide", one, other});
  act_later({"join", one, other});
}

void Faults::cut_both_ways() {
  const Process& one = any_process();
  divide(one.name(), any_process().name());
}

void Faults::isolate_host() { divide((rng_.below(2) == 0 ? any_primary() : any_process()).name(), "rest"); }

void Faults::split_hosts() {
  std::string some;
  for (const Process* process : world_.processes()) {
    if (rng_.below(2) == 0) some += (some.empty() ? "" : ",") + process->name();
  }
  if (!some.empty()) divide(some, "rest");
}

void Faults::reset_connections() {
  const Process& one = any_process();
  act({"reset", one.name(), any_process().name()});
}

void Faults::bad_weather() {
  act({"weather", duration_text(rng_.between(Micros{1'000}, Micros{80'000})), "20", "2"});
  act_later({"weather", "well"});
}

// --- Disks, names, scripts and servers ---

void Faults::set_disk(const std::string& health) {
  const std::string& name = any_of(world_.sentinels())->name();
  act({"disk", name, health});
  act_later({"disk", name, "well"});
}

void Faults::slow_disk() { set_disk("slow"); }
void Faults::full_disk() { set_disk("full"); }

void Faults::unsure_disk() { set_disk("unsure"); }

// Nobody lives at that address. A name that leads to another server would be a lie.
void Faults::misleading_name() {
  const std::string& name = any_server().name();
  act({"mislead", name, std::string(kNowhere)});
  act_later({"mislead", name});
}

void Faults::denied_command() {
  static const std::vector<std::string> commands{"INFO",  "SLAVEOF", "CONFIG", "CLIENT", "PUBLISH",
                                                 "MULTI", "EXEC",    "PING",   "HELLO",  "SUBSCRIBE"};
  const std::string& name = any_server().name();
  act({"deny", name, commands[rng_.below(commands.size())]});
  act_later({"allow", name});
}

void Faults::set_names(const std::string& health) {
  act({"names", health});
  act_later({"names", "well"});
}

void Faults::slow_names() { set_names("slow"); }
void Faults::dead_names() { set_names("dead"); }

void Faults::bad_scripts() {
  const Sentinel& sentinel = *any_of(world_.sentinels());
  if (dynamic_cast<const SentinelProcess*>(&sentinel) == nullptr) return;
  act({"scripts", sentinel.name(), rng_.below(2) == 0 ? "hanging" : "failing"});
  act_later({"scripts", sentinel.name(), "well"});
}

void Faults::set_clock() {
  const Micros step = rng_.between(kShortestClockStep, kLongestClockStep);
  const std::string direction = rng_.below(2) == 0 ? "forwards" : "back";
  act({"clock", any_of(world_.sentinels())->name(), direction, duration_text(step)});
}

void Faults::busy_server() { act({"busy", any_server().name(), duration_text(a_while())}); }

void Faults::misconfigured_server() {
  const std::string& name = any_server().name();
  act({"misconfigure", name});
  act_later({"configure", name});
}

void Faults::order_failover() {
  const Group& group = any_of(world_.groups());
  act({"order", any_of(group.sentinels)->name(), "SENTINEL", "FAILOVER", group.name});
}

}  // namespace vedette::sim
