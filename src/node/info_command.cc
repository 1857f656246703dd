#include "node/info_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "node/listing.h"
#include "node/request.h"

namespace vedette::node {
namespace {

// Counters of a data server: always 0 here, and kept since dashboards plot them for every server alike.
constexpr std::string_view kReplicationTraffic = "total_net_repl_input_bytes:0\r\ntotal_net_repl_output_bytes:0\r\n";
constexpr std::string_view kReplicationRates =
    "instantaneous_input_repl_kbps:0.00\r\ninstantaneous_output_repl_kbps:0.00\r\n";
constexpr std::string_view kDataCounters =
    "sync_full:0\r\nsync_partial_ok:0\r\nsync_partial_err:0\r\nexpired_keys:0\r\nexpired_stale_perc:0.00\r\n"
    "expired_time_cap_reached_count:0\r\nexpire_cycle_cpu_milliseconds:0\r\nevicted_keys:0\r\nevicted_clients:0\r\n"
    "total_eviction_exceeded_time:0\r\ncurrent_eviction_exceeded_time:0\r\nkeyspace_hits:0\r\nkeyspace_misses:0\r\n";
constexpr std::string_view kForkAndKeyCounters =
    "pubsubshard_channels:0\r\nlatest_fork_usec:0\r\ntotal_forks:0\r\nmigrate_cached_sockets:0\r\n"
    "slave_expires_tracked_keys:0\r\nactive_defrag_hits:0\r\nactive_defrag_misses:0\r\nactive_defrag_key_hits:0\r\n"
    "active_defrag_key_misses:0\r\ntotal_active_defrag_time:0\r\ncurrent_active_defrag_time:0\r\n"
    "tracking_total_keys:0\r\ntracking_total_items:0\r\ntracking_total_prefixes:0\r\nunexpected_error_replies:0\r\n";
constexpr std::string_view kThreadCounters =
    "io_threaded_reads_processed:0\r\nio_threaded_writes_processed:0\r\nreply_buffer_shrinks:0\r\n"
    "reply_buffer_expands:0\r\n";

// What is told of, and when.
struct Moment {
  Sessions& sessions;
  Instant now;

  const core::State& state() const { return sessions.view().state(); }
};

class Lines {
 public:
  template <typename T>
  void add(std::string_view name, const T& value) {
    fmt::format_to(std::back_inserter(text_), "{}:{}\r\n", name, value);
  }
  void add_lines(std::string_view lines) { text_ += lines; }
  void begin_section(std::string_view title) {
    if (!text_.empty()) text_ += "\r\n";
    fmt::format_to(std::back_inserter(text_), "# {}\r\n", title);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

void add_server(Lines& lines, const Moment& moment) {
  const ProcessFacts& facts = moment.sessions.facts();
  const StartTime& start = moment.sessions.start();
  const Micros uptime = moment.now - start.at;
  const auto uptime_seconds = std::chrono::duration_cast<Seconds>(uptime).count();
  lines.add("redis_version", kRedisVersion);
  lines.add("vedette_version", facts.version);
  lines.add("redis_mode", "sentinel");
  lines.add("os", facts.os);
  lines.add("arch_bits", sizeof(void*) * 8);
  lines.add("process_id", facts.pid);
  lines.add("process_supervised", "no");
  lines.add("run_id", facts.run_id.hex);
  lines.add("tcp_port", facts.port);
  lines.add("server_time_usec", (Micros(start.wall.time_since_epoch()) + uptime).count());
  lines.add("uptime_in_seconds", uptime_seconds);
  lines.add("uptime_in_days", uptime_seconds / (24 * 60 * 60));
  lines.add("executable", facts.executable);
  lines.add("config_file", facts.config_file);
  lines.add("io_threads_active", 0);
}

void add_clients(Lines& lines, const Moment& moment) {
  std::size_t max_input = 0;
  std::size_t max_output = 0;
  std::size_t waiting = 0;
  std::size_t tracking = 0;
  for (const Session* session : moment.sessions.all()) {
    max_input = std::max(max_input, session->decoder.buffered_bytes());
    max_output = std::max(max_output, moment.sessions.unsent_bytes(*session));
    if (session->is_waiting()) ++waiting;
    if (session->tracking) ++tracking;
  }
  lines.add("connected_clients", moment.sessions.size());
  lines.add("cluster_connections", 0);
  lines.add("maxclients", moment.sessions.facts().max_clients);
  lines.add("client_recent_max_input_buffer", max_input);
  lines.add("client_recent_max_output_buffer", max_output);
  lines.add("blocked_clients", waiting);
  lines.add("tracking_clients", tracking);
  lines.add("clients_in_timeout_table", 0);
}

std::string kilobytes(std::uint64_t bytes) { return fmt::format("{:.2f}", static_cast<double>(bytes) / 1024); }

void add_stats(Lines& lines, const Moment& moment) {
  TrafficCounters& counters = moment.sessions.counters();
  const PubSub& pubsub = moment.sessions.pubsub();
  lines.add("total_connections_received", counters.accepted);
  lines.add("total_commands_processed", counters.commands);
  lines.add("instantaneous_ops_per_sec", counters.command_rate.per_second(moment.now));
  lines.add("total_net_input_bytes", counters.input_bytes);
  lines.add("total_net_output_bytes", counters.output_bytes);
  lines.add_lines(kReplicationTraffic);
  lines.add("instantaneous_input_kbps", kilobytes(counters.input_rate.per_second(moment.now)));
  lines.add("instantaneous_output_kbps", kilobytes(counters.output_rate.per_second(moment.now)));
  lines.add_lines(kReplicationRates);
  lines.add("rejected_connections", counters.rejected);
  lines.add_lines(kDataCounters);
  lines.add("pubsub_channels", pubsub.channels.all().size());
  lines.add("pubsub_patterns", pubsub.patterns.all().size());
  lines.add_lines(kForkAndKeyCounters);
  lines.add("total_error_replies", counters.errors);
  lines.add("dump_payload_sanitizations", 0);
  lines.add("total_reads_processed", counters.reads);
  lines.add("total_writes_processed", counters.writes);
  lines.add_lines(kThreadCounters);
}

std::string seconds(Micros duration) {
  return fmt::format("{}.{:06}", duration.count() / 1000000, duration.count() % 1000000);
}

void add_cpu(Lines& lines, const Moment& moment) {
  const CpuUsage usage = moment.sessions.view().cpu_usage();
  lines.add("used_cpu_sys", seconds(usage.system));
  lines.add("used_cpu_user", seconds(usage.user));
  lines.add("used_cpu_sys_children", seconds(usage.system_of_children));
  lines.add("used_cpu_user_children", seconds(usage.user_of_children));
}

std::string_view status_of(const core::Primary& primary) {
  if (primary.objectively_down_since) return "odown";
  return primary.server.subjectively_down() ? "sdown" : "ok";
}

struct Section {
  std::string_view title;
  void (*add)(Lines&, const Moment&);
};
constexpr std::array<Section, 4> kSections{
    {{"Server", &add_server}, {"Clients", &add_clients}, {"Stats", &add_stats}, {"CPU", &add_cpu}}};
constexpr std::string_view kSentinelTitle = "Sentinel";  // the last one, in which is a line for each primary

bool is_wanted(const std::vector<std::string>& arguments, std::string_view title) {
  const auto names_it = [title](std::string_view word) {
    return equals_ignoring_case(word, title) || equals_ignoring_case(word, "default") ||
           equals_ignoring_case(word, "all") || equals_ignoring_case(word, "everything");
  };
  return arguments.size() == 1 || std::any_of(arguments.begin() + 1, arguments.end(), names_it);
}

std::vector<const Section*> wanted_of(const std::vector<std::string>& arguments) {
  std::vector<const Section*> wanted;
  for (const Section& section : kSections) {
    if (is_wanted(arguments, section.title)) wanted.push_back(&section);
  }
  return wanted;
}

void add_sections(Lines& lines, const std::vector<const Section*>& sections, const Moment& moment) {
  for (const Section* section : sections) {
    lines.begin_section(section->title);
    section->add(lines, moment);
  }
}

void add_sentinel(Lines& lines, std::size_t primaries, const Moment& moment) {
  const core::State& state = moment.state();
  const auto tilt_seconds =
      state.tilt ? std::chrono::duration_cast<Seconds>(moment.now - state.tilt->since).count() : -1;
  lines.begin_section(kSentinelTitle);
  lines.add("sentinel_masters", primaries);
  lines.add("sentinel_tilt", state.tilt ? 1 : 0);
  lines.add("sentinel_tilt_since_seconds", tilt_seconds);
  const Scripts& scripts = moment.sessions.view().scripts();
  lines.add("sentinel_running_scripts", scripts.running());
  lines.add("sentinel_scripts_queue_length", scripts.jobs().size());
  lines.add("sentinel_simulate_failure_flags",
            (state.crash_after_election ? 1 : 0) + (state.crash_after_promotion ? 2 : 0));
}

// INFO with the section on the sentinel. All else in it is of the moment when the last primary was written.
class InfoListing final : public Listing {
 public:
  InfoListing(Sessions& sessions, std::vector<const Section*> others, resp::Protocol protocol)
      : Listing(sessions.view().state()), sessions_(sessions), others_(std::move(others)), protocol_(protocol) {}

  std::string take_reply(Instant now) override {
    Lines lines;
    const Moment moment{sessions_, now};
    add_sections(lines, others_, moment);
    add_sentinel(lines, written(), moment);
    lines.add_lines(text_);
    std::string reply;
    resp::Writer(reply, protocol_).bulk(lines.text());
    return reply;
  }

 private:
  void write(const View& view, const core::Primary& primary, Instant) override {
    const Address address = view.state().names.shown(primary.server.address);
    fmt::format_to(std::back_inserter(text_), "master{}:name={},status={},address={}:{},slaves={},sentinels={}\r\n",
                   written(), primary.name, status_of(primary), address.host, address.port, primary.replicas.size(),
                   primary.voters());
  }

  Sessions& sessions_;
  const std::vector<const Section*> others_;
  const resp::Protocol protocol_;
};

}  // namespace

void info(Request& request) {
  Sessions& sessions = request.sessions;
  const auto others = wanted_of(request.arguments);
  if (is_wanted(request.arguments, kSentinelTitle)) {
    return sessions.list(request.now, request.session, [&sessions, others, protocol = request.session.protocol] {
      return std::make_unique<InfoListing>(sessions, others, protocol);
    });
  }
  Lines lines;
  add_sections(lines, others, {sessions, request.now});
  request.reply.bulk(lines.text());
}

}  // namespace vedette::node
