// What a Redis server says of itself in INFO, as far as a sentinel cares.
//
// Tolerant by design: unknown lines are skipped, missing ones leave the field empty, so that forks and managed
// offerings with a shorter INFO can still be watched. Source: the output of running servers, 2.8 to 8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"

namespace vedette::proto {

enum class Role : std::uint8_t { kPrimary, kReplica };

struct InfoReport {
  static constexpr std::size_t kMaxReplicas = 4096;  // lines beyond are ignored

  RunId run_id;                       // empty if absent or malformed
  std::optional<Role> role;           // from `role:master` or `role:slave`
  std::vector<Address> replicas;      // `slaveN:` lines, both forms, in order, without duplicates; port 0 is skipped
  std::optional<Address> primary;     // master_host, master_port (a replica's view)
  bool primary_link_up = false;       // master_link_status:up
  Millis primary_link_down_for{0};    // master_link_down_since_seconds (at least 0); 0 when up
  bool primary_never_linked = false;  // the same, -1: not since its start
  bool primary_sync_in_progress = false;   // master_sync_in_progress
  std::optional<Seconds> primary_last_io;  // master_last_io_seconds_ago
  int priority = 100;                      // slave_priority (100 is the server's default)
  std::uint64_t replication_offset = 0;    // slave_repl_offset
  std::uint64_t primary_offset = 0;        // master_repl_offset: how far a primary is
  bool announced = true;                   // replica_announced
  std::string replication_id;              // master_replid
  std::string replication_id_before;       // master_replid2; empty when all zeros
  bool loading = false;                    // loading
  std::optional<std::uint64_t> keys;       // of all databases; nullopt: it has no section Keyspace
  std::string redis_version;
  std::string vedette_version;  // of a sentinel; empty if it is of the original's kind

  bool operator==(const InfoReport&) const = default;
};

// Never fails: what cannot be understood is left out. Linear in the text.
InfoReport parse_info(std::string_view text);

}  // namespace vedette::proto
