// SENTINEL CONFIG: the settings of the sentinel itself that can be seen and changed while it runs.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "conf/values.h"
#include "node/log_level.h"
#include "node/request.h"
#include "node/sentinel_command.h"

namespace vedette::node::sentinel {
namespace {

struct Setting {
  std::string_view name;
  std::string (*get)(const conf::Configuration&);
  Status (*set)(conf::Configuration&, std::string_view);  // on failure nothing has changed
};

template <bool conf::SentinelSettings::*kMember>
constexpr Setting yes_or_no(std::string_view name) {
  return {name, [](const conf::Configuration& in) { return std::string(in.sentinel.*kMember ? "yes" : "no"); },
          [](conf::Configuration& in, std::string_view word) -> Status {
            const auto value = conf::read_yes_no(word);
            if (!value) return value.error();
            in.sentinel.*kMember = *value;
            return Ok{};
          }};
}

template <Result<std::string> (*kRead)(std::string_view), std::string conf::SentinelSettings::*kMember>
constexpr Setting words(std::string_view name) {
  return {name, [](const conf::Configuration& in) { return in.sentinel.*kMember; },
          [](conf::Configuration& in, std::string_view word) -> Status {
            auto value = kRead(word);
            if (!value) return value.error();
            in.sentinel.*kMember = *std::move(value);
            return Ok{};
          }};
}

// Empty: our end of each link is announced. A name is allowed whatever we resolve: peers decide whether they can use
// it.
Result<std::string> read_announced(std::string_view word) {
  return word.empty() ? Result<std::string>(std::string()) : conf::read_host(word, true);
}

constexpr Setting kAnnouncedPort{
    "announce-port", [](const conf::Configuration& in) { return fmt::format("{}", in.sentinel.announce_port); },
    [](conf::Configuration& in, std::string_view word) -> Status {
      const auto port = conf::read_bounded<std::uint16_t, 0, conf::kMaxPort>(word);
      if (!port) return port.error();
      in.sentinel.announce_port = *port;
      return Ok{};
    }};

// Not saved: the file says how verbose the next start is to be.
constexpr Setting kLogLevel{"loglevel", [](const conf::Configuration& in) { return in.server.log_level; },
                            [](conf::Configuration& in, std::string_view word) -> Status {
                              auto level = conf::read_choice(word, kLevelWords);
                              if (!level) return level.error();
                              in.server.log_level = *std::move(level);
                              return Ok{};
                            }};

using conf::SentinelSettings;
constexpr std::array kSettings{
    yes_or_no<&SentinelSettings::resolve_hostnames>("resolve-hostnames"),
    yes_or_no<&SentinelSettings::announce_hostnames>("announce-hostnames"),
    words<&read_announced, &SentinelSettings::announce_ip>("announce-ip"),
    kAnnouncedPort,
    words<&conf::read_text, &SentinelSettings::peer_user>("sentinel-user"),
    words<&conf::read_secret, &SentinelSettings::peer_pass>("sentinel-pass"),
    kLogLevel,
};

void get(Request& request) {
  const auto& arguments = request.arguments;
  std::vector<const Setting*> shown;
  for (const Setting& setting : kSettings) {
    const auto matches = [&](const std::string& pattern) { return glob_matches(pattern, setting.name, true); };
    if (std::any_of(arguments.begin() + 3, arguments.end(), matches)) shown.push_back(&setting);
  }
  request.reply.map(shown.size());
  for (const Setting* setting : shown) {
    request.reply.bulk(setting->name);
    request.reply.bulk(setting->get(request.sessions.view().configuration()));
  }
}

Status change(conf::Configuration& wanted, const std::string& name, const std::string& value) {
  const auto found = std::find_if(kSettings.begin(), kSettings.end(),
                                  [&name](const Setting& setting) { return equals_ignoring_case(setting.name, name); });
  if (found == kSettings.end()) return Error{fmt::format("ERR Invalid argument '{}' to SENTINEL CONFIG SET", name)};
  if (!found->set(wanted, value)) {
    return Error{fmt::format("ERR Invalid value '{}' to SENTINEL CONFIG SET '{}'", value, name)};
  }
  return Ok{};
}

void set_all(Request& request) {
  const auto& arguments = request.arguments;
  conf::Configuration wanted = request.sessions.view().configuration();
  for (std::size_t i = 3; i < arguments.size(); i += 2) {
    for (std::size_t earlier = 3; earlier < i; earlier += 2) {
      if (!equals_ignoring_case(arguments[earlier], arguments[i])) continue;
      return request.reply.error(fmt::format("ERR Duplicate argument '{}' to SENTINEL CONFIG SET", arguments[i]));
    }
    const Status changed = change(wanted, arguments[i], arguments[i + 1]);
    if (!changed) return request.reply.error(changed.error().message);
  }
  request.sessions.orders().configure(request.now, wanted);
  request.submit(core::Flush{request.await()});
}

}  // namespace

void config(Request& request) {
  const auto& arguments = request.arguments;
  if (arguments.size() >= 4 && equals_ignoring_case(arguments[2], "GET")) return get(request);
  const bool is_set = equals_ignoring_case(arguments[2], "SET") && arguments.size() >= 5 && arguments.size() % 2 == 1;
  if (is_set) return set_all(request);
  request.reply.error("ERR Only SENTINEL CONFIG GET <option> / SET <option> <value> are supported.");
}

}  // namespace vedette::node::sentinel
