#include "sim/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace vedette::sim {
namespace {

std::string sentinel_host(unsigned number) { return fmt::format("10.1.0.{}", number + 1); }
std::string server_name(unsigned group, unsigned number) { return fmt::format("redis-{}-{}", group, number); }
std::string server_host(unsigned group, unsigned number) { return fmt::format("10.2.{}.{}", group, number + 1); }
std::string reader_host(unsigned group, unsigned number) { return fmt::format("10.5.{}.{}", group, number + 1); }
std::string new_server_host(unsigned number) { return fmt::format("10.6.{}.{}", number / 250, number % 250 + 1); }
std::string writer_host(unsigned group) { return fmt::format("10.3.{}.1", group); }

bool is_of(const RedisServer& server, const Address& address) {
  return address == server.address() || address == Address{server.name(), server.address().port};
}

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
      operator_(queue_, network_, "operator", "10.4.0.1") {
  for (unsigned i = 0; i < settings_.primaries; ++i) add_group(i);
  for (unsigned i = 0; i < settings_.sentinels; ++i) add_sentinel(i);
  everybody_ = processes_;
  for (const Group& group : groups_) everybody_.push_back(group.writer);
  for (Process* process : processes_) start(*process);
  for (Group& group : groups_) {
    group.writer->start();
    for (Reader* reader : group.readers) reader->start();
  }
}

void World::add_group(unsigned number) {
  Group group;
  group.name = fmt::format("group-{}", number);
  const Address primary{settings_.announced_names ? server_name(number, 0) : server_host(number, 0),
                        RedisServer::kPort};
  for (unsigned i = 0; i <= settings_.replicas; ++i) {
    RedisServer::Traits traits;
    traits.old = i + settings_.old_servers > settings_.replicas;
    traits.announced = settings_.announced_names;
    auto server = std::make_unique<RedisServer>(
        queue_, network_, histories_, server_name(number, i), Address{server_host(number, i), RedisServer::kPort},
        i == 0 ? std::nullopt : std::optional(primary), std::move(traits), streams_,
        [this, number](const RedisServer& who, const Address& target, const std::string& teller) {
          if (target.host == kNowhere) return;  // of no group: a name was misleading
          checker_.told_to_follow({who.name(), who.address(), target, ours_at(teller)}, groups_[number].name,
                                  addresses_of(number), queue_.now());
        });
    checker_.know_server({server->name(), RedisServer::kPort}, [&server = *server] {
      return Role{server.is_primary(), server.role_changed_at()};
    });
    name_server_.set(server->name(), {server->host()});
    checker_.know_host(server->host(), server->name());
    group.servers.push_back(server.get());
    processes_.push_back(server.get());
    owned_.push_back(std::move(server));
  }
  add_clients(number, group);
  groups_.push_back(std::move(group));
}

void World::add_clients(unsigned number, Group& group) {
  std::vector<Address> sentinels;
  for (unsigned i = 0; i < settings_.sentinels; ++i) sentinels.push_back({sentinel_host(i), Sentinel::kPort});
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

void World::add_sentinel(unsigned number) {
  const bool is_stock = number >= settings_.sentinels - settings_.stock;
  const std::string name = fmt::format("{}-{}", is_stock ? "stock" : "sentinel", number);
  auto sentinel =
      is_stock ? make_stock_sentinel(name, sentinel_host(number)) : make_sentinel(name, sentinel_host(number));
  sentinels_.push_back(sentinel.get());
  processes_.push_back(sentinel.get());
  owned_.push_back(std::move(sentinel));
}

std::unique_ptr<Sentinel> World::make_sentinel(const std::string& name, const std::string& host) {
  return std::make_unique<SentinelProcess>(
      queue_, network_, name_server_, name, host, conf(), streams_,
      [this](const SentinelProcess& who, core::Level, std::string_view text) { say(who.name(), text); },
      [this](const SentinelProcess& who) { checker_.look_at(who); });
}

std::unique_ptr<Sentinel> World::make_stock_sentinel(const std::string& name, const std::string& host) {
  return std::make_unique<StockSentinel>(
      queue_, network_, name, host, conf(), streams_, checker_,
      [this](const StockSentinel& who, std::string_view text) { say(who.name(), text); });
}

std::vector<Address> World::addresses_of(unsigned group) const {
  std::vector<Address> addresses;
  for (const RedisServer* server : groups_[group].servers) addresses.push_back(server->address());
  return addresses;
}

std::string World::ours_at(const std::string& host) const {
  for (const Sentinel* sentinel : sentinels_) {
    if (sentinel->host() == host && dynamic_cast<const SentinelProcess*>(sentinel) != nullptr) return sentinel->name();
  }
  return {};
}

std::string World::conf() const {
  const unsigned quorum = settings_.quorum != 0 ? settings_.quorum : settings_.sentinels / 2 + 1;
  const auto yes_or_no = [](bool is_so) { return is_so ? "yes" : "no"; };
  std::string text =
      fmt::format("port {}\nsentinel resolve-hostnames {}\nsentinel announce-hostnames {}\n", Sentinel::kPort,
                  yes_or_no(settings_.host_names), yes_or_no(settings_.announced_names));
  for (unsigned i = 0; i < settings_.primaries; ++i) {
    const std::string name = fmt::format("group-{}", i);
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

// Clients are none of these.
bool World::see_message(const Process& from, const std::string& to_host, std::string_view bytes) {
  const auto is_at = [](const std::string& host) {
    return [&](const Process* process) { return process->host() == host; };
  };
  const auto to = std::find_if(processes_.begin(), processes_.end(), is_at(to_host));
  if (to == processes_.end() || std::count(processes_.begin(), processes_.end(), &from) == 0) return true;
  if (message_watch_) message_watch_(from, **to, bytes);
  const bool is_lost = messages_to_lost_one_ == 1;
  if (messages_to_lost_one_ > 0) --messages_to_lost_one_;
  if (is_lost) say(kDeeds, fmt::format("a message from {} to {} is lost", from.name(), (*to)->name()));
  return !is_lost;
}

void World::start(Process& process, const Restart& restart) {
  if (process.alive()) return;
  if (auto* server = dynamic_cast<RedisServer*>(&process)) {
    if (restart.moved) move(*server);
    server->start(restart);
  }
  if (auto* ours = dynamic_cast<SentinelProcess*>(&process); ours != nullptr && restart.empty) {
    checker_.lost_disk(*ours);
    ours->disk().save_last(conf());
  }
  if (auto* sentinel = dynamic_cast<Sentinel*>(&process)) {
    checker_.restarted(*sentinel);
    sentinel->start();
  }
}

void World::move(RedisServer& server) {
  const std::string host = new_server_host(moves_++);
  server.move_to(host);
  checker_.know_host(host, server.name());
  queue_.after(kNameLag, [this, &server, host] {
    if (server.host() == host) name_server_.set(server.name(), {host});
  });
}

void World::heal() {
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
  for (Group& group : groups_) {
    for (RedisServer* server : group.servers) {
      server->set_misconfigured(false);
      server->allow_all();
    }
  }
}

std::optional<std::string> World::unsettled(const Group& group) const {
  const RedisServer* primary = primary_of(group);
  if (primary == nullptr) return "there is not one primary";
  for (const RedisServer* server : group.servers) {
    if (server == primary || !server->alive()) continue;
    if (!is_of(*primary, *server->follows())) return server->name() + " does not follow " + primary->name();
    if (!server->synchronised()) return server->name() + " is not synchronised";
  }
  for (const Sentinel* sentinel : sentinels_) {
    if (!sentinel->alive()) continue;
    const auto view = sentinel->view(group.name);
    if (!view) return sentinel->name() + " does not watch it";
    const Sentinel::View& known = *view;
    if (!is_of(*primary, known.primary)) return sentinel->name() + " names another primary";
    if (known.down) return sentinel->name() + " sees the primary down";
    if (known.in_failover) return sentinel->name() + " is in a failover";
    if (known.sentinels + 1 != sentinels_.size()) return sentinel->name() + " does not know all sentinels";
    if (known.replicas + 1 != group.servers.size()) return sentinel->name() + " does not know all replicas";
  }
  const auto written = group.writer->last_success();
  if (!written || queue_.now() - *written > std::chrono::seconds(1)) return "the writer cannot write";
  return std::nullopt;
}

std::optional<std::string> World::unsettled() const {
  for (const Group& group : groups_) {
    if (auto why = unsettled(group)) return group.name + ": " + *why;
  }
  for (const Sentinel* sentinel : sentinels_) {
    const auto* ours = dynamic_cast<const SentinelProcess*>(sentinel);
    if (ours != nullptr && ours->alive() && !ours->has_saved_all()) return ours->name() + " has not saved all it knows";
  }
  return std::nullopt;
}

WriteCount World::count_writes(Group& group) {
  WriteCount count;
  const RedisServer* primary = primary_of(group);
  group.kept_writes.clear();
  for (const Writer::Acknowledged& write : group.writer->take_acknowledged()) {
    ++count.acknowledged;
    if (primary != nullptr && !histories_.includes(primary->place(), write.place)) {
      ++count.lost;
    } else {
      group.kept_writes.push_back(write);
    }
    const Micros pause = group.last_write ? Micros(write.at - *group.last_write) : Micros{0};
    group.last_write = write.at;
    count.longest_pause = std::max(count.longest_pause, pause);
    if (pause > kNoticeablePause) count.without += pause;
  }
  if (group.last_write) count.longest_pause = std::max(count.longest_pause, Micros(queue_.now() - *group.last_write));
  return count;
}

ReadCount World::count_reads(Group& group) {
  ReadCount count;
  for (Reader* reader : group.readers) {
    count.failed += reader->take_failures();
    for (const Reader::Read& read : reader->take_reads()) {
      ++count.done;
      if (is_stale(read, group.kept_writes)) ++count.stale;
    }
  }
  return count;
}

// Writes are in the order of time.
bool World::is_stale(const Reader::Read& read, const std::vector<Writer::Acknowledged>& writes) const {
  const auto fresh = std::partition_point(writes.begin(), writes.end(),
                                          [&](const auto& write) { return write.at <= read.at - kFreshness; });
  return fresh != writes.begin() && !histories_.includes(read.place, std::prev(fresh)->place);
}

const RedisServer* World::primary_of(const Group& group) const {
  const RedisServer* primary = nullptr;
  for (const RedisServer* server : group.servers) {
    if (!server->alive() || !server->is_primary()) continue;
    if (primary != nullptr) return nullptr;
    primary = server;
  }
  return primary;
}

}  // namespace vedette::sim
