// When is an instance subjectively down? Pure functions of the evidence.
//
// Source of the rules: docs/FAILOVER.md, "Subjectively down".
#pragma once

#include <optional>

#include "core/state.h"

namespace vedette::core {

// PING this often, so that detection takes at most 1.1 * down-after from the real failure, and all sentinels detect it
// within a tenth of that of each other, since a failover waits for the second of them. Where down-after is long, every
// second is often enough, as with the original: whoever waits for five seconds can wait for six.
inline constexpr Micros kLongDownAfter = 5s;
Micros ping_period(const Timing& timing, Micros down_after);

// A connection that breaks and another that is refused tell little; so many in a row tell that nobody is there.
inline constexpr unsigned kTellingRefusals = 3;

// Since when the instance has owed us a sign of life; nullopt if it owes none.
std::optional<Instant> silent_since(const Health& health);

// Why an instance is down, for people.
enum class DownReason : std::uint8_t {
  kSilent,          // no valid reply for down-after
  kRefused,         // a primary of which nobody has been at its port for fast-down-after
  kReportsReplica,  // a primary that has said for long that it is a replica
  kRebooted,        // a primary that restarted and does not serve within the time allowed for it
  kUsurped,         // a primary at whose address a server of somebody else answers
};

// `at` is the instant from which the instance is down, in the future if it is not yet; nullopt if, on the present
// evidence, it will not become so. The rule fires at the deadline itself, not at a later tick.
struct DownVerdict {
  std::optional<Instant> at;
  DownReason reason = DownReason::kSilent;
  std::optional<Instant> held_back_from;  // when it would be without what its replicas say; nullopt: at the same time

  bool is_down(Instant now) const { return at.has_value() && *at <= now; }
  bool is_held_back(Instant now) const { return held_back_from && *held_back_from <= now && !is_down(now); }
};

// Nobody has told us yet where it is: then that it is silent tells nothing, but something about the name servers.
bool is_unplaced(const Health& health);

// What of our own pace counts: who is down already does not come back since we were late afterwards.
OwnPace pace_for(const State& state, bool is_down);

DownVerdict judge_silence(const Health& health, Micros down_after, const OwnPace& pace);
DownVerdict judge_replica(const State& state, const Primary& primary, const Replica& replica);
// A primary that others have told us of was alive when they made it one: what we know from before is older than that.
DownVerdict judge_primary(const State& state, const Primary& primary);

// A primary that has nothing to say sends PING to its replicas every ten seconds (`repl-ping-replica-period`). They
// tell the age of what they heard in whole seconds, once a second.
inline constexpr Micros kReplicationSilence = 12s;

// Until when a replica's word shows the primary to be alive: a link that is up, on which something was heard lately. It
// must have been given since the primary owes us a reply. Nullopt: it says nothing of the kind.
std::optional<Instant> vouches_until(const Names& names, const Primary& primary, const Replica& replica);

// When to ask the replicas for that, halfway to the verdict; nullopt: they are not to be asked.
std::optional<Instant> witnesses_wanted_from(const Primary& primary);

}  // namespace vedette::core
