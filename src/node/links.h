// All links to instances and peers: opened, closed and used as the core orders, woken when they are due.
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>

#include "base/schedule.h"
#include "core/core.h"
#include "node/command_link.h"
#include "node/hello_link.h"
#include "node/introduction.h"
#include "proto/link_name.h"

namespace vedette::node {

class Links {
 public:
  static constexpr std::size_t kActsInATurn = 32;

  Links(Network& network, NameBook& names, Rng& rng, Logger& logger, const core::State& state, Identity identity,
        Facts facts);

  // --- Effects of the core ---
  void carry_out(Instant now, const core::Watch& order);
  void carry_out(Instant now, const core::Unwatch& order);
  void carry_out(Instant now, const core::Relink& order);
  void carry_out(Instant now, const core::SendPing& order);
  void carry_out(Instant now, const core::SendInfo& order);
  void carry_out(Instant now, const core::SendHello& order);
  void carry_out(Instant now, const core::AskPeer& order);
  void carry_out(Instant now, const core::Reconfigure& order);
  void carry_out(Instant now, const core::KillScript& order);

  // What is announced from now on. With other credentials, the links to peers are made anew.
  void identify_as(Instant now, Identity identity);

  // --- Events of the world ---
  // Each returns false if that is no connection of ours.
  bool connected(Instant now, ConnectionId connection, const Address& local);
  bool received(Instant now, ConnectionId connection, std::string_view bytes);
  bool closed(Instant now, ConnectionId connection, core::LinkFault fault);
  // Names lead elsewhere: links to where they led before are made anew.
  void readdress(Instant now, const std::vector<InstanceId>& instances);
  // Does what is due, at most `kActsInATurn` of it: to connect is dear, and clients are served between turns.
  void on_timer(Instant now);
  std::optional<Instant> next_deadline() const { return schedule_.earliest(); }

  // Of a primary or a replica.
  bool has_server(InstanceId instance) const;
  std::size_t pending_commands(InstanceId instance) const;

  // Both look at each link.
  MemoryUse memory() const;
  MemoryUse buffers() const;  // their number is that of links that have something in them

 private:
  struct Instance {
    core::InstanceKind kind{};
    std::string primary;
    std::unique_ptr<MissingRights> rights;  // before the links, which use it
    std::unique_ptr<HelloChannel> channel;  // likewise; of servers, since peers send us their hellos
    std::unique_ptr<CommandLink> commands;
    std::unique_ptr<HelloLink> hellos;  // where they do not come on the other
  };
  // The links of an instance, as one number: twice the instance's, plus one for that of the hellos.
  enum class LinkKey : std::uint64_t {};
  static LinkKey commands_of(InstanceId id) { return LinkKey{static_cast<std::uint64_t>(id) * 2}; }
  static LinkKey hellos_of(InstanceId id) { return LinkKey{static_cast<std::uint64_t>(id) * 2 + 1}; }
  static InstanceId instance_of(LinkKey key) { return InstanceId{static_cast<std::uint64_t>(key) / 2}; }
  static bool is_for_hellos(LinkKey key) { return static_cast<std::uint64_t>(key) % 2 == 1; }

  // Whose connection it is.
  struct Route {
    LinkKey key;
    Instance* instance;
  };

  Instance* find(InstanceId instance);
  // Calls `send` with the command link of an instance if it is up.
  template <typename Send>
  void use(InstanceId id, Send send) {
    Instance* instance = find(id);
    if (instance == nullptr || !instance->commands->link().is_up()) return;
    send(*instance->commands);
    if (!instance->commands->link().is_up()) follow(commands_of(id));  // given up, since it takes nothing any more
  }
  static Link* link_of(Instance* instance, LinkKey key);
  Link* link_of(LinkKey key) { return link_of(find(instance_of(key)), key); }
  const Route* route_of(ConnectionId connection) const;
  void readdress(Instant now, LinkKey key);
  void open(InstanceId id, const Address& address);
  // Sees to it that there is a link for hellos where there has to be one, and only there.
  void place_hellos(InstanceId id);
  void close_hellos(InstanceId id);
  Introduction introduction_to(const Instance& instance, proto::LinkPurpose purpose) const;
  // The hellos that should come on this link have not come for too long.
  void end_silence(Instant now, LinkKey key);
  // Brings the routes and the schedule in step with a link, after anything that may have changed it.
  void follow(LinkKey key);
  std::optional<Instant> wake_up_of(LinkKey key, const Link& link) const;

  Network& network_;
  NameBook& names_;
  Rng& rng_;
  Logger& logger_;
  const core::State& state_;
  Identity identity_;
  Facts facts_;
  std::unordered_map<InstanceId, Instance> instances_;
  std::unordered_map<ConnectionId, Route> routes_;
  std::unordered_map<LinkKey, ConnectionId> routed_;  // the reverse
  Schedule<LinkKey> schedule_;                        // next attempts, and silences that become too long
};

}  // namespace vedette::node
