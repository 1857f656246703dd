// When is an instance subjectively down? Pure functions of the evidence.
//
// Source of the rules: docs/FAILOVER.md, "Subjectively down".
#pragma once

#include <optional>

#include "core/state.h"

namespace vedette::core {

// PING this often, so that detection takes at most 1.1 * down-after from the real failure, and all sentinels detect it
// within a tenth of that of each other, since a failover waits for the second of them.
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
};

// `at` is the instant from which the instance is down, in the future if it is not yet; nullopt if, on the present
// evidence, it will not become so. The rule fires at the deadline itself, not at a later tick.
struct DownVerdict {
  std::optional<Instant> at;
  DownReason reason = DownReason::kSilent;

  bool is_down(Instant now) const { return at.has_value() && *at <= now; }
};

DownVerdict judge_silence(const Health& health, Micros down_after);
DownVerdict judge_replica(const Replica& replica, const PrimarySettings& settings);
DownVerdict judge_primary(const Primary& primary, const Timing& timing);

}  // namespace vedette::core
