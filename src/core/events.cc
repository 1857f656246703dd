#include "core/events.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "proto/names.h"

namespace vedette::core {
namespace {

// What is only of note; every other event is a warning, since it changes who serves or whether all is well.
constexpr std::array kNotices{
    proto::event::kReplicaFound,
    proto::event::kSentinelFound,
    proto::event::kSendPromotion,
    proto::event::kWaitPromotion,
    proto::event::kReconfSent,
    proto::event::kReconfInProgress,
    proto::event::kReconfDone,
    proto::event::kReconfSentBestEffort,
    proto::event::kConvertToReplica,
    proto::event::kFixReplicaConfig,
    proto::event::kReboot,
    proto::event::kSentinelAddressSwitch,
    proto::event::kSentinelInvalidAddress,
    proto::event::kSentinelAddressUpdate,
};

Level level_of(std::string_view event) {
  if (event == proto::event::kRoleChanged || event == proto::event::kRoleChangeUndone) return Level::kVerbose;
  return std::find(kNotices.begin(), kNotices.end(), event) != kNotices.end() ? Level::kNotice : Level::kWarning;
}

std::string with_details(std::string text, std::string_view details) {
  if (!details.empty()) text.append(" ").append(details);
  return text;
}

}  // namespace

std::string subject(const State& state, const Primary& primary) {
  return proto::describe_primary(primary.name, state.names.shown(primary.server.address));
}

std::string subject(const State& state, const Primary& primary, const Server& replica) {
  return proto::describe_replica(state.names.shown(replica.address), primary.name,
                                 state.names.shown(primary.server.address));
}

std::string subject(const State& state, const Primary& primary, const Sentinel& sentinel) {
  const Address address = state.names.shown(state.peers.at(sentinel.peer).address);
  return proto::describe_sentinel(sentinel.id, address, primary.name, state.names.shown(primary.server.address));
}

void announce(Turn& turn, std::string_view event, const Primary& primary, std::string_view details) {
  announce_text(turn, event, primary, with_details(subject(turn.state, primary), details));
}

void announce(Turn& turn, std::string_view event, const Primary& primary, const Server& replica,
              std::string_view details) {
  announce_text(turn, event, primary, with_details(subject(turn.state, primary, replica), details));
}

void announce(Turn& turn, std::string_view event, const Primary& primary, const Replica& replica,
              std::string_view details) {
  announce(turn, event, primary, replica.server, details);
}

void announce(Turn& turn, std::string_view event, const Primary& primary, const Sentinel& sentinel,
              std::string_view details) {
  announce_text(turn, event, primary, with_details(subject(turn.state, primary, sentinel), details));
}

void announce_text(Turn& turn, std::string_view event, const Primary& primary, std::string payload) {
  const std::string& script = primary.settings.notification_script;
  const bool notify = level_of(event) == Level::kWarning && !script.empty();
  announce_own(turn, event, payload);
  if (notify)
    turn.emit(RunScript{script,
                        {{proto::script::kEvent, std::string(event)}, {proto::script::kMessage, std::move(payload)}}});
}

void announce_own(Turn& turn, std::string_view event, std::string payload) {
  turn.emit(Announce{level_of(event), event, std::move(payload)});
}

void call_reconfig_script(Turn& turn, const Primary& primary, std::string_view caller, const Address& from,
                          const Address& to) {
  const std::string& script = primary.settings.client_reconfig_script;
  if (script.empty()) return;
  const Names& names = turn.state.names;
  turn.emit(RunScript{script,
                      {{proto::script::kPrimary, primary.name},
                       {proto::script::kRole, std::string(caller)},
                       {proto::script::kState, std::string(proto::script::kStart)},
                       {proto::script::kFromHost, names.shown(from).host},
                       {proto::script::kFromPort, fmt::format("{}", from.port)},
                       {proto::script::kToHost, names.shown(to).host},
                       {proto::script::kToPort, fmt::format("{}", to.port)}}});
}

void log(Turn& turn, Level level, std::string text) { turn.emit(Log{level, std::move(text)}); }

}  // namespace vedette::core
