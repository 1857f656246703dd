// What one sentinel knows: of the primaries it watches, of their replicas, and of its peers. Plain data, no behaviour
// but trivial questions; the rules are in files of their own beside this one.
//
// Three kinds of things are kept apart: a `Primary` is a monitored name with everything that belongs to it; a `Replica`
// is a server that follows it; a `Sentinel` is what one peer process thinks of one primary. A peer process itself, with
// its one connection, is a `Peer`, shared by all primaries.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "core/lineage.h"
#include "core/names.h"
#include "core/own_pace.h"
#include "core/timing.h"
#include "proto/hello.h"
#include "proto/info.h"
#include "proto/ping_reply.h"

namespace vedette::core {

// Why a link is not usable: different facts, kept apart, since they call for different acts.
enum class LinkFault : std::uint8_t {
  kNone,
  kConnecting,    // no attempt has ended yet
  kRefused,       // connection refused: nobody listens
  kReset,         // an established connection was reset or closed
  kTimedOut,      // no answer to the attempt in time
  kUnreachable,   // no route, or the network said so
  kUnresolved,    // the host name has no address
  kNoNameServer,  // nobody tells which address it has
  kInsecure,      // TLS failed: no common ground, or a certificate was refused
  kUnauthorized,  // AUTH was refused
  kProtocol,      // the other side does not speak RESP
  kSilent,        // we replaced it since it gave no answer for half of down-after
};
std::string_view to_string(LinkFault fault);

// The evidence on whether an instance lives. Survives reconnection: a new connection proves nothing.
struct Health {
  bool connected = false;
  bool reached = false;                      // since we know it
  LinkFault fault = LinkFault::kConnecting;  // kNone while connected
  Instant link_changed_at{};                 // when `connected` last changed
  std::optional<Instant> last_ping_sent;
  // The oldest PING without a valid answer. If the link broke before one was sent, the last valid reply stands in for
  // it, so that a reconnection never restarts the count. Nullopt: nothing is waited for.
  std::optional<Instant> oldest_unanswered_ping;
  // Since when attempts to connect have been refused or reset, and how many in a row: nobody is there, which says more
  // than silence.
  std::optional<Instant> refused_since;
  unsigned refusals = 0;
  Instant last_valid_reply{};  // last sign of life (creation counts as one)
  Instant last_reply{};        // last reply of any kind to a PING
  proto::PingReply last_verdict = proto::PingReply::kPong;
};

// What was known of a server when it last was one of this group without a doubt: by that it is recognised, or something
// that has come up in its place is told from it. Outlives restarts of this sentinel.
struct LastKnown {
  RunId run_id;
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> keys;  // nullopt: it did not tell
  bool operator==(const LastKnown&) const = default;
};

// Other sentinels were heard on a server to name it, or whom it follows, as the primary of a group of theirs.
struct Claim {
  std::string name;
  Address primary;
  Instant at{};
  bool is_vague = false;  // they name another server, but say so on this one: they take it for one of theirs
};

// One monitored Redis server, whatever its role.
struct Server {
  InstanceId id{};
  Address address;
  RunId run_id;
  Health health;
  std::optional<Instant> subjectively_down_since;

  std::optional<LastKnown> last_known;      // nullopt: it has never been one of this group as far as we know
  std::optional<Claim> claim;               // the last one
  proto::InfoReport info;                   // the last one received
  std::optional<Instant> info_received_at;  // nullopt: none yet
  std::optional<Instant> info_sent_at;      // the last INFO sent, answered or not
  bool info_pending = false;
  proto::Role role_reported = proto::Role::kPrimary;
  Instant role_reported_at{};  // since when it has reported this role
  bool was_promoted = false;   // it has turned from replica into primary, in its present run and under our eyes
  bool script_kill_sent = false;
  std::optional<Instant> rebooted_at;  // a run id that changed while the reboot rule applies

  std::optional<Instant> hello_sent_at;

  bool subjectively_down() const { return subjectively_down_since.has_value(); }
};

enum class ReconfState : std::uint8_t { kNone, kSent, kInProgress, kDone };

struct Replica {
  Server server;
  ReconfState reconf = ReconfState::kNone;
  Instant reconf_sent_at{};
  Instant followed_changed_at{};        // when the primary that it reports to follow last changed
  std::optional<Instant> corrected_at;  // the last +convert-to-slave or +fix-slave-config, until it shows an effect
  unsigned corrections = 0;             // in a row, each of which somebody has undone
  Instant last_corrected_at{};          // the last of these
  RunId doubted;                        // the process of which people were told that its origin is not known
};

// A server that is watched and does not count as one of the group: a stranger at the address of a replica; or one that
// others name as the primary, which is asked whose it is. See `outsiders.h`.
struct Outsider {
  Server server;
  bool at_replica = false;                // it is where a replica of ours was
  RunId foreign;                          // the process that was found to be foreign; unknown: none was yet
  std::string reason;                     // why, as a sentence without its subject
  Instant since{};                        // since when it is that
  std::optional<Instant> announced_at{};  // when people were told last
};

// What a sentinel has said that is not believed yet, or never will be. See `hearsay.h`.
struct Hearsay {
  proto::Hello hello;                     // the last one
  Instant heard_at{};                     // when it came
  bool on_stranger = false;               // on the channel of a server of another group
  Instant since{};                        // since when it names this primary
  bool is_foreign = false;                // it was found to be of another group
  std::optional<Instant> announced_at{};  // when people were told last
};

struct Vote {
  RunId leader;  // unknown after a restart: the epoch is spent all the same
  Epoch epoch{0};
};

// What a peer said of a primary, and when.
struct Opinion {
  bool down = false;
  Instant at{};
};

// What one peer is to one primary.
struct Sentinel {
  InstanceId peer{};  // the process, in `State::peers`
  RunId id;
  std::optional<Instant> subjectively_down_since;
  Instant last_hello{};
  std::optional<Opinion> opinion;
  Vote vote;                // its last vote that we were told
  Instant vote_known_at{};  // since when we know of it
  Instant vote_asked_at{};  // if that is for us: when the question was sent that it last answered so
  Epoch config_epoch{0};    // the configuration that its last hello carried
  Address config_address;
  std::optional<Instant> config_changed_at;  // since when its hellos carry that; nullopt: none has come
  std::optional<Instant> asked_at;
  Epoch asked_epoch{0};     // of the last question in which we stood for election; 0: only its opinion was asked for
  Epoch answered_epoch{0};  // the greatest epoch of ours that it has answered, with or without a vote for us
  Epoch refused_epoch{0};   // the last epoch of ours at which it told of an older vote: it refuses that epoch for ever
  std::optional<Instant> hello_sent_at;
};

// A peer process and its link.
struct Peer {
  InstanceId id{};
  RunId run_id;
  Address address;
  Health health;
  std::optional<bool> is_vedette{};             // by its INFO: it keeps leases. Nullopt: it has not answered yet
  std::set<std::string> primaries{};            // those that it watches too, by name: at least one
  std::map<Micros, std::size_t> down_afters{};  // of these: how many have which

  // Sets the pace of PING.
  Micros shortest_down_after() const { return down_afters.begin()->first; }
};

// --- The failover, as states that each hold only what is theirs -----------------------------------------------------
//
//   (none) --ODOWN or order--> WaitStart --elected--> SelectReplica --chosen--> SendPromotion --sent--> WaitPromotion
//                                 |                        |                                               |
//                                 | not elected            | no good replica                  role:master  |
//                                 v                        v                                               v
//                               (none)                   (none)           (none) <--switched-- ReconfigureReplicas
//
// Who stands only to confirm the present configuration, see `confirmation.h`, goes from WaitStart to
// UpdateConfiguration.

struct WaitStart {};      // a candidate: votes are asked for and counted
struct SelectReplica {};  // elected: fresh INFO of every replica is awaited, for a moment
struct SendPromotion {
  InstanceId chosen{};
};
struct WaitPromotion {
  InstanceId chosen{};
  Instant sent_at{};
};
struct ReconfigureReplicas {
  InstanceId promoted{};
  Address promoted_address;
  RunId promoted_run_id{};
  std::optional<Instant> old_primary_told_at{};  // to follow
};

struct UpdateConfiguration {};  // elected to confirm: the new epoch is being saved

// Why we stand for election.
enum class Cause : std::uint8_t {
  kDown,           // the primary is ODOWN
  kOrder,          // an operator's: needs no agreement that the primary is down
  kContradiction,  // of a configuration of our epoch: nobody is to be promoted
};

struct Failover {
  Epoch epoch{0};
  Cause cause = Cause::kDown;
  Instant started_at{};
  Instant state_changed_at{};
  std::variant<WaitStart, SelectReplica, SendPromotion, WaitPromotion, ReconfigureReplicas, UpdateConfiguration> state;
  bool alone = false;                 // by order, without a majority
  Instant elected_at{};               // from then on promises are waited for
  Instant ordered_at{};               // if by order: the first of its rounds began
  std::optional<Instant> again_at{};  // if by order: the next round begins

  bool forced() const { return cause == Cause::kOrder; }
};

// Where a primary can be found, and since which epoch: what hellos spread and the configuration file keeps.
struct Configuration {
  Address address;
  Epoch epoch{0};
  bool operator==(const Configuration&) const = default;
};

struct PrimarySettings {
  unsigned quorum = 2;
  Millis down_after{30000};
  Millis failover_timeout{180000};
  unsigned parallel_syncs = 1;
  Millis reboot_down_after{0};
  Millis fast_down_after{0};               // of nothing but refused connections; 0: only `down_after` counts
  bool corroborate_with_replicas = false;  // not SDOWN while most of its replicas hear from it
  bool require_lineage = false;            // a server of doubtful origin gets no order
  bool relay = false;                      // the primary may be a replica of a server outside of the group
  std::string auth_user;                   // never shown, logged or announced
  std::string auth_pass;
  std::string notification_script;
  std::string client_reconfig_script;
  std::map<std::string, std::string> renamed_commands;
};

struct Primary {
  std::string name;
  InstanceId unit{};  // of the timer of this primary's rules
  PrimarySettings settings;
  Server server;
  Epoch config_epoch{0};
  Instant configuration_changed_at{};
  std::optional<Instant> switched_at{};  // when it last moved to another of its servers
  std::optional<Instant> adopted_at{};   // when it last did so since others said so
  Revision configuration_revision{};     // the save that makes `config_epoch` and the address durable
  Configuration published;               // the last durable configuration: all that hellos may carry
  Histories histories;                   // by which the data of this group is recognised
  std::optional<Address> upstream;       // whom it follows, if it is a relay
  std::map<Address, Replica> replicas;   // ordered, so that every walk is the same in every run
  std::map<Address, Outsider> outsiders;
  std::map<RunId, Hearsay> hearsay;            // by the sentinel that said it
  std::map<std::string, Instant> other_names;  // under which other sentinels watch this very group, and said so last
  std::optional<Instant> usurped_since;        // since when a stranger has been at the primary's address
  RunId usurper;                               // the stranger's process
  bool monitors_replica = false;               // people were told that it follows a living server outside of the group
  std::optional<Instant> doubled_since;        // since when two of its servers have been at one place, by their names
  std::map<RunId, Sentinel> sentinels;         // the peers that watch it too
  bool held_back = false;                      // not SDOWN for no other reason than that its replicas hear from it
  std::optional<Instant> objectively_down_since;
  Vote my_vote;
  Instant voted_at{};        // last promised it; or since when it is known that we did, after a restart
  Revision vote_revision{};  // the save that makes `my_vote` durable

  std::optional<Failover> failover;
  Instant promised_until{};       // until then nobody else gets our vote: it was asked for again, so it may be in use
  Instant not_before{};           // until then way is given, or a lost round is not repeated
  Instant led_in_vain_until{};    // until then others may try who reach more
  bool found_nobody = false;      // the last attempt did, that is why
  Instant stood_to_confirm_at{};  // last
  unsigned dead_rounds = 0;       // elections in a row that nobody won

  // Voters: all known sentinels and this one.
  std::size_t voters() const { return sentinels.size() + 1; }
};

// Whether we are a candidate.
inline bool stands(const Primary& primary) {
  return primary.failover && std::holds_alternative<WaitStart>(primary.failover->state);
}

// Whether we were elected, and a promotion is on its way.
inline bool is_promoting(const Primary& primary) {
  if (!primary.failover || stands(primary)) return false;
  const auto& state = primary.failover->state;
  return !std::holds_alternative<ReconfigureReplicas>(state) && !std::holds_alternative<UpdateConfiguration>(state);
}

struct Tilt {
  Instant since{};
  Micros stalled_for{};
};

struct State {
  RunId my_id;
  Revision my_id_revision{};  // the save that makes it durable: nobody hears of us before
  Epoch current_epoch{0};
  Timing timing;
  Names names;
  std::map<std::string, Primary> primaries;  // by name
  std::map<InstanceId, Peer> peers;
  std::unordered_map<RunId, InstanceId> peers_by_run_id;  // for look-ups only: never walked
  std::set<InstanceId> objectively_down;                  // the units of the primaries that are
  // Silent links, see `probing.h`: when those were replaced that have not answered since, and the units that have more.
  std::map<InstanceId, Instant> replaced;
  std::set<InstanceId> with_silent_links;
  OwnPace pace;
  std::optional<Tilt> tilt;
  bool crash_after_election = false;  // SENTINEL SIMULATE-FAILURE
  bool crash_after_promotion = false;
};

}  // namespace vedette::core
