// INFO: whatever is said, the report is within its rules, and saying the report again gives the same report.
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/check.h"
#include "proto/field.h"
#include "proto/info.h"

namespace vedette {
namespace {

bool is_address(const Address& address) { return proto::parse_host(address.host) == address.host && address.port > 0; }

void check_rules(const proto::InfoReport& report) {
  VEDETTE_CHECK(!report.run_id.known() || parse_run_id(report.run_id.hex).ok(), "a run id is one");
  VEDETTE_CHECK(report.replicas.size() <= proto::InfoReport::kMaxReplicas, "replicas are limited");
  std::unordered_set<Address> seen;
  for (const Address& replica : report.replicas) {
    VEDETTE_CHECK(is_address(replica) && seen.insert(replica).second, "replicas are different addresses");
  }
  VEDETTE_CHECK(!report.primary || is_address(*report.primary), "the primary is an address");
  VEDETTE_CHECK(report.primary_link_down_for >= Millis{0}, "ages are not negative");
  VEDETTE_CHECK(!report.primary_link_up || report.primary_link_down_for == Millis{0}, "a link is up or down");
  VEDETTE_CHECK(!report.primary_link_up || !report.primary_never_linked, "a link that is up was linked");
}

std::string say_again(const proto::InfoReport& report) {
  std::string text;
  const auto say = [&text](std::string_view key, const auto& value) { text += fmt::format("{}:{}\r\n", key, value); };
  say("run_id", report.run_id.hex);
  if (report.role) say("role", *report.role == proto::Role::kPrimary ? "master" : "slave");
  for (const Address& replica : report.replicas)
    say("slave0", fmt::format("ip={},port={}", replica.host, replica.port));
  if (report.primary) say("master_host", report.primary->host);
  if (report.primary) say("master_port", report.primary->port);
  say("master_link_status", report.primary_link_up ? "up" : "down");
  say("master_link_down_since_seconds", report.primary_never_linked ? -1 : report.primary_link_down_for.count() / 1000);
  say("master_sync_in_progress", report.primary_sync_in_progress ? 1 : 0);
  if (report.primary_last_io) say("master_last_io_seconds_ago", report.primary_last_io->count());
  say("slave_priority", report.priority);
  say("slave_repl_offset", report.replication_offset);
  say("master_repl_offset", report.primary_offset);
  say("replica_announced", report.announced ? 1 : 0);
  say("master_replid", report.replication_id);
  say("master_replid2", report.replication_id_before);
  say("loading", report.loading ? 1 : 0);
  say("redis_version", report.redis_version);
  say("vedette_version", report.vedette_version);
  if (report.keys) say("db0", fmt::format("keys={}", *report.keys));
  return text;
}

void check_info(std::string_view text) {
  const proto::InfoReport report = proto::parse_info(text);
  check_rules(report);
  VEDETTE_CHECK(proto::parse_info(say_again(report)) == report, "a report survives being said again");
}

}  // namespace
}  // namespace vedette

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  vedette::check_info({reinterpret_cast<const char*>(data), size});
  return 0;
}
