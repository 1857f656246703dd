#include "node/client_tracking.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "node/client_command.h"
#include "node/request.h"

namespace vedette::node::client {
namespace {

const Error kSyntax{"ERR syntax error"};

// What one CLIENT TRACKING ON says, before it is compared with what holds already.
struct TrackingWords {
  bool broadcast = false;
  bool opt_in = false;
  bool opt_out = false;
  bool no_loop = false;
  std::uint64_t redirect = 0;
  std::vector<std::string> prefixes;
};

bool is_client(const Request& request, std::uint64_t id) {
  const auto all = request.sessions.all();
  return std::any_of(all.begin(), all.end(), [id](const Session* session) { return session->id == id; });
}

Status add_redirect(const Request& request, TrackingWords& words, std::string_view value) {
  if (words.redirect != 0) return Error{"ERR A client can only redirect to a single other client"};
  const auto id = parse_integer<std::int64_t>(value);
  if (!id) return Error{"ERR value is not an integer or out of range"};
  words.redirect = static_cast<std::uint64_t>(*id);
  if (!is_client(request, words.redirect)) return Error{"ERR The client ID you want redirect to does not exist"};
  return Ok{};
}

Result<TrackingWords> parse_tracking(const Request& request) {
  const auto& arguments = request.arguments;
  TrackingWords words;
  for (std::size_t i = 3; i < arguments.size(); ++i) {
    const std::string& option = arguments[i];
    const bool has_value = i + 1 < arguments.size();
    if (equals_ignoring_case(option, "REDIRECT") && has_value) {
      if (const Status added = add_redirect(request, words, arguments[++i]); !added) return added.error();
    } else if (equals_ignoring_case(option, "BCAST")) {
      words.broadcast = true;
    } else if (equals_ignoring_case(option, "OPTIN")) {
      words.opt_in = true;
    } else if (equals_ignoring_case(option, "OPTOUT")) {
      words.opt_out = true;
    } else if (equals_ignoring_case(option, "NOLOOP")) {
      words.no_loop = true;
    } else if (equals_ignoring_case(option, "PREFIX") && has_value) {
      words.prefixes.push_back(arguments[++i]);
    } else {
      return kSyntax;
    }
  }
  return words;
}

bool overlap(std::string_view a, std::string_view b) {
  const std::size_t length = std::min(a.size(), b.size());
  return a.substr(0, length) == b.substr(0, length);
}

Status check_prefixes(const std::vector<std::string>& added, const std::set<std::string>& present) {
  const auto refuse = [](std::string_view prefix, std::string_view which, std::string_view other) {
    return Error{
        fmt::format("ERR Prefix '{}' overlaps with {} prefix '{}'. Prefixes for a single client must not overlap.",
                    prefix, which, other)};
  };
  if (added.size() + present.size() > kMaxTrackedPrefixes) {
    return Error{fmt::format("ERR more than {} prefixes of one client", kMaxTrackedPrefixes)};
  }
  for (std::size_t i = 0; i < added.size(); ++i) {
    if (added[i].size() > kMaxTrackedPrefixBytes) {
      return Error{fmt::format("ERR more than {} bytes in a prefix", kMaxTrackedPrefixBytes)};
    }
    for (const std::string& other : present) {
      if (overlap(added[i], other)) return refuse(added[i], "an existing", other);
    }
    for (std::size_t j = i + 1; j < added.size(); ++j) {
      if (overlap(added[i], added[j])) return refuse(added[i], "another provided", added[j]);
    }
  }
  return Ok{};
}

Status check_modes(const TrackingWords& words, const std::optional<Tracking>& present) {
  const bool broadcasts = present && present->keys == Tracking::Keys::kByPrefix;
  if (!words.broadcast && !words.prefixes.empty()) {
    return Error{"ERR PREFIX option requires BCAST mode to be enabled"};
  }
  if (present && broadcasts != words.broadcast) {
    return Error{
        "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it "
        "with a different mode."};
  }
  if (words.broadcast && (words.opt_in || words.opt_out)) {
    return Error{"ERR OPTIN and OPTOUT are not compatible with BCAST"};
  }
  if (words.opt_in && words.opt_out) return Error{"ERR You can't specify both OPTIN mode and OPTOUT mode"};
  const auto keys = present ? present->keys : Tracking::Keys::kAll;
  if ((words.opt_in && keys == Tracking::Keys::kUnlessAsked) || (words.opt_out && keys == Tracking::Keys::kIfAsked)) {
    return Error{
        "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then re-enabling it "
        "with a different mode."};
  }
  return Ok{};
}

// The original sets all anew at each ON, but for the prefixes, which add up.
Status turn_on(std::optional<Tracking>& tracking, const TrackingWords& words) {
  if (Status fit = check_modes(words, tracking); !fit) return fit;
  Tracking wanted = tracking.value_or(Tracking{});
  if (Status fit = check_prefixes(words.prefixes, wanted.prefixes); !fit) return fit;
  wanted.prefixes.insert(words.prefixes.begin(), words.prefixes.end());
  if (words.broadcast && words.prefixes.empty()) wanted.prefixes.emplace();  // all keys
  wanted.keys = Tracking::Keys::kAll;
  if (words.broadcast) wanted.keys = Tracking::Keys::kByPrefix;
  if (words.opt_in) wanted.keys = Tracking::Keys::kIfAsked;
  if (words.opt_out) wanted.keys = Tracking::Keys::kUnlessAsked;
  wanted.no_loop = words.no_loop;
  wanted.redirect = words.redirect;
  tracking = std::move(wanted);
  return Ok{};
}

std::vector<std::string_view> tracking_flags(const Tracking& tracking) {
  std::vector<std::string_view> flags{"on"};
  switch (tracking.keys) {
    case Tracking::Keys::kAll:
      break;
    case Tracking::Keys::kByPrefix:
      flags.emplace_back("bcast");
      break;
    case Tracking::Keys::kIfAsked:
      flags.emplace_back("optin");
      if (tracking.asked) flags.emplace_back("caching-yes");
      break;
    case Tracking::Keys::kUnlessAsked:
      flags.emplace_back("optout");
      if (tracking.asked) flags.emplace_back("caching-no");
      break;
  }
  if (tracking.no_loop) flags.emplace_back("noloop");
  return flags;
}

std::int64_t redirection(const Session& session) {
  return session.tracking ? static_cast<std::int64_t>(session.tracking->redirect) : -1;
}

}  // namespace

void tracking(Request& request) {
  Session& session = request.session;
  const auto words = parse_tracking(request);
  if (!words) return request.reply.error(words.error().message);
  if (equals_ignoring_case(request.arguments[2], "ON")) {
    const Status turned = turn_on(session.tracking, *words);
    if (!turned) return request.reply.error(turned.error().message);
  } else if (equals_ignoring_case(request.arguments[2], "OFF")) {
    session.tracking.reset();
  } else {
    return request.reply.error(kSyntax.message);
  }
  request.reply.simple("OK");
}

void caching(Request& request) {
  auto& tracking = request.session.tracking;
  if (!tracking) {
    return request.reply.error(
        "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled");
  }
  const bool yes = equals_ignoring_case(request.arguments[2], "YES");
  if (!yes && !equals_ignoring_case(request.arguments[2], "NO")) return request.reply.error(kSyntax.message);
  if (tracking->keys != (yes ? Tracking::Keys::kIfAsked : Tracking::Keys::kUnlessAsked)) {
    return request.reply.error(fmt::format("ERR CLIENT CACHING {} is only valid when tracking is enabled in {} mode.",
                                           yes ? "YES" : "NO", yes ? "OPTIN" : "OPTOUT"));
  }
  tracking->asked = true;
  request.reply.simple("OK");
}

void getredir(Request& request) { request.reply.integer(redirection(request.session)); }

void trackinginfo(Request& request) {
  const auto& tracking = request.session.tracking;
  request.reply.map(3);
  request.reply.bulk("flags");
  const auto flags = tracking ? tracking_flags(*tracking) : std::vector<std::string_view>{"off"};
  request.reply.set(flags.size());
  for (const std::string_view flag : flags) request.reply.bulk(flag);
  request.reply.bulk("redirect");
  request.reply.integer(redirection(request.session));
  request.reply.bulk("prefixes");
  request.reply.array(tracking ? tracking->prefixes.size() : 0);
  if (!tracking) return;
  for (const std::string& prefix : tracking->prefixes) request.reply.bulk(prefix);
}

}  // namespace vedette::node::client
