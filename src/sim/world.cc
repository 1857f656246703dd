#include "sim/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace vedette::sim {
namespace {

// As many keys are a coincidence by which nobody can tell two groups apart: see docs/GROUPS.md.
constexpr std::uint64_t kKeysOfNeighbours = 50'000;

// The second fleet's are called neighbours.
std::string sentinel_name(unsigned fleet, unsigned number, bool is_stock) {
  const std::string_view kind = fleet == 0 ? (is_stock ? "stock" : "sentinel")
                                : is_stock ? "stock-neighbour"
                                           : "neighbour";
  return fmt::format("{}-{}", kind, number);
}
std::string sentinel_host(unsigned fleet, unsigned number) { return fmt::format("10.1.{}.{}", fleet, number + 1); }
std::string server_name(unsigned group, unsigned number) { return fmt::format("redis-{}-{}", group, number); }
std::string server_host(unsigned group, unsigned number) { return fmt::format("10.2.{}.{}", group, number + 1); }
std::string reader_host(unsigned group, unsigned number) { return fmt::format("10.5.{}.{}", group, number + 1); }
std::string writer_host(unsigned group) { return fmt::format("10.3.{}.1", group); }

}  // namespace

World::World(const WorldSettings& settings, Trace::Show show, Hear hear)
    : settings_(settings),
      streams_(settings.seed),
      name_server_(streams_.stream("names")),
      network_(queue_, name_server_, streams_.stream("network")),
      histories_(streams_.stream("histories")),
      trace_(std::move(show)),
      hear_(std::move(hear)),
      checker_(
          [this](const std::string& what) {
            say("BROKEN", what);
            if (!broken_) broken_ = what;
          },
          [this](const std::string& what) { say("anomaly", what); }),
      trespasses_(
          [this](const std::string& what) {
            say("BROKEN", what);
            if (!broken_) broken_ = what;
          },
          [this](const std::string& what) { checker_.stock_mixed_groups(what); },
          [this](const std::string& what) { say(kAmbiguous, what); }),
      operator_(queue_, network_, "operator", "10.4.0.1") {
  const unsigned fleets = settings_.neighbours == Neighbours::kNone ? 1 : 2;
  groups_.reserve(settings_.primaries + fleets - 1);
  for (unsigned i = 0; i < settings_.primaries; ++i) add_group(i, 0);
  if (fleets > 1) add_group(settings_.primaries, 1);
  for (unsigned fleet = 0; fleet < fleets; ++fleet) {
    for (unsigned i = 0; i < settings_.sentinels; ++i) add_sentinel(fleet, i);
  }
  everybody_ = processes_;
  for (const Group& group : groups_) everybody_.push_back(group.writer);
  for (Process* process : processes_) start(*process);
  for (Group& group : groups_) {
    group.writer->start();
    for (Reader* reader : group.readers) reader->start();
  }
  if (fleets > 1) look_for_evidence();
}

void World::look_for_evidence() {
  evidence_.look_at(groups_, queue_.now());
  queue_.after(Evidence::kLookPeriod, [this] { look_for_evidence(); });
}

void World::add_group(unsigned number, unsigned fleet) {
  Group& group = groups_.emplace_back();
  group.fleet = fleet;
  group.name = fmt::format("group-{}", settings_.neighbours == Neighbours::kSameName && fleet > 0 ? 0 : number);
  const Address primary{settings_.announced_names ? server_name(number, 0) : server_host(number, 0),
                        RedisServer::kPort};
  for (unsigned i = 0; i <= settings_.replicas; ++i) add_server(number, i, primary);
  add_clients(number, group);
}

void World::add_server(unsigned group, unsigned number, const Address& primary) {
  RedisServer::Traits traits;
  traits.old = number + settings_.old_servers > settings_.replicas;
  traits.announced = settings_.announced_names;
  traits.keys = groups_[group].fleet * kKeysOfNeighbours;
  auto server = std::make_unique<RedisServer>(
      queue_, network_, histories_, server_name(group, number), Address{server_host(group, number), RedisServer::kPort},
      number == 0 ? std::nullopt : std::optional(primary), std::move(traits), streams_,
      [this, group](const RedisServer& who, const std::optional<Address>& target, const std::string& teller) {
        judge_order(who, groups_[group], target, teller);
      });
  checker_.know_server({server->name(), RedisServer::kPort}, [&server = *server] {
    return Role{server.is_primary(), server.role_changed_at()};
  });
  checker_.know_host(server->name(), server->name(), groups_[group].fleet);
  name_server_.set(server->name(), {server->host()});
  groups_[group].servers.push_back(server.get());
  processes_.push_back(server.get());
  owned_.push_back(std::move(server));
}

void World::add_clients(unsigned number, Group& group) {
  std::vector<Address> sentinels;
  for (unsigned i = 0; i < settings_.sentinels; ++i)
    sentinels.push_back({sentinel_host(group.fleet, i), Sentinel::kPort});
  auto writer = std::make_unique<Writer>(queue_, network_, fmt::format("writer-{}", number), writer_host(number),
                                         group.name, sentinels);
  group.writer = writer.get();
  owned_.push_back(std::move(writer));
  for (unsigned i = 0; i < settings_.readers; ++i) {
    auto reader = std::make_unique<Reader>(queue_, network_, fmt::format("reader-{}-{}", number, i),
                                           reader_host(number, i), group.name, sentinels);
    group.readers.push_back(reader.get());
    owned_.push_back(std::move(reader));
  }
}

void World::add_sentinel(unsigned fleet, unsigned number) {
  const bool is_stock = number >= settings_.sentinels - settings_.stock;
  const std::string host = sentinel_host(fleet, number);
  const std::string name = sentinel_name(fleet, number, is_stock);
  auto sentinel = is_stock ? make_stock_sentinel(name, host, fleet) : make_sentinel(name, host, fleet);
  checker_.know_sentinel(host, fleet);
  for (Group& group : groups_) {
    if (group.fleet == fleet) group.sentinels.push_back(sentinel.get());
  }
  sentinels_.push_back(sentinel.get());
  processes_.push_back(sentinel.get());
  owned_.push_back(std::move(sentinel));
}

std::unique_ptr<Sentinel> World::make_sentinel(const std::string& name, const std::string& host, unsigned fleet) {
  return std::make_unique<SentinelProcess>(
      queue_, network_, name_server_, name, host, conf(fleet), streams_,
      [this](const SentinelProcess& who, core::Level, std::string_view text) { say(who.name(), text); },
      [this](const SentinelProcess& who) { checker_.look_at(who); });
}

std::unique_ptr<Sentinel> World::make_stock_sentinel(const std::string& name, const std::string& host, unsigned fleet) {
  return std::make_unique<StockSentinel>(
      queue_, network_, name, host, conf(fleet), streams_, checker_,
      [this](const StockSentinel& who, std::string_view text) { say(who.name(), text); });
}

std::string World::conf(unsigned fleet) const {
  const unsigned quorum = settings_.quorum != 0 ? settings_.quorum : settings_.sentinels / 2 + 1;
  const auto yes_or_no = [](bool is_so) { return is_so ? "yes" : "no"; };
  std::string text =
      fmt::format("port {}\nsentinel resolve-hostnames {}\nsentinel announce-hostnames {}\n", Sentinel::kPort,
                  yes_or_no(settings_.host_names), yes_or_no(settings_.announced_names));
  for (unsigned i = 0; i < groups_.size(); ++i) {
    if (groups_[i].fleet != fleet) continue;
    const std::string& name = groups_[i].name;
    const std::string host = settings_.host_names ? server_name(i, 0) : server_host(i, 0);
    text += fmt::format("sentinel monitor {} {} {} {}\n", name, host, RedisServer::kPort, quorum);
    text += fmt::format("sentinel down-after-milliseconds {} {}\n", name, settings_.down_after.count());
    text += fmt::format("sentinel failover-timeout {} {}\n", name, settings_.failover_timeout.count());
    text += fmt::format("sentinel client-reconfig-script {} /bin/reconfigure\n", name);
  }
  return text;
}

void World::run_until(Instant until) {
  while (run_next(until)) {
  }
}

void World::remember(std::string action) {
  if (!action.starts_with("stall ") && action != "heal") checker_.note_harm();
  say(kDeeds, action);
  deeds_.push_back({queue_.now(), std::move(action)});
}

void World::drop_message(std::uint64_t number) {
  messages_to_lost_one_ = number;
  watch_messages(std::move(message_watch_));
}

void World::watch_messages(MessageSent watch) {
  message_watch_ = std::move(watch);
  network_.set_watch([this](const Process& from, const std::string& to_host, std::string_view bytes) {
    return see_message(from, to_host, bytes);
  });
}

// One that runs before one that only lived there.
const Process* World::process_at(const std::string& host) const {
  const Process* found = nullptr;
  for (const Process* process : processes_) {
    if (process->host() == host && (found == nullptr || (process->alive() && !found->alive()))) found = process;
  }
  return found;
}

// Clients are none of these.
bool World::see_message(const Process& from, const std::string& to_host, std::string_view bytes) {
  const Process* to = process_at(to_host);
  if (to == nullptr || std::count(processes_.begin(), processes_.end(), &from) == 0) return true;
  if (message_watch_) message_watch_(from, *to, bytes);
  const bool is_lost = messages_to_lost_one_ == 1;
  if (messages_to_lost_one_ > 0) --messages_to_lost_one_;
  if (is_lost) say(kDeeds, fmt::format("a message from {} to {} is lost", from.name(), to->name()));
  return !is_lost;
}

void World::start(Process& process, const Restart& restart) {
  if (process.alive()) return;
  evidence_.forget(process);
  if (auto* server = dynamic_cast<RedisServer*>(&process)) {
    if (find_address(*server, restart)) server->start(restart);
  }
  if (auto* ours = dynamic_cast<SentinelProcess*>(&process); ours != nullptr && restart.empty) {
    checker_.lost_disk(*ours);
    ours->disk().save_last(conf(checker_.fleet_at(ours->host())));
  }
  if (auto* sentinel = dynamic_cast<Sentinel*>(&process)) {
    checker_.restarted(*sentinel);
    sentinel->start();
  }
}

void World::heal() {
  send_guests_home();
  network_.mend_all();
  network_.set_weather({});
  name_server_.set_health(NameServerHealth::kWell);
  name_server_.mislead_nobody();
  for (Sentinel* sentinel : sentinels_) {
    sentinel->disk().set_health(DiskHealth::kWell);
    if (auto* ours = dynamic_cast<SentinelProcess*>(sentinel)) ours->scripts().set_health(ScriptHealth::kWell);
  }
  for (Process* process : processes_) {
    if (process->paused()) process->resume();
    start(*process);
  }
  if (settings_.neighbours != Neighbours::kNone) give_back_servers();
  for (Group& group : groups_) {
    for (RedisServer* server : group.servers) {
      server->set_misconfigured(false);
      server->allow_all();
    }
  }
}

}  // namespace vedette::sim
