#include "sim/action.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <span>

#include "base/text.h"
#include "sim/duration.h"

namespace vedette::sim {
namespace {

using Given = std::span<const std::string>;
using Who = std::vector<Process*>;

// --- Who is meant ---

RedisServer* primary_now(const Group& group) {
  for (RedisServer* server : group.servers) {
    if (server->alive() && server->is_primary()) return server;
  }
  return nullptr;
}

// Of one word; empty if there is nobody of that name.
Who named(World& world, std::string_view name) {
  Who found;
  const auto is_a = [](auto* process) { return process != nullptr; };
  for (Process* process : world.everybody()) {
    const bool is_sentinel = is_a(dynamic_cast<Sentinel*>(process));
    const bool is_server = is_a(dynamic_cast<RedisServer*>(process));
    if (name == process->name() || (name == "sentinels" && is_sentinel) || (name == "servers" && is_server) ||
        (name == "writers" && !is_sentinel && !is_server) || (name == "all" && (is_sentinel || is_server))) {
      found.push_back(process);
    }
  }
  for (std::size_t i = 0; i < world.groups().size(); ++i) {
    const Group& group = world.groups()[i];
    if (name == fmt::format("servers-{}", i)) found.insert(found.end(), group.servers.begin(), group.servers.end());
    if (name == fmt::format("sentinels-{}", i)) {
      found.insert(found.end(), group.sentinels.begin(), group.sentinels.end());
    }
    if (name != fmt::format("primary-{}", i) && (i > 0 || name != "primary")) continue;
    if (RedisServer* primary = primary_now(group)) found.push_back(primary);
  }
  return found;
}

Result<Who> everyone_in(World& world, const std::string& list) {
  Who found;
  for (const std::string_view name : split(list, ',')) {
    const Who some = named(world, name);
    if (some.empty()) return Error{fmt::format("there is no '{}'", name)};
    found.insert(found.end(), some.begin(), some.end());
  }
  return found;
}

Result<Who> second_of_two(World& world, const std::string& list, const Who& first) {
  if (list != "rest" && list != "others") return everyone_in(world, list);
  Who found;
  for (Process* process : world.everybody()) {
    const bool is_writer = dynamic_cast<Writer*>(process) != nullptr;
    if (std::count(first.begin(), first.end(), process) == 0 && (list == "others" || !is_writer)) {
      found.push_back(process);
    }
  }
  return found;
}

// --- What is done ---

Status for_each(World& world, const std::string& list, const std::function<Status(Process&)>& what) {
  const auto who = everyone_in(world, list);
  if (!who) return who.error();
  for (Process* process : *who) {
    if (Status done = what(*process); !done) return done;
  }
  return Ok{};
}

template <typename Kind>
Status for_each_kind(World& world, const std::string& list, const std::function<void(Kind&)>& what) {
  return for_each(world, list, [&](Process& process) -> Status {
    auto* one = dynamic_cast<Kind*>(&process);
    if (one == nullptr) return Error{fmt::format("{} cannot do that", process.name())};
    what(*one);
    return Ok{};
  });
}

Status for_each_pair(World& world, Given words, const std::function<void(Process&, Process&)>& what) {
  const auto first = everyone_in(world, words[0]);
  if (!first) return first.error();
  const auto second = second_of_two(world, words[1], *first);
  if (!second) return second.error();
  for (Process* one : *first) {
    for (Process* other : *second) {
      if (one != other) what(*one, *other);
    }
  }
  return Ok{};
}

Status kill(World& world, Given words) {
  return for_each(world, words[0], [](Process& process) {
    if (auto* server = dynamic_cast<RedisServer*>(&process)) server->crash();
    if (auto* sentinel = dynamic_cast<Sentinel*>(&process)) sentinel->crash();
    return Ok{};
  });
}

Status lose(World& world, Given words) {
  return for_each(world, words[0], [](Process& process) {
    if (auto* server = dynamic_cast<RedisServer*>(&process)) server->lose_host();
    if (auto* sentinel = dynamic_cast<Sentinel*>(&process)) sentinel->lose_host();
    return Ok{};
  });
}

// [empty | foreign | aof] [moved | at WHO] [old | new] [loading DURATION]
Result<Restart> read_restart(Given words) {
  Restart restart;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "empty") {
      restart.empty = true;
    } else if (words[i] == "foreign") {
      restart.foreign = true;
    } else if (words[i] == "aof") {
      restart.aof = true;
    } else if (words[i] == "moved") {
      restart.moved = true;
    } else if (words[i] == "old" || words[i] == "new") {
      restart.old = words[i] == "old";
    } else if (words[i] == "at" && i + 1 < words.size()) {
      restart.at = words[++i];
    } else if (words[i] == "loading" && i + 1 < words.size()) {
      const auto duration = parse_duration(words[++i]);
      if (!duration) return duration.error();
      restart.loading = *duration;
    } else {
      return Error{fmt::format(
          "a server starts 'empty', 'foreign', 'aof', 'moved', 'at WHO', 'old', 'new' or 'loading DURATION', not '{}'",
          words[i])};
    }
  }
  return restart;
}

// Whether WHO may come up there.
Status check_address(const World& world, const std::string& who, const Restart& restart) {
  if (restart.moved && !world.settings().announced_names) {
    return Error{"who moves is found by its name: with announced-names"};
  }
  if (restart.at.empty()) return Ok{};
  const RedisServer* server = world.server_named(who);
  const RedisServer* other = world.server_named(restart.at);
  if (server == nullptr || other == nullptr) return Error{"one server comes up at the address of another"};
  if (server->alive()) return Error{fmt::format("{} runs already", who)};
  if (!world.is_free(*other)) return Error{fmt::format("the address of {} is in use", restart.at)};
  return Ok{};
}

// start WHO [how it starts]
Status start(World& world, Given words) {
  const auto read = read_restart(words.subspan(1));
  if (!read) return read.error();
  const Restart& restart = *read;
  if (Status done = check_address(world, words[0], restart); !done) return done;
  return for_each(world, words[0], [&](Process& process) -> Status {
    const bool is_server = dynamic_cast<RedisServer*>(&process) != nullptr;
    if ((restart.empty && dynamic_cast<StockSentinel*>(&process) != nullptr) || (restart.moved && !is_server)) {
      return Error{fmt::format("{} cannot do that", process.name())};
    }
    world.start(process, restart);
    return Ok{};
  });
}

Status stop(World& world, Given words) {
  return for_each(world, words[0], [](Process& process) {
    process.pause();
    return Ok{};
  });
}

Status go_on(World& world, Given words) {
  return for_each(world, words[0], [](Process& process) {
    process.resume();
    return Ok{};
  });
}

// Less than stopped: nobody notices anything but that it is late.
Status stall(World& world, Given words) {
  const auto duration = parse_duration(words[1]);
  if (!duration) return duration.error();
  return for_each(world, words[0], [&](Process& process) {
    if (!process.running()) return Status(Ok{});  // it is stalled already, or worse
    process.pause();
    world.queue().after(*duration, [&process] { process.resume(); });
    return Status(Ok{});
  });
}

Status cut(World& world, Given words) {
  return for_each_pair(world, words, [&](Process& a, Process& b) { world.network().cut(a.host(), b.host()); });
}

Status mend(World& world, Given words) {
  return for_each_pair(world, words, [&](Process& a, Process& b) { world.network().mend(a.host(), b.host()); });
}

Status divide(World& world, Given words) {
  return for_each_pair(world, words, [&](Process& a, Process& b) {
    world.network().cut(a.host(), b.host());
    world.network().cut(b.host(), a.host());
  });
}

Status join(World& world, Given words) {
  return for_each_pair(world, words, [&](Process& a, Process& b) {
    world.network().mend(a.host(), b.host());
    world.network().mend(b.host(), a.host());
  });
}

Status reset(World& world, Given words) {
  return for_each_pair(world, words,
                       [&](Process& a, Process& b) { world.network().reset_between(a.host(), b.host()); });
}

Status drop(World& world, Given words) {
  const auto number = parse_integer<std::uint64_t>(words[0]);
  if (!number || *number == 0) return Error{"the messages to come are numbered from 1"};
  world.drop_message(*number);
  return Ok{};
}

// weather well | weather DELAY STALLS RESETS, in thousandths of the messages
Status weather(World& world, Given words) {
  Weather weather;
  if (words[0] != "well") {
    const auto delay = parse_duration(words[0]);
    const auto stalls = words.size() > 1 ? parse_integer<unsigned>(words[1]) : 0;
    const auto resets = words.size() > 2 ? parse_integer<unsigned>(words[2]) : 0;
    if (!delay) return delay.error();
    if (!stalls || !resets || *stalls > 1000 || *resets > 1000) return Error{"stalls and resets are thousandths"};
    weather.longest_delay = std::max(*delay, weather.shortest_delay);
    weather.stall_probability = *stalls / 1000.0;
    weather.reset_probability = *resets / 1000.0;
  }
  world.network().set_weather(weather);
  return Ok{};
}

template <typename Health>
Result<Health> health_of(const std::string& word, const std::map<std::string_view, Health>& known) {
  const auto found = known.find(word);
  if (found == known.end()) return Error{fmt::format("'{}' is no state that this can be in", word)};
  return found->second;
}

Status disk(World& world, Given words) {
  const auto health = health_of<DiskHealth>(words[1], {{"well", DiskHealth::kWell},
                                                       {"slow", DiskHealth::kSlow},
                                                       {"full", DiskHealth::kFull},
                                                       {"unsure", DiskHealth::kUnsure}});
  if (!health) return health.error();
  return for_each_kind<Sentinel>(world, words[0], [&](Sentinel& sentinel) { sentinel.disk().set_health(*health); });
}

Status names(World& world, Given words) {
  const auto health = health_of<NameServerHealth>(
      words[0],
      {{"well", NameServerHealth::kWell}, {"slow", NameServerHealth::kSlow}, {"dead", NameServerHealth::kDead}});
  if (!health) return health.error();
  world.name_server().set_health(*health);
  return Ok{};
}

Status scripts(World& world, Given words) {
  const auto health = health_of<ScriptHealth>(
      words[1],
      {{"well", ScriptHealth::kWell}, {"failing", ScriptHealth::kFailing}, {"hanging", ScriptHealth::kHanging}});
  if (!health) return health.error();
  return for_each_kind<SentinelProcess>(world, words[0],
                                        [&](SentinelProcess& one) { one.scripts().set_health(*health); });
}

// clock WHO forwards|back DURATION
Status set_clock(World& world, Given words) {
  const auto step = parse_duration(words[2]);
  if (!step) return step.error();
  const bool is_back = words[1] == "back";
  if (!is_back && words[1] != "forwards") return Error{"a clock is set 'forwards' or 'back'"};
  return for_each_kind<Sentinel>(world, words[0],
                                 [&](Sentinel& sentinel) { sentinel.set_clock_by(is_back ? -*step : *step); });
}

Status busy(World& world, Given words) {
  const auto duration = parse_duration(words[1]);
  if (!duration) return duration.error();
  return for_each_kind<RedisServer>(
      world, words[0], [&](RedisServer& server) { server.be_busy_until(world.queue().now() + *duration); });
}

Status misconfigure(World& world, Given words) {
  return for_each_kind<RedisServer>(world, words[0], [](RedisServer& server) { server.set_misconfigured(true); });
}

Status configure(World& world, Given words) {
  return for_each_kind<RedisServer>(world, words[0], [](RedisServer& server) { server.set_misconfigured(false); });
}

Status deny(World& world, Given words) {
  return for_each_kind<RedisServer>(world, words[0], [&](RedisServer& server) { server.deny(words[1]); });
}

Status allow(World& world, Given words) {
  return for_each_kind<RedisServer>(world, words[0], [](RedisServer& server) { server.allow_all(); });
}

// mislead WHO [IP]
Status mislead(World& world, Given words) {
  return for_each_kind<RedisServer>(world, words[0], [&](RedisServer& server) {
    world.name_server().mislead(server.name(), words.size() > 1 ? words[1] : "");
  });
}

Status order(World& world, Given words) {
  return for_each(world, words[0], [&](Process& process) {
    const bool is_server = dynamic_cast<RedisServer*>(&process) != nullptr;
    world.order({process.host(), is_server ? RedisServer::kPort : Sentinel::kPort}, {words.begin() + 1, words.end()});
    return Ok{};
  });
}

Status wait(World&, Given) { return Ok{}; }

Status heal(World& world, Given) {
  world.heal();
  return Ok{};
}

struct Action {
  std::string_view usage;
  std::size_t min_words;  // after the first
  std::size_t max_words;
  Status (*take)(World&, Given);
};

const std::map<std::string_view, Action>& actions() {
  static const std::map<std::string_view, Action> all{
      {"kill", {"WHO", 1, 1, kill}},
      {"lose", {"WHO", 1, 1, lose}},
      {"start", {"WHO [empty | foreign | aof] [moved | at WHO] [old | new] [loading DURATION]", 1, 7, start}},
      {"stop", {"WHO", 1, 1, stop}},
      {"continue", {"WHO", 1, 1, go_on}},
      {"stall", {"WHO DURATION", 2, 2, stall}},
      {"cut", {"FROM TO", 2, 2, cut}},
      {"mend", {"FROM TO", 2, 2, mend}},
      {"divide", {"WHO WHO", 2, 2, divide}},
      {"join", {"WHO WHO", 2, 2, join}},
      {"reset", {"WHO WHO", 2, 2, reset}},
      {"drop", {"NUMBER", 1, 1, drop}},
      {"weather", {"well | DELAY [STALLS [RESETS]]", 1, 3, weather}},
      {"disk", {"WHO well|slow|full|unsure", 2, 2, disk}},
      {"names", {"well|slow|dead", 1, 1, names}},
      {"scripts", {"WHO well|failing|hanging", 2, 2, scripts}},
      {"clock", {"WHO forwards|back DURATION", 3, 3, set_clock}},
      {"busy", {"WHO DURATION", 2, 2, busy}},
      {"misconfigure", {"WHO", 1, 1, misconfigure}},
      {"configure", {"WHO", 1, 1, configure}},
      {"deny", {"WHO COMMAND", 2, 2, deny}},
      {"allow", {"WHO", 1, 1, allow}},
      {"mislead", {"WHO [IP]", 1, 2, mislead}},
      {"order", {"WHO WORD...", 2, SIZE_MAX, order}},
      {"heal", {"", 0, 0, heal}},
      {"wait", {"", 0, 0, wait}},  // until then
  };
  return all;
}

}  // namespace

Status act(World& world, const std::vector<std::string>& words) {
  const auto found = words.empty() ? actions().end() : actions().find(words[0]);
  if (found == actions().end()) {
    return Error{fmt::format("there is no action '{}'", words.empty() ? "" : words[0])};
  }
  const auto& [name, action] = *found;
  if (words.size() - 1 < action.min_words || words.size() - 1 > action.max_words) {
    return Error{fmt::format("expected '{} {}'", name, action.usage)};
  }
  const Status done = action.take(world, Given(words).subspan(1));
  if (done) world.remember(fmt::format("{}", fmt::join(words, " ")));
  return done;
}

}  // namespace vedette::sim
