// ACL: users and what they may do.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "node/acl/files.h"
#include "node/commands.h"
#include "node/permissions.h"

namespace vedette::node {
namespace acl {
namespace {

constexpr std::string_view kPerUser = "O(N) in the users";

constexpr std::string_view kNoAclFile =
    "ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER "
    "command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store "
    "users in the Redis configuration.";

void refuse_arguments(Request& request) {
  request.reply.error(
      fmt::format("ERR unknown subcommand or wrong number of arguments for '{}'. Try ACL HELP.", request.arguments[1]));
}

// --- Users ----------------------------------------------------------------------------------------------------------

void setuser(Request& request) {
  Sessions& sessions = request.sessions;
  const std::string& name = request.arguments[2];
  const Status changed = sessions.users().set(name, std::span(request.arguments).subspan(3));
  if (!changed) return request.reply.error(changed.error().message);
  end_eavesdroppers(sessions, name);
  request.reply.simple("OK");
}

void deluser(Request& request) {
  const auto names = std::span(request.arguments).subspan(2);
  if (std::find(names.begin(), names.end(), kDefaultUser) != names.end()) {
    return request.reply.error("ERR The 'default' user cannot be removed");
  }
  std::int64_t removed = 0;
  for (const std::string& name : names) {
    if (!request.sessions.users().remove(name)) continue;
    ++removed;
    end_clients_of(request.sessions, name);
  }
  request.reply.integer(removed);
}

void write_selector(Request& request, const Selector& selector) {
  request.reply.bulk("commands");
  request.reply.bulk(selector.commands_text());
  request.reply.bulk("keys");
  request.reply.bulk(selector.keys_text());
  request.reply.bulk("channels");
  request.reply.bulk(selector.channels_text());
}

void getuser(Request& request) {
  const User* user = request.sessions.users().find(request.arguments[2]);
  if (user == nullptr) return request.reply.null();
  constexpr std::size_t kSelectorFields = 3;
  request.reply.map(3 + kSelectorFields);
  const auto flags = user->flags();
  request.reply.bulk("flags");
  request.reply.set(flags.size());
  for (const std::string_view flag : flags) request.reply.bulk(flag);
  request.reply.bulk("passwords");
  request.reply.array(user->password_hashes().size());
  for (const std::string& hash : user->password_hashes()) request.reply.bulk(hash);
  write_selector(request, user->root());
  request.reply.bulk("selectors");
  request.reply.array(user->selectors().size());
  for (const Selector& selector : user->selectors()) {
    request.reply.map(kSelectorFields);
    write_selector(request, selector);
  }
}

void list(Request& request) {
  const auto& all = request.sessions.users().all();
  request.reply.array(all.size());
  for (const auto& [name, user] : all) request.reply.bulk(fmt::format("user {} {}", name, user.text()));
}

void users(Request& request) {
  const auto& all = request.sessions.users().all();
  request.reply.array(all.size());
  for (const auto& [name, user] : all) request.reply.bulk(name);
}

void whoami(Request& request) { request.reply.bulk(request.session.user); }

void dryrun(Request& request) {
  const std::string& name = request.arguments[2];
  const User* user = request.sessions.users().find(name);
  if (user == nullptr) return request.reply.error(fmt::format("ERR User '{}' not found", name));
  const auto words = std::span(request.arguments).subspan(3);
  const Command* command = find_called(words);
  if (command == nullptr) return request.reply.error(fmt::format("ERR Command '{}' not found", words[0]));
  if (!command->takes(words.size())) {
    return request.reply.error(fmt::format("ERR wrong number of arguments for '{}' command", command->name));
  }
  const auto denial = command->has(kBeforeAuth) ? std::nullopt : user->check(*command, words);
  if (!denial) return request.reply.simple("OK");
  const bool is_command = denial->reason == Denial::Reason::kCommand;
  request.reply.bulk(fmt::format("This user has no permissions to {} the '{}' {}", is_command ? "run" : "access",
                                 denial->object, is_command ? "command" : "channel"));
}

// --- Categories -----------------------------------------------------------------------------------------------------

std::vector<std::string_view> commands_in(Categories category) {
  std::vector<std::string_view> names;
  for (const Command* command : all_commands()) {
    if ((command->categories() & category) != 0) names.push_back(command->name);
    for (const Command& subcommand : command->subcommands) {
      if ((subcommand.categories() & category) != 0) names.push_back(subcommand.name);
    }
  }
  return names;
}

void cat(Request& request) {
  if (request.arguments.size() > 3) return refuse_arguments(request);
  if (request.arguments.size() == 2) {
    request.reply.array(kCategoryWords.size());
    for (const std::string_view word : kCategoryWords) request.reply.bulk(word);
    return;
  }
  const std::string& wanted = request.arguments[2];
  for (std::size_t i = 0; i < kCategoryWords.size(); ++i) {
    if (!equals_ignoring_case(kCategoryWords.at(i), wanted)) continue;
    const auto names = commands_in(only(static_cast<Category>(i)));
    request.reply.array(names.size());
    for (const std::string_view name : names) request.reply.bulk(name);
    return;
  }
  request.reply.error(fmt::format("ERR Unknown category '{}'", wanted));
}

// --- Passwords ------------------------------------------------------------------------------------------------------

void genpass(Request& request) {
  constexpr std::int64_t kDefaultBits = 256;
  constexpr std::int64_t kMaxBits = 4096;
  constexpr std::int64_t kBitsPerDigit = 4;
  if (request.arguments.size() > 3) return refuse_arguments(request);
  std::int64_t bits = kDefaultBits;
  if (request.arguments.size() == 3) {
    const auto wanted = parse_integer<std::int64_t>(request.arguments[2]);
    if (!wanted) return request.reply.error("ERR value is not an integer or out of range");
    if (*wanted < 1 || *wanted > kMaxBits) {
      return request.reply.error(
          "ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096");
    }
    bits = *wanted;
  }
  const auto digits = static_cast<std::size_t>((bits + kBitsPerDigit - 1) / kBitsPerDigit);
  std::string password;
  while (password.size() < digits) password += fmt::format("{:016x}", request.sessions.rng().next());
  password.resize(digits);
  request.reply.bulk(password);
}

// --- The log --------------------------------------------------------------------------------------------------------

void write_entry(Request& request, const LogEntry& entry) {
  constexpr double kMillisPerSecond = 1000;
  constexpr std::size_t kFields = 7;
  request.reply.map(kFields);
  request.reply.bulk("count");
  request.reply.integer(static_cast<std::int64_t>(entry.count));
  request.reply.bulk("reason");
  request.reply.bulk(entry.reason);
  request.reply.bulk("context");
  request.reply.bulk("toplevel");
  request.reply.bulk("object");
  request.reply.bulk(entry.object);
  request.reply.bulk("username");
  request.reply.bulk(entry.user);
  request.reply.bulk("age-seconds");
  request.reply.number(static_cast<double>(to_millis(request.now - entry.at)) / kMillisPerSecond);
  request.reply.bulk("client-info");
  request.reply.bulk(entry.client);
}

void log(Request& request) {
  constexpr std::size_t kDefaultEntries = 10;
  Log& log = request.sessions.acl_log();
  if (request.arguments.size() > 3) return refuse_arguments(request);
  std::size_t count = kDefaultEntries;
  if (request.arguments.size() == 3) {
    if (equals_ignoring_case(request.arguments[2], "reset")) {
      log.clear();
      return request.reply.simple("OK");
    }
    const auto wanted = parse_integer<std::int64_t>(request.arguments[2]);
    if (!wanted) return request.reply.error("ERR value is not an integer or out of range");
    count = static_cast<std::size_t>(std::max(*wanted, std::int64_t{0}));
  }
  count = std::min(count, log.entries().size());
  request.reply.array(count);
  for (std::size_t i = 0; i < count; ++i) write_entry(request, log.entries()[i]);
}

// --- The file -------------------------------------------------------------------------------------------------------

void load(Request& request) {
  if (request.sessions.settings().acl_file.empty()) return request.reply.error(kNoAclFile);
  request.sessions.orders().read_acl_file(request.await());
}

void save(Request& request) {
  if (request.sessions.settings().acl_file.empty()) return request.reply.error(kNoAclFile);
  request.sessions.orders().write_acl_file(request.await(), render_acl_file(request.sessions.users()));
}

constexpr std::uint16_t kForEveryone = kNoScript | kWhileUnready;
constexpr std::uint16_t kForAdmins = kForEveryone | kAdmin;

void help(Request& request);

constexpr std::array kSubcommands{
    Command{.name = "acl|cat",
            .arity = -2,
            .run = &cat,
            .flags = kForEveryone,
            .since = "6.0.0",
            .complexity = kPerCommand,
            .usage = "CAT [<category>]",
            .summary = "The categories of commands, or the commands in one of them."},
    Command{.name = "acl|deluser",
            .arity = -3,
            .run = &deluser,
            .flags = kForAdmins,
            .since = "6.0.0",
            .complexity = kPerClient,
            .usage = "DELUSER <username> [<username> ...]",
            .summary = "Remove users, and close their connections."},
    Command{.name = "acl|dryrun",
            .arity = -4,
            .run = &dryrun,
            .flags = kForAdmins,
            .since = "7.0.0",
            .usage = "DRYRUN <username> <command> [<arg> ...]",
            .summary = "Whether a user may run a command, which is not run."},
    Command{.name = "acl|genpass",
            .arity = -2,
            .run = &genpass,
            .flags = kForEveryone,
            .since = "6.0.0",
            .usage = "GENPASS [<bits>]",
            .summary = "A random password, of 256 bits if nothing else is said."},
    Command{.name = "acl|getuser",
            .arity = 3,
            .run = &getuser,
            .flags = kForAdmins,
            .since = "6.0.0",
            .complexity = "O(N) in the rules of the user",
            .usage = "GETUSER <username>",
            .summary = "What a user may do, in fields."},
    Command{.name = "acl|help",
            .arity = 2,
            .run = &help,
            .flags = kWhileUnready,
            .since = "6.0.0",
            .usage = "HELP",
            .summary = "This text."},
    Command{.name = "acl|list",
            .arity = 2,
            .run = &list,
            .flags = kForAdmins,
            .since = "6.0.0",
            .complexity = kPerUser,
            .usage = "LIST",
            .summary = "What all users may do, as lines of a configuration file."},
    Command{.name = "acl|load",
            .arity = 2,
            .run = &load,
            .flags = kForAdmins,
            .since = "6.0.0",
            .complexity = kPerUser,
            .usage = "LOAD",
            .summary = "Take all users from the ACL file, if nothing in it is wrong."},
    Command{.name = "acl|log",
            .arity = -2,
            .run = &log,
            .flags = kForAdmins,
            .since = "6.0.0",
            .complexity = "O(N) in the entries",
            .usage = "LOG [<count> | RESET]",
            .summary = "What was refused to whom lately; or forget it."},
    Command{.name = "acl|save",
            .arity = 2,
            .run = &save,
            .flags = kForAdmins,
            .since = "6.0.0",
            .complexity = kPerUser,
            .usage = "SAVE",
            .summary = "Write all users to the ACL file."},
    Command{.name = "acl|setuser",
            .arity = -3,
            .run = &setuser,
            .flags = kForAdmins,
            .since = "6.0.0",
            .complexity = "O(N) in the rules of the user",
            .usage = "SETUSER <username> [<rule> ...]",
            .summary = "Make a user, or change one, by rules."},
    Command{.name = "acl|users",
            .arity = 2,
            .run = &users,
            .flags = kForAdmins,
            .since = "6.0.0",
            .complexity = kPerUser,
            .usage = "USERS",
            .summary = "The names of all users."},
    Command{.name = "acl|whoami",
            .arity = 2,
            .run = &whoami,
            .flags = kForEveryone,
            .since = "6.0.0",
            .usage = "WHOAMI",
            .summary = "The user of this connection."},
};

constexpr Command kAcl{.name = "acl",
                       .arity = -2,
                       .group = "server",
                       .since = "6.0.0",
                       .complexity = kBySubcommand,
                       .summary = "Users, and what they may do.",
                       .subcommands = kSubcommands};

void help(Request& request) { write_help(request, kAcl); }

}  // namespace
}  // namespace acl

const Command& acl_command() { return acl::kAcl; }

}  // namespace vedette::node
