#include "tests/support/scenario.h"

#include <fmt/format.h>

#include <functional>
#include <memory>

#include "base/text.h"
#include "tests/support/core_world.h"
#include "tests/support/effect_text.h"
#include "tests/support/script_line.h"

namespace vedette::testing {
namespace {

Instant at_millis(std::uint64_t millis) { return Instant{Millis{static_cast<std::int64_t>(millis)}}; }

template <typename Value>
Value word_of(const std::map<std::string, Value>& words, const std::string& word) {
  const auto found = words.find(word);
  if (found == words.end()) throw std::invalid_argument("unknown word: " + word);
  return found->second;
}

core::PrimarySettings settings_of(const ScriptLine& line, core::PrimarySettings settings) {
  const auto millis = [&](const char* name, Millis& value) {
    if (line.has(name)) value = Millis{static_cast<std::int64_t>(line.number(name))};
  };
  millis("down-after", settings.down_after);
  millis("failover-timeout", settings.failover_timeout);
  millis("reboot-down-after", settings.reboot_down_after);
  millis("fast-down-after", settings.fast_down_after);
  if (line.has("corroborate")) settings.corroborate_with_replicas = line.yes("corroborate");
  if (line.has("require-lineage")) settings.require_lineage = line.yes("require-lineage");
  if (line.has("relay")) settings.relay = line.yes("relay");
  if (line.has("quorum")) settings.quorum = static_cast<unsigned>(line.number("quorum"));
  if (line.has("parallel-syncs")) settings.parallel_syncs = static_cast<unsigned>(line.number("parallel-syncs"));
  if (line.has("auth-pass")) settings.auth_pass = line.option("auth-pass");
  if (line.has("notification-script")) settings.notification_script = line.option("notification-script");
  if (line.has("client-reconfig-script")) settings.client_reconfig_script = line.option("client-reconfig-script");
  return settings;
}

void change(ModelServer& server, const ScriptLine& line, Instant now) {
  if (line.has("run-id")) server.run_id = run_id(line.digit("run-id"));
  if (line.has("history")) server.history = line.digit("history");
  if (line.has("before")) server.history_before = line.digit("before");
  if (line.has("offset")) server.offset = line.number("offset");
  if (line.has("keys")) server.keys = line.number("keys");
  if (line.has("never-linked")) server.never_linked = line.yes("never-linked");
  if (line.has("priority")) server.priority = static_cast<int>(line.number("priority"));
  if (line.has("sync")) server.sync_time = Millis{static_cast<std::int64_t>(line.number("sync"))};
  if (line.has("replica-of")) server.follows = line.address_option("replica-of");
  if (line.has("role") && line.option("role") == "primary") server.follows.reset();
  if (line.has("obeys")) server.obeys = line.yes("obeys");
  if (line.has("synchronising")) server.synchronising = line.yes("synchronising");
  if (line.has("loading")) server.loading = line.yes("loading");
  if (line.has("cut-off")) server.cut_off = line.yes("cut-off");
  if (line.has("heard-at")) {
    server.heard_primary_at = Instant{Millis{static_cast<std::int64_t>(line.number("heard-at"))}};
  }
  if (line.has("cut-off-for")) {
    server.cut_off = true;
    server.cut_off_since = now - Millis{static_cast<std::int64_t>(line.number("cut-off-for"))};
  }
}

// One world, and the commands that act on it.
class Scenario {
 public:
  std::string run(std::string_view commands) {
    for (const std::string_view text : split(commands, '\n')) {
      if (text.empty() || text.starts_with('#')) continue;
      try {
        const ScriptLine line(text);
        word_of(verbs(), line.word(0))(*this, line);
        line.refuse_rest();
      } catch (const std::invalid_argument& mistake) {
        world_.write(fmt::format("MISTAKE in `{}`: {}", text, mistake.what()));
      }
    }
    return world_.take_transcript();
  }

 private:
  using Verb = std::function<void(Scenario&, const ScriptLine&)>;
  static const std::map<std::string, Verb>& verbs();

  // --- Before the start ---
  void monitor(const ScriptLine& line) {
    core::KnownPrimary known;
    known.name = line.word(1);
    known.address = line.address(2);
    known.settings = settings_of(line, {});
    monitor(known, line);
  }

  // What most scenarios start from: `shop` with two replicas, and two peers, by default b and c. Settings are options.
  void group(const ScriptLine& line) {
    core::KnownPrimary shop;
    shop.name = "shop";
    shop.address = {"10.0.0.1", 6379};
    shop.settings.down_after = 1000ms;
    shop.settings.failover_timeout = 60000ms;
    shop.settings = settings_of(line, shop.settings);
    shop.replicas = {{"10.0.0.2", 6379}, {"10.0.0.3", 6379}};
    const std::string peers = line.has("peers") ? line.option("peers") : "bc";
    for (const char id : peers) {
      shop.sentinels.emplace_back(run_id(id), Address{fmt::format("10.0.0.{}", id - 'a' + 11), 26379});
    }
    add_server(shop.address, 500, std::nullopt);
    add_server(shop.replicas[0], 480, shop.address);
    add_server(shop.replicas[1], 500, shop.address);
    monitor(shop, line);
  }

  void monitor(core::KnownPrimary primary, const ScriptLine& line) {
    if (line.has("config-epoch")) primary.config_epoch = line.epoch("config-epoch");
    if (line.has("leader-epoch")) primary.leader_epoch = line.epoch("leader-epoch");
    world_.knowledge.primaries.push_back(std::move(primary));
  }

  void add_server(const Address& address, std::uint64_t offset, const std::optional<Address>& follows) {
    ModelServer server;
    server.address = address;
    server.run_id = run_id(address.host.back());
    server.offset = offset;
    server.follows = follows;
    world_.add_server(server);
  }

  void replica(const ScriptLine& line) { known(line.word(1)).replicas.push_back(line.address(2)); }

  void sentinel(const ScriptLine& line) {
    known(line.word(1)).sentinels.emplace_back(id_of(line.word(2)), line.address(3));
  }

  void vedettes(const ScriptLine& line) {
    for (std::size_t i = 1; i < line.words(); ++i) world_.vedettes.insert(id_of(line.word(i)));
  }

  void start(const ScriptLine& line) {
    world_.knowledge.my_id = run_id(line.digit("self"));
    if (line.has("epoch")) world_.knowledge.current_epoch = line.epoch("epoch");
    if (!line.has("first-time") || !line.yes("first-time")) world_.recall_servers();
    world_.start();
  }

  // What leads up to many scenarios, without writing it down: the primary dies at 2000, at 2902 it is objectively down
  // and we stand at epoch 1, at 2903 the others are asked for their votes.
  void stand(const ScriptLine&) { run("at 2000\ndead 10.0.0.1:6379 refused\nat 2902\nanswer b down\nat 2903"); }
  // And b gives us its vote.
  void be_elected(const ScriptLine& line) {
    stand(line);
    run("answer b down vote=a@1");
  }

  // --- Servers and peers ---
  void server(const ScriptLine& line) {
    ModelServer server;
    server.address = line.address(1);
    server.run_id = run_id(server.address.host.back());
    change(server, line, world_.now());
    world_.add_server(server);
  }

  void change_server(const ScriptLine& line) { change(world_.server(line.address(1)), line, world_.now()); }

  void info(const ScriptLine& line) {
    change_server(line);
    world_.deliver_info(line.address(1));
  }

  void reach(const ScriptLine& line) {
    static const std::map<std::string, Reach> kWays = {{"refused", Reach::kRefusing},
                                                       {"stopped", Reach::kStopped},
                                                       {"unreachable", Reach::kUnreachable},
                                                       {"hidden", Reach::kHidden}};
    const bool alive = line.word(0) == "alive";
    const bool has_way = kWays.contains(line.word(line.words() - 1));
    const std::size_t end = line.words() - (has_way ? 1 : 0);
    const Reach way = alive ? Reach::kAlive : has_way ? word_of(kWays, line.word(end)) : Reach::kRefusing;
    for (std::size_t i = 1; i < end; ++i) world_.set_reach(place(line.word(i)), way);
  }

  void replies(const ScriptLine& line) {
    static const std::map<std::string, proto::PingReply> kReplies = {{"pong", proto::PingReply::kPong},
                                                                     {"loading", proto::PingReply::kLoading},
                                                                     {"masterdown", proto::PingReply::kPrimaryDown},
                                                                     {"busy", proto::PingReply::kBusy},
                                                                     {"misconf", proto::PingReply::kMisconfigured},
                                                                     {"noauth", proto::PingReply::kUnauthorized}};
    world_.server(line.address(1)).ping_reply = word_of(kReplies, line.word(2));
  }

  void hello(const ScriptLine& line) {
    proto::Hello hello;
    hello.sender_id = id_of(line.option("from"));
    const auto& state = world_.core().state();
    hello.primary_name = line.has("name") ? line.option("name") : state.primaries.begin()->first;
    hello.sender = line.has("at") ? line.address_option("at") : place(line.option("from"));
    hello.current_epoch = line.has("epoch") ? line.epoch("epoch") : state.current_epoch;
    const auto known = state.primaries.find(hello.primary_name);
    if (known != state.primaries.end()) {
      hello.primary = known->second.published.address;
      hello.config_epoch = known->second.published.epoch;
    }
    if (line.has("primary")) hello.primary = line.address_option("primary");
    if (line.has("config-epoch")) hello.config_epoch = line.epoch("config-epoch");
    core::HelloReceived heard{hello};
    if (line.has("on")) heard.heard_on = world_.server_link(line.address_option("on"));
    world_.tell(heard);
  }

  void answer(const ScriptLine& line) {
    const InstanceId peer = world_.peer(id_of(line.word(1)));
    const auto& [question, asked_at] =
        line.has("about") ? world_.last_question_to(peer, line.address_option("about")) : world_.last_question_to(peer);
    core::PeerAnswered answer{peer, question.primary_name, question.primary, Epoch{0}, asked_at, {}};
    if (question.candidate) answer.candidacy = question.epoch;
    answer.reply.down = word_of<bool>({{"down", true}, {"up", false}}, line.word(2));
    if (line.has("candidacy")) answer.candidacy = line.epoch("candidacy");
    if (line.has("asked")) answer.asked_at = at_millis(line.number("asked"));
    if (line.has("vote")) {
      const auto parts = split(line.option("vote"), '@');
      if (parts.size() != 2) throw std::invalid_argument("vote= wants id@epoch");
      answer.reply.leader = id_of(std::string(parts[0]));
      answer.reply.leader_epoch = Epoch{parse_number(parts[1])};
    }
    if (answer.reply.leader == world_.core().state().my_id) world_.know_vote(answer);
    world_.tell(answer);
  }

  void ask(const ScriptLine& line) {
    core::PeerAsked question{AnswerToken{++questions_}, {}, {}, std::nullopt, std::nullopt};
    question.primary = line.has("about") ? line.address_option("about")
                                         : world_.core().state().primaries.begin()->second.server.address;
    question.epoch = line.has("epoch") ? line.epoch("epoch") : world_.core().state().current_epoch;
    if (line.has("candidate")) question.candidate = id_of(line.option("candidate"));
    if (line.has("from")) question.asker = id_of(line.option("from"));
    world_.tell(question);
  }

  // --- Ourselves ---
  void at(const ScriptLine& line) { world_.advance_to(at_millis(parse_number(line.word(1)))); }
  void stall(const ScriptLine& line) { world_.stall_until(at_millis(parse_number(line.word(1)))); }

  void disk(const ScriptLine& line) {
    world_.set_disk(word_of<Disk>({{"well", Disk::kWell}, {"slow", Disk::kSlow}, {"full", Disk::kFull}}, line.word(1)));
  }

  static core::Input set(AnswerToken token, const ScriptLine& line, const core::State& state) {
    core::Set order{token, line.word(2), {}, {}};
    for (const auto& [script, wire] : {std::pair("down-after", "down-after-milliseconds"),
                                       {"quorum", "quorum"},
                                       {"auth-pass", "auth-pass"},
                                       {"notification-script", "notification-script"}}) {
      if (line.has(script)) order.options.emplace_back(wire, line.option(script));
    }
    const auto known = state.primaries.find(line.word(2));
    order.settings =
        settings_of(line, known == state.primaries.end() ? core::PrimarySettings{} : known->second.settings);
    return order;
  }

  void order(const ScriptLine& line) {
    const AnswerToken token{++orders_};
    static const std::map<std::string, std::function<core::Input(AnswerToken, const ScriptLine&, const core::State&)>>
        kOrders = {
            {"failover",
             [](auto t, const auto& l, const auto&) {
               return core::FailoverNow{t, l.word(2)};
             }},
            {"reset",
             [](auto t, const auto& l, const auto&) {
               return core::Reset{t, l.word(2)};
             }},
            {"remove",
             [](auto t, const auto& l, const auto&) {
               return core::Remove{t, l.word(2)};
             }},
            {"flush", [](auto t, const auto&, const auto&) { return core::Flush{t}; }},
            {"monitor",
             [](auto t, const auto& l, const auto&) {
               return core::Monitor{t, l.word(2), l.address(3), static_cast<unsigned>(l.number("quorum"))};
             }},
            {"set", &Scenario::set},
        };
    world_.tell(word_of(kOrders, line.word(1))(token, line, world_.core().state()));
  }

  void simulate(const ScriptLine& line) {
    world_.tell(core::SimulateFailure{line.word(1) == "crash-after-election", line.word(1) == "crash-after-promotion"});
  }

  void show(const ScriptLine& line) {
    if (line.word(1) == "state") {
      world_.write("state:\n" + std::string(trim(to_text(world_.core().state()))));
    } else {
      const Address* address = world_.core().address_of(line.word(1));
      world_.write(fmt::format("clients are told {}", address ? to_string(*address) : "nothing"));
    }
  }

  void explain(const ScriptLine& line) {
    const core::Primary& primary = world_.core().state().primaries.at(line.word(1));
    world_.write("explained:\n" + std::string(trim(to_text(world_.core().explain(primary, world_.now())))));
  }

  // --- Names ---
  core::KnownPrimary& known(const std::string& name) {
    for (core::KnownPrimary& primary : world_.knowledge.primaries) {
      if (primary.name == name) return primary;
    }
    throw std::invalid_argument("no primary " + name);
  }

  static RunId id_of(const std::string& letter) {
    if (letter.size() != 1) throw std::invalid_argument("no run id: " + letter);
    return run_id(letter.front());
  }

  // "10.0.0.2:6379", or where the peer of this letter is.
  Address place(const std::string& word) {
    if (word.size() > 1) return parse_address(word);
    return world_.core().state().peers.at(world_.peer(id_of(word))).address;
  }

  CoreWorld world_;
  std::uint64_t questions_ = 0;
  std::uint64_t orders_ = 0;
};

const std::map<std::string, Scenario::Verb>& Scenario::verbs() {
  static const std::map<std::string, Verb> kVerbs = {
      {"monitor", [](Scenario& s, const ScriptLine& line) { s.monitor(line); }},
      {"group", &Scenario::group},
      {"replica", &Scenario::replica},
      {"sentinel", &Scenario::sentinel},
      {"start", &Scenario::start},
      {"vedettes", &Scenario::vedettes},
      {"standing", &Scenario::stand},
      {"elected", &Scenario::be_elected},
      {"restart", [](Scenario& s, const ScriptLine&) { s.world_.restart(); }},
      {"server", &Scenario::server},
      {"change", &Scenario::change_server},
      {"info", &Scenario::info},
      {"dead", &Scenario::reach},
      {"alive", &Scenario::reach},
      {"replies", &Scenario::replies},
      {"hello", &Scenario::hello},
      {"answer", &Scenario::answer},
      {"ask", &Scenario::ask},
      {"at", &Scenario::at},
      {"stall", &Scenario::stall},
      {"disk", &Scenario::disk},
      {"saved", [](Scenario& s, const ScriptLine&) { s.world_.finish_save(true); }},
      {"failed", [](Scenario& s, const ScriptLine&) { s.world_.finish_save(false); }},
      {"order", &Scenario::order},
      {"simulate", &Scenario::simulate},
      {"trace", [](Scenario& s, const ScriptLine& line) { s.world_.traced.insert(line.word(1)); }},
      {"untrace", [](Scenario& s, const ScriptLine& line) { s.world_.traced.erase(line.word(1)); }},
      {"show", &Scenario::show},
      {"explain", [](Scenario& s, const ScriptLine& line) { s.explain(line); }},
  };
  return kVerbs;
}

}  // namespace

std::string play(std::string_view text) {
  std::string played;
  std::string commands;
  bool in_output = false;
  auto scenario = std::make_unique<Scenario>();
  const auto finish_step = [&] {
    played += "----\n" + scenario->run(commands);
    commands.clear();
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (in_output && !line.empty()) continue;
    in_output = line == "----";
    if (in_output) {
      finish_step();
      continue;
    }
    played.append(line).append("\n");
    if (line.starts_with("=== ")) scenario = std::make_unique<Scenario>();
    if (!line.empty() && !line.starts_with('#') && !line.starts_with("=== ")) commands.append(line).append("\n");
  }
  if (!commands.empty()) finish_step();
  return played;
}

}  // namespace vedette::testing
