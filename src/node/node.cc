#include "node/node.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "base/memory.h"
#include "conf/render.h"
#include "node/info_texts.h"
#include "node/links.h"
#include "node/log_level.h"
#include "node/name_book.h"
#include "node/permissions.h"
#include "node/scripts.h"
#include "node/serving.h"
#include "node/sessions.h"
#include "node/state_file.h"
#include "node/state_keeper.h"
#include "node/waiting_facts.h"

namespace vedette::node {
namespace {

// SENTINEL MONITOR, as for a host that is neither an address nor a name.
constexpr std::string_view kUnresolvable = "ERR Invalid IP address or hostname specified";

Identity identity_of(const conf::Configuration& configuration, const ProcessFacts& facts, const RunId& id) {
  const conf::SentinelSettings& settings = configuration.sentinel;
  const conf::TlsSettings& tls = configuration.server.tls;
  Identity identity;
  identity.id = id;
  identity.announce_ip = settings.announce_ip;
  identity.port = facts.port;
  if (tls.replication && tls.port != 0) identity.port = tls.port;  // peers then speak TLS too
  if (settings.announce_port != 0) identity.port = settings.announce_port;
  identity.peer_user = settings.peer_user;
  // Without credentials of their own for peers, sentinels have always used the password that they ask of clients.
  identity.peer_pass = settings.peer_pass.empty() ? configuration.server.requirepass : settings.peer_pass;
  return identity;
}

ServingSettings serving_settings(const conf::Configuration& configuration) {
  ServingSettings settings;
  settings.acl_file = configuration.server.acl_file;
  settings.acl_log_max_entries = configuration.server.acl_log_max_entries;
  settings.client_timeout = configuration.server.client_timeout;
  settings.protected_mode = configuration.server.protected_mode;
  settings.normal_limit = configuration.server.output_buffer_limits.at("normal");
  settings.subscriber_limit = configuration.server.output_buffer_limits.at("pubsub");
  settings.deny_scripts_reconfig = configuration.sentinel.deny_scripts_reconfig;
  settings.renamed = RenamedCommands(configuration.server.renamed_commands);
  return settings;
}

core::Knowledge knowledge_of(const conf::File& file, const RunId& new_id) {
  core::Knowledge knowledge = knowledge_from(file.configuration().sentinel, new_id);
  knowledge.must_be_saved = knowledge.must_be_saved || file.must_be_saved();
  return knowledge;
}

AnswerToken take_first(std::deque<AnswerToken>& tokens) {
  VEDETTE_CHECK(!tokens.empty(), "somebody waits for what was done");
  const AnswerToken first = tokens.front();
  tokens.pop_front();
  return first;
}

}  // namespace

// The executor. Facts step the core at once; what it wants done is queued, and carried out when whatever reported the
// fact has returned: a link may thus be ordered away in answer to its own words.
class Node::Impl final : public View, public Orders {
 public:
  Impl(const conf::File& file, ProcessFacts facts, Ports ports, Rng& rng, Instant now, WallTime wall_now)
      : form_(file.form()),
        configuration_(file.configuration()),
        facts_(std::move(facts)),
        ports_(ports),
        core_(knowledge_of(file, facts_.new_sentinel_id), rng, now),
        keeper_(form_, core_.state(), ports.disk, ports.logger),
        names_(ports.resolver, ports.logger),
        waiting_(names_),
        links_(ports.network, names_, rng, ports.logger, core_.state(),
               identity_of(configuration_, facts_, core_.state().my_id),
               [this](Instant at, const core::Input& input) { submit(at, input); }),
        scripts_(ports.scripts, ports.logger, core_.state().timing,
                 [this](Instant at, const core::Announce& event) { carry_out(at, event); }),
        sessions_(*this, *this, ports.network, ports.logger, rng, users_from(configuration_, facts_.acl_text).value(),
                  serving_settings(configuration_), facts_, StartTime{now, wall_now}) {
    std::vector<conf::MonitoredPrimary>().swap(configuration_.sentinel.primaries);
    ports_.logger.log(core::Level::kNotice, fmt::format("Sentinel ID is {}", core_.state().my_id.hex));
    collect(now);
    carry_out_all(now);
  }

  // --- Events of the world ---
  template <typename Event>
  void happen(Instant now, Event event) {
    event();
    carry_out_all(now);
  }

  void connected(Instant now, ConnectionId connection, const Address& local) {
    if (links_.connected(now, connection, local)) follow_names(now);  // a name leads to where a link was made
  }

  void received(Instant now, ConnectionId connection, std::string_view bytes) {
    if (!links_.received(now, connection, bytes)) sessions_.receive(now, connection, bytes);
  }

  void closed(Instant now, ConnectionId connection, core::LinkFault fault) {
    if (!links_.closed(now, connection, fault)) sessions_.closed(connection);
  }

  void appended(Instant now, const Status& result) { submit(now, keeper_.appended(result)); }
  void replaced(Instant now, const Status& result) {
    if (const auto finished = keeper_.replaced(now, result)) submit(now, *finished);
  }

  void resolved(Instant now, const std::string& name, const Result<std::vector<std::string>>& ips) {
    names_.resolved(now, name, ips);
    follow_names(now);
  }

  void acl_read(Instant now, const Result<std::string>& text) {
    finish_acl_load(sessions_, now, take_first(acl_reads_), text);
  }

  void acl_written(Instant now, const Status& result) {
    finish_acl_save(sessions_, now, take_first(acl_writes_), result);
  }

  void woken(Instant now) {
    names_.on_timer(now);
    follow_names(now);
    links_.on_timer(now);
    sessions_.on_timer(now);
    scripts_.on_timer(now);
    const auto due = core_.next_deadline();
    if (due && *due <= now) submit(now, core::TimerFired{});
    write_when_due(now);
  }

  std::optional<Instant> next_deadline() const {
    std::optional<Instant> earliest;
    for (const auto deadline : {core_.next_deadline(), keeper_.next_deadline(), names_.next_deadline(),
                                links_.next_deadline(), sessions_.next_deadline(), scripts_.next_deadline()}) {
      if (deadline) earliest = std::min(earliest.value_or(*deadline), *deadline);
    }
    return earliest;
  }

  std::string state_text() const {
    return conf::render(*form_, settings_with(configuration_, core_.state(), sessions_.users()));
  }

  Sessions& sessions() { return sessions_; }
  Scripts& scripts() { return scripts_; }

  // --- Orders ---
  void submit(Instant now, const core::Input& input) override {
    const bool resolves = core_.state().names.naming.resolve;
    if (!resolves || !waiting_.keep(now, input)) step(now, input);
  }
  void configure(Instant now, const conf::Configuration& wanted) override {
    configuration_ = wanted;
    step(now, core::SetNaming{naming_of(wanted.sentinel)});
    ports_.logger.set_level(level_named(wanted.server.log_level));
    links_.identify_as(now, identity_of(configuration_, facts_, core_.state().my_id));
    sessions_.apply(serving_settings(configuration_));
  }
  void read_acl_file(AnswerToken token) override {
    acl_reads_.push_back(token);
    ports_.acl_file.read();
  }
  void write_acl_file(AnswerToken token, std::string text) override {
    acl_writes_.push_back(token);
    ports_.acl_file.write(std::move(text));
  }
  void shut_down() override { ports_.process.shut_down(); }

  // --- View ---
  const core::State& state() const override { return core_.state(); }
  core::Explanation explain(const core::Primary& primary, Instant now) const override {
    return core_.explain(primary, now);
  }
  const Address* address_of(std::string_view name) const override { return core_.address_of(name); }
  std::size_t pending_commands(InstanceId instance) const override { return links_.pending_commands(instance); }
  std::optional<std::string> info_text(InstanceId server) const override { return info_texts_.of(server); }
  const Scripts& scripts() const override { return scripts_; }
  CpuUsage cpu_usage() const override { return ports_.process.cpu_usage(); }
  MemoryReport memory() const override {
    MemoryReport report;
    report.state = core::footprint_of(core_.state());
    report.info_texts = info_texts_.memory();
    report.links = links_.memory();
    report.link_buffers = links_.buffers();
    report.configuration = keeper_.memory();
    report.log = ports_.logger.waiting();
    report.process = ports_.process.memory();
    return report;
  }
  const conf::Configuration& configuration() const override { return configuration_; }

 private:
  void step(Instant now, const core::Input& input) {
    const auto* order = std::get_if<core::Monitor>(&input);
    if (order != nullptr && !names_.leads_somewhere(order->address.host)) {
      effects_.push_back(core::AnswerOrder{order->token, Error{std::string(kUnresolvable)}});
      return;
    }
    core_.step(now, input);
    if (const auto* info = std::get_if<core::InfoReplied>(&input)) keep_text(*info);
    collect(now);
  }

  // A fact may have waited for longer than the server was watched.
  void keep_text(const core::InfoReplied& info) {
    if (links_.has_server(info.instance)) info_texts_.keep(info.instance, info.text);
  }

  // The core is told first, so that facts which have waited are compared with what is known now.
  void follow_names(Instant now) {
    for (const NameBook::Change& change : names_.take_changes()) {
      step(now, core::NameResolved{change.name, change.ip, change.users, change.reached});
      links_.readdress(now, change.users);
    }
    for (const core::Input& input : waiting_.take_ready(now)) step(now, input);
  }

  // The state is saved as it is in this instant; the effects follow in their order.
  void collect(Instant now) {
    output_ = core_.take_output(std::move(output_));
    if (output_.persist) {
      keeper_.save(now, *output_.persist, core_.state());
      write_when_due(now);
    }
    if (effects_.empty()) {
      effects_.swap(output_.effects);
    } else {
      std::move(output_.effects.begin(), output_.effects.end(), std::back_inserter(effects_));
    }
  }

  void write_when_due(Instant now) {
    if (keeper_.is_due(now)) keeper_.write(now, own_settings(configuration_, core_.state(), sessions_.users()));
  }

  void carry_out_all(Instant now) {
    while (!effects_.empty()) {  // to carry one out may bring more
      effects_under_way_.swap(effects_);
      for (const core::Effect& due : effects_under_way_) {
        std::visit([&](const auto& effect) { carry_out(now, effect); }, due);
      }
      clear_and_keep_little(effects_under_way_);
    }
  }

  template <typename Order>
  requires requires(Links& links, Instant now, const Order& order) { links.carry_out(now, order); }
  void carry_out(Instant now, const Order& order) { links_.carry_out(now, order); }

  void carry_out(Instant now, const core::Unwatch& order) {
    links_.carry_out(now, order);
    info_texts_.forget(order.instance);
  }

  void carry_out(Instant now, const core::AnswerPeer& answer) { sessions_.answer(now, answer); }
  void carry_out(Instant now, const core::AnswerOrder& answer) { sessions_.answer(now, answer); }

  void carry_out(Instant now, const core::Announce& event) {
    ports_.logger.log(event.level, fmt::format("{} {}", event.event, event.payload));
    sessions_.publish(now, event.event, event.payload);
  }
  void carry_out(Instant now, const core::RunScript& order) { scripts_.carry_out(now, order); }
  void carry_out(Instant, const core::Log& entry) { ports_.logger.log(entry.level, entry.text); }
  void carry_out(Instant, const core::Exit& order) { ports_.process.exit_now(order.status); }

  const std::shared_ptr<const conf::Form> form_;
  conf::Configuration configuration_;  // the file's, and what was ordered since; its primaries are the core's
  const ProcessFacts facts_;
  Ports ports_;
  core::Core core_;
  StateKeeper keeper_;
  NameBook names_;
  WaitingFacts waiting_;
  Links links_;
  InfoTexts info_texts_;
  Scripts scripts_;
  Sessions sessions_;
  std::deque<AnswerToken> acl_reads_;  // who waits for them, in their order
  std::deque<AnswerToken> acl_writes_;
  // All three are used again and again, with the memory that they have.
  core::Output output_;
  std::vector<core::Effect> effects_;
  std::vector<core::Effect> effects_under_way_;
};

Node::Node(const conf::File& file, ProcessFacts facts, Ports ports, Rng& rng, Instant now, WallTime wall_now)
    : impl_(std::make_unique<Impl>(file, std::move(facts), ports, rng, now, wall_now)) {}
Node::~Node() = default;

void Node::on_accepted(Instant now, ConnectionId connection, const Address& remote, const Address& local) {
  impl_->happen(now, [&] { impl_->sessions().accept(now, connection, remote, local); });
}

void Node::on_connected(Instant now, ConnectionId connection, const Address& local) {
  impl_->happen(now, [&] { impl_->connected(now, connection, local); });
}

void Node::on_received(Instant now, ConnectionId connection, std::string_view bytes) {
  impl_->happen(now, [&] { impl_->received(now, connection, bytes); });
}

void Node::on_closed(Instant now, ConnectionId connection, core::LinkFault fault) {
  impl_->happen(now, [&] { impl_->closed(now, connection, fault); });
}

void Node::on_resolved(Instant now, const std::string& name, const Result<std::vector<std::string>>& ips) {
  impl_->happen(now, [&] { impl_->resolved(now, name, ips); });
}

void Node::on_appended(Instant now, const Status& result) {
  impl_->happen(now, [&] { impl_->appended(now, result); });
}

void Node::on_replaced(Instant now, const Status& result) {
  impl_->happen(now, [&] { impl_->replaced(now, result); });
}

void Node::on_acl_read(Instant now, const Result<std::string>& text) {
  impl_->happen(now, [&] { impl_->acl_read(now, text); });
}

void Node::on_acl_written(Instant now, const Status& result) {
  impl_->happen(now, [&] { impl_->acl_written(now, result); });
}

void Node::on_script_started(Instant now, ScriptRun run, std::int64_t pid) {
  impl_->happen(now, [&] { impl_->scripts().started(now, run, pid); });
}

void Node::on_script_printed(Instant now, ScriptRun run, std::string_view line) {
  impl_->happen(now, [&] { impl_->scripts().printed(run, line); });
}

void Node::on_script_ended(Instant now, ScriptRun run, const ScriptEnd& end) {
  impl_->happen(now, [&] { impl_->scripts().ended(now, run, end); });
}

void Node::on_timer(Instant now) {
  impl_->happen(now, [&] { impl_->woken(now); });
}

std::optional<Instant> Node::next_deadline() const { return impl_->next_deadline(); }
const core::State& Node::state() const { return impl_->state(); }
std::string Node::state_text() const { return impl_->state_text(); }

}  // namespace vedette::node
