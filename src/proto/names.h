// Names of the wire that more than one file needs: event channels, the words for the kinds of instances, flags and
// states as `SENTINEL` commands and events show them. C++ says primary and replica; the wire's words stay here.
#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"

namespace vedette::proto {

// Kinds of instance, as events and `flags` name them.
inline constexpr std::string_view kWordPrimary = "master";
inline constexpr std::string_view kWordReplica = "slave";
inline constexpr std::string_view kWordSentinel = "sentinel";

// "master mymaster 10.0.0.1 6379": the subject of an event about a primary.
std::string describe_primary(std::string_view name, const Address& address);
// "slave 10.0.0.2:6379 10.0.0.2 6379 @ mymaster 10.0.0.1 6379"
std::string describe_replica(const Address& replica, std::string_view primary_name, const Address& primary);
// "sentinel <runid> 10.0.0.9 26379 @ mymaster 10.0.0.1 6379"
std::string describe_sentinel(const RunId& id, const Address& sentinel, std::string_view primary_name,
                              const Address& primary);

namespace event {
// Channels of the events, in the order of docs/COMPATIBILITY.md. The names are the contract.
inline constexpr std::string_view kResetPrimary = "+reset-master";
inline constexpr std::string_view kReplicaFound = "+slave";
inline constexpr std::string_view kSentinelFound = "+sentinel";
inline constexpr std::string_view kSdown = "+sdown";
inline constexpr std::string_view kSdownOver = "-sdown";
inline constexpr std::string_view kOdown = "+odown";
inline constexpr std::string_view kOdownOver = "-odown";
inline constexpr std::string_view kNewEpoch = "+new-epoch";
inline constexpr std::string_view kTryFailover = "+try-failover";
inline constexpr std::string_view kVoteForLeader = "+vote-for-leader";
inline constexpr std::string_view kElectedLeader = "+elected-leader";
inline constexpr std::string_view kSelectReplica = "+failover-state-select-slave";
inline constexpr std::string_view kSelectedReplica = "+selected-slave";
inline constexpr std::string_view kSendPromotion = "+failover-state-send-slaveof-noone";
inline constexpr std::string_view kWaitPromotion = "+failover-state-wait-promotion";
inline constexpr std::string_view kPromotedReplica = "+promoted-slave";
inline constexpr std::string_view kReconfigureReplicas = "+failover-state-reconf-slaves";
inline constexpr std::string_view kReconfSent = "+slave-reconf-sent";
inline constexpr std::string_view kReconfInProgress = "+slave-reconf-inprog";
inline constexpr std::string_view kReconfDone = "+slave-reconf-done";
inline constexpr std::string_view kReconfSentTimeout = "-slave-reconf-sent-timeout";
inline constexpr std::string_view kReconfSentBestEffort = "+slave-reconf-sent-be";
inline constexpr std::string_view kFailoverEnd = "+failover-end";
inline constexpr std::string_view kFailoverEndForTimeout = "+failover-end-for-timeout";
inline constexpr std::string_view kSwitchPrimary = "+switch-master";
inline constexpr std::string_view kConfigUpdateFrom = "+config-update-from";
inline constexpr std::string_view kConvertToReplica = "+convert-to-slave";
inline constexpr std::string_view kFixReplicaConfig = "+fix-slave-config";
inline constexpr std::string_view kReboot = "+reboot";
inline constexpr std::string_view kRoleChanged = "+role-change";
inline constexpr std::string_view kRoleChangeUndone = "-role-change";
inline constexpr std::string_view kMonitor = "+monitor";
inline constexpr std::string_view kMonitorOver = "-monitor";
inline constexpr std::string_view kSet = "+set";
inline constexpr std::string_view kTilt = "+tilt";
inline constexpr std::string_view kTiltOver = "-tilt";
inline constexpr std::string_view kSentinelAddressSwitch = "+sentinel-address-switch";
inline constexpr std::string_view kSentinelAddressUpdate = "+sentinel-address-update";
inline constexpr std::string_view kSentinelInvalidAddress = "+sentinel-invalid-addr";
inline constexpr std::string_view kAbortNotElected = "-failover-abort-not-elected";
inline constexpr std::string_view kAbortNoGoodReplica = "-failover-abort-no-good-slave";
inline constexpr std::string_view kAbortReplicaTimeout = "-failover-abort-slave-timeout";
inline constexpr std::string_view kForeignReplica = "+foreign-replica";
inline constexpr std::string_view kForeignReplicaOver = "-foreign-replica";
inline constexpr std::string_view kForeignConfiguration = "+foreign-configuration";
inline constexpr std::string_view kForeignSentinel = "+foreign-sentinel";
inline constexpr std::string_view kMonitorsReplica = "+monitors-a-replica";
inline constexpr std::string_view kMonitorsReplicaOver = "-monitors-a-replica";
inline constexpr std::string_view kScriptError = "-script-error";
inline constexpr std::string_view kScriptTimeout = "-script-timeout";
}  // namespace event

namespace script {
// What scripts are told: the arguments of the notification-script,
inline constexpr std::string_view kEvent = "EVENT";
inline constexpr std::string_view kMessage = "MESSAGE";
// and of the client-reconfig-script. In their environment `VEDETTE_` stands before.
inline constexpr std::string_view kPrimary = "PRIMARY";
inline constexpr std::string_view kRole = "ROLE";
inline constexpr std::string_view kState = "STATE";
inline constexpr std::string_view kFromHost = "FROM_HOST";
inline constexpr std::string_view kFromPort = "FROM_PORT";
inline constexpr std::string_view kToHost = "TO_HOST";
inline constexpr std::string_view kToPort = "TO_PORT";
// The client-reconfig-script: who calls it, and at which point of a failover.
inline constexpr std::string_view kLeader = "leader";
inline constexpr std::string_view kObserver = "observer";
inline constexpr std::string_view kStart = "start";
}  // namespace script

namespace error {
// What orders are refused with, code included.
inline constexpr std::string_view kNoSuchPrimary = "ERR No such master with that name";
inline constexpr std::string_view kDuplicatePrimary = "ERR Duplicate master name.";
inline constexpr std::string_view kFailoverInProgress = "INPROG Failover already in progress";
inline constexpr std::string_view kNoGoodReplica = "NOGOODSLAVE No suitable replica to promote";
inline constexpr std::string_view kSaveFailed = "ERR Failed to save config file. Check server logs.";
}  // namespace error

}  // namespace vedette::proto
