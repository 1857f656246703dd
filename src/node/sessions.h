// All clients: their connections, the order of their replies, the bounds on what they cost, and the delivery of events.
//
// What a request means is not known here, see `commands.h`. Requests of one client are worked off one after the other;
// one that the core has to answer holds up those behind it, but no other client's. Replies of a batch go out together.
//
// Calls may nest in one way only: while a request is worked off, the core may answer it and publish events. A session
// closed meanwhile is therefore kept until the next event of the world.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/rng.h"
#include "core/effect.h"
#include "node/acl/log.h"
#include "node/acl/users.h"
#include "node/listing.h"
#include "node/ports.h"
#include "node/process_facts.h"
#include "node/pubsub.h"
#include "node/rate.h"
#include "node/serving.h"
#include "node/session.h"

namespace vedette::node {

struct TrafficCounters {
  std::uint64_t accepted = 0;
  std::uint64_t rejected = 0;  // for want of room: `max_clients`
  std::uint64_t commands = 0;
  std::uint64_t errors = 0;  // error replies
  std::uint64_t reads = 0;
  std::uint64_t writes = 0;
  std::uint64_t input_bytes = 0;
  std::uint64_t output_bytes = 0;
  Rate command_rate;
  Rate input_rate;
  Rate output_rate;
};

class Sessions {
 public:
  Sessions(const View& view, Orders& orders, Network& network, Logger& logger, Rng& rng, acl::Users users,
           ServingSettings settings, ProcessFacts facts, StartTime start);

  // --- Events of the world ---
  void accept(Instant now, ConnectionId connection, const Address& remote, const Address& local);
  void receive(Instant now, ConnectionId connection, std::string_view bytes);
  void closed(ConnectionId connection);
  void on_timer(Instant now);

  std::optional<Instant> next_deadline() const;
  bool owns(ConnectionId connection) const { return table_.count(connection) > 0; }

  // From now on.
  void apply(ServingSettings settings) { settings_ = std::move(settings); }

  // --- Effects of the core ---
  void answer(Instant now, const core::AnswerPeer& answer);
  void answer(Instant now, const core::AnswerOrder& answer);
  void publish(Instant now, std::string_view channel, std::string_view message);

  // --- For the commands ---
  const View& view() const { return view_; }
  Orders& orders() { return orders_; }
  Logger& logger() { return logger_; }
  const ServingSettings& settings() const { return settings_; }
  const ProcessFacts& facts() const { return facts_; }
  const StartTime& start() const { return start_; }
  Rng& rng() { return rng_; }  // of secrets, too
  acl::Users& users() { return users_; }
  const acl::Users& users() const { return users_; }
  acl::Log& acl_log() { return acl_log_; }
  PubSub& pubsub() { return pubsub_; }
  TrafficCounters& counters() { return counters_; }

  std::size_t size() const { return table_.size(); }
  std::vector<Session*> all() const;  // in the order in which they came
  std::size_t unsent_bytes(const Session& session) const;
  std::size_t memory_of(const Session& session) const;
  // Of all, what they hold as it was when each was last served.
  MemoryUse memory() const { return {table_.size(), table_.size() * sizeof(Session) + tree_of(table_) + held_bytes_}; }

  AnswerToken await(Session& session, AnswerForm form);
  const Session* waiting_for(AnswerToken token) const;  // null: it did not stay for the answer

  // Answers with a list of all primaries: now if they are few, else in as many turns as it takes.
  void list(Instant now, Session& session, BeginListing begin);

  // Until then no client's requests are worked off. Never shortens what was ordered before.
  void pause_until(Instant end) { paused_until_ = std::max(paused_until_, end); }

  // Ends a session: at once, or after its replies are sent if it is the one whose request is being worked off.
  void end(Session& session);

 private:
  Session* find(ConnectionId connection) const;
  struct Waiting {
    Session* session;  // null: it did not stay for the answer
    Session::Awaited* awaited;
  };
  Waiting take_waiting(AnswerToken token);

  void write_listing(Instant now);
  bool is_paused(Instant now) const { return now < paused_until_; }
  void reject(ConnectionId connection, std::string_view error);
  void serve(Instant now, Session& session);
  void execute(Instant now, Session& session, const std::vector<std::string>& arguments);
  void refuse(Session& session, std::string_view error);
  void deliver(Instant now, Session& session, std::string_view message);
  void bound_output(Instant now, Session& session);
  void settle(Session& session);
  void flush(Instant now, Session& session);
  void account(Session& session);
  void drop(Session& session, std::string_view reason);
  void close(Session& session, Close how);
  void forget(Session& session);

  const View& view_;
  Orders& orders_;
  Network& network_;
  Logger& logger_;
  Rng& rng_;
  ServingSettings settings_;
  const ProcessFacts facts_;
  const StartTime start_;

  std::map<ConnectionId, std::unique_ptr<Session>> table_;
  std::vector<std::unique_ptr<Session>> graveyard_;  // closed during the current event
  std::unordered_map<AnswerToken, ConnectionId> waiting_;
  acl::Users users_;
  acl::Log acl_log_;
  PubSub pubsub_;
  TrafficCounters counters_;
  struct AskedListing {
    AnswerToken token;
    BeginListing begin;
  };
  std::deque<AskedListing> listings_;  // in the order in which they were asked for
  std::unique_ptr<Listing> listing_;   // the first of them, once begun
  std::uint64_t last_session_id_ = 0;
  std::uint64_t last_token_ = 0;
  std::size_t held_bytes_ = 0;  // of all sessions
  Instant next_idle_sweep_{};
  Instant paused_until_{};
};

}  // namespace vedette::node
