#include "sim/sentinel_process.h"

#include <set>
#include <utility>

#include "base/check.h"
#include "conf/statements.h"
#include "core/topology.h"

namespace vedette::sim {
namespace {

conf::File must_read(std::variant<conf::File, std::vector<conf::Problem>> read) {
  auto* file = std::get_if<conf::File>(&read);
  VEDETTE_CHECK(file != nullptr, "a sentinel reads what it wrote");
  return std::move(*file);
}

// In an order of their own. How far each server was is saved with something else only: it changes all the time.
std::set<std::string> statements_in(const conf::File& file) {
  conf::SentinelSettings settings = file.configuration().sentinel;
  for (conf::MonitoredPrimary& primary : settings.primaries) {
    for (conf::KnownServer& server : primary.known_servers) server.offset = server.keys.emplace(0);
  }
  std::set<std::string> texts;
  for (conf::Statement& statement : conf::statements_of(settings)) {
    texts.insert(std::move(statement.text));
  }
  return texts;
}

}  // namespace

SentinelProcess::SentinelProcess(EventQueue& queue, sim::Network& network, NameServer& name_server, std::string name,
                                 std::string host, std::string conf, const RandomStreams& streams, LogLine log,
                                 Observe observe)
    : Sentinel(queue, network, name, std::move(host), sim::Disk(std::move(conf), streams.stream("disk of " + name))),
      name_server_(name_server),
      scripts_(
          *this, streams.stream("scripts of " + name),
          [this](node::ScriptRun run, std::int64_t pid) {
            node_->on_script_started(now(), run, pid);
            settle();
          },
          [this](node::ScriptRun run, const node::ScriptEnd& end) {
            node_->on_script_ended(now(), run, end);
            settle();
          }),
      rng_(streams.stream(name)),
      log_(std::move(log)),
      observe_(std::move(observe)) {}

SentinelProcess::~SentinelProcess() = default;

void SentinelProcess::begin_life() {
  alarm_at_.reset();
  const node::Ports ports{*this, *this, *this, *this, *this, scripts_, *this};
  const auto wall_clock = std::chrono::duration_cast<Millis>(now().time_since_epoch() + clock_offset());
  node_ = std::make_unique<node::Node>(read_disk(), facts(), ports, rng_, now(), WallTime{wall_clock});
  settle();
}

conf::File SentinelProcess::read_disk() const {
  return must_read(must_read(conf::File::parse(disk().text())).with_journal(disk().text(), disk().journal()));
}

bool SentinelProcess::has_saved_all() const {
  return statements_in(read_disk()) == statements_in(must_read(conf::File::parse(node_->state_text())));
}

void SentinelProcess::forget_life() {
  scripts_.forget();
  node_.reset();
}

std::optional<Sentinel::View> SentinelProcess::view(const std::string& name) const {
  const core::State& state = node_->state();
  const auto found = state.primaries.find(name);
  if (found == state.primaries.end()) return std::nullopt;
  const core::Primary& primary = found->second;
  return View{state.names.place(core::current_address(primary)), primary.server.subjectively_down(),
              primary.failover.has_value(), primary.sentinels.size(), primary.replicas.size()};
}

std::vector<Address> SentinelProcess::known_servers(const std::string& name) const {
  const core::State& state = node_->state();
  const auto found = state.primaries.find(name);
  if (found == state.primaries.end()) return {};
  std::vector<Address> known{state.names.place(core::current_address(found->second))};
  for (const auto& [address, replica] : found->second.replicas) known.push_back(state.names.place(address));
  return known;
}

node::ProcessFacts SentinelProcess::facts() {
  node::ProcessFacts facts;
  facts.executable = "vedette";
  facts.config_file = "sentinel.conf";
  facts.os = "simulated";
  facts.version = "simulated";
  facts.run_id = random_run_id(rng_);
  facts.new_sentinel_id = random_run_id(rng_);
  facts.port = kPort;
  return facts;
}

// --- What the world tells ---

void SentinelProcess::on_accepted(ConnectionId connection, const Address& remote, const Address& local) {
  node_->on_accepted(now(), connection, remote, local);
  settle();
}

void SentinelProcess::on_connected(ConnectionId connection, const Address& local) {
  node_->on_connected(now(), connection, local);
  settle();
}

void SentinelProcess::on_received(ConnectionId connection, std::string_view bytes) {
  node_->on_received(now(), connection, bytes);
  settle();
}

void SentinelProcess::on_closed(ConnectionId connection, core::LinkFault fault) {
  node_->on_closed(now(), connection, fault);
  settle();
}

// After every event. As with the real one, an alarm that is no longer wanted rings for nothing.
void SentinelProcess::settle() {
  observe_(*this);
  const auto deadline = node_->next_deadline();
  if (!deadline || (alarm_at_ && *alarm_at_ <= *deadline)) return;
  alarm_at_ = deadline;
  const Micros delay = std::max(Micros{0}, std::chrono::duration_cast<Micros>(*deadline - now()));
  after(delay, [this, due = *deadline] {
    if (alarm_at_ == due) ring();
  });
}

void SentinelProcess::ring() {
  alarm_at_.reset();
  const auto deadline = node_->next_deadline();
  if (deadline && *deadline <= now()) node_->on_timer(now());
  settle();
}

// --- What the node asks for ---

ConnectionId SentinelProcess::connect(const Address& address, Micros timeout) {
  return network().connect(*this, address, timeout);
}
void SentinelProcess::send(ConnectionId connection, std::string bytes) { network().send(connection, std::move(bytes)); }
std::size_t SentinelProcess::unsent_bytes(ConnectionId connection) const { return network().unsent_bytes(connection); }
void SentinelProcess::close(ConnectionId connection, Close) { network().close(connection); }

void SentinelProcess::append(std::string record) {
  disk().append(*this, std::move(record), [this](const Status& result) {
    node_->on_appended(now(), result);
    settle();
  });
}

void SentinelProcess::replace(MakeText make_text) {
  disk().replace(*this, make_text(), [this](const Status& result) {
    node_->on_replaced(now(), result);
    settle();
  });
}

void SentinelProcess::resolve(const std::string& name) {
  name_server_.look_up(*this, name, [this, name](const Result<std::vector<std::string>>& ips) {
    node_->on_resolved(now(), name, ips);
    settle();
  });
}

void SentinelProcess::log(core::Level level, std::string_view text) {
  if (level >= least_level_) log_(*this, level, text);
}

void SentinelProcess::read() {
  after(Micros{0}, [this] {
    node_->on_acl_read(now(), Error{"there is no such file"});
    settle();
  });
}

void SentinelProcess::write(std::string) {
  after(Micros{0}, [this] {
    node_->on_acl_written(now(), Error{"there is no such file"});
    settle();
  });
}

void SentinelProcess::exit_now(int) {
  after(Micros{0}, [this] { crash(); });
}

void SentinelProcess::shut_down() {
  after(Micros{0}, [this] {
    disk().save_last(node_->state_text());
    crash();
  });
}

}  // namespace vedette::sim
