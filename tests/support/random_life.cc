#include "tests/support/random_life.h"

#include <fmt/format.h>

#include <utility>

#include "base/text.h"

namespace vedette::testing {

RandomLife::RandomLife(std::uint64_t seed, std::function<void(const std::string&)> broken)
    : random_(seed), invariants_(std::move(broken)) {
  world_.observe = [this](const core::Output& output) { watch(output); };
  world_.knowledge.my_id = run_id('a');
  add_group("shop", 0);
  add_group("cache", 1);
  world_.start();
}

void RandomLife::add_group(const std::string& name, int network) {
  core::KnownPrimary known;
  known.name = name;
  known.settings.down_after = 500ms;
  known.settings.failover_timeout = 3000ms;
  known.settings.reboot_down_after = 300ms;
  known.settings.fast_down_after = 150ms;
  known.settings.corroborate_with_replicas = true;
  for (int i = 1; i <= 4; ++i) {
    ModelServer server;
    server.address = {fmt::format("10.0.{}.{}", network, i), 6379};
    server.run_id = run_id("0123456789"[network * 5 + i]);
    server.offset = 100 * static_cast<std::uint64_t>(i);
    servers_.push_back({name, server.address});
    if (i == 1) {
      known.address = server.address;
    } else {
      server.follows = known.address;
      known.replicas.push_back(server.address);
    }
    world_.add_server(server);
  }
  for (const char id : {'b', 'c'}) known.sentinels.emplace_back(run_id(id), Address{fmt::format("10.9.0.{}", id), 1});
  world_.knowledge.primaries.push_back(known);
  names_.push_back(name);
}

void RandomLife::watch(const core::Output& output) {
  for (const core::Effect& effect : output.effects) {
    if (const auto* question = std::get_if<core::AskPeer>(&effect)) questions_.push_back(*question);
    const auto* event = std::get_if<core::Announce>(&effect);
    if (event != nullptr && event->event == "+promoted-slave") ++promotions_;
    if (event != nullptr && event->event == "-monitor") invariants_.forget(std::string(split(event->payload, ' ')[1]));
  }
  // Nothing has started yet while the core is being made.
  if (output.effects.empty()) return;
  invariants_.check(output, world_.core().state(), world_.knowledge);
}

void RandomLife::live(int events) {
  for (int i = 0; i < events; ++i) happen();
}

void RandomLife::settle() {
  world_.set_disk(Disk::kWell);
  if (world_.is_saving()) world_.finish_save(true);
  for (const Place& server : servers_) world_.set_reach(server.address, Reach::kAlive);
  world_.advance_to(world_.now() + 10s);
}

void RandomLife::happen() {
  const auto dice = random_.below(100);
  if (dice < 40) return time_passes();
  if (dice < 45) return something_dies();
  if (dice < 53) return something_lives();
  if (dice < 57) return server_changes();
  if (dice < 77) return peer_answers();
  if (dice < 83) return peer_asks();
  if (dice < 89) return peer_says_hello();
  if (dice < 92) return operator_orders();
  if (dice < 96) return disk_changes();
  stranger_speaks();
}

void RandomLife::time_passes() {
  const Instant until = world_.now() + random_.between(0ms, one_in(10) ? Micros(5s) : Micros(300ms));
  if (one_in(200)) {
    world_.stall_until(until);
  } else {
    world_.advance_to(until);
  }
}

void RandomLife::something_dies() {
  const Reach way = any_of(std::vector{Reach::kRefusing, Reach::kStopped, Reach::kUnreachable});
  world_.set_reach(one_in(4) ? Address{fmt::format("10.9.0.{}", one_in(2) ? 'b' : 'c'), 1} : any_server(), way);
}

void RandomLife::something_lives() {
  world_.set_reach(one_in(4) ? Address{fmt::format("10.9.0.{}", one_in(2) ? 'b' : 'c'), 1} : any_server(),
                   Reach::kAlive);
}

void RandomLife::server_changes() {
  ModelServer& server = world_.server(any_server());
  const auto dice = random_.below(7);
  if (dice == 0) server.offset += random_.below(1000);
  if (dice == 1) server.run_id = run_id("0123456789abcdef"[random_.below(16)]);
  if (dice == 2) server.obeys = !server.obeys;
  if (dice == 3) server.ping_reply = static_cast<proto::PingReply>(random_.below(7));
  if (dice == 4) server.ping_reply = proto::PingReply::kPong;
  if (dice == 5) server.follows = one_in(2) ? std::optional(any_server()) : std::nullopt;
  if (dice == 6) server.priority = static_cast<int>(random_.below(3));
}

void RandomLife::peer_answers() {
  if (questions_.empty()) return;
  const core::AskPeer question = one_in(3) ? any_of(questions_) : questions_.back();
  core::PeerAnswered answer{question.peer, question.primary_name, question.primary, Epoch{0}, world_.now(), {}};
  if (question.candidate) answer.candidacy = question.epoch;
  answer.reply.down = !one_in(4);
  if (question.candidate && !one_in(3)) {
    answer.reply.leader = one_in(4) ? any_peer() : *question.candidate;
    answer.reply.leader_epoch = one_in(6) ? any_epoch() : question.epoch;
  } else if (one_in(4)) {
    answer.reply.leader_epoch = any_epoch();
  }
  world_.tell(answer);
}

AnswerToken RandomLife::new_token(const std::string& primary) {
  const AnswerToken token{++tokens_};
  invariants_.expect_answer(token, primary);
  return token;
}

Epoch RandomLife::any_epoch() {
  if (one_in(100)) return Epoch{~std::uint64_t{0}};
  const auto current = to_number(world_.core().state().current_epoch);
  return Epoch{current + random_.below(4) - std::min<std::uint64_t>(current, 2)};
}

void RandomLife::peer_asks() {
  const std::string& name = any_of(names_);
  const Address* address = world_.core().address_of(name);
  core::PeerAsked question{{}, one_in(5) || address == nullptr ? any_server() : *address, any_epoch(), {}, {}};
  if (one_in(2)) question.candidate = any_peer();
  if (!one_in(4)) question.asker = any_peer();
  std::string asked;  // the primary that is there now; of several, the first by name
  for (const auto& [known, primary] : world_.core().state().primaries) {
    if (asked.empty() && primary.server.address == question.primary) asked = known;
  }
  question.token = new_token(asked);
  world_.tell(question);
}

void RandomLife::peer_says_hello() {
  proto::Hello hello;
  hello.sender_id = any_peer();
  hello.sender = {fmt::format("10.9.0.{}", one_in(10) ? 'z' : hello.sender_id.hex.front()), 1};
  hello.current_epoch = one_in(2) ? world_.core().state().current_epoch : any_epoch();
  hello.primary_name = any_of(names_);
  const auto known = world_.core().state().primaries.find(hello.primary_name);
  if (known != world_.core().state().primaries.end()) {
    hello.primary = known->second.published.address;
    hello.config_epoch = known->second.published.epoch;
  }
  if (one_in(4)) hello.primary = any_server();
  if (one_in(4)) hello.config_epoch = any_epoch();
  if (hello.primary.host.empty()) hello.primary = any_server();
  world_.tell(core::HelloReceived{hello});
}

void RandomLife::operator_orders() {
  const std::string& name = any_of(names_);
  const AnswerToken token = new_token(name);
  const auto dice = random_.below(8);
  if (dice < 3) return world_.tell(core::FailoverNow{token, name});
  if (dice == 3) return world_.tell(core::Reset{token, one_in(2) ? "*" : name});
  if (dice == 4) return world_.tell(core::Remove{token, name});
  if (dice == 5) return world_.tell(core::Monitor{token, name, any_server(), 2});
  if (dice == 6) return world_.tell(core::Flush{token});
  core::PrimarySettings settings;
  settings.down_after = Millis{200 + static_cast<std::int64_t>(random_.below(1000))};
  settings.failover_timeout = 3000ms;
  settings.quorum = 1 + static_cast<unsigned>(random_.below(3));
  settings.auth_pass = one_in(2) ? "secret" : "";
  world_.tell(core::Set{token, name, {{"quorum", std::to_string(settings.quorum)}}, settings});
}

void RandomLife::disk_changes() {
  if (world_.is_saving() && one_in(2)) return world_.finish_save(!one_in(4));
  world_.set_disk(any_of(std::vector{Disk::kWell, Disk::kWell, Disk::kSlow, Disk::kFull}));
  if (!one_in(6)) return;
  invariants_.restart();
  world_.restart();
}

// Links, replies and answers of which the core knows nothing, or knows nothing any more.
void RandomLife::stranger_speaks() {
  const InstanceId somebody{random_.below(60)};
  const auto dice = random_.below(7);
  if (dice == 0) world_.tell(core::LinkUp{somebody});
  if (dice == 1) world_.tell(core::LinkDown{somebody, core::LinkFault::kReset});
  if (dice == 2) world_.tell(core::PingReplied{somebody, static_cast<proto::PingReply>(random_.below(7))});
  if (dice == 3) world_.tell(core::InfoReplied{somebody, "role:slave\r\nmaster_host:10.0.0.1\r\nmaster_port:6379\r\n"});
  if (dice == 4) world_.tell(core::InfoRefused{somebody});
  if (dice == 5) world_.tell(core::ReconfigureReplied{somebody, one_in(2)});
  if (dice == 6) {
    world_.tell(core::PeerAnswered{somebody,
                                   one_in(2) ? "nobody" : any_of(names_),
                                   any_server(),
                                   any_epoch(),
                                   world_.now(),
                                   {true, any_peer(), any_epoch()}});
  }
}

}  // namespace vedette::testing
