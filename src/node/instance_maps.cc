#include "node/instance_maps.h"

#include <string>
#include <utility>
#include <vector>

#include "core/failover.h"
#include "core/quorum.h"
#include "node/fields.h"
#include "proto/instance_words.h"
#include "proto/names.h"

namespace vedette::node {
namespace {

// What all kinds of instances have in common, in the order in which it is shown.
struct Common {
  std::string name;
  Address address;  // as it is shown
  const RunId& run_id;
  std::string flags;
  InstanceId link;
  std::size_t link_users;           // primaries whose peer it is, all over its one link; 1 of a server
  std::string_view failover_state;  // empty: none is under way
  const core::Health& health;
  std::optional<Instant> subjectively_down_since;
  std::optional<Instant> objectively_down_since;
  Millis down_after;
};

Fields common_fields(const View& view, const Common& instance, Instant now) {
  Fields fields;
  fields.add("name", instance.name);
  fields.add("ip", instance.address.host);
  fields.add("port", instance.address.port);
  fields.add("runid", instance.run_id.hex);
  fields.add("flags", instance.flags);
  fields.add("link-pending-commands", view.pending_commands(instance.link));
  fields.add("link-refcount", instance.link_users);
  if (!instance.failover_state.empty()) fields.add("failover-state", instance.failover_state);
  const auto& unanswered = instance.health.oldest_unanswered_ping;
  fields.add("last-ping-sent", unanswered ? to_millis(now - *unanswered) : 0);
  fields.add("last-ok-ping-reply", to_millis(now - instance.health.last_valid_reply));
  fields.add("last-ping-reply", to_millis(now - instance.health.last_reply));
  if (instance.subjectively_down_since) fields.add("s-down-time", to_millis(now - *instance.subjectively_down_since));
  if (instance.objectively_down_since) fields.add("o-down-time", to_millis(now - *instance.objectively_down_since));
  fields.add("down-after-milliseconds", instance.down_after.count());
  return fields;
}

void add_report(Fields& fields, const core::Server& server, Instant now) {
  fields.add("info-refresh", server.info_received_at ? to_millis(now - *server.info_received_at) : 0);
  fields.add("role-reported",
             server.role_reported == proto::Role::kPrimary ? proto::kWordPrimary : proto::kWordReplica);
  fields.add("role-reported-time", to_millis(now - server.role_reported_at));
}

// --- The failover ---------------------------------------------------------------------------------------------------

namespace word = proto::failover_state;

struct StateWord {
  std::string_view operator()(const core::WaitStart&) const { return word::kWaitStart; }
  std::string_view operator()(const core::SelectReplica&) const { return word::kSelectReplica; }
  std::string_view operator()(const core::SendPromotion&) const { return word::kSendPromotion; }
  std::string_view operator()(const core::WaitPromotion&) const { return word::kWaitPromotion; }
  std::string_view operator()(const core::ReconfigureReplicas&) const { return word::kReconfigureReplicas; }
  std::string_view operator()(const core::UpdateConfiguration&) const { return word::kUpdateConfig; }
};

bool is_promoted(const core::Primary& primary, const core::Replica& replica) {
  return primary.failover && core::chosen_replica(*primary.failover) == replica.server.id;
}

// --- Flags ----------------------------------------------------------------------------------------------------------

using proto::Flag;
using proto::Flags;

std::string flags_of(const core::Primary& primary) {
  return proto::format_flags(Flags()
                                 .set(Flag::kPrimary)
                                 .set(Flag::kSubjectivelyDown, primary.server.subjectively_down())
                                 .set(Flag::kObjectivelyDown, primary.objectively_down_since.has_value())
                                 .set(Flag::kDisconnected, !primary.server.health.connected)
                                 .set(Flag::kFailoverInProgress, primary.failover.has_value())
                                 .set(Flag::kForceFailover, primary.failover && primary.failover->forced())
                                 .set(Flag::kScriptKillSent, primary.server.script_kill_sent)
                                 .set(Flag::kPrimaryReboot, primary.server.rebooted_at.has_value()));
}

std::string flags_of(const core::Primary& primary, const core::Replica& replica) {
  return proto::format_flags(Flags()
                                 .set(Flag::kReplica)
                                 .set(Flag::kSubjectivelyDown, replica.server.subjectively_down())
                                 .set(Flag::kDisconnected, !replica.server.health.connected)
                                 .set(Flag::kPromoted, is_promoted(primary, replica))
                                 .set(Flag::kReconfSent, replica.reconf == core::ReconfState::kSent)
                                 .set(Flag::kReconfInProgress, replica.reconf == core::ReconfState::kInProgress)
                                 .set(Flag::kReconfDone, replica.reconf == core::ReconfState::kDone)
                                 .set(Flag::kScriptKillSent, replica.server.script_kill_sent));
}

std::string flags_of(const core::State& state, const core::Sentinel& sentinel, const core::Peer& peer, Instant now) {
  const auto& opinion = sentinel.opinion;
  const bool sees_primary_down = opinion && opinion->down && core::expiry_of(*opinion, state.timing) > now;
  return proto::format_flags(Flags()
                                 .set(Flag::kSentinel)
                                 .set(Flag::kSubjectivelyDown, sentinel.subjectively_down_since.has_value())
                                 .set(Flag::kDisconnected, !peer.health.connected)
                                 .set(Flag::kPrimaryDown, sees_primary_down));
}

}  // namespace

void write_primary(resp::Writer& reply, const View& view, const core::Primary& primary, Instant now) {
  const core::Server& server = primary.server;
  const auto failover_state = primary.failover ? std::visit(StateWord{}, primary.failover->state) : std::string_view();
  Fields fields =
      common_fields(view,
                    {primary.name, view.state().names.shown(server.address), server.run_id, flags_of(primary),
                     server.id, 1, failover_state, server.health, server.subjectively_down_since,
                     primary.objectively_down_since, primary.settings.down_after},
                    now);
  add_report(fields, server, now);
  fields.add("config-epoch", to_number(primary.config_epoch));
  fields.add("num-slaves", primary.replicas.size());
  fields.add("num-other-sentinels", primary.sentinels.size());
  fields.add("quorum", primary.settings.quorum);
  fields.add("failover-timeout", primary.settings.failover_timeout.count());
  fields.add("parallel-syncs", primary.settings.parallel_syncs);
  const auto add_script = [&fields](std::string_view name, const std::string& path) {
    if (!path.empty()) fields.add(name, path);
  };
  add_script("notification-script", primary.settings.notification_script);
  add_script("client-reconfig-script", primary.settings.client_reconfig_script);
  fields.write(reply);
}

void write_replica(resp::Writer& reply, const View& view, const core::Primary& primary, const core::Replica& replica,
                   Instant now) {
  const core::Server& server = replica.server;
  const proto::InfoReport& report = server.info;
  const Address address = view.state().names.shown(server.address);
  Fields fields = common_fields(view,
                                {to_string(address),
                                 address,
                                 server.run_id,
                                 flags_of(primary, replica),
                                 server.id,
                                 1,
                                 {},
                                 server.health,
                                 server.subjectively_down_since,
                                 std::nullopt,
                                 primary.settings.down_after},
                                now);
  add_report(fields, server, now);
  fields.add("master-link-down-time", report.primary_link_down_for.count());
  fields.add("master-link-status", report.primary_link_up ? "ok" : "err");
  fields.add("master-host", report.primary ? std::string_view(report.primary->host) : "?");
  fields.add("master-port", report.primary ? report.primary->port : 0);
  fields.add("slave-priority", report.priority);
  fields.add("slave-repl-offset", report.replication_offset);
  fields.add("replica-announced", report.announced ? 1 : 0);
  fields.write(reply);
}

void write_sentinel(resp::Writer& reply, const View& view, const core::Primary& primary, const core::Sentinel& sentinel,
                    Instant now) {
  const core::Peer& peer = view.state().peers.at(sentinel.peer);
  Fields fields = common_fields(view,
                                {sentinel.id.hex,
                                 view.state().names.shown(peer.address),
                                 sentinel.id,
                                 flags_of(view.state(), sentinel, peer, now),
                                 peer.id,
                                 peer.primaries.size(),
                                 {},
                                 peer.health,
                                 sentinel.subjectively_down_since,
                                 std::nullopt,
                                 primary.settings.down_after},
                                now);
  fields.add("last-hello-message", to_millis(now - sentinel.last_hello));
  fields.add("voted-leader", sentinel.vote.leader.known() ? std::string_view(sentinel.vote.leader.hex) : "?");
  fields.add("voted-leader-epoch", to_number(sentinel.vote.epoch));
  fields.write(reply);
}

}  // namespace vedette::node
