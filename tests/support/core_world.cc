#include "tests/support/core_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/topology.h"
#include "tests/support/effect_text.h"

namespace vedette::testing {
namespace {

// What a file with this state would hold: the promoted replica as the primary, and the old primary in its place.
core::Knowledge written_down(const core::State& state) {
  core::Knowledge knowledge{state.my_id, state.current_epoch, state.names.naming, {}};
  for (const auto& [name, primary] : state.primaries) {
    const Address& current = core::current_address(primary);
    core::KnownPrimary known{.name = name,
                             .address = current,
                             .settings = primary.settings,
                             .config_epoch = primary.config_epoch,
                             .leader_epoch = primary.my_vote.epoch,
                             .replicas = {},
                             .sentinels = {},
                             .histories = primary.histories,
                             .upstream = primary.upstream,
                             .last_known = {},
                             .strangers = {}};
    const auto remember = [&](const core::Server& server) {
      if (server.last_known) known.last_known.emplace_back(server.address, *server.last_known);
    };
    remember(primary.server);
    for (const auto& [address, replica] : primary.replicas) {
      known.replicas.push_back(address == current ? primary.server.address : address);
      remember(replica.server);
    }
    if (primary.usurper.known()) known.strangers.emplace_back(current, primary.usurper);
    for (const auto& [address, outsider] : primary.outsiders) {
      if (!outsider.at_replica) continue;
      known.replicas.push_back(address);
      remember(outsider.server);
      if (outsider.foreign.known()) known.strangers.emplace_back(address, outsider.foreign);
    }
    for (const auto& [id, sentinel] : primary.sentinels) {
      known.sentinels.emplace_back(id, state.peers.at(sentinel.peer).address);
    }
    knowledge.primaries.push_back(std::move(known));
  }
  return knowledge;
}

// Which of `CoreWorld::traced` shows this effect; "": it is always shown.
struct KindOf {
  std::string operator()(const core::SendPing&) const { return "pings"; }
  std::string operator()(const core::SendInfo&) const { return "infos"; }
  std::string operator()(const core::SendHello&) const { return "hellos"; }
  std::string operator()(const core::AskPeer& e) const { return e.candidate ? "" : "questions"; }
  std::string operator()(const core::Watch&) const { return "links"; }
  std::string operator()(const core::Unwatch&) const { return "links"; }
  std::string operator()(const core::Relink&) const { return "links"; }
  template <typename Other>
  std::string operator()(const Other&) const {
    return "";
  }
};

}  // namespace

// --- Time ------------------------------------------------------------------------------------------------------------

void CoreWorld::start() {
  core_ = std::make_unique<core::Core>(knowledge, rng_, now_);
  drain();
}

void CoreWorld::recall_servers() {
  for (core::KnownPrimary& known : knowledge.primaries) {
    std::vector<Address> addresses = known.replicas;
    addresses.push_back(known.address);
    for (const Address& address : addresses) {
      const ModelServer* server = find_server(address);
      if (server == nullptr) continue;
      if (address == known.address) known.histories.present = forty(server->history);
      known.last_known.emplace_back(address, core::LastKnown{server->run_id, server->offset, server->keys});
    }
  }
}

void CoreWorld::restart() {
  links_.clear();
  saving_.reset();
  events_.clear();
  write("(it ends and starts again)");
  start();
}

void CoreWorld::advance_to(Instant until) {
  while (true) {
    const auto event = events_.begin();
    const auto deadline = core_->next_deadline();
    const bool has_event = event != events_.end() && event->first <= until;
    const bool has_timer = deadline && *deadline <= until;
    if (!has_event && !has_timer) break;
    if (has_event && (!has_timer || event->first <= *deadline)) {
      now_ = std::max(now_, event->first);
      const auto happen = std::move(event->second);
      events_.erase(event);
      happen();
    } else {
      now_ = std::max(now_, *deadline);
      tell(core::TimerFired{});
    }
  }
  now_ = until;
}

void CoreWorld::stall_until(Instant until) {
  now_ = until;
  tell(core::TimerFired{});
}

void CoreWorld::tell(const core::Input& input) {
  core_->step(now_, input);
  drain();
}

// --- What the core does ----------------------------------------------------------------------------------------------

void CoreWorld::write(const std::string& line) { transcript_ += fmt::format("{} {}\n", to_text(now_), line); }

void CoreWorld::drain() {
  const core::Output output = core_->take_output();
  if (observe) observe(output);
  for (const core::Effect& effect : output.effects) {
    act(effect);
    const std::string kind = std::visit(KindOf{}, effect);
    if (!kind.empty() && !traced.contains(kind)) continue;
    write(to_text(effect, [this](InstanceId instance) { return links_.at(instance).name; }));
  }
  for (const core::Effect& effect : output.effects) {
    if (const auto* unwatch = std::get_if<core::Unwatch>(&effect)) links_.erase(unwatch->instance);
  }
  if (output.persist) persist(output.persist->revision);
}

void CoreWorld::act(const core::Effect& effect) {
  if (const auto* e = std::get_if<core::Watch>(&effect)) {
    const auto peer = core_->state().peers.find(e->instance);
    const std::string name = peer == core_->state().peers.end() ? to_string(e->address) : peer->second.run_id.hex;
    Link& link = links_[e->instance];
    link.kind = e->kind;
    link.address = e->address;
    link.name = with_short_ids(name);
    open(e->instance);
  } else if (const auto* relink = std::get_if<core::Relink>(&effect)) {
    links_.at(relink->instance).address = relink->address;
    open(relink->instance);
  } else if (const auto* ping = std::get_if<core::SendPing>(&effect)) {
    answer_later(ping->instance, [this, instance = ping->instance](ModelServer* server) {
      tell(core::PingReplied{instance, server ? server->ping_reply : proto::PingReply::kPong});
    });
  } else if (const auto* info = std::get_if<core::SendInfo>(&effect)) {
    answer_later(info->instance, [this, instance = info->instance](ModelServer* server) {
      if (server == nullptr) return tell(core::InfoReplied{instance, info_of_peer(instance)});
      const bool refuses =
          server->ping_reply == proto::PingReply::kBusy || server->ping_reply == proto::PingReply::kUnauthorized;
      tell(refuses ? core::Input(core::InfoRefused{instance}) : core::InfoReplied{instance, info_text(*server)});
    });
  } else if (const auto* question = std::get_if<core::AskPeer>(&effect)) {
    questions_.push_back({*question, now_});
    repeat_vote(*question);
  } else if (const auto* order = std::get_if<core::Reconfigure>(&effect)) {
    answer_later(order->instance, [this, order = *order](ModelServer* server) {
      if (server && server->obeys && order.to) server->follow(*order.to, now_);
      if (server && server->obeys && !order.to) server->promote(++last_history_);
      update_replication();
      tell(core::ReconfigureReplied{order.instance, server && server->obeys});
    });
  }
}

// Who has given us a vote says so again when it is asked again.
void CoreWorld::repeat_vote(const core::AskPeer& question) {
  const auto vote = votes_.find({question.peer, question.primary_name});
  if (vote == votes_.end() || !question.candidate || vote->second.reply.leader_epoch != question.epoch) return;
  answer_later(question.peer, [this, answer = vote->second, asked_at = now_](ModelServer*) mutable {
    answer.asked_at = asked_at;
    tell(answer);
  });
}

// --- Links -----------------------------------------------------------------------------------------------------------

std::string CoreWorld::info_of_peer(InstanceId peer) const {
  return vedettes.contains(core_->state().peers.at(peer).run_id) ? "vedette_version:1.0.0\r\n"
                                                                 : "redis_version:7.0.15\r\n";
}

void CoreWorld::open(InstanceId instance) {
  Link& link = links_.at(instance);
  link.connected = false;
  link.unanswered.clear();
  const unsigned generation = ++link.generation;
  after(kRoundTrip, [=, this] { connect(instance, generation); });
}

void CoreWorld::connect(InstanceId instance, unsigned generation) {
  const auto found = links_.find(instance);
  if (found == links_.end() || found->second.generation != generation) return;
  Link& link = found->second;
  const Reach reach = reach_of(link.address, link.kind);
  if (reach == Reach::kRefusing) {
    after(kReconnectPause, [=, this] { connect(instance, generation); });
    tell(core::LinkDown{instance, core::LinkFault::kRefused});
  } else if (reach == Reach::kUnreachable || reach == Reach::kHidden) {
    after(kConnectTimeout, [=, this] {
      const auto same = links_.find(instance);
      if (same == links_.end() || same->second.generation != generation) return;
      tell(core::LinkDown{instance, core::LinkFault::kTimedOut});
      connect(instance, generation);
    });
  } else {
    link.connected = true;
    tell(core::LinkUp{instance});
  }
}

void CoreWorld::lose(InstanceId instance, core::LinkFault fault) {
  open(instance);
  tell(core::LinkDown{instance, fault});
}

void CoreWorld::answer_later(InstanceId instance, std::function<void(ModelServer*)> event) {
  const Link& link = links_.at(instance);
  if (!link.connected) return;
  after(kRoundTrip, [this, instance, generation = link.generation, event = std::move(event)] {
    reply(instance, generation, event);
  });
}

void CoreWorld::reply(InstanceId instance, unsigned generation, const std::function<void(ModelServer*)>& event) {
  const auto link = links_.find(instance);
  if (link == links_.end() || link->second.generation != generation) return;
  const Reach reach = reach_of(link->second.address, link->second.kind);
  if (reach == Reach::kAlive) {
    event(link->second.kind == core::InstanceKind::kSentinel ? nullptr : find_server(link->second.address));
  } else if (reach == Reach::kStopped) {
    link->second.unanswered.push_back([=, this] { reply(instance, generation, event); });
  }
}

// --- The surroundings ------------------------------------------------------------------------------------------------

void CoreWorld::add_server(const ModelServer& server) {
  servers_.insert_or_assign(server.address, server);
  update_replication();
}

ModelServer* CoreWorld::find_server(const Address& address) {
  const auto found = servers_.find(address);
  return found == servers_.end() ? nullptr : &found->second;
}

ModelServer& CoreWorld::server(const Address& address) {
  if (ModelServer* known = find_server(address)) return *known;
  throw std::invalid_argument("no server at " + to_string(address));
}

Reach CoreWorld::reach_of(const Address& address, core::InstanceKind kind) const {
  const auto set = reach_.find(address);
  if (set != reach_.end()) return set->second;
  const bool exists = kind == core::InstanceKind::kSentinel || servers_.contains(address);
  return exists ? Reach::kAlive : Reach::kRefusing;
}

void CoreWorld::set_reach(const Address& address, Reach reach) {
  reach_[address] = reach;
  update_replication();
  std::vector<InstanceId> affected;
  for (const auto& [instance, link] : links_) {
    if (link.address == address && link.connected) affected.push_back(instance);
  }
  for (const InstanceId instance : affected) {
    if (reach == Reach::kRefusing) lose(instance, core::LinkFault::kReset);
    if (reach == Reach::kAlive) {
      for (auto& event : std::exchange(links_.at(instance).unanswered, {})) after(kRoundTrip, std::move(event));
    }
  }
}

void CoreWorld::update_replication() {
  for (auto& [address, replica] : servers_) {
    if (!replica.follows) continue;
    const ModelServer* primary = find_server(*replica.follows);
    const Reach reach = reach_of(*replica.follows, core::InstanceKind::kPrimary);
    const bool linked = primary != nullptr && !replica.cut_off && now_ >= replica.synchronised_at &&
                        (reach == Reach::kAlive || reach == Reach::kHidden);
    if (!linked) {
      if (!replica.cut_off_since) replica.cut_off_since = now_;
      continue;
    }
    replica.cut_off_since.reset();
    if (replica.history == primary->history) continue;
    replica.history = primary->history;
    replica.history_before = primary->history_before;
    replica.offset = primary->offset;
    replica.keys = primary->keys;
  }
}

std::string CoreWorld::info_text(const ModelServer& server) {
  update_replication();
  std::vector<Address> followers;
  for (const auto& [address, other] : servers_) {
    if (other.follows == server.address && !other.cut_off_since) followers.push_back(address);
  }
  return info_of(server, followers, now_);
}

void CoreWorld::deliver_info(const Address& address) {
  const std::string text = info_text(server(address));
  for (const auto& [instance, link] : links_) {
    if (link.address != address || link.kind == core::InstanceKind::kSentinel) continue;
    tell(core::InfoReplied{instance, text});
    return;
  }
  throw std::invalid_argument("nobody watches " + to_string(address));
}

InstanceId CoreWorld::server_link(const Address& address) const {
  for (const auto& [instance, link] : links_) {
    if (link.kind != core::InstanceKind::kSentinel && link.address == address) return instance;
  }
  throw std::invalid_argument("nobody watches " + to_string(address));
}

InstanceId CoreWorld::peer(const RunId& id) const {
  const auto found = core_->state().peers_by_run_id.find(id);
  if (found == core_->state().peers_by_run_id.end()) throw std::invalid_argument("no such sentinel is known");
  return found->second;
}

const CoreWorld::Question& CoreWorld::last_question_to(InstanceId peer, const std::optional<Address>& about) const {
  const auto found = std::find_if(questions_.rbegin(), questions_.rend(), [&](const Question& question) {
    return question.text.peer == peer && (!about || question.text.primary == *about);
  });
  if (found == questions_.rend()) throw std::invalid_argument("it was not asked");
  return *found;
}

// --- The disk --------------------------------------------------------------------------------------------------------

void CoreWorld::persist(Revision revision) {
  write(fmt::format("save r{}", static_cast<std::uint64_t>(revision)));
  saving_ = revision;
  saving_knowledge_ = written_down(core_->state());
  if (disk_ == Disk::kSlow) return;
  after(kSaveTime, [this, revision, succeeds = disk_ == Disk::kWell] {
    if (saving_ == revision) finish_save(succeeds);
  });
}

void CoreWorld::finish_save(bool succeeds) {
  if (!saving_) throw std::invalid_argument("no save is under way");
  const Revision revision = *std::exchange(saving_, std::nullopt);
  if (succeeds) knowledge = saving_knowledge_;
  write(fmt::format("(r{} {})", static_cast<std::uint64_t>(revision), succeeds ? "is on disk" : "could not be saved"));
  tell(core::SaveFinished{revision, succeeds ? Status(Ok{}) : Status(Error{"No space left on device"})});
}

}  // namespace vedette::testing
