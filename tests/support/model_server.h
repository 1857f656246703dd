// A Redis server, as far as a sentinel can tell one: its role, whom it follows, its history and offset, and what it
// answers to PING. Plain data; `CoreWorld` connects the servers with each other and with a core.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "proto/ping_reply.h"

namespace vedette::testing {

// Run ids and replication ids of the tests are one hexadecimal digit, forty times.
inline std::string forty(char digit) { return std::string(40, digit); }
inline RunId run_id(char digit) { return RunId{forty(digit)}; }

struct ModelServer {
  Address address;
  RunId run_id;
  std::optional<Address> follows;  // nullopt: a primary
  std::uint64_t offset = 100;
  std::optional<std::uint64_t> keys;  // nullopt: it does not tell
  int priority = 100;
  char history = 'a';         // its replication id
  char history_before = 0;    // its second one; 0: none
  Millis sync_time{0};        // what it takes to synchronise with another primary
  bool never_linked = false;  // to the one that it follows, since its start
  bool obeys = true;          // it changes its role when told to
  bool cut_off = false;       // its link to its primary is down, whatever the state of that
  bool synchronising = false;
  bool loading = false;
  std::optional<Instant> heard_primary_at;  // when it last heard of its primary; nullopt: all the time
  proto::PingReply ping_reply = proto::PingReply::kPong;

  std::optional<Instant> cut_off_since;  // since when its link to its primary is down; nullopt: it is up
  Instant synchronised_at{};             // when the synchronisation under way ends

  void promote(char new_history);
  void follow(const Address& primary, Instant now);
};

// What it answers to INFO; `followers` are the replicas that it knows of.
std::string info_of(const ModelServer& server, const std::vector<Address>& followers, Instant now);

}  // namespace vedette::testing
