#include "sim/faults.h"

#include <fmt/format.h>

#include <numeric>

#include "base/text.h"

namespace vedette::sim {
namespace {

constexpr unsigned kMaxFaultWeight = 1000;

}  // namespace

const std::vector<Faults::Kind>& Faults::kinds() {
  static const std::vector<Kind> all{
      {"primary-killed", 14, &Faults::kill_primary},
      {"server-killed", 6, &Faults::kill_server},
      {"server-emptied", 2, &Faults::empty_server},
      {"server-loading", 4, &Faults::load_server},
      {"sentinel-killed", 8, &Faults::kill_sentinel},
      {"all-sentinels-killed", 1, &Faults::kill_all_sentinels},
      {"everything-killed", 1, &Faults::kill_everything},
      {"host-lost", 5, &Faults::lose_power},
      {"primary-stopped", 6, &Faults::pause_primary},
      {"process-stopped", 6, &Faults::pause_process},
      {"cut-one-way", 8, &Faults::cut_one_way},
      {"cut-both-ways", 8, &Faults::cut_both_ways},
      {"host-isolated", 8, &Faults::isolate_host},
      {"network-split", 4, &Faults::split_hosts},
      {"connections-reset", 5, &Faults::reset_connections},
      {"slow-disk", 4, &Faults::slow_disk},
      {"full-disk", 4, &Faults::full_disk},
      {"slow-names", 2, &Faults::slow_names},
      {"dead-names", 2, &Faults::dead_names},
      {"bad-scripts", 2, &Faults::bad_scripts},
      {"bad-weather", 4, &Faults::bad_weather},
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

void Faults::later(EventQueue::Event event) {
  world_.queue().after(a_while(), [this, spell = spell_, event = std::move(event)] {
    if (spell == spell_) event();
  });
}

RedisServer& Faults::any_server() { return *any_of(any_of(world_.groups()).servers); }

RedisServer& Faults::any_primary() {
  Group& group = any_of(world_.groups());
  for (RedisServer* server : group.servers) {
    if (server->alive() && server->is_primary()) return *server;
  }
  return *any_of(group.servers);
}

// --- Processes ---

void Faults::kill(Process& process, bool with_host, const Restart& restart) {
  world_.say("fault", fmt::format("{} {}", process.name(), with_host ? "loses its host" : "is killed"));
  auto* server = dynamic_cast<RedisServer*>(&process);
  auto* sentinel = dynamic_cast<Sentinel*>(&process);
  if (server != nullptr) with_host ? server->lose_host() : server->crash();
  if (sentinel != nullptr) with_host ? sentinel->lose_host() : sentinel->crash();
  later([this, &process, restart] {
    if (process.alive()) return;
    world_.say("fault",
               fmt::format("{} is started again{}", process.name(), restart.empty ? ", without its data" : ""));
    world_.start(process, restart);
  });
}

void Faults::kill_primary() { kill(any_primary(), false); }
void Faults::kill_server() { kill(any_server(), false); }
void Faults::empty_server() { kill(rng_.below(2) == 0 ? any_primary() : any_server(), false, {.empty = true}); }
void Faults::load_server() { kill(rng_.below(2) == 0 ? any_primary() : any_server(), false, {.loading = a_while()}); }
void Faults::kill_sentinel() { kill(*any_of(world_.sentinels()), false); }
void Faults::kill_all_sentinels() {
  for (Sentinel* sentinel : world_.sentinels()) kill(*sentinel, false);
}
void Faults::kill_everything() {
  for (Process* process : world_.processes()) kill(*process, false);
}
void Faults::lose_power() {
  if (rng_.below(2) == 0) return kill(any_primary(), true);
  const auto& all = world_.processes();
  kill(*all[rng_.below(all.size())], true);
}

void Faults::pause_primary() {
  Process& process = any_primary();
  world_.say("fault", process.name() + " is stopped");
  process.pause();
  later([this, &process] {
    world_.say("fault", process.name() + " goes on");
    process.resume();
  });
}

void Faults::pause_process() {
  const auto& all = world_.processes();
  Process& process = *all[rng_.below(all.size())];
  world_.say("fault", process.name() + " is stopped");
  process.pause();
  later([this, &process] {
    world_.say("fault", process.name() + " goes on");
    process.resume();
  });
}

// --- Network ---

void Faults::cut(const std::string& from, const std::string& to) {
  world_.say("fault", fmt::format("nothing gets from {} to {}", from, to));
  world_.network().cut(from, to);
  later([this, from, to] {
    world_.say("fault", fmt::format("{} reaches {} again", from, to));
    world_.network().mend(from, to);
  });
}

void Faults::cut_one_way() {
  const auto& all = world_.processes();
  const auto& from = all[rng_.below(all.size())]->host();
  const auto& to = all[rng_.below(all.size())]->host();
  if (from != to) cut(from, to);
}

void Faults::cut_both_ways() {
  const auto& all = world_.processes();
  const auto& one = all[rng_.below(all.size())]->host();
  const auto& other = all[rng_.below(all.size())]->host();
  if (one == other) return;
  cut(one, other);
  cut(other, one);
}

void Faults::isolate_host() {
  const auto& all = world_.processes();
  const Process& lonely = rng_.below(2) == 0 ? any_primary() : *all[rng_.below(all.size())];
  for (const Process* other : all) {
    if (other == &lonely) continue;
    cut(lonely.host(), other->host());
    cut(other->host(), lonely.host());
  }
}

void Faults::split_hosts() {
  std::vector<std::string> left;
  std::vector<std::string> right;
  for (const Process* process : world_.processes()) (rng_.below(2) == 0 ? left : right).push_back(process->host());
  for (const std::string& one : left) {
    for (const std::string& other : right) {
      cut(one, other);
      cut(other, one);
    }
  }
}

void Faults::reset_connections() {
  const auto& all = world_.processes();
  const auto& one = all[rng_.below(all.size())]->host();
  const auto& other = all[rng_.below(all.size())]->host();
  world_.say("fault", fmt::format("connections between {} and {} are reset", one, other));
  world_.network().reset_between(one, other);
}

void Faults::bad_weather() {
  world_.say("fault", "the network is bad");
  Weather weather;
  weather.longest_delay = rng_.between(Micros{1'000}, Micros{80'000});
  weather.stall_probability = 0.02;
  weather.reset_probability = 0.002;
  world_.network().set_weather(weather);
  later([this] {
    world_.say("fault", "the network is well again");
    world_.network().set_weather({});
  });
}

// --- Disks and servers ---

void Faults::set_disk(DiskHealth health, std::string_view what) {
  Sentinel& sentinel = *any_of(world_.sentinels());
  world_.say("fault", fmt::format("the disk of {} is {}", sentinel.name(), what));
  sentinel.disk().set_health(health);
  later([this, &sentinel] {
    world_.say("fault", fmt::format("the disk of {} is well again", sentinel.name()));
    sentinel.disk().set_health(DiskHealth::kWell);
  });
}

void Faults::slow_disk() { set_disk(DiskHealth::kSlow, "slow"); }
void Faults::full_disk() { set_disk(DiskHealth::kFull, "full"); }

void Faults::set_names(NameServerHealth health, std::string_view what) {
  world_.say("fault", fmt::format("the name server is {}", what));
  world_.name_server().set_health(health);
  later([this] {
    world_.say("fault", "the name server is well again");
    world_.name_server().set_health(NameServerHealth::kWell);
  });
}

void Faults::slow_names() { set_names(NameServerHealth::kSlow, "slow"); }
void Faults::dead_names() { set_names(NameServerHealth::kDead, "dead"); }

void Faults::bad_scripts() {
  auto* sentinel = dynamic_cast<SentinelProcess*>(any_of(world_.sentinels()));
  if (sentinel == nullptr) return;
  const bool hang = rng_.below(2) == 0;
  world_.say("fault", fmt::format("the scripts of {} {}", sentinel->name(), hang ? "hang" : "fail"));
  sentinel->scripts().set_health(hang ? ScriptHealth::kHanging : ScriptHealth::kFailing);
  later([this, sentinel] {
    world_.say("fault", fmt::format("the scripts of {} are well again", sentinel->name()));
    sentinel->scripts().set_health(ScriptHealth::kWell);
  });
}

void Faults::busy_server() {
  RedisServer& server = any_server();
  world_.say("fault", server.name() + " is busy with a script");
  server.be_busy_until(world_.queue().now() + a_while());
}

void Faults::misconfigured_server() {
  RedisServer& server = any_server();
  world_.say("fault", server.name() + " cannot write to its disk");
  server.set_misconfigured(true);
  later([this, &server] {
    world_.say("fault", server.name() + " can write to its disk again");
    server.set_misconfigured(false);
  });
}

void Faults::order_failover() {
  Group& group = any_of(world_.groups());
  Sentinel& sentinel = *any_of(world_.sentinels());
  world_.say("fault", fmt::format("an operator has {} fail {} over", sentinel.name(), group.name));
  world_.order(sentinel, {"SENTINEL", "FAILOVER", group.name});
}

}  // namespace vedette::sim
