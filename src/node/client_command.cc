// CLIENT: who is connected, and closing connections.

#include "node/client_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "node/commands.h"

namespace vedette::node {
namespace {

// The kinds of clients that there are here; the words for others are known too, and no client is of such a kind.
enum class ClientKind : std::uint8_t { kNormal, kSubscriber, kNone };

std::optional<ClientKind> parse_kind(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, ClientKind>, 5> kKinds{{{"normal", ClientKind::kNormal},
                                                                           {"pubsub", ClientKind::kSubscriber},
                                                                           {"master", ClientKind::kNone},
                                                                           {"slave", ClientKind::kNone},
                                                                           {"replica", ClientKind::kNone}}};
  for (const auto& [word, kind] : kKinds) {
    if (equals_ignoring_case(word, text)) return kind;
  }
  return std::nullopt;
}

Error unknown_kind(std::string_view text) { return Error{fmt::format("ERR Unknown client type '{}'", text)}; }

const Error kSyntaxError{"ERR syntax error"};

ClientKind kind_of(Sessions& sessions, const Session& session) {
  return sessions.pubsub().count(session.connection) > 0 ? ClientKind::kSubscriber : ClientKind::kNormal;
}

std::string flags_of(Sessions& sessions, const Session& session) {
  std::string flags;
  if (kind_of(sessions, session) == ClientKind::kSubscriber) flags += 'P';
  if (session.tracking) flags += 't';
  if (session.tracking && session.tracking->keys == Tracking::Keys::kByPrefix) flags += 'B';
  if (session.end) flags += 'c';
  if (is_of_unix_socket(session.remote)) flags += 'U';
  if (session.never_evicted) flags += 'e';
  return flags.empty() ? "N" : flags;
}

// --- Names ----------------------------------------------------------------------------------------------------------

void id(Request& request) { request.reply.integer(static_cast<std::int64_t>(request.session.id)); }

void getname(Request& request) {
  if (request.session.name.empty()) return request.reply.null();
  request.reply.bulk(request.session.name);
}

void setname(Request& request) {
  if (!is_printable_name(request.arguments[2])) return request.reply.error(kBadClientName);
  request.session.name = request.arguments[2];
  request.reply.simple("OK");
}

void setinfo(Request& request) {
  const std::string_view option = request.arguments[2];
  const bool is_name = equals_ignoring_case(option, "lib-name");
  if (!is_name && !equals_ignoring_case(option, "lib-ver")) {
    return request.reply.error(fmt::format("ERR Unrecognized option '{}'", option));
  }
  if (!is_printable_name(request.arguments[3])) {
    return request.reply.error(
        fmt::format("ERR {} cannot contain spaces, newlines or special characters.", to_lower(option)));
  }
  (is_name ? request.session.library_name : request.session.library_version) = request.arguments[3];
  request.reply.simple("OK");
}

// --- LIST and INFO --------------------------------------------------------------------------------------------------

struct ListFilter {
  std::optional<ClientKind> kind;
  std::optional<std::set<std::uint64_t>> ids;
};

Result<ListFilter> parse_list_filter(const std::vector<std::string>& arguments) {
  ListFilter filter;
  if (arguments.size() == 2) return filter;
  if (arguments.size() == 4 && equals_ignoring_case(arguments[2], "TYPE")) {
    filter.kind = parse_kind(arguments[3]);
    if (!filter.kind) return unknown_kind(arguments[3]);
    return filter;
  }
  if (arguments.size() < 4 || !equals_ignoring_case(arguments[2], "ID")) return kSyntaxError;
  filter.ids.emplace();
  for (std::size_t i = 3; i < arguments.size(); ++i) {
    const auto number = parse_integer<std::uint64_t>(arguments[i]);
    if (!number) return Error{"ERR Invalid client ID"};
    filter.ids->insert(*number);
  }
  return filter;
}

void list(Request& request) {
  const auto filter = parse_list_filter(request.arguments);
  if (!filter) return request.reply.error(filter.error().message);
  std::string lines;
  for (const Session* session : request.sessions.all()) {
    if (filter->kind && *filter->kind != kind_of(request.sessions, *session)) continue;
    if (filter->ids && filter->ids->count(session->id) == 0) continue;
    lines += describe_client(request.sessions, *session, request.now);
  }
  request.reply.verbatim(lines);
}

void info(Request& request) { request.reply.verbatim(describe_client(request.sessions, request.session, request.now)); }

// --- KILL -----------------------------------------------------------------------------------------------------------

struct KillFilter {
  std::optional<std::uint64_t> id;
  std::optional<ClientKind> kind;
  std::optional<std::string_view> remote;
  std::optional<std::string_view> local;
  std::optional<std::string_view> user;
  bool spares_me = true;
};

Status add_kill_option(KillFilter& filter, std::string_view option, std::string_view value) {
  if (equals_ignoring_case(option, "ID")) {
    const auto number = parse_integer<std::uint64_t>(value);
    if (!number || *number == 0) return Error{"ERR client-id should be greater than 0"};
    filter.id = *number;
  } else if (equals_ignoring_case(option, "TYPE")) {
    filter.kind = parse_kind(value);
    if (!filter.kind) return unknown_kind(value);
  } else if (equals_ignoring_case(option, "ADDR")) {
    filter.remote = value;
  } else if (equals_ignoring_case(option, "LADDR")) {
    filter.local = value;
  } else if (equals_ignoring_case(option, "USER")) {
    filter.user = value;
  } else if (equals_ignoring_case(option, "SKIPME")) {
    filter.spares_me = equals_ignoring_case(value, "yes");
    if (!filter.spares_me && !equals_ignoring_case(value, "no")) return kSyntaxError;
  } else {
    return kSyntaxError;
  }
  return Ok{};
}

Result<KillFilter> parse_kill_filter(const std::vector<std::string>& arguments) {
  KillFilter filter;
  if (arguments.size() == 3) {  // the old form: an address, whoever it is
    filter.remote = arguments[2];
    filter.spares_me = false;
    return filter;
  }
  if (arguments.size() % 2 != 0) return kSyntaxError;
  for (std::size_t i = 2; i < arguments.size(); i += 2) {
    if (const Status added = add_kill_option(filter, arguments[i], arguments[i + 1]); !added) return added.error();
  }
  return filter;
}

std::vector<Session*> select_for_kill(const Request& request, const KillFilter& filter) {
  std::vector<Session*> selected = request.sessions.all();
  const auto is_spared = [&](const Session* session) {
    return (filter.spares_me && session == &request.session) || (filter.id && *filter.id != session->id) ||
           (filter.kind && *filter.kind != kind_of(request.sessions, *session)) ||
           (filter.remote && *filter.remote != to_string(session->remote)) ||
           (filter.local && *filter.local != to_string(session->local)) ||
           (filter.user && *filter.user != session->user);
  };
  selected.erase(std::remove_if(selected.begin(), selected.end(), is_spared), selected.end());
  return selected;
}

void kill(Request& request) {
  const auto filter = parse_kill_filter(request.arguments);
  if (!filter) return request.reply.error(filter.error().message);
  if (filter->user && request.sessions.users().find(*filter->user) == nullptr) {
    return request.reply.error(fmt::format("ERR No such user '{}'", *filter->user));
  }
  const std::vector<Session*> killed = select_for_kill(request, *filter);
  for (Session* session : killed) request.sessions.end(*session);
  const bool is_old_form = request.arguments.size() == 3;
  if (!is_old_form) return request.reply.integer(static_cast<std::int64_t>(killed.size()));
  if (killed.empty()) return request.reply.error("ERR No such client");
  request.reply.simple("OK");
}

void help(Request& request) { write_help(request, client_command()); }

constexpr std::uint16_t kForAll = kNoScript | kWhileUnready;
constexpr std::uint16_t kForAdmins = kForAll | kAdmin;

constexpr std::array kSubcommands{
    Command{.name = "client|getname",
            .arity = 2,
            .run = &getname,
            .flags = kForAll,
            .explicit_categories = kInConnection,
            .since = "2.6.9",
            .usage = "GETNAME",
            .summary = "The name of this connection, if it has one."},
    Command{.name = "client|id",
            .arity = 2,
            .run = &id,
            .flags = kForAll,
            .explicit_categories = kInConnection,
            .since = "5.0.0",
            .usage = "ID",
            .summary = "The number of this connection, never used twice."},
    Command{.name = "client|info",
            .arity = 2,
            .run = &info,
            .flags = kForAll,
            .explicit_categories = kInConnection,
            .since = "6.2.0",
            .usage = "INFO",
            .summary = "What LIST says of this connection.",
            .tips = "nondeterministic_output"},
    Command{.name = "client|kill",
            .arity = -3,
            .run = &kill,
            .flags = kForAdmins,
            .explicit_categories = kInConnection,
            .since = "2.4.0",
            .complexity = kPerClient,
            .usage = "KILL <ip:port> | [ID <id>] [TYPE (NORMAL|PUBSUB)] [ADDR <ip:port>] [LADDR <ip:port>] "
                     "[USER <name>] [SKIPME (YES|NO)]",
            .summary = "Close the connections that fit all of these; this one only if SKIPME is NO or its address is "
                       "given."},
    Command{.name = "client|list",
            .arity = -2,
            .run = &list,
            .flags = kForAdmins,
            .explicit_categories = kInConnection,
            .since = "2.4.0",
            .complexity = kPerClient,
            .usage = "LIST [TYPE (NORMAL|PUBSUB)] [ID <id> ...]",
            .summary = "One line for each connection.",
            .tips = "nondeterministic_output"},
    Command{.name = "client|setinfo",
            .arity = 4,
            .run = &setinfo,
            .flags = kForAll,
            .explicit_categories = kInConnection,
            .since = "7.2.0",
            .usage = "SETINFO (LIB-NAME|LIB-VER) <value>",
            .summary = "Tell which library this client uses."},
    Command{.name = "client|setname",
            .arity = 3,
            .run = &setname,
            .flags = kForAll,
            .explicit_categories = kInConnection,
            .since = "2.6.9",
            .usage = "SETNAME <name>",
            .summary = "Name this connection; an empty name takes it away."},
    Command{.name = "client|caching",
            .arity = 3,
            .run = &client::caching,
            .flags = kForAll,
            .explicit_categories = kInConnection,
            .since = "6.0.0",
            .usage = "CACHING (YES|NO)",
            .summary = "With TRACKING: whether the keys of the next command are of interest."},
    Command{.name = "client|getredir",
            .arity = 2,
            .run = &client::getredir,
            .flags = kForAll,
            .explicit_categories = kInConnection,
            .since = "6.0.0",
            .usage = "GETREDIR",
            .summary = "With TRACKING: which connection hears of changes; 0: this one, -1: none."},
    Command{.name = "client|no-evict",
            .arity = 3,
            .run = &client::no_evict,
            .flags = kForAdmins,
            .explicit_categories = kInConnection,
            .since = "7.0.0",
            .usage = "NO-EVICT (ON|OFF)",
            .summary = "Taken note of: no client is closed for want of memory before others here."},
    Command{.name = "client|pause",
            .arity = -3,
            .run = &client::pause,
            .flags = kForAdmins,
            .explicit_categories = kInConnection,
            .since = "2.9.50",
            .usage = "PAUSE <milliseconds> [WRITE|ALL]",
            .summary = "Work off no requests of any client for so long. WRITE: none here are writes."},
    Command{.name = "client|reply",
            .arity = 3,
            .run = &client::reply,
            .flags = kForAll,
            .explicit_categories = kInConnection,
            .since = "3.2.0",
            .usage = "REPLY (ON|OFF|SKIP)",
            .summary = "Answer the requests of this connection: all, none, or all but the next."},
    Command{.name = "client|tracking",
            .arity = -3,
            .run = &client::tracking,
            .flags = kForAll,
            .explicit_categories = kInConnection,
            .since = "6.0.0",
            .usage = "TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> ...] [OPTIN] [OPTOUT] [NOLOOP]",
            .summary = "Say which changes of keys are of interest. There are no keys here."},
    Command{.name = "client|trackinginfo",
            .arity = 2,
            .run = &client::trackinginfo,
            .flags = kForAll,
            .explicit_categories = kInConnection,
            .since = "6.2.0",
            .usage = "TRACKINGINFO",
            .summary = "What TRACKING says of this connection."},
    Command{.name = "client|unblock",
            .arity = -3,
            .run = &client::unblock,
            .flags = kForAdmins,
            .explicit_categories = kInConnection,
            .since = "5.0.0",
            .usage = "UNBLOCK <id> [TIMEOUT|ERROR]",
            .summary = "End a blocking command. There are none here."},
    Command{.name = "client|unpause",
            .arity = 2,
            .run = &client::unpause,
            .flags = kForAdmins,
            .explicit_categories = kInConnection,
            .since = "6.2.0",
            .usage = "UNPAUSE",
            .summary = "Go on after PAUSE."},
    Command{.name = "client|help",
            .arity = 2,
            .run = &help,
            .flags = kWhileUnready,
            .explicit_categories = kInConnection,
            .since = "5.0.0",
            .usage = "HELP",
            .summary = "This text."},
};

constexpr Command kClient{.name = "client",
                          .arity = -2,
                          .group = "connection",
                          .since = "2.4.0",
                          .complexity = kBySubcommand,
                          .summary = "The connections of clients.",
                          .subcommands = kSubcommands};

}  // namespace

bool is_printable_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) { return c >= '!' && c <= '~'; });
}

// Fields that measure the buffers of another server are 0, and there is no file descriptor to be known here.
std::string describe_client(Sessions& sessions, const Session& session, Instant now) {
  const auto seconds_since = [now](Instant then) { return std::chrono::duration_cast<Seconds>(now - then).count(); };
  const std::size_t unsent = sessions.unsent_bytes(session);
  return fmt::format(
      "id={} addr={} laddr={} fd=-1 name={} age={} idle={} flags={} db=0 sub={} psub={} ssub=0 multi=-1 qbuf={} "
      "qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=0 oll=0 omem={} tot-mem={} events={} cmd={} user={} redir={} "
      "resp={} lib-name={} lib-ver={}\n",
      session.id, to_string(session.remote), to_string(session.local), session.name,
      seconds_since(session.connected_at), seconds_since(session.active_at), flags_of(sessions, session),
      sessions.pubsub().channels.count(session.connection), sessions.pubsub().patterns.count(session.connection),
      session.decoder.buffered_bytes(), unsent, sessions.memory_of(session), unsent > 0 ? "rw" : "r",
      session.last_command, session.user, session.tracking ? static_cast<std::int64_t>(session.tracking->redirect) : -1,
      session.protocol == resp::Protocol::kResp3 ? 3 : 2, session.library_name, session.library_version);
}

const Command& client_command() { return kClient; }

}  // namespace vedette::node
