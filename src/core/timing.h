// The durations that the rules of detection, election and failover are made of. All but the last group can be changed
// at run time with `SENTINEL DEBUG`, under the names given; the defaults are those of the original where it has them.
#pragma once

#include "base/time.h"

namespace vedette::core {

struct Timing {
  Micros ping_period = 1000ms;                 // ping-period: an upper bound, see `ping_period`
  Micros info_period = 10000ms;                // info-period: while all is well
  Micros ask_period = 1000ms;                  // ask-period: opinions of peers, while SDOWN
  Micros publish_period = 2000ms;              // publish-period: hello
  Micros default_down_after = 30000ms;         // default-down-after
  Micros default_failover_timeout = 180000ms;  // default-failover-timeout
  Micros tilt_trigger = 2000ms;                // tilt-trigger: a stall of our own loop this long
  Micros tilt_period = 30000ms;                // tilt-period
  Micros replica_reconf_timeout = 10000ms;     // slave-reconf-timeout
  Micros min_link_reconnect_period = 15000ms;  // min-link-reconnect-period
  Micros election_timeout = 10000ms;           // election-timeout: or the failover timeout if that is shorter
  Micros script_max_runtime = 60000ms;         // script-max-runtime: a script that runs longer is killed
  Micros script_retry_delay = 30000ms;         // script-retry-delay: before the second attempt; doubles

  Micros urgent_info_period = 1000ms;   // INFO of replicas while their primary is down or failing over
  Micros promotion_poll_period = 50ms;  // INFO of the replica being promoted
  Micros reconf_poll_period = 100ms;    // INFO of the replicas being reconfigured
  Micros fresh_info_patience = 200ms;   // how long a selection waits for fresh offsets
  Micros candidate_stagger = 50ms;      // between candidates of one election, by rank
  Micros leader_lease = 2000ms;         // for which votes let a leader act, and voters let it
  Micros retry_first_max = 200ms;       // pause after an election that nobody can have won; doubles
  Micros retry_max = 2000ms;
  Micros save_retry_period = 1000ms;  // after a failed save
  Micros save_patience = 500ms;       // how long an answer waits for the disk before the vote is withheld
};

}  // namespace vedette::core
