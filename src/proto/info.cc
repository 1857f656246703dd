#include "proto/info.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"
#include "proto/field.h"

namespace vedette::proto {
namespace {

constexpr Seconds kLongestAge{std::int64_t{100} * 366 * 24 * 3600};  // beyond, a duration in microseconds overflows

// A number of seconds that have passed; servers write -1 for "never".
std::optional<Seconds> parse_age(std::string_view text) {
  const auto seconds = parse_integer<std::int64_t>(text);
  if (!seconds || *seconds < 0) return std::nullopt;
  return std::min(Seconds{*seconds}, kLongestAge);
}

// Run ids and replication ids have the same form; zeros stand for none.
std::string parse_id(std::string_view text) {
  if (text.find_first_not_of('0') == std::string_view::npos) return {};
  auto id = parse_run_id(text);
  return id ? std::move(*id).hex : std::string();
}

// The value of `key` in "ip=10.0.0.1,port=6379,state=online"; empty if it is not there.
std::string_view field_of(const std::vector<std::string_view>& fields, std::string_view key) {
  for (const std::string_view field : fields) {
    if (field.starts_with(key)) return field.substr(key.size());
  }
  return {};
}

// "ip=10.0.0.1,port=6379,state=online,offset=1,lag=0" or, before Redis 2.8, "10.0.0.1,6379,online".
// Valkey 8 lists the second connection of a full synchronisation too, and perhaps at another address:
// "type=rdb-channel".
std::optional<Address> parse_replica(std::string_view text) {
  const auto fields = split(text, ',');
  if (text.find('=') != std::string_view::npos) {
    if (field_of(fields, "type=") == "rdb-channel") return std::nullopt;
    return parse_address(field_of(fields, "ip="), field_of(fields, "port="));
  }
  if (fields.size() < 2) return std::nullopt;
  return parse_address(fields[0], fields[1]);
}

// "slave0", "db15"
bool is_numbered(std::string_view key, std::string_view prefix) {
  return key.starts_with(prefix) && parse_integer<std::uint64_t>(key.substr(prefix.size())).has_value();
}

class InfoReader {
 public:
  void read_line(std::string_view line) {
    if (line == "# Keyspace") report_.keys = report_.keys.value_or(0);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    read_entry(line.substr(0, colon), line.substr(colon + 1));
  }

  InfoReport finish() && {
    report_.primary = parse_address(primary_host_, primary_port_);
    if (report_.primary_link_up) report_.primary_link_down_for = Millis{0};
    report_.primary_never_linked &= !report_.primary_link_up;
    return std::move(report_);
  }

 private:
  using Entry = void (*)(InfoReader&, std::string_view);
  static const std::unordered_map<std::string_view, Entry>& entries();

  void read_entry(std::string_view key, std::string_view value) {
    if (is_numbered(key, "slave")) return add_replica(value);
    if (is_numbered(key, "db")) return add_keys(value);
    const auto entry = entries().find(key);
    if (entry != entries().end()) entry->second(*this, value);
  }

  void add_replica(std::string_view value) {
    if (report_.replicas.size() == InfoReport::kMaxReplicas) return;
    const auto address = parse_replica(value);
    if (address && seen_.insert(*address).second) report_.replicas.push_back(*address);
  }

  // "keys=50,expires=0,avg_ttl=0". More than can be counted are as many as can be.
  void add_keys(std::string_view value) {
    const auto keys = parse_integer<std::uint64_t>(field_of(split(value, ','), "keys="));
    if (!keys) return;
    const std::uint64_t sum = report_.keys.value_or(0) + *keys;
    report_.keys = sum < *keys ? UINT64_MAX : sum;
  }

  InfoReport report_;
  std::unordered_set<Address> seen_;  // the replicas so far
  std::string_view primary_host_;
  std::string_view primary_port_;
};

const std::unordered_map<std::string_view, InfoReader::Entry>& InfoReader::entries() {
  static const std::unordered_map<std::string_view, Entry> table = {
      {"run_id", [](InfoReader& r, std::string_view value) { r.report_.run_id.hex = parse_id(value); }},
      {"role",
       [](InfoReader& r, std::string_view value) {
         if (value == "master") r.report_.role = Role::kPrimary;
         if (value == "slave") r.report_.role = Role::kReplica;
       }},
      {"master_host", [](InfoReader& r, std::string_view value) { r.primary_host_ = value; }},
      {"master_port", [](InfoReader& r, std::string_view value) { r.primary_port_ = value; }},
      {"master_link_status", [](InfoReader& r, std::string_view value) { r.report_.primary_link_up = value == "up"; }},
      {"master_link_down_since_seconds",
       [](InfoReader& r, std::string_view value) {
         const auto age = parse_age(value);
         r.report_.primary_link_down_for = age.value_or(Seconds{0});
         r.report_.primary_never_linked = !age;
       }},
      {"master_sync_in_progress",
       [](InfoReader& r, std::string_view value) { r.report_.primary_sync_in_progress = value == "1"; }},
      {"master_last_io_seconds_ago",
       [](InfoReader& r, std::string_view value) { r.report_.primary_last_io = parse_age(value); }},
      {"slave_priority",
       [](InfoReader& r, std::string_view value) {
         if (const auto priority = parse_integer<int>(value)) r.report_.priority = *priority;
       }},
      {"slave_repl_offset",
       [](InfoReader& r, std::string_view value) {
         r.report_.replication_offset = parse_integer<std::uint64_t>(value).value_or(0);
       }},
      {"master_repl_offset",
       [](InfoReader& r, std::string_view value) {
         r.report_.primary_offset = parse_integer<std::uint64_t>(value).value_or(0);
       }},
      {"replica_announced", [](InfoReader& r, std::string_view value) { r.report_.announced = value != "0"; }},
      {"master_replid", [](InfoReader& r, std::string_view value) { r.report_.replication_id = parse_id(value); }},
      {"master_replid2",
       [](InfoReader& r, std::string_view value) { r.report_.replication_id_before = parse_id(value); }},
      {"loading", [](InfoReader& r, std::string_view value) { r.report_.loading = value == "1"; }},
      {"redis_version",
       [](InfoReader& r, std::string_view value) {
         if (is_name(value)) r.report_.redis_version = value;
       }},
      {"vedette_version",
       [](InfoReader& r, std::string_view value) {
         if (is_name(value)) r.report_.vedette_version = value;
       }},
  };
  return table;
}

}  // namespace

InfoReport parse_info(std::string_view text) {
  InfoReader reader;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    reader.read_line(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::move(reader).finish();
}

}  // namespace vedette::proto
