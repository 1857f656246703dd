// The words by which `SENTINEL` commands show the condition of an instance and the state of a failover.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vedette::proto {

// In the order in which they are shown.
enum class Flag : std::uint8_t {
  kSubjectivelyDown,
  kObjectivelyDown,
  kPrimary,
  kReplica,
  kSentinel,
  kDisconnected,
  kPrimaryDown,  // a sentinel that sees the primary down
  kFailoverInProgress,
  kPromoted,
  kReconfSent,
  kReconfInProgress,
  kReconfDone,
  kForceFailover,
  kScriptKillSent,
  kPrimaryReboot,
  kCount,  // not a flag
};

class Flags {
 public:
  Flags& set(Flag flag, bool on = true) {
    bits_.set(static_cast<std::size_t>(flag), on);
    return *this;
  }
  bool has(Flag flag) const { return bits_.test(static_cast<std::size_t>(flag)); }

 private:
  std::bitset<static_cast<std::size_t>(Flag::kCount)> bits_;
};

// "s_down,master,disconnected", in the order of the enum however they were set; "" for none.
std::string format_flags(const Flags& flags);

// Values of `failover-state`.
namespace failover_state {
inline constexpr std::string_view kNone = "none";
inline constexpr std::string_view kWaitStart = "wait_start";
inline constexpr std::string_view kSelectReplica = "select_slave";
inline constexpr std::string_view kSendPromotion = "send_slaveof_noone";
inline constexpr std::string_view kWaitPromotion = "wait_promotion";
inline constexpr std::string_view kReconfigureReplicas = "reconf_slaves";
inline constexpr std::string_view kUpdateConfig = "update_config";
}  // namespace failover_state

}  // namespace vedette::proto
