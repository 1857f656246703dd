// A simulated sentinel of the original's kind, after the documented behaviour of redis-sentinel 7.0, as far as its
// peers and servers can tell it from ours: it acts in ticks, counts votes at its current epoch and its own at that of
// its failover (docs/FAILOVER.md tells what can come of that), draws its delays at random and has no lease.
//
// Of what it keeps, all is on its disk at once: the original saves before it goes on, and goes on if that fails.
// `stock_sentinel.cc` is the process with its connections, `stock_rules.cc` what it decides in each tick.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/hello.h"
#include "proto/info.h"
#include "resp/reply_decoder.h"
#include "resp/request_decoder.h"
#include "resp/writer.h"
#include "sim/checker.h"
#include "sim/random_streams.h"
#include "sim/sentinel.h"

namespace vedette::sim {

class StockSentinel final : public Sentinel {
 public:
  using LogLine = std::function<void(const StockSentinel&, std::string_view)>;

  // Of the configuration only what names the primaries, their quorum and times is read.
  StockSentinel(EventQueue& queue, Network& network, std::string name, std::string host, const std::string& conf,
                const RandomStreams& streams, Checker& checker, LogLine log);

  std::optional<View> view(const std::string& primary) const override;
  std::vector<Address> known_servers(const std::string& primary) const override;

  void on_accepted(ConnectionId connection, const Address& remote, const Address& local) override;
  void on_connected(ConnectionId connection, const Address& local) override;
  void on_received(ConnectionId connection, std::string_view bytes) override;
  void on_closed(ConnectionId connection, core::LinkFault fault) override;

 private:
  enum class Asked : std::uint8_t { kPing, kInfo, kVote, kOther };
  enum class Step : std::uint8_t { kNone, kWaitStart, kSelect, kPromote, kWaitPromotion, kReconfigure };

  struct Link {
    ConnectionId connection{};
    bool connected = false;
    resp::ReplyDecoder decoder = resp::ReplyDecoder();
    std::deque<Asked> asked;
    Instant tried_at{};
  };
  // A server, or a peer as one primary sees it.
  struct Instance {
    Address address;
    RunId id;  // of a peer
    Link commands;
    Link hellos;
    Instant pinged_at{};
    std::optional<Instant> waiting_since;  // for an answer to PING, or for a link
    Instant last_valid{};
    Instant asked_info_at{};
    Instant said_hello_at{};
    bool down = false;

    proto::InfoReport info;  // of a server
    Instant info_at{};
    proto::Role role = proto::Role::kReplica;
    Instant role_since{};
    Instant followed_since{};
    bool reconfigured = false;

    bool says_down = false;  // a peer, of the primary
    Instant said_at{};
    Instant asked_vote_at{};
    RunId leader;
    Epoch leader_epoch{0};
  };
  struct Group {
    std::string name;
    unsigned quorum = 2;
    Micros down_after{};
    Micros failover_timeout{};
    Instance primary;
    std::map<Address, Instance> replicas;
    std::map<RunId, Instance> peers;
    Epoch config_epoch{0};
    RunId leader;
    Epoch leader_epoch{0};
    bool objectively_down = false;
    Step step = Step::kNone;
    bool forced = false;
    Epoch failover_epoch{0};
    Instant failover_started{};  // or to be begun not before twice the timeout from here
    Instant step_since{};
    Address chosen;
  };

  // --- The process ---
  void begin_life() override;
  void forget_life() override;
  void log(const Group& group, const std::string& text);
  template <typename F>
  void for_each_instance(Group& group, F visit);
  Instance fresh(const Address& address) const;
  void reset_volatile(Group& group);
  void serve(ConnectionId connection, const std::vector<std::string>& arguments);
  void serve_sentinel(resp::Writer reply, const std::vector<std::string>& arguments);
  void answer_vote(resp::Writer reply, const std::vector<std::string>& arguments);
  static void answer_replicas(resp::Writer reply, const Group& group);
  void answer_order(resp::Writer reply, Group& group);
  bool own_link(ConnectionId connection, std::string_view bytes);
  void take_reply(Group& group, Instance& from, Asked asked, const resp::Value& reply);
  void take_info(Group& group, Instance& server, const std::string& text);
  void take_hello(const std::string& text);
  void adopt(Group& group, const proto::Hello& hello);
  void send(Instance& to, Asked asked, const std::vector<std::string>& arguments);
  void keep_link(Link& link, const Address& to);
  void drop_link(Link& link);
  void drop_links(Instance& instance);
  void make_follow(Instance& server, const std::optional<Address>& primary);

  // --- The rules, in each tick ---
  void tick();
  void enter_tilt();
  void handle(Group& group);
  void keep_in_touch(Group& group, Instance& instance, bool is_peer);
  void judge(Group& group, Instance& instance, bool is_primary);
  void judge_agreement(Group& group);
  void ask_peers(Group& group, bool at_once);
  void start_failover(Group& group, bool forced);
  void start_if_needed(Group& group);
  RunId cast_vote(Group& group, Epoch epoch, const RunId& candidate);
  RunId count_votes(Group& group);
  bool is_majority_of_one_epoch(const Group& group) const;
  void advance(Group& group);
  void wait_for_votes(Group& group);
  void select(Group& group);
  bool is_fit(const Group& group, const Instance& replica) const;
  void reconfigure(Group& group);
  void correct(Group& group, Instance& replica);
  void enter(Group& group, Step step);
  void abort(Group& group, const std::string& why);
  void switch_to(Group& group, const Address& address);
  Address shown(const Group& group) const;
  Watched watched(const Group& group) const { return {checker_.fleet_at(host()), group.name}; }

  Checker& checker_;
  LogLine log_;
  SplitMix64 rng_;
  RunId id_;
  Epoch current_epoch_{0};
  std::map<std::string, Group> groups_;
  Instant last_tick_{};
  std::optional<Instant> tilt_since_;
  struct Session {
    resp::RequestDecoder decoder;
    std::string out;
  };
  std::map<ConnectionId, Session> sessions_;
};

}  // namespace vedette::sim
