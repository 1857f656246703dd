// A whole simulated world: groups of Redis servers, the sentinels that watch them, a writer for each group, and the
// network, clock and disks that they live on. The same settings and seed give the same world, event by event.
//
// The files: `world.cc` builds it and gives orders to it, `world_addresses.cc` is about who lives where,
// `world_outcome.cc` tells what has come of it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/checker.h"
#include "sim/event_queue.h"
#include "sim/evidence.h"
#include "sim/group.h"
#include "sim/history.h"
#include "sim/name_server.h"
#include "sim/network.h"
#include "sim/operator.h"
#include "sim/random_streams.h"
#include "sim/reader.h"
#include "sim/redis_server.h"
#include "sim/sentinel_process.h"
#include "sim/stock_sentinel.h"
#include "sim/trace.h"
#include "sim/trespasses.h"
#include "sim/writer.h"

namespace vedette::sim {

// Whether there is one more group, watched by a fleet of sentinels of its own, and whether these know it by the name by
// which the others know the first group.
enum class Neighbours : std::uint8_t { kNone, kSameName, kOtherName };

std::string_view word_for(Neighbours neighbours);
std::optional<Neighbours> parse_neighbours(std::string_view word);

struct WorldSettings {
  std::uint64_t seed = 1;
  unsigned sentinels = 3;
  unsigned stock = 0;  // how many of these, of each fleet, are of the original's kind
  unsigned primaries = 1;
  unsigned replicas = 2;     // of each primary
  unsigned old_servers = 0;  // of each group: the last ones are of a version that knows no HELLO
  Neighbours neighbours = Neighbours::kNone;
  unsigned readers = 0;  // of each group
  unsigned quorum = 0;   // 0: a majority of the sentinels
  Millis down_after{1000};
  Millis failover_timeout{10'000};
  bool host_names = false;  // sentinels know the primaries by names
  // Servers announce their names, and sentinels tell them, so that a server stays who it is when it moves. With
  // `host_names`.
  bool announced_names = false;
};

// What came of the writes of one group.
struct WriteCount {
  std::uint64_t acknowledged = 0;
  std::uint64_t lost = 0;  // that the primary of now does not have
  Micros without{0};       // noticeable pauses between two of them, added up
  Micros longest_pause{0};
};

// What came of its reads.
struct ReadCount {
  std::uint64_t done = 0;
  std::uint64_t stale = 0;  // of these: without a write that had been acknowledged `kFreshness` before, and is not lost
  std::uint64_t failed = 0;  // besides: refused, not answered, or cut off
};

class World {
 public:
  static constexpr std::string_view kDeeds = "fault";          // who says, in the trace, what was done to this world
  static constexpr std::string_view kAmbiguous = "ambiguous";  // who says what was ordered without evidence
  static constexpr Micros kFreshness{1'000'000};
  static constexpr Micros kNoticeablePause{1'000'000};  // a shorter one between two writes is none
  static constexpr Micros kNameLag{1'000'000};          // after a server has moved its name leads to where it was

  using Hear = std::function<void(std::string_view who, std::string_view what)>;

  // Whatever is said in it is shown as a line, and heard.
  explicit World(const WorldSettings& settings, Trace::Show show = nullptr, Hear hear = nullptr);

  const WorldSettings& settings() const { return settings_; }
  const RandomStreams& streams() const { return streams_; }
  EventQueue& queue() { return queue_; }
  Network& network() { return network_; }
  NameServer& name_server() { return name_server_; }
  Trace& trace() { return trace_; }
  const Histories& histories() const { return histories_; }
  const Checker& checker() const { return checker_; }
  const Trespasses& trespasses() const { return trespasses_; }
  std::uint64_t address_reuses() const { return address_reuses_; }

  std::vector<Sentinel*>& sentinels() { return sentinels_; }
  std::vector<Group>& groups() { return groups_; }
  const std::vector<Group>& groups() const { return groups_; }
  const std::vector<Process*>& processes() const { return processes_; }  // all but the writers
  const std::vector<Process*>& everybody() const { return everybody_; }

  // Lets things happen until then, or until an invariant is broken.
  void run_until(Instant until);
  // Lets one thing happen, if it is due by then and no invariant is broken.
  bool run_next(Instant until) { return !broken_ && queue_.run_next(until); }
  const std::optional<std::string>& broken() const { return broken_; }
  void say(std::string_view who, std::string_view what) {
    trace_.write(queue_.now(), who, what);
    if (hear_) hear_(who, what);
  }

  // Messages are what sentinels and servers send to each other. Of those that are sent from now on, this one is lost,
  // and its connection with it.
  void drop_message(std::uint64_t number);
  using MessageSent = std::function<void(const Process& from, const Process& to, std::string_view bytes)>;
  void watch_messages(MessageSent watch);

  // What was done to this world, and when.
  struct Deed {
    Instant at;
    std::string action;  // as `act` reads it
  };
  const std::vector<Deed>& deeds() const { return deeds_; }
  void remember(std::string action);
  // All is right, as `unsettled` says.
  void note_calm() {
    checker_.note_calm(queue_.now());
    say("calm", "all is right again");
  }

  // Where it lives when it has not taken another's address.
  std::string own_host(const RedisServer& server) const;
  // Every process runs, every cable is whole, every disk is well.
  void heal();
  void order(const Address& at, const std::vector<std::string>& arguments) { operator_.order(at, arguments); }
  // Nothing happens to one that is alive, or whose address somebody else has taken.
  void start(Process& process, const Restart& restart = {});
  RedisServer* server_named(std::string_view name) const;
  // No server runs at the address of this one, its own.
  bool is_free(const RedisServer& server) const;
  // Null, or why the group is not as it should be: one primary that all sentinels name, and that all follow. Those that
  // are dead are not asked.
  std::optional<std::string> unsettled(const Group& group) const;
  std::optional<std::string> unsettled() const;  // of all groups, and what is known has been saved
  // Of what was acknowledged since the last call. Whether all is there can be said of a settled group only.
  WriteCount count_writes(Group& group);
  // Since the last call, measured by the writes that were counted just before.
  ReadCount count_reads(Group& group);
  // The server that is the primary of a settled group.
  const RedisServer* primary_of(const Group& group) const;

 private:
  void add_group(unsigned number, unsigned fleet);
  void add_server(unsigned group, unsigned number, const Address& primary);
  void add_clients(unsigned number, Group& group);
  void add_sentinel(unsigned fleet, unsigned number);
  std::unique_ptr<Sentinel> make_sentinel(const std::string& name, const std::string& host, unsigned fleet);
  std::unique_ptr<Sentinel> make_stock_sentinel(const std::string& name, const std::string& host, unsigned fleet);
  std::string conf(unsigned fleet) const;
  void look_for_evidence();

  void judge_order(const RedisServer& server, const Group& group, const std::optional<Address>& target,
                   const std::string& teller);
  void judge_foreign_order(const RedisServer& server, const Group& group, const std::optional<Address>& target,
                           const Sentinel& by);
  void judge_foreign_target(const RedisServer& server, const Address& target, const Sentinel& by);
  bool follows_fleet_of(const Sentinel& sentinel, const RedisServer& server) const;
  std::set<unsigned> owners(const RedisServer& server) const;  // the fleets whose clients wrote its data
  const Sentinel* sentinel_at(const std::string& host) const;
  const Group& group_of(const RedisServer& server) const;
  const RedisServer* resident_at(const Address& address) const;  // that runs there

  bool find_address(RedisServer& server, const Restart& restart);  // false: it is taken
  bool is_taken(const std::string& host) const;
  void lead_name_later(const RedisServer& server);
  void send_guests_home();
  bool is_astray(const RedisServer& server) const;
  bool is_misled(const RedisServer& server, const Group& group) const;
  void give_back_servers();
  void go_home(RedisServer& server);
  bool is_stale(const Reader::Read& read, const std::vector<Writer::Acknowledged>& writes) const;
  bool knows_all(const Sentinel& sentinel, const Group& group, const Sentinel::View& view) const;
  const Process* process_at(const std::string& host) const;
  bool see_message(const Process& from, const std::string& to_host, std::string_view bytes);

  const WorldSettings settings_;
  const RandomStreams streams_;
  EventQueue queue_;
  NameServer name_server_;
  Network network_;
  Histories histories_;
  Trace trace_;
  const Hear hear_;
  Checker checker_;
  Trespasses trespasses_;
  Evidence evidence_{network_};
  Operator operator_;
  std::optional<std::string> broken_;
  std::vector<std::unique_ptr<Process>> owned_;
  std::vector<Process*> processes_;
  std::vector<Process*> everybody_;
  std::vector<Deed> deeds_;
  MessageSent message_watch_;
  std::uint64_t messages_to_lost_one_ = 0;  // 0: none will be lost
  unsigned moves_ = 0;
  std::uint64_t address_reuses_ = 0;
  struct Guest {  // who lives at another's address
    std::string home;
    std::optional<Address> configured_follows;  // before it left
  };
  std::map<std::string, Guest> guests_;  // by name
  std::vector<Sentinel*> sentinels_;
  std::vector<Group> groups_;
};

}  // namespace vedette::sim
