// SENTINEL subcommands for those who test the cluster itself.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "conf/model.h"
#include "node/sentinel_command.h"

namespace vedette::node::sentinel {
namespace {

struct Parameter {
  std::string_view name;
  Micros core::Timing::*member;
};
constexpr std::array<Parameter, 13> kParameters{{
    {"INFO-PERIOD", &core::Timing::info_period},
    {"PING-PERIOD", &core::Timing::ping_period},
    {"ASK-PERIOD", &core::Timing::ask_period},
    {"PUBLISH-PERIOD", &core::Timing::publish_period},
    {"DEFAULT-DOWN-AFTER", &core::Timing::default_down_after},
    {"DEFAULT-FAILOVER-TIMEOUT", &core::Timing::default_failover_timeout},
    {"TILT-TRIGGER", &core::Timing::tilt_trigger},
    {"TILT-PERIOD", &core::Timing::tilt_period},
    {"SLAVE-RECONF-TIMEOUT", &core::Timing::replica_reconf_timeout},
    {"MIN-LINK-RECONNECT-PERIOD", &core::Timing::min_link_reconnect_period},
    {"ELECTION-TIMEOUT", &core::Timing::election_timeout},
    {"SCRIPT-MAX-RUNTIME", &core::Timing::script_max_runtime},
    {"SCRIPT-RETRY-DELAY", &core::Timing::script_retry_delay},
}};

Error unknown_parameter(std::string_view name) {
  return Error{fmt::format("ERR Unknown option or number of arguments for SENTINEL DEBUG '{}'", name)};
}

Status change(core::Timing& timing, const std::string& name, const std::string& value) {
  const auto parameter = std::find_if(kParameters.begin(), kParameters.end(), [&name](const Parameter& candidate) {
    return equals_ignoring_case(candidate.name, name);
  });
  if (parameter == kParameters.end()) return unknown_parameter(name);
  const auto millis = parse_integer<std::int64_t>(value);
  if (!millis || *millis <= 0 || *millis > conf::kMaxPeriod.count()) {
    return Error{fmt::format("ERR Invalid argument '{}' for SENTINEL DEBUG '{}'", value, name)};
  }
  timing.*(parameter->member) = Millis(*millis);
  return Ok{};
}

void show(Request& request) {
  request.reply.map(kParameters.size());
  for (const Parameter& parameter : kParameters) {
    request.reply.bulk(parameter.name);
    request.reply.bulk(fmt::format("{}", to_millis(request.state().timing.*(parameter.member))));
  }
}

}  // namespace

void debug(Request& request) {
  const auto& arguments = request.arguments;
  if (arguments.size() == 2) return show(request);
  core::Timing timing = request.state().timing;
  for (std::size_t i = 2; i < arguments.size(); i += 2) {
    const bool has_value = i + 1 < arguments.size();
    const Status changed = has_value ? change(timing, arguments[i], arguments[i + 1]) : unknown_parameter(arguments[i]);
    if (!changed) return request.reply.error(changed.error().message);
  }
  request.submit(core::SetTiming{timing});
  request.reply.simple("OK");
}

void simulate_failure(Request& request) {
  core::SimulateFailure failure{};
  for (std::size_t i = 2; i < request.arguments.size(); ++i) {
    const std::string& word = request.arguments[i];
    if (equals_ignoring_case(word, "crash-after-election")) {
      failure.after_election = true;
    } else if (equals_ignoring_case(word, "crash-after-promotion")) {
      failure.after_promotion = true;
    } else if (equals_ignoring_case(word, "help")) {
      request.submit(failure);  // so HELP alone ends what was simulated: nothing else could, and scripts know it
      request.reply.array(2);
      request.reply.bulk("crash-after-election");
      return request.reply.bulk("crash-after-promotion");
    } else {
      return request.reply.error("ERR Unknown failure simulation specified");
    }
  }
  request.submit(failure);
  request.reply.simple("OK");
}

}  // namespace vedette::node::sentinel
