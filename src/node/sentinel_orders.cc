// SENTINEL subcommands that change something: each becomes one input of the core, whose answer is the reply. What can
// be refused by looking at the request alone is refused here.

#include <fmt/format.h>

#include <algorithm>

#include "base/host.h"
#include "base/text.h"
#include "conf/options.h"
#include "conf/values.h"
#include "core/orders.h"
#include "node/explanation.h"
#include "node/sentinel_command.h"
#include "node/settings_map.h"
#include "proto/link_name.h"

namespace vedette::node::sentinel {

// --- Questions of peers ---------------------------------------------------------------------------------------------

std::optional<RunId> identify_peer(const core::State& state, std::string_view client_name, const Address& remote) {
  const auto digits = proto::sentinel_digits(client_name);
  if (!digits) return std::nullopt;
  const core::Peer* found = nullptr;
  for (const auto& [id, peer] : state.peers) {
    const std::string_view peer_digits = std::string_view(peer.run_id.hex).substr(0, proto::kLinkNameDigits);
    if (!equals_ignoring_case(peer_digits, *digits) || state.names.place(peer.address).host != remote.host) continue;
    if (found != nullptr) return std::nullopt;  // ids that people have made up may begin alike
    found = &peer;
  }
  return found == nullptr ? std::nullopt : std::optional(found->run_id);
}

void is_down_by_address(Request& request) {
  const auto& arguments = request.arguments;
  const auto port = parse_integer<std::int64_t>(arguments[3]);
  const auto epoch = parse_integer<std::int64_t>(arguments[4]);
  if (!port || !epoch) return request.reply.error("ERR value is not an integer or out of range");
  core::PeerAsked question;
  question.primary.host = canonical_ip(arguments[2]).value_or(arguments[2]);
  // Nothing listens on port 0, so a port that is none leads to the answer for a primary that we do not know.
  question.primary.port = *port > 0 && *port <= std::int64_t{conf::kMaxPort} ? static_cast<std::uint16_t>(*port) : 0;
  question.epoch = Epoch{static_cast<std::uint64_t>(std::max(*epoch, std::int64_t{0}))};
  // What is no run id is `*`: it asks for our opinion only.
  if (const auto candidate = parse_run_id(arguments[5])) question.candidate = *candidate;
  question.asker = identify_peer(request.state(), request.session.name, request.session.remote);
  question.token = request.await(AnswerForm::kOpinion);
  request.submit(question);
}

// --- Orders ---------------------------------------------------------------------------------------------------------

void monitor(Request& request) {
  const auto& arguments = request.arguments;
  const auto quorum = parse_integer<std::int64_t>(arguments[5]);
  if (!quorum || *quorum > std::int64_t{conf::kMaxCount}) return request.reply.error("ERR Invalid quorum");
  const auto port = parse_integer<std::int64_t>(arguments[4]);
  if (!port) return request.reply.error("ERR Invalid port");
  if (*quorum < 1) return request.reply.error("ERR Quorum must be 1 or greater.");
  const auto host = conf::read_host(arguments[3], request.state().names.naming.resolve);
  if (!host) return request.reply.error("ERR Invalid IP address or hostname specified");
  if (*port < 1 || *port > std::int64_t{conf::kMaxPort}) return request.reply.error("ERR Invalid port number.");
  const auto name = conf::read_primary_name(arguments[2]);
  if (!name) return request.reply.error(fmt::format("ERR {}", name.error().message));
  if (request.state().primaries.size() >= conf::kMaxPrimaries) {
    return request.reply.error(fmt::format("ERR {} masters are monitored, and that is the limit", conf::kMaxPrimaries));
  }
  const Address address{*host, static_cast<std::uint16_t>(*port)};
  request.submit(core::Monitor{request.await(), *name, address, static_cast<unsigned>(*quorum)});
}

void remove(Request& request) { request.submit(core::Remove{request.await(), request.arguments[2]}); }

namespace {

// What the order would do, or the error that it would be refused with.
void rehearse_failover(Request& request) {
  const core::Primary* primary = find_primary(request, request.arguments[2]);
  if (primary == nullptr) return;
  const core::State& state = request.state();
  const Status allowed = core::may_fail_over(state, *primary, request.now);
  if (!allowed) return request.reply.error(allowed.error().message);
  const core::Explanation explanation = request.sessions.view().explain(*primary, request.now);
  rehearsal_fields(state, *primary, explanation, request.now).write(request.reply);
}

}  // namespace

void failover(Request& request) {
  const auto& words = request.arguments;
  if (words.size() == 3) return request.submit(core::FailoverNow{request.await(), words[2]});
  if (words.size() > 4 || !equals_ignoring_case(words[3], "DRYRUN")) {
    return request.reply.error(fmt::format(
        "ERR Unknown option '{}' for SENTINEL FAILOVER: the master's name may be followed by DRYRUN and nothing else",
        words.size() > 4 ? words[4] : words[3]));
  }
  rehearse_failover(request);
}

void reset(Request& request) { request.submit(core::Reset{request.await(AnswerForm::kCount), request.arguments[2]}); }

void flush_config(Request& request) { request.submit(core::Flush{request.await()}); }

// --- SET ------------------------------------------------------------------------------------------------------------

namespace {

// Nothing is run that could not be run before, unless the file allows it; an empty path unsets the script.
Status check_script(const Request& request, std::string_view option, const std::string& path) {
  if (!conf::is_script(option)) return Ok{};
  if (request.sessions.settings().deny_scripts_reconfig) {
    return Error{
        "ERR Reconfiguration of scripts path is denied for security reasons. Check the deny-scripts-reconfig "
        "configuration directive in your Sentinel configuration"};
  }
  if (path.empty() || request.sessions.view().scripts().is_executable(path)) return Ok{};
  return Error{fmt::format("ERR {}", conf::not_executable(option))};
}

// The value to complain about. Of the two of rename-command, the second if the first is in order.
const std::string& wrong_value(conf::Words values) {
  return values.size() > 1 && conf::read_command_name(values[0]) ? values[1] : values[0];
}

// Makes every change in `wanted`, or none that counts: on failure `wanted` is to be thrown away. Gives the changes as
// they are announced.
Result<std::vector<std::pair<std::string, std::string>>> apply_options(const Request& request,
                                                                       conf::MonitoredPrimary& wanted) {
  const conf::Words words = request.arguments;
  std::vector<std::pair<std::string, std::string>> announced;
  for (std::size_t i = 3; i < words.size();) {
    const conf::PrimaryOption* option = conf::find_primary_option(words[i]);
    if (option == nullptr || words.size() - i - 1 < option->arity) {
      return Error{fmt::format("ERR Unknown option or number of arguments for SENTINEL SET '{}'", words[i])};
    }
    const conf::Words values = words.subspan(i + 1, option->arity);
    if (const Status allowed = check_script(request, option->name, values[0]); !allowed) return allowed.error();
    if (!option->set(wanted, values)) {
      return Error{fmt::format("ERR Invalid argument '{}' for SENTINEL SET '{}'", wrong_value(values), words[i])};
    }
    announced.emplace_back(words[i], fmt::format("{}", fmt::join(values.begin(), values.end(), " ")));
    i += 1 + option->arity;
  }
  return announced;
}

}  // namespace

void set(Request& request) {
  const core::Primary* primary = find_primary(request, request.arguments[2]);
  if (primary == nullptr) return;
  conf::MonitoredPrimary wanted;
  from_core(primary->settings, wanted);
  const auto announced = apply_options(request, wanted);
  if (!announced) return request.reply.error(announced.error().message);
  request.submit(core::Set{request.await(), primary->name, *announced, to_core(wanted)});
}

}  // namespace vedette::node::sentinel
