#include "conf/statements.h"

#include <algorithm>
#include <initializer_list>
#include <span>

#include "base/words.h"

namespace vedette::conf {
namespace {

// Separates the parts of a key: no name, host or command has it, since control characters are refused in them.
constexpr char kSeparator = '\n';

// What joining the words takes, unless they have to be quoted.
std::size_t joined_size(std::initializer_list<std::string_view> words) {
  std::size_t size = words.size();
  for (const std::string_view word : words) size += word.size();
  return size;
}

std::string join_key(std::initializer_list<std::string_view> parts) {
  std::string key;
  key.reserve(joined_size(parts));
  for (const std::string_view part : parts) {
    if (!key.empty()) key += kSeparator;
    key += part;
  }
  return key;
}

bool is_plain(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > ' ' && byte != 0x7f && c != '"' && c != '\'';
  });
}

void append_word(std::string& line, std::string_view word) {
  line += ' ';
  if (is_plain(word)) {
    line += word;
  } else {
    line += quote_word(word);
  }
}

std::string join_words(std::string_view first, std::initializer_list<std::string_view> words) {
  std::string line;
  line.reserve(first.size() + joined_size(words));
  line += first;
  for (const std::string_view word : words) append_word(line, word);
  return line;
}

std::string number(std::uint64_t value) { return std::to_string(value); }
std::string number(Epoch epoch) { return std::to_string(to_number(epoch)); }
std::string number(Millis period) { return std::to_string(period.count()); }
std::string_view yes_no(bool value) { return value ? "yes" : "no"; }
std::string_view word_or_none(std::string_view word) { return word.empty() ? "-" : word; }

class Writer {
 public:
  std::vector<Statement> take() { return std::move(statements_); }

  void add(Subject subject, std::initializer_list<std::string_view> words, bool is_default = false) {
    statements_.push_back({std::move(subject.key), join_words("sentinel", words), is_default});
  }

  void add_comment(Subject subject, std::initializer_list<std::string_view> words,
                   std::span<const std::string> more_words = {}) {
    std::string line = join_words(kCommentMark, words);
    for (const std::string& word : more_words) append_word(line, word_or_none(word));
    statements_.push_back({std::move(subject.key), std::move(line)});
  }

  void add_user(const std::vector<std::string>& name_and_rules) {
    std::string line = "user";
    for (const std::string& word : name_and_rules) append_word(line, word);
    statements_.push_back({user_subject(name_and_rules[0]).key, std::move(line)});
  }

  void global(std::string_view directive, std::string_view value, bool is_default) {
    add(global_subject(directive), {directive, value}, is_default);
  }
  void global_text(std::string_view directive, std::string_view value) {
    if (!value.empty()) global(directive, value, false);
  }

  void option(const MonitoredPrimary& primary, std::string_view name, std::string_view value, bool is_default) {
    add(option_subject(primary.name, name), {name, primary.name, value}, is_default);
  }
  void option_text(const MonitoredPrimary& primary, std::string_view name, std::string_view value) {
    if (!value.empty()) option(primary, name, value, false);
  }

 private:
  std::vector<Statement> statements_;
};

void add_globals(Writer& out, const SentinelSettings& settings) {
  const SentinelSettings defaults;
  out.global_text("myid", settings.my_id.hex);
  out.global("deny-scripts-reconfig", yes_no(settings.deny_scripts_reconfig),
             settings.deny_scripts_reconfig == defaults.deny_scripts_reconfig);
  out.global("resolve-hostnames", yes_no(settings.resolve_hostnames),
             settings.resolve_hostnames == defaults.resolve_hostnames);
  out.global("announce-hostnames", yes_no(settings.announce_hostnames),
             settings.announce_hostnames == defaults.announce_hostnames);
  out.global_text("announce-ip", settings.announce_ip);
  out.global("announce-port", number(settings.announce_port), settings.announce_port == defaults.announce_port);
  out.global_text("sentinel-user", settings.peer_user);
  out.global_text("sentinel-pass", settings.peer_pass);
  out.global("current-epoch", number(settings.current_epoch), settings.current_epoch == defaults.current_epoch);
}

void add_options(Writer& out, const MonitoredPrimary& primary, const MonitoredPrimary& defaults) {
  out.option(primary, "down-after-milliseconds", number(primary.down_after), primary.down_after == defaults.down_after);
  out.option(primary, "failover-timeout", number(primary.failover_timeout),
             primary.failover_timeout == defaults.failover_timeout);
  out.option(primary, "parallel-syncs", number(primary.parallel_syncs),
             primary.parallel_syncs == defaults.parallel_syncs);
  out.option_text(primary, "notification-script", primary.notification_script);
  out.option_text(primary, "client-reconfig-script", primary.client_reconfig_script);
  out.option_text(primary, "auth-user", primary.auth_user);
  out.option_text(primary, "auth-pass", primary.auth_pass);
  out.option(primary, "master-reboot-down-after-period", number(primary.reboot_down_after),
             primary.reboot_down_after == defaults.reboot_down_after);
  out.option(primary, "fast-down-after-milliseconds", number(primary.fast_down_after),
             primary.fast_down_after == defaults.fast_down_after);
  out.option(primary, "corroborate-with-replicas", yes_no(primary.corroborate_with_replicas),
             primary.corroborate_with_replicas == defaults.corroborate_with_replicas);
  out.option(primary, "require-lineage", yes_no(primary.require_lineage),
             primary.require_lineage == defaults.require_lineage);
  out.option(primary, "relay", yes_no(primary.relay), primary.relay == defaults.relay);
  for (const auto& [command, renamed] : primary.renamed_commands) {
    out.add(command_subject(primary.name, command), {"rename-command", primary.name, command, renamed});
  }
}

void add_state(Writer& out, const MonitoredPrimary& primary, const MonitoredPrimary& defaults) {
  out.option(primary, "config-epoch", number(primary.config_epoch), primary.config_epoch == defaults.config_epoch);
  out.option(primary, "leader-epoch", number(primary.leader_epoch), primary.leader_epoch == defaults.leader_epoch);
  for (const KnownReplica& replica : primary.replicas) {
    out.add(replica_subject(primary.name, replica.address),
            {"known-replica", primary.name, replica.address.host, number(replica.address.port)});
  }
  for (const KnownSentinel& sentinel : primary.sentinels) {
    out.add(sentinel_subject(primary.name, sentinel.id),
            {"known-sentinel", primary.name, sentinel.address.host, number(sentinel.address.port), sentinel.id.hex});
  }
}

// A lineage without ids tells of which epoch the rest is.
void add_remembered(Writer& out, const MonitoredPrimary& primary) {
  if (primary.histories.empty() && primary.known_servers.empty() && !primary.upstream) return;
  out.add_comment(lineage_subject(primary.name), {"lineage", primary.name, number(primary.config_epoch)},
                  primary.histories);
  for (const KnownServer& server : primary.known_servers) {
    out.add_comment(
        last_known_subject(primary.name, server.address),
        {"last-known", primary.name, server.address.host, number(server.address.port), word_or_none(server.run_id.hex),
         number(server.offset), word_or_none(server.keys ? number(*server.keys) : std::string())},
        server.foreign.known() ? std::span(&server.foreign.hex, 1) : std::span<const std::string>());
  }
  if (primary.upstream) {
    out.add_comment(upstream_subject(primary.name),
                    {"upstream", primary.name, primary.upstream->host, number(primary.upstream->port)});
  }
}

}  // namespace

Subject global_subject(std::string_view directive) { return {{}, std::string(directive)}; }

Subject option_subject(std::string_view primary, std::string_view option) {
  return {std::string(primary), join_key({option, primary})};
}

Subject command_subject(std::string_view primary, std::string_view command) {
  return {std::string(primary), join_key({"rename-command", primary, command})};
}

Subject replica_subject(std::string_view primary, const Address& address) {
  return {std::string(primary), join_key({"known-replica", primary, address.host, number(address.port)})};
}

Subject sentinel_subject(std::string_view primary, const RunId& id) {
  return {std::string(primary), join_key({"known-sentinel", primary, id.hex})};
}

Subject user_subject(std::string_view name) { return {{}, join_key({"user", name})}; }

// No directive begins like these.
Subject lineage_subject(std::string_view primary) { return {std::string(primary), join_key({"# lineage", primary})}; }

Subject last_known_subject(std::string_view primary, const Address& address) {
  return {std::string(primary), join_key({"# last-known", primary, address.host, number(address.port)})};
}

Subject upstream_subject(std::string_view primary) { return {std::string(primary), join_key({"# upstream", primary})}; }

Subject unknown_subject(std::string_view primary) { return {std::string(primary), "#"}; }

std::vector<Statement> statements_of(const SentinelSettings& settings) {
  const MonitoredPrimary defaults;
  Writer out;
  add_globals(out, settings);
  for (const auto& user : settings.users) out.add_user(user);
  for (const MonitoredPrimary& primary : settings.primaries) {
    out.add(option_subject(primary.name, "monitor"),
            {"monitor", primary.name, primary.address.host, number(primary.address.port), number(primary.quorum)});
    add_options(out, primary, defaults);
    add_state(out, primary, defaults);
    add_remembered(out, primary);
  }
  return out.take();
}

}  // namespace vedette::conf
