// The invariants of docs/FAILOVER.md, watched from outside after every event of every sentinel. What is seen here,
// nobody in the simulated world can see: all sentinels at once, their disks, and the past.
//
// A sentinel of the original's kind promises less. What breaks where one has had a part in it is counted, not judged.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/state.h"
#include "sim/leadership.h"
#include "sim/sentinel_process.h"

namespace vedette::sim {

// A primary as one fleet of sentinels watches it: another fleet may watch another primary of that name.
struct Watched {
  unsigned fleet = 0;
  std::string primary;
  auto operator<=>(const Watched&) const = default;
};

class Checker {
 public:
  // An opinion lives for five ask-periods, and a question may have been on its way while a cable was cut.
  static constexpr Micros kOpinionLife{60'000'000};
  static constexpr Micros kAftermath{10'000'000};
  // For so long votes are promises.
  static constexpr Micros kLease{2'000'000};
  // A newer configuration than a sentinel's own has this long to reach it before a server is corrected.
  static constexpr Micros kCorrectionPatience{8'000'000};

  using AskRole = std::function<Role()>;

  using Say = std::function<void(const std::string&)>;

  Checker(Say broken, Say anomaly) : broken_(std::move(broken)), anomaly_(std::move(anomaly)) {}

  // After an event of this sentinel, which is alive.
  void look_at(const SentinelProcess& sentinel);
  // It begins a new life: what it knew and had not saved is gone.
  void restarted(const Sentinel& sentinel);
  // So is what it had saved: from now on it is another.
  void lost_disk(const SentinelProcess& sentinel);

  // Something has happened by which servers may be out of reach; all is right again, but for what was on its way and
  // links that are tried again only later.
  void note_harm() { well_since_.reset(); }
  void note_calm(Instant now) { well_since_ = well_since_.value_or(now + kAftermath); }

  // What sentinels of the original's kind do, at the instant of doing it.
  void stock_leads(const RunId& id, const Watched& primary, Epoch epoch, bool is_elected);  // or ordered to
  void stock_mixed_epochs(const RunId& id, const Watched& primary, Epoch epoch);  // in the votes of its election
  void stock_configured(const Watched& primary, Epoch epoch, const Address& address);
  void stock_adopted(const Watched& primary, Epoch epoch, const Address& address);
  void stock_saw_down(const std::string& sentinel, const Watched& primary, const Address& address, Instant now);
  // From then on others, who believe it, may do so too.
  void stock_mixed_groups(const std::string& what);

  // Of which fleet the sentinel at this host is.
  void know_sentinel(const std::string& host, unsigned fleet) {
    fleets_[host] = fleet;
    has_neighbours_ = has_neighbours_ || fleet > 0;
  }
  unsigned fleet_at(const std::string& host) const;

  // A server of this fleet's lives at this host from now on, or has this name. Whom a fleet means by a host is its own
  // server that lives there or was the last to do so, whoever else has come to live there since.
  void know_host(const std::string& host, const std::string& name, unsigned fleet = 0);

  // A fleet has made a server of another its own, when nothing showed whose it was. It is one of them until it begins a
  // new life, or has an order from its own sentinels.
  void take_in(const std::string& server, unsigned fleet) { taken_in_.insert({server, fleet}); }
  bool has_taken_in(const std::string& server, unsigned fleet) const { return taken_in_.contains({server, fleet}); }
  void let_go(const std::string& server);

  void know_server(const Address& address, AskRole role) { roles_[address] = std::move(role); }

  // A sentinel has told a server of its own fleet to follow another.
  struct Told {
    std::string server;
    Address address;
    Address target;
    std::string by;  // the sentinel of ours; empty: one of the original's kind
  };
  void told_to_follow(const Told& told, const Watched& primary, const std::vector<Address>& group, Instant now);

  // How many sentinels have seen this primary down, there and lately.
  std::size_t count_witnesses(const Watched& primary, const Address& address, Instant now) const;

  std::size_t candidacies() const { return candidacies_.size(); }
  std::size_t elections() const { return leaders_.size() - alone_; }
  std::size_t configurations() const { return configurations_.size(); }
  std::size_t anomalies() const { return anomalies_; }

 private:
  using PrimaryEpoch = std::pair<Watched, Epoch>;
  struct Configured {
    Address server;  // by its name, where it is known
    Address said;
  };
  struct Resident {
    std::string name;
    unsigned fleet = 0;
  };
  struct Heard {            // of a peer
    Epoch config_epoch{0};  // the greatest of its hellos
    core::Vote vote;        // the last
  };
  struct Seen {  // of one primary by one sentinel, in its present life
    Epoch config_epoch{0};
    core::Configuration published;
    core::Vote vote;
    bool in_failover = false;
    Epoch led_at{0};       // the last epoch at which it led
    Epoch chosen_at{0};    // at which it had chosen a replica
    Epoch promoted_at{0};  // and at which it has had a replica promoted
    Instant ordered_at{};  // when it last ordered a promotion
    Instant voted_at{};    // when it last gave or repeated its vote
    bool objectively_down = false;
    std::set<InstanceId> down;  // servers
    std::map<InstanceId, Heard> heard;
  };
  struct Life {  // the present one of a sentinel
    RunId id;
    Epoch current_epoch{0};
    std::uint64_t disk_changes = 0;
    std::uint64_t appends = 0;
    // The epochs, by directive, that it knew when the last save had ended, and the one before.
    std::map<std::string, Epoch> known;
    std::map<std::string, Epoch> known_before;
    std::map<std::string, Seen> seen;  // by primary
  };
  struct Leader {
    RunId id;
    bool stock = false;
    bool alone = false;  // by order, without a majority: no election, and the operator's decision
  };

  static void forget_removed_primaries(const core::State& state, Life& life);
  void check_disk(const SentinelProcess& sentinel, Life& life);
  void check_epochs(const SentinelProcess& sentinel, const core::Primary& primary, Seen& seen);
  void check_votes(const SentinelProcess& sentinel, const core::Primary& primary, Seen& seen);
  // A leader orders promotions only while a majority gives way to it.
  void check_lease(const SentinelProcess& sentinel, const core::Primary& primary, Instant ordered_at);
  void check_down(const SentinelProcess& sentinel, const core::Primary& primary, Seen& seen);
  void check_slowness(const SentinelProcess& sentinel, const core::Primary& primary, Seen& seen);
  void check_leader(const SentinelProcess& sentinel, const core::Primary& primary, Seen& seen);
  void check_configuration(const SentinelProcess& sentinel, const core::Primary& primary, Seen& seen);
  void check_told_configuration(const SentinelProcess& sentinel, const core::Primary& primary,
                                const core::Sentinel& peer, Epoch& told);
  // No sentinel of another fleet is among those that are counted on.
  void check_voters(const SentinelProcess& sentinel, const core::Primary& primary);
  void tell_anomaly(const std::string& what);
  void leads(const Leader& leader, const Watched& primary, Epoch epoch);
  void configured(const std::string& who, const Watched& primary, Epoch epoch, const Address& address);
  void tell_of_foreign_configuration(const std::string& who, const Watched& primary, Epoch epoch,
                                     const Address& server);
  void judge(bool of_stock, const std::string& what);  // of what mixes groups
  bool is_taken_in_at(const std::string& host, unsigned fleet) const;
  bool is_of_another_fleet(const Watched& primary, Epoch epoch, const Address& configured) const;
  // What this sentinel has on its disk of the directive; 0 without it, nullopt if it is none of ours.
  std::optional<Epoch> on_disk(const RunId& id, std::string_view directive, const std::string& primary) const;

  Epoch configuration_of(const std::string& sentinel, const std::string& primary) const;
  bool stock_made_leaders_of(const Watched& primary, Epoch one, Epoch other) const;
  void check_correction(const Told& told, const Watched& primary, Instant now);
  Watched watched(const SentinelProcess& sentinel, const core::Primary& primary) const;
  // Whom a fleet means, by name where it is known: a server stays who it is when it moves.
  Address identity(unsigned fleet, const Address& address) const;
  const AskRole* role_at(unsigned fleet, const Address& address) const;

  std::map<std::string, unsigned> fleets_;                        // by the host of a sentinel
  std::map<std::string, std::map<unsigned, std::string>> names_;  // by host and fleet
  std::map<std::string, Resident> residents_;                     // who lives at a host, or was the last to do so
  std::set<std::pair<std::string, unsigned>> taken_in_;           // servers, by which fleet
  std::map<Address, AskRole> roles_;
  bool has_neighbours_ = false;        // there is more than one fleet
  std::optional<Instant> well_since_;  // nullopt until all is right for the first time
  bool stock_has_mixed_groups_ = false;
  std::set<std::pair<std::string, RunId>> mixed_voters_;  // by sentinel, that were told of
  Say broken_;
  Say anomaly_;
  std::map<const Sentinel*, Life> lives_;
  std::map<RunId, const SentinelProcess*> ours_;
  std::map<std::string, std::map<std::string, Epoch>> disk_epochs_;  // by sentinel and directive
  std::map<std::tuple<RunId, Watched, Epoch>, RunId> votes_;         // by voter, primary, epoch: as others were told
  std::map<std::tuple<Watched, Address, std::string>, Instant> saw_down_;  // last, by primary, its address, sentinel
  std::map<std::tuple<RunId, Watched, Epoch>, Instant>
      promised_;  // when the vote was last repeated, which makes it a promise, by the same
  std::set<std::tuple<Watched, Epoch, RunId>> candidacies_;
  std::map<PrimaryEpoch, Leader> leaders_;
  std::size_t alone_ = 0;  // of these
  std::map<PrimaryEpoch, Configured> configurations_;
  std::set<PrimaryEpoch> double_led_;  // anomalies that were told of
  std::set<PrimaryEpoch> conflicts_;   // the same
  std::size_t anomalies_ = 0;
};

}  // namespace vedette::sim
