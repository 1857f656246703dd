#include "sim/stock_sentinel.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "conf/file.h"
#include "proto/down_reply.h"
#include "proto/link_name.h"
#include "proto/ping_reply.h"
#include "proto/requests.h"

namespace vedette::sim {
namespace {

const proto::RenamedCommands kNothingRenamed;
constexpr Micros kConnectPeriod{1'000'000};
constexpr Micros kLongestDesync{1'000'000};

}  // namespace

StockSentinel::StockSentinel(EventQueue& queue, Network& network, std::string name, std::string host,
                             const std::string& conf, const RandomStreams& streams, Checker& checker, LogLine log)
    : Sentinel(queue, network, name, std::move(host), Disk(conf, streams.stream("disk of " + name))),
      checker_(checker),
      log_(std::move(log)),
      rng_(streams.stream(name)),
      id_(random_run_id(rng_)) {
  const auto parsed = conf::File::parse(conf);
  for (const conf::MonitoredPrimary& monitored : std::get<conf::File>(parsed).configuration().sentinel.primaries) {
    Group& group = groups_[monitored.name];
    group.name = monitored.name;
    group.quorum = monitored.quorum;
    group.down_after = monitored.down_after;
    group.failover_timeout = monitored.failover_timeout;
    group.primary = fresh(monitored.address);
  }
}

std::optional<Sentinel::View> StockSentinel::view(const std::string& primary) const {
  const auto found = groups_.find(primary);
  if (found == groups_.end()) return std::nullopt;
  const Group& group = found->second;
  return View{shown(group), group.primary.down, group.step != Step::kNone, group.peers.size(), group.replicas.size()};
}

std::vector<Address> StockSentinel::known_servers(const std::string& primary) const {
  const auto found = groups_.find(primary);
  if (found == groups_.end()) return {};
  std::vector<Address> known{shown(found->second)};
  for (const auto& [address, replica] : found->second.replicas) known.push_back(address);
  return known;
}

StockSentinel::Instance StockSentinel::fresh(const Address& address) const {
  Instance instance;
  instance.address = address;
  instance.waiting_since = now();
  instance.last_valid = now();
  instance.role_since = now();
  instance.followed_since = now();
  return instance;
}

void StockSentinel::begin_life() {
  for (auto& [name, group] : groups_) reset_volatile(group);
  last_tick_ = now() + clock_offset();
  tilt_since_.reset();
  tick();
}

void StockSentinel::forget_life() { sessions_.clear(); }

// What its file keeps are addresses, ids and epochs.
void StockSentinel::reset_volatile(Group& group) {
  if (group.step == Step::kReconfigure) {  // its file names the new primary from the promotion on
    group.replicas.emplace(group.primary.address, fresh(group.primary.address));
    group.replicas.erase(group.chosen);
    group.primary.address = group.chosen;
  }
  group.primary = fresh(group.primary.address);
  group.primary.role = proto::Role::kPrimary;
  for (auto& [address, replica] : group.replicas) replica = fresh(address);
  for (auto& [id, peer] : group.peers) {
    peer = fresh(peer.address);
    peer.id = id;
  }
  group.objectively_down = false;
  group.step = Step::kNone;
  group.failover_started = Instant{} - 2 * group.failover_timeout;
  group.leader = RunId{};
}

void StockSentinel::log(const Group& group, const std::string& text) {
  log_(*this, fmt::format("{} {}", text, group.name));
}

template <typename F>
void StockSentinel::for_each_instance(Group& group, F visit) {
  visit(group.primary);
  for (auto& [address, replica] : group.replicas) visit(replica);
  for (auto& [id, peer] : group.peers) visit(peer);
}

// --- Links ----------------------------------------------------------------------------------------------------------

void StockSentinel::keep_link(Link& link, const Address& to) {
  if (link.connection != ConnectionId{} || (link.tried_at != Instant{} && now() - link.tried_at < kConnectPeriod))
    return;
  link = Link();
  link.tried_at = now();
  link.connection = network().connect(*this, to, kConnectPeriod);
}

void StockSentinel::drop_link(Link& link) {
  network().close(link.connection);
  const Instant tried_at = link.tried_at;
  link = Link();
  link.tried_at = tried_at;
}

void StockSentinel::drop_links(Instance& instance) {
  drop_link(instance.commands);
  drop_link(instance.hellos);
}

void StockSentinel::send(Instance& to, Asked asked, const std::vector<std::string>& arguments) {
  if (!to.commands.connected) return;
  std::string bytes;
  resp::append_request(bytes, arguments);
  to.commands.asked.push_back(asked);
  network().send(to.commands.connection, std::move(bytes));
}

void StockSentinel::make_follow(Instance& server, const std::optional<Address>& primary) {
  for (const auto& arguments : proto::request::reconfigure(primary, kNothingRenamed)) {
    send(server, Asked::kOther, arguments);
  }
}

void StockSentinel::on_connected(ConnectionId connection, const Address&) {
  for (auto& [name, group] : groups_) {
    for_each_instance(group, [&](Instance& instance) {
      if (instance.commands.connection == connection) {
        instance.commands.connected = true;
        send(instance, Asked::kOther,
             proto::request::client_setname(proto::link_name(id_, proto::LinkPurpose::kCommands), kNothingRenamed));
        instance.pinged_at = now();
        if (!instance.waiting_since) instance.waiting_since = now();
        send(instance, Asked::kPing, proto::request::ping(kNothingRenamed));
      } else if (instance.hellos.connection == connection) {
        instance.hellos.connected = true;
        std::string bytes;
        resp::append_request(bytes, proto::request::subscribe_hello(kNothingRenamed));
        network().send(connection, std::move(bytes));
      }
    });
  }
}

void StockSentinel::on_closed(ConnectionId connection, core::LinkFault) {
  sessions_.erase(connection);
  for (auto& [name, group] : groups_) {
    for_each_instance(group, [&](Instance& instance) {
      for (Link* link : {&instance.commands, &instance.hellos}) {
        if (link->connection != connection) continue;
        if (link == &instance.commands && !instance.waiting_since) instance.waiting_since = now();
        drop_link(*link);
      }
    });
  }
}

bool StockSentinel::own_link(ConnectionId connection, std::string_view bytes) {
  for (auto& [name, group] : groups_) {
    Instance* owner = nullptr;
    for_each_instance(group, [&](Instance& instance) {
      if (instance.commands.connection == connection || instance.hellos.connection == connection) owner = &instance;
    });
    if (owner == nullptr) continue;
    const bool is_hello = owner->hellos.connection == connection;
    Link& link = is_hello ? owner->hellos : owner->commands;
    std::vector<resp::Value> values;
    link.decoder.feed(bytes);
    for (auto value = link.decoder.next(); value && *value; value = link.decoder.next()) values.push_back(**value);
    for (const resp::Value& value : values) {
      if (is_hello) {
        if (value.elements.size() == 3 && value.elements[0].text == "message") take_hello(value.elements[2].text);
        continue;
      }
      // The list of instances may change by what a reply says, and the link may be dropped.
      if (owner->commands.connection != connection || owner->commands.asked.empty()) return true;
      const Asked asked = owner->commands.asked.front();
      owner->commands.asked.pop_front();
      take_reply(group, *owner, asked, value);
      bool still_there = false;
      for_each_instance(group, [&](Instance& instance) { still_there |= &instance == owner; });
      if (!still_there) return true;
    }
    return true;
  }
  return false;
}

void StockSentinel::take_reply(Group& group, Instance& from, Asked asked, const resp::Value& reply) {
  if (asked == Asked::kPing) {
    if (!proto::is_sign_of_life(proto::classify_ping_reply(reply))) return;
    from.last_valid = now();
    from.waiting_since.reset();
  } else if (asked == Asked::kInfo && reply.is(resp::Type::kBulkString)) {
    take_info(group, from, reply.text);
  } else if (asked == Asked::kVote) {
    const auto answer = proto::parse_down_reply(reply);
    if (!answer) return;
    from.says_down = answer->down;
    from.said_at = now();
    if (!answer->leader) return;
    from.leader = *answer->leader;
    from.leader_epoch = answer->leader_epoch;
  }
}

void StockSentinel::take_info(Group& group, Instance& server, const std::string& text) {
  proto::InfoReport info = proto::parse_info(text);
  if (info.role && *info.role != server.role) {
    server.role = *info.role;
    server.role_since = now();
  }
  if (info.primary != server.info.primary) server.followed_since = now();
  server.info = std::move(info);
  server.info_at = now();
  if (&server == &group.primary && server.role == proto::Role::kPrimary) {
    for (const Address& address : server.info.replicas) group.replicas.try_emplace(address, fresh(address));
  }
  const bool promoted =
      group.step == Step::kWaitPromotion && server.address == group.chosen && server.role == proto::Role::kPrimary;
  if (!promoted) return;
  group.config_epoch = group.failover_epoch;
  checker_.stock_configured(watched(group), group.config_epoch, group.chosen);
  log(group, "+promoted-slave " + to_string(group.chosen));
  enter(group, Step::kReconfigure);
  for_each_instance(group, [](Instance& instance) { instance.said_hello_at = Instant{}; });
}

// --- Hellos ---------------------------------------------------------------------------------------------------------

void StockSentinel::take_hello(const std::string& text) {
  const auto hello = proto::parse_hello(text);
  if (!hello || hello->sender_id == id_) return;
  const auto known = groups_.find(hello->primary_name);
  if (known == groups_.end()) return;
  Group& group = known->second;
  const auto [peer, is_new] = group.peers.try_emplace(hello->sender_id, fresh(hello->sender));
  peer->second.id = hello->sender_id;
  if (is_new) log(group, "+sentinel " + to_string(hello->sender));
  current_epoch_ = std::max(current_epoch_, hello->current_epoch);
  if (hello->config_epoch > group.config_epoch) adopt(group, *hello);
}

void StockSentinel::adopt(Group& group, const proto::Hello& hello) {
  group.config_epoch = hello.config_epoch;
  if (hello.primary == group.primary.address) return;
  checker_.stock_adopted(watched(group), hello.config_epoch, hello.primary);
  log(group, "+config-update-from " + to_string(hello.sender));
  switch_to(group, hello.primary);
}

// The primary moves: the old one becomes a replica, and all links are made anew.
void StockSentinel::switch_to(Group& group, const Address& address) {
  log(group, "+switch-master " + to_string(group.primary.address) + " " + to_string(address));
  std::vector<Address> others{group.primary.address};
  for (const auto& [known, replica] : group.replicas) others.push_back(known);
  for_each_instance(group, [&](Instance& instance) {
    if (!instance.id.known()) drop_links(instance);
  });
  group.primary = fresh(address);
  group.primary.role = proto::Role::kPrimary;
  group.replicas.clear();
  for (const Address& other : others) {
    if (other != address) group.replicas.emplace(other, fresh(other));
  }
  group.objectively_down = false;
  group.step = Step::kNone;
  group.forced = false;
  for (auto& [id, peer] : group.peers) peer.says_down = false;
}

// --- What it is asked -----------------------------------------------------------------------------------------------

void StockSentinel::on_accepted(ConnectionId connection, const Address&, const Address&) { sessions_[connection]; }

void StockSentinel::on_received(ConnectionId connection, std::string_view bytes) {
  if (own_link(connection, bytes)) return;
  const auto session = sessions_.find(connection);
  if (session == sessions_.end()) return;
  session->second.decoder.feed(bytes);
  for (auto request = session->second.decoder.next(); request && *request; request = session->second.decoder.next()) {
    serve(connection, **request);
  }
  if (!session->second.out.empty()) network().send(connection, std::exchange(session->second.out, {}));
}

void StockSentinel::serve(ConnectionId connection, const std::vector<std::string>& arguments) {
  resp::Writer reply(sessions_.at(connection).out, resp::Protocol::kResp2);
  const std::string command = to_upper(arguments.front());
  if (command == "PING") {
    reply.simple("PONG");
  } else if (command == "CLIENT") {
    reply.simple("OK");
  } else if (command == "PUBLISH" && arguments.size() == 3) {
    take_hello(arguments[2]);
    reply.integer(1);
  } else if (command == "SENTINEL" && arguments.size() >= 3) {
    serve_sentinel(reply, arguments);
  } else {
    reply.error(fmt::format("ERR unknown command '{}'", arguments.front()));
  }
}

void StockSentinel::serve_sentinel(resp::Writer reply, const std::vector<std::string>& arguments) {
  const std::string subcommand = to_upper(arguments[1]);
  if (subcommand == "IS-MASTER-DOWN-BY-ADDR" && arguments.size() == 6) return answer_vote(reply, arguments);
  const auto group = groups_.find(arguments[2]);
  if (group == groups_.end()) return reply.error("ERR No such master with that name");
  if (subcommand == "FAILOVER") return answer_order(reply, group->second);
  if (subcommand == "REPLICAS") return answer_replicas(reply, group->second);
  if (subcommand != "GET-MASTER-ADDR-BY-NAME") return reply.error("ERR unknown subcommand");
  const Address address = shown(group->second);
  reply.array(2);
  reply.bulk(address.host);
  reply.bulk(std::to_string(address.port));
}

void StockSentinel::answer_vote(resp::Writer reply, const std::vector<std::string>& arguments) {
  const Address about{arguments[2], parse_integer<std::uint16_t>(arguments[3]).value_or(0)};
  proto::DownReply answer;
  for (auto& [name, group] : groups_) {
    if (group.primary.address != about) continue;
    answer.down = group.primary.down && !tilt_since_;
    if (arguments[5] == "*") continue;
    const RunId leader =
        cast_vote(group, Epoch{parse_integer<std::uint64_t>(arguments[4]).value_or(0)}, RunId{arguments[5]});
    if (leader.known()) answer.leader = leader;
    answer.leader_epoch = group.leader_epoch;
  }
  proto::write_down_reply(reply, answer);
}

// Of all that the original tells of each, what clients here look at.
void StockSentinel::answer_replicas(resp::Writer reply, const Group& group) {
  reply.array(group.replicas.size());
  for (const auto& [address, replica] : group.replicas) {
    reply.map(3);
    reply.bulk("ip");
    reply.bulk(address.host);
    reply.bulk("port");
    reply.bulk(std::to_string(address.port));
    reply.bulk("flags");
    reply.bulk(
        fmt::format("slave{}{}", replica.down ? ",s_down" : "", replica.commands.connected ? "" : ",disconnected"));
  }
}

void StockSentinel::answer_order(resp::Writer reply, Group& group) {
  if (group.step != Step::kNone) return reply.error("INPROG Failover already in progress");
  const bool any = std::any_of(group.replicas.begin(), group.replicas.end(),
                               [&](const auto& entry) { return is_fit(group, entry.second); });
  if (!any) return reply.error("NOGOODSLAVE No suitable replica to promote");
  start_failover(group, true);
  reply.simple("OK");
}

// At the greatest epoch it has seen, and only at one that is not behind it; one that has voted waits a while itself.
RunId StockSentinel::cast_vote(Group& group, Epoch epoch, const RunId& candidate) {
  current_epoch_ = std::max(current_epoch_, epoch);
  if (group.leader_epoch < epoch && current_epoch_ <= epoch) {
    group.leader = candidate;
    group.leader_epoch = current_epoch_;
    log(group, fmt::format("+vote-for-leader {} {}", candidate.hex, to_number(epoch)));
    if (candidate != id_) group.failover_started = now() + rng_.between(Micros{0}, kLongestDesync);
  }
  return group.leader;
}

}  // namespace vedette::sim
