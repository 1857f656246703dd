#include "node/links.h"

#include <set>
#include <utility>

#include "base/beat.h"
#include "proto/link_name.h"

namespace vedette::node {
namespace {

// One awakening is enough for the silences that end within this.
constexpr Micros kBeat = 250ms;

}  // namespace

Links::Links(Network& network, NameBook& names, Rng& rng, Logger& logger, const core::State& state, Identity identity,
             Facts facts)
    : network_(network),
      names_(names),
      rng_(rng),
      logger_(logger),
      state_(state),
      identity_(std::move(identity)),
      facts_(std::move(facts)) {}

// --- Effects of the core --------------------------------------------------------------------------------------------

void Links::carry_out(Instant now, const core::Watch& order) {
  Instance& instance = instances_[order.instance];
  instance.kind = order.kind;
  instance.primary = order.primary;
  instance.rights = std::make_unique<MissingRights>(logger_);
  if (order.kind != core::InstanceKind::kSentinel)
    instance.channel = std::make_unique<HelloChannel>(logger_, facts_, order.instance);
  instance.commands = std::make_unique<CommandLink>(order.instance, network_, names_, rng_, logger_, *instance.rights,
                                                    instance.channel.get(), order.address, facts_);
  names_.use(now, order.address.host, order.instance);
  open(order.instance, order.address);
}

void Links::carry_out(Instant, const core::Unwatch& order) {
  Instance* instance = find(order.instance);
  if (instance == nullptr) return;
  names_.release(instance->commands->link().address().host, order.instance);
  instance->commands->link().close();
  follow(commands_of(order.instance));
  close_hellos(order.instance);
  instances_.erase(order.instance);
}

void Links::carry_out(Instant now, const core::Relink& order) {
  Instance* instance = find(order.instance);
  if (instance == nullptr) return;
  names_.release(instance->commands->link().address().host, order.instance);
  names_.use(now, order.address.host, order.instance);
  names_.lost(now, order.address.host);
  open(order.instance, order.address);
}

void Links::carry_out(Instant now, const core::SendPing& order) {
  use(order.instance, [&](CommandLink& commands) { commands.ping(now); });
}

void Links::carry_out(Instant now, const core::SendInfo& order) {
  const Instance* instance = find(order.instance);
  const bool is_sentinel = instance != nullptr && instance->kind == core::InstanceKind::kSentinel;
  use(order.instance,
      [&](CommandLink& commands) { is_sentinel ? commands.ask_info_of_sentinel(now) : commands.ask_info(now); });
}

void Links::carry_out(Instant now, const core::SendHello& order) {
  use(order.instance, [&](CommandLink& commands) {
    const std::string& host = identity_.announce_ip.empty() ? commands.link().local().host : identity_.announce_ip;
    commands.publish_hello(now, proto::Hello{{host, identity_.port},
                                             identity_.id,
                                             order.current_epoch,
                                             order.primary_name,
                                             order.configuration.address,
                                             order.configuration.epoch});
  });
}

void Links::carry_out(Instant now, const core::AskPeer& order) {
  use(order.peer, [&](CommandLink& commands) { commands.ask_peer(now, order); });
}

void Links::carry_out(Instant now, const core::Reconfigure& order) {
  use(order.instance, [&](CommandLink& commands) { commands.reconfigure(now, order.to); });
}

void Links::carry_out(Instant now, const core::KillScript& order) {
  use(order.instance, [&](CommandLink& commands) { commands.kill_script(now); });
}

void Links::identify_as(Instant now, Identity identity) {
  const bool same_credentials = identity.peer_user == identity_.peer_user && identity.peer_pass == identity_.peer_pass;
  identity_ = std::move(identity);
  if (same_credentials) return;
  std::set<InstanceId> peers;  // in their order, the same in every run
  for (const auto& [id, instance] : instances_) {
    if (instance.kind == core::InstanceKind::kSentinel) peers.insert(id);
  }
  for (const InstanceId id : peers) {
    CommandLink& commands = *instances_.at(id).commands;
    commands.introduce_as(introduction_to(instances_.at(id), proto::LinkPurpose::kCommands));
    if (!commands.link().is_up()) continue;  // the next attempt uses them
    commands.link().fail(now, core::LinkFault::kReset);
    follow(commands_of(id));
  }
}

// --- Events of the world --------------------------------------------------------------------------------------------

bool Links::connected(Instant now, ConnectionId connection, const Address& local) {
  const Route* route = route_of(connection);
  if (route == nullptr) return false;
  const LinkKey key = route->key;
  Link* link = link_of(route->instance, key);
  if (!is_for_hellos(key)) names_.reached(now, link->address().host, link->target().host);
  link->connected(now, local);
  follow(key);
  return true;
}

// Hardly anything that is received changes where a link stands; a silence that ends later is found out when the old end
// has come.
bool Links::received(Instant now, ConnectionId connection, std::string_view bytes) {
  const Route* known = route_of(connection);
  if (known == nullptr) return false;
  const Route route = *known;
  Link* link = link_of(route.instance, route.key);
  const HelloPlace place = route.instance->commands->hello_place();
  link->received(now, bytes);
  if (link->connection() != connection || route.instance->commands->hello_place() != place) follow(route.key);
  return true;
}

bool Links::closed(Instant now, ConnectionId connection, core::LinkFault fault) {
  const Route* route = route_of(connection);
  if (route == nullptr) return false;
  const LinkKey key = route->key;
  Link* link = link_of(route->instance, key);
  if (fault == core::LinkFault::kUnresolved && names_.is_unheard_of(link->address().host)) {
    fault = core::LinkFault::kNoNameServer;
  }
  if (link->is_up()) {
    names_.lost(now, link->address().host);
  } else {
    names_.missed(now, link->address().host, link->target().host);
  }
  link->closed(now, fault);
  follow(key);
  return true;
}

void Links::readdress(Instant now, const std::vector<InstanceId>& instances) {
  for (const InstanceId instance : instances) {
    readdress(now, commands_of(instance));
    readdress(now, hellos_of(instance));
  }
}

void Links::on_timer(Instant now) {
  for (std::size_t acts = 0; acts < kActsInATurn;) {
    const auto key = schedule_.take_due(now);
    if (!key) return;
    Link* link = link_of(*key);
    if (!link->is_up()) {
      link->retry();
      ++acts;
    } else if (wake_up_of(*key, *link) <= now) {
      end_silence(now, *key);
      ++acts;
    }
    follow(*key);
  }
}

bool Links::has_server(InstanceId instance) const {
  const auto found = instances_.find(instance);
  return found != instances_.end() && found->second.kind != core::InstanceKind::kSentinel;
}

std::size_t Links::pending_commands(InstanceId instance) const {
  const auto found = instances_.find(instance);
  return found == instances_.end() ? 0 : found->second.commands->pending();
}

// --- What they cost -------------------------------------------------------------------------------------------------

MemoryUse Links::memory() const {
  MemoryUse use{instances_.size(),
                table_of(instances_) + table_of(routes_) + table_of(routed_) + schedule_.heap_bytes()};
  for (const auto& [id, instance] : instances_) {
    use.bytes += heap_of(instance.primary) + sizeof(MissingRights) + sizeof(CommandLink);
    use.bytes += instance.commands->heap_bytes();
    if (instance.channel) use.bytes += sizeof(HelloChannel);
    if (!instance.hellos) continue;
    ++use.count;
    use.bytes += sizeof(HelloLink) + instance.hellos->heap_bytes();
  }
  return use;
}

MemoryUse Links::buffers() const {
  MemoryUse use;
  const auto add = [&use](std::size_t bytes) {
    if (bytes > 0) ++use.count;
    use.bytes += bytes;
  };
  for (const auto& [id, instance] : instances_) {
    add(instance.commands->buffered_bytes());
    if (instance.hellos) add(instance.hellos->link().buffered_bytes());
  }
  return use;
}

// --- Inside ---------------------------------------------------------------------------------------------------------

Links::Instance* Links::find(InstanceId instance) {
  const auto found = instances_.find(instance);
  return found == instances_.end() ? nullptr : &found->second;
}

const Links::Route* Links::route_of(ConnectionId connection) const {
  const auto found = routes_.find(connection);
  return found == routes_.end() ? nullptr : &found->second;
}

Link* Links::link_of(Instance* instance, LinkKey key) {
  if (instance == nullptr) return nullptr;
  if (!is_for_hellos(key)) return &instance->commands->link();
  return instance->hellos ? &instance->hellos->link() : nullptr;
}

void Links::readdress(Instant now, LinkKey key) {
  Link* link = link_of(key);
  if (link == nullptr || (link->connection() && link->target() == names_.target(link->address()))) return;
  if (link->is_up()) link->fail(now, core::LinkFault::kReset);
  link->open(Address(link->address()));
  follow(key);
}

Introduction Links::introduction_to(const Instance& instance, proto::LinkPurpose purpose) const {
  std::string name = proto::link_name(identity_.id, purpose);
  if (instance.kind == core::InstanceKind::kSentinel) {
    return {identity_.peer_user, identity_.peer_pass, std::move(name), {}};
  }
  const auto primary = state_.primaries.find(instance.primary);
  if (primary == state_.primaries.end()) return {{}, {}, std::move(name), {}};
  const core::PrimarySettings& settings = primary->second.settings;
  return {settings.auth_user, settings.auth_pass, std::move(name), settings.renamed_commands};
}

void Links::open(InstanceId id, const Address& address) {
  Instance& instance = *find(id);
  auto introduction = introduction_to(instance, proto::LinkPurpose::kCommands);
  instance.rights->belong_to(introduction.user);
  instance.commands->introduce_as(std::move(introduction));
  instance.commands->link().open(address);
  follow(commands_of(id));
  close_hellos(id);
}

void Links::place_hellos(InstanceId id) {
  Instance& instance = *find(id);
  const HelloPlace place = instance.commands->hello_place();
  if (place == HelloPlace::kHere) close_hellos(id);
  if (place != HelloPlace::kElsewhere || instance.hellos) return;
  const Address& address = instance.commands->link().address();
  instance.hellos = std::make_unique<HelloLink>(network_, names_, rng_, *instance.rights, *instance.channel, address,
                                                introduction_to(instance, proto::LinkPurpose::kSubscription));
  instance.hellos->link().open(address);
  follow(hellos_of(id));
}

void Links::close_hellos(InstanceId id) {
  Instance& instance = *find(id);
  if (!instance.hellos) return;
  instance.hellos->link().close();
  instance.hellos.reset();
  follow(hellos_of(id));
}

void Links::end_silence(Instant now, LinkKey key) {
  Instance& instance = *find(instance_of(key));
  if (is_for_hellos(key)) {
    instance.hellos->link().fail(now, core::LinkFault::kSilent);
  } else {
    instance.commands->subscribe(now);
  }
}

void Links::follow(LinkKey key) {
  const Link* link = link_of(key);
  const auto current = link == nullptr ? std::nullopt : link->connection();
  const auto routed = routed_.find(key);
  if (current != (routed == routed_.end() ? std::nullopt : std::optional(routed->second))) {
    if (routed != routed_.end()) routes_.erase(routed->second);
    routed_.erase(key);
    if (current) {
      routes_.emplace(*current, Route{key, find(instance_of(key))});
      routed_.emplace(key, *current);
    }
  }
  schedule_.set(key, link == nullptr ? std::nullopt : wake_up_of(key, *link));
  if (!is_for_hellos(key)) place_hellos(instance_of(key));
}

std::optional<Instant> Links::wake_up_of(LinkKey key, const Link& link) const {
  if (!link.is_up()) return link.retry_at();
  const Instance& instance = instances_.at(instance_of(key));
  if (!is_for_hellos(key) && instance.commands->hello_place() != HelloPlace::kHere) return std::nullopt;
  return next_beat(instance.channel->silent_at(), kBeat);
}

}  // namespace vedette::node
