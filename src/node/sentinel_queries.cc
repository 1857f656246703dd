// SENTINEL subcommands that only look.

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "node/explanation.h"
#include "node/instance_maps.h"
#include "node/listing.h"
#include "node/sentinel_command.h"

namespace vedette::node::sentinel {
namespace {

// An array with the map of each primary.
class PrimaryMaps final : public Listing {
 public:
  PrimaryMaps(const core::State& state, resp::Protocol protocol) : Listing(state), protocol_(protocol) {
    text_ = header_of(expected());
  }

  std::string take_reply(Instant) override {
    if (written() != expected()) text_.replace(0, header_of(expected()).size(), header_of(written()));
    return std::move(text_);
  }

 private:
  void write(const View& view, const core::Primary& primary, Instant now) override {
    resp::Writer writer(text_, protocol_);
    write_primary(writer, view, primary, now);
  }

  std::string header_of(std::size_t count) const {
    std::string header;
    resp::Writer(header, protocol_).array(count);
    return header;
  }

  const resp::Protocol protocol_;
};

}  // namespace

void primaries(Request& request) {
  const core::State& state = request.state();
  request.sessions.list(request.now, request.session, [&state, protocol = request.session.protocol] {
    return std::make_unique<PrimaryMaps>(state, protocol);
  });
}

void primary(Request& request) {
  const core::Primary* found = find_primary(request, request.arguments[2]);
  if (found != nullptr) write_primary(request.reply, request.sessions.view(), *found, request.now);
}

void replicas(Request& request) {
  const core::Primary* found = find_primary(request, request.arguments[2]);
  if (found == nullptr) return;
  const auto is_shown = [](const auto& entry) { return entry.second.server.info.announced; };
  const auto& all = found->replicas;
  request.reply.array(static_cast<std::size_t>(std::count_if(all.begin(), all.end(), is_shown)));
  for (const auto& entry : all) {
    if (is_shown(entry)) write_replica(request.reply, request.sessions.view(), *found, entry.second, request.now);
  }
}

void sentinels(Request& request) {
  const core::Primary* found = find_primary(request, request.arguments[2]);
  if (found == nullptr) return;
  request.reply.array(found->sentinels.size());
  for (const auto& [id, sentinel] : found->sentinels) {
    write_sentinel(request.reply, request.sessions.view(), *found, sentinel, request.now);
  }
}

void address_by_name(Request& request) {
  const Address* address = request.sessions.view().address_of(request.arguments[2]);
  if (address == nullptr) return request.reply.null_array();
  const Address shown = request.state().names.shown(*address);
  request.reply.array(2);
  request.reply.bulk(shown.host);
  request.reply.bulk(fmt::format("{}", shown.port));
}

void check_quorum(Request& request) {
  const core::Primary* found = find_primary(request, request.arguments[2]);
  if (found == nullptr) return;
  const auto& peers = found->sentinels;
  const auto usable = 1 + static_cast<std::size_t>(std::count_if(peers.begin(), peers.end(), [](const auto& entry) {
                        return !entry.second.subjectively_down_since.has_value();
                      }));
  const bool has_quorum = usable >= found->settings.quorum;
  const bool has_majority = usable >= found->voters() / 2 + 1;
  if (has_quorum && has_majority) {
    return request.reply.simple(
        fmt::format("OK {} usable Sentinels. Quorum and failover authorization can be reached", usable));
  }
  std::string error = fmt::format("NOQUORUM {} usable Sentinels. ", usable);
  if (!has_quorum) error += "Not enough available Sentinels to reach the specified quorum for this master";
  if (!has_quorum && !has_majority) error += ". ";
  if (!has_majority) error += "Not enough available Sentinels to reach the majority and authorize a failover";
  request.reply.error(error);
}

void explain(Request& request) {
  const core::Primary* found = find_primary(request, request.arguments[2]);
  if (found == nullptr) return;
  const core::Explanation explanation = request.sessions.view().explain(*found, request.now);
  explanation_fields(request.state(), *found, explanation, request.now).write(request.reply);
}

void memory(Request& request) {
  MemoryReport report = request.sessions.view().memory();
  report.clients = request.sessions.memory();
  memory_fields(report).write(request.reply);
}

void my_id(Request& request) { request.reply.bulk(request.state().my_id.hex); }

namespace {

void write_cached_info(Request& request, const core::Server& server) {
  request.reply.array(2);
  request.reply.integer(server.info_received_at ? to_millis(request.now - *server.info_received_at) : 0);
  if (const auto text = request.sessions.view().info_text(server.id)) {
    request.reply.bulk(*text);
  } else {
    request.reply.null();
  }
}

}  // namespace

void info_cache(Request& request) {
  std::vector<const core::Primary*> wanted;
  for (const auto& [name, primary] : request.state().primaries) {
    const auto& names = request.arguments;
    if (std::find(names.begin() + 2, names.end(), name) != names.end()) wanted.push_back(&primary);
  }
  request.reply.array(2 * wanted.size());
  for (const core::Primary* primary : wanted) {
    request.reply.bulk(primary->name);
    request.reply.array(1 + primary->replicas.size());
    write_cached_info(request, primary->server);
    for (const auto& [address, replica] : primary->replicas) write_cached_info(request, replica.server);
  }
}

namespace {

void write_number(resp::Writer& reply, std::int64_t number) { reply.bulk(fmt::format("{}", number)); }

void write_script(Request& request, const Scripts::Job& job) {
  resp::Writer& reply = request.reply;
  reply.map(5);
  reply.bulk("argv");
  reply.array(job.command.words.size());
  for (const std::string& word : job.command.words) reply.bulk(word);
  reply.bulk("flags");
  reply.bulk(job.run ? "running" : "scheduled");
  reply.bulk("pid");
  write_number(reply, job.pid);
  reply.bulk(job.run ? "run-time" : "run-delay");
  write_number(reply, to_millis(job.run ? request.now - job.since : std::max(job.since - request.now, Micros{0})));
  reply.bulk("retry-num");
  write_number(reply, job.attempts);
}

}  // namespace

void pending_scripts(Request& request) {
  const auto& jobs = request.sessions.view().scripts().jobs();
  request.reply.array(jobs.size());
  for (const Scripts::Job& job : jobs) write_script(request, job);
}

}  // namespace vedette::node::sentinel
