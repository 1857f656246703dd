// A simulated Redis server: it speaks the protocol of a real one, as far as sentinels, replicas and clients of this
// world use it, replicates asynchronously, and keeps of its data only the place in the tree of histories.
//
// What it has on its disk survives a restart: its data unless told otherwise, and whom it follows if CONFIG REWRITE
// was executed since. The files: `redis_server.cc` is the process and its connections, `redis_commands.cc` what its
// commands do, `redis_replication.cc` the two sides of replication.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/text.h"
#include "resp/reply_decoder.h"
#include "resp/request_decoder.h"
#include "resp/writer.h"
#include "sim/history.h"
#include "sim/process.h"
#include "sim/random_streams.h"
#include "sim/sockets.h"

namespace vedette::sim {

// How a server comes up again.
struct Restart {
  bool empty = false;         // it has lost its data
  bool foreign = false;       // another server has come up at its address, with data of its own
  bool aof = false;           // its data comes from an append-only file, which keeps neither replication id nor offset
  bool moved = false;         // to another address, to which its name leads before long: by `World`
  std::string at{};           // the name of the server whose address it takes: by `World`; empty: it has its own
  Micros loading{0};          // for so long it answers nothing but that it loads
  std::optional<bool> old{};  // it is, or is not, of a version before 6, which knows no HELLO; else as before

  bool loses_history() const { return empty || foreign || aof; }
};

class RedisServer final : public Process {
 public:
  static constexpr std::uint16_t kPort = 6379;  // of those that have a host for themselves
  static constexpr std::uint64_t kForeignOffset = 1'000'000'000;
  static constexpr std::uint64_t kForeignKeys = 1'000'000;
  static constexpr Micros kHeartbeat{5'000'000};  // of a primary to its replicas
  static constexpr Micros kReplicationTimeout{60'000'000};
  static constexpr Micros kReconnectPause{1'000'000};
  static constexpr Micros kConnectTimeout{5'000'000};

  struct Traits {
    int priority = 100;
    std::uint64_t keys = 0;  // that it has at first
    Micros full_sync_time{300'000};
    bool old = false;         // in its first life, see Restart
    bool announced = false;   // its name is what it tells its primary, as by replica-announce-ip
    std::string more_info{};  // what INFO ends with
  };

  // It is told to follow another, or to lead, by who is at this host.
  using Ordered =
      std::function<void(const RedisServer&, const std::optional<Address>& target, const std::string& teller)>;

  // `follows` is what its configuration file says: nullopt for a primary.
  RedisServer(EventQueue& queue, Sockets& network, Histories& histories, std::string name, const Address& address,
              std::optional<Address> follows, Traits traits, const RandomStreams& streams, Ordered ordered);

  Address address() const { return {host(), port_}; }

  void start(const Restart& restart = {});
  void crash();
  void lose_host();

  // --- Faults ---
  void be_busy_until(Instant until) { busy_until_ = until; }  // with a script, until then or SCRIPT KILL
  void set_misconfigured(bool on) { misconfigured_ = on; }    // its disk fails: -MISCONF
  void deny(const std::string& command) { denied_.insert(to_upper(command)); }  // -NOPERM, but to its replicas
  void allow_all() { denied_.clear(); }

  // --- For checkers ---
  // What its configuration file says of whom it follows, when it starts.
  const std::optional<Address>& configured_follows() const { return configured_follows_; }
  void configure(const std::optional<Address>& follows) { configured_follows_ = follows; }
  bool is_primary() const { return !follows_; }
  Instant role_changed_at() const { return role_changed_at_; }  // a new life counts as a change
  const std::optional<Address>& follows() const { return follows_; }
  // It refuses nothing of what it is asked.
  bool is_well() const { return now() >= loading_until_ && now() >= busy_until_ && !misconfigured_ && denied_.empty(); }
  bool synchronised() const { return link_.state == LinkState::kStreaming; }
  Place place() const { return place_; }
  std::uint64_t keys() const { return histories_.keys_at(place_); }

  void on_accepted(ConnectionId connection, const Address& remote, const Address& local) override;
  void on_connected(ConnectionId connection, const Address& local) override;
  void on_received(ConnectionId connection, std::string_view bytes) override;
  void on_closed(ConnectionId connection, core::LinkFault fault) override;

 private:
  using Arguments = std::vector<std::string>;
  struct Session {
    Address remote;
    resp::RequestDecoder decoder;
    resp::Protocol protocol = resp::Protocol::kResp2;
    std::string out;
    bool in_transaction = false;
    bool is_spoiled = false;  // something was refused in it
    std::vector<Arguments> queued;
    std::set<std::string> channels;
    std::optional<Address> replica;  // it is one, and listens there
    Instant heard_at{};
  };
  enum class LinkState : std::uint8_t { kNone, kConnecting, kSynchronising, kStreaming };
  struct PrimaryLink {
    LinkState state = LinkState::kNone;
    ConnectionId connection{};
    resp::ReplyDecoder decoder;
    Instant heard_at{};
    Instant down_since{};
  };

  // --- Commands ---
  void request(ConnectionId connection, Session& session, const Arguments& arguments);
  void execute(ConnectionId connection, Session& session, const Arguments& arguments);
  static std::vector<Arguments> leave_transaction(Session& session);
  void execute_transaction(ConnectionId connection, Session& session);
  bool refuse(Session& session, const std::string& command);
  void speak(Session& session, const Arguments& arguments);
  void publish(resp::Writer reply, const std::string& channel, const std::string& message);
  std::int64_t kill_clients(ConnectionId own, const std::string& type);
  void write(resp::Writer reply, std::string_view key);
  void replicate_from(resp::Writer reply, const Session& session, const Arguments& arguments);
  std::string info() const;
  std::string replication_info() const;
  std::string keyspace_info() const;
  void flush(ConnectionId connection);

  // --- Replication ---
  void become_primary();
  void follow(const Address& primary);
  void disconnect_replicas();
  Place first_place(const Restart& restart);
  void connect_to_primary();
  void lose_primary();
  void retry_primary();
  void hear_primary(std::string_view bytes);
  void obey_primary(const resp::Value& value);
  void finish_synchronisation(Place place, ConnectionId connection);
  void serve_replica(ConnectionId connection, Session& session, const Arguments& arguments);
  void feed_replicas();
  void beat();
  std::string place_text() const;

  Sockets& network_;
  Histories& histories_;
  const std::uint16_t port_;
  const Traits traits_;
  SplitMix64 rng_;
  Ordered ordered_;
  std::optional<Address> configured_follows_;  // in its configuration file

  RunId run_id_;
  std::optional<Address> follows_;
  Instant role_changed_at_{};
  Place place_;
  std::optional<Place> previous_;  // the second replication id, and the offset up to which it is ours as well
  PrimaryLink link_;
  Instant loading_until_{};
  Instant busy_until_{};
  bool misconfigured_ = false;
  bool old_;
  std::set<std::string> denied_;  // in upper case
  std::map<ConnectionId, Session> sessions_;
  std::vector<ConnectionId> to_close_;  // after the reply
};

}  // namespace vedette::sim
