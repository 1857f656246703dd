// The directives of the server itself: those that are honoured, and those that are read and checked but that nothing
// acts upon yet. Nothing here but users is ever changed by a rewrite.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>

#include "base/text.h"
#include "base/words.h"
#include "conf/directives.h"
#include "conf/values.h"

namespace vedette::conf {
namespace {

template <typename T>
ServerSettings& owner(Draft& draft, T ServerSettings::*) {
  return draft.configuration.server;
}
template <typename T>
TlsSettings& owner(Draft& draft, T TlsSettings::*) {
  return draft.configuration.server.tls;
}

template <auto Read, auto Member>
Result<Subject> read_into(Draft& draft, Words words) {
  auto value = Read(words[1]);
  if (!value) return value.error();
  owner(draft, Member).*Member = *std::move(value);
  return Subject{};
}

template <const auto& kChoices>
Result<std::string> read_one_of(std::string_view word) {
  return read_choice(word, kChoices);
}

constexpr std::array<std::string_view, 4> kLogLevels{"debug", "verbose", "notice", "warning"};
constexpr std::array<std::string_view, 2> kScriptEnvironments{"clean", "inherit"};
constexpr std::array<std::string_view, 4> kLogFormats{"redis", "legacy", "json", "logfmt"};  // legacy: Valkey's name
constexpr std::array<std::string_view, 4> kSupervisors{"upstart", "systemd", "auto", "no"};
constexpr std::array<std::string_view, 3> kTlsAuthentication{"no", "yes", "optional"};
constexpr std::array<std::string_view, 9> kSyslogFacilities{"user",   "local0", "local1", "local2", "local3",
                                                            "local4", "local5", "local6", "local7"};

constexpr std::uint64_t kMaxInt = 2'147'483'647;
constexpr std::uint64_t kMaxUnsigned = 4'294'967'295;

Result<std::optional<unsigned>> read_permissions(std::string_view word) {
  unsigned permissions = 0;
  const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), permissions, 8);
  if (word.empty() || error != std::errc{} || rest != word.data() + word.size() || permissions > 0777) {
    return Error{shown(word) + " must be an octal number from 0 to 777"};
  }
  return permissions == 0 ? std::nullopt : std::optional(permissions);  // 0: as the umask says
}

Result<std::vector<std::string>> read_tls_protocols(std::string_view word) {
  static constexpr std::array<std::string_view, 4> kProtocols{"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"};
  const auto names = split_words(word);
  if (!names) return Error{shown(word) + " has unbalanced quotes in it"};
  if (names->empty()) return TlsSettings{}.protocols;
  std::vector<std::string> protocols;
  for (const std::string& name : *names) {
    auto protocol = read_choice(name, kProtocols);
    if (!protocol) return protocol.error();
    protocols.push_back(*std::move(protocol));
  }
  return protocols;
}

Result<std::string> read_directory(std::string_view word) {
  if (word.empty()) return Error{"the path of the directory is empty"};
  return read_text(word);
}

Result<Subject> read_bind(Draft& draft, Words words) {
  std::vector<std::string> addresses;
  for (const std::string& word : words.subspan(1)) {
    auto address = read_text(word);
    if (!address) return address.error();
    if (!address->empty()) addresses.push_back(*std::move(address));
  }
  if (addresses.size() > kMaxBindAddresses) {
    return Error{fmt::format("more than {} addresses to listen on", kMaxBindAddresses)};
  }
  draft.configuration.server.bind = std::move(addresses);
  return Subject{};
}

Result<Subject> read_user(Draft& draft, Words words) {
  for (const std::string& word : words.subspan(1)) {
    if (const auto text = read_secret(word); !text) return text.error();
  }
  Subject subject = user_subject(words[1]);
  const std::string what = fmt::format("the user {}", shown(words[1]));
  const auto claimed = draft.claim(subject.key, what);
  if (!claimed) return claimed.error();
  if (!*claimed) return Error{what + " is given twice: another file has it already"};
  draft.configuration.sentinel.users.emplace_back(words.begin() + 1, words.end());
  return subject;
}

Result<Subject> read_own_renamed_command(Draft& draft, Words words) {
  const auto original = read_command_name(words[1]);
  if (!original) return original.error();
  auto renamed = words[2].empty() ? Result<std::string>(std::string()) : read_command_name(words[2]);
  if (!renamed) return renamed.error();
  draft.configuration.server.renamed_commands[to_upper(*original)] = *std::move(renamed);
  return Subject{};
}

Result<OutputBufferLimit> read_buffer_limit(Words hard_soft_seconds) {
  const auto hard = read_memory(hard_soft_seconds[0]);
  if (!hard) return hard.error();
  const auto soft = read_memory(hard_soft_seconds[1]);
  if (!soft) return soft.error();
  const auto seconds = read_bounded<Seconds, 0, kMaxInt>(hard_soft_seconds[2]);
  if (!seconds) return seconds.error();
  return OutputBufferLimit{*hard, *soft, *seconds};
}

// words: directive, then any number of: class, hard limit, soft limit, seconds.
Result<Subject> read_output_buffer_limits(Draft& draft, Words words) {
  constexpr std::array<std::string_view, 4> kClasses{"normal", "replica", "pubsub", "slave"};
  constexpr std::size_t kGroup = 4;
  if ((words.size() - 1) % kGroup != 0)
    return Error{"expected groups of '<class> <hard limit> <soft limit> <seconds>'"};
  for (Words rest = words.subspan(1); !rest.empty(); rest = rest.subspan(kGroup)) {
    const auto client_class = read_choice(rest[0], kClasses);
    if (!client_class) return client_class.error();
    const auto limit = read_buffer_limit(rest.subspan(1, 3));
    if (!limit) return limit.error();
    const std::string& name = *client_class == "slave" ? "replica" : *client_class;
    draft.configuration.server.output_buffer_limits[name] = *limit;
  }
  return Subject{};
}

using Server = ServerSettings;
using Tls = TlsSettings;

constexpr Directive one(std::string_view name, std::string_view usage, Result<Subject> (*read)(Draft&, Words)) {
  return {name, usage, 1, 1, read};
}
constexpr Directive many(std::string_view name, std::string_view usage, std::size_t at_least, std::size_t at_most,
                         Result<Subject> (*read)(Draft&, Words)) {
  return {name, usage, at_least, at_most, read};
}

constexpr std::array kServerDirectives{
    one("port", "<port>", read_into<read_bounded<std::uint16_t, 0, kMaxPort>, &Server::port>),
    many("bind", "<address>...", 0, kAnyNumber, read_bind),
    one("bind-source-addr", "<address>", read_into<read_text, &Server::bind_source_address>),
    one("protected-mode", "yes|no", read_into<read_yes_no, &Server::protected_mode>),
    one("requirepass", "<password>", read_into<read_secret, &Server::requirepass>),
    one("dir", "<path>", read_into<read_directory, &Server::directory>),
    one("logfile", "<path>", read_into<read_text, &Server::log_file>),
    one("loglevel", "debug|verbose|notice|warning", read_into<read_one_of<kLogLevels>, &Server::log_level>),
    one("log-format", "redis|json|logfmt", read_into<read_one_of<kLogFormats>, &Server::log_format>),
    one("syslog-enabled", "yes|no", read_into<read_yes_no, &Server::syslog_enabled>),
    one("syslog-ident", "<name>", read_into<read_text, &Server::syslog_ident>),
    one("syslog-facility", "user|local0..local7", read_into<read_one_of<kSyslogFacilities>, &Server::syslog_facility>),
    one("script-environment", "clean|inherit",
        read_into<read_one_of<kScriptEnvironments>, &Server::script_environment>),
    one("supervised", "upstart|systemd|auto|no", read_into<read_one_of<kSupervisors>, &Server::supervised>),
    one("pidfile", "<path>", read_into<read_text, &Server::pid_file>),
    one("daemonize", "yes|no", read_into<read_yes_no, &Server::daemonize>),
    one("maxclients", "<number>", read_into<read_bounded<unsigned, 1, kMaxUnsigned>, &Server::max_clients>),
    one("timeout", "<seconds>", read_into<read_bounded<Seconds, 0, kMaxInt>, &Server::client_timeout>),
    one("tcp-keepalive", "<seconds>", read_into<read_bounded<Seconds, 0, kMaxInt>, &Server::tcp_keepalive>),
    one("tcp-backlog", "<number>", read_into<read_bounded<int, 0, kMaxInt>, &Server::tcp_backlog>),

    many("client-output-buffer-limit", "<class> <hard limit> <soft limit> <seconds>...", 4, kAnyNumber,
         read_output_buffer_limits),
    one("unixsocket", "<path>", read_into<read_text, &Server::unix_socket>),
    one("unixsocketperm", "<octal>", read_into<read_permissions, &Server::unix_socket_permissions>),

    one("include", "<path>", nullptr),

    many("user", "<name> [<rule>...]", 1, kAnyNumber, read_user),
    one("aclfile", "<path>", read_into<read_text, &Server::acl_file>),
    one("acllog-max-len", "<number>",
        read_into<read_bounded<std::uint64_t, 0, std::numeric_limits<std::int64_t>::max()>,
                  &Server::acl_log_max_entries>),
    many("rename-command", "<command> <new name>", 2, 2, read_own_renamed_command),

    one("tls-port", "<port>", read_into<read_bounded<std::uint16_t, 0, kMaxPort>, &Tls::port>),
    one("tls-cert-file", "<path>", read_into<read_text, &Tls::cert_file>),
    one("tls-key-file", "<path>", read_into<read_text, &Tls::key_file>),
    one("tls-key-file-pass", "<password>", read_into<read_secret, &Tls::key_file_pass>),
    one("tls-client-cert-file", "<path>", read_into<read_text, &Tls::client_cert_file>),
    one("tls-client-key-file", "<path>", read_into<read_text, &Tls::client_key_file>),
    one("tls-client-key-file-pass", "<password>", read_into<read_secret, &Tls::client_key_file_pass>),
    one("tls-dh-params-file", "<path>", read_into<read_text, &Tls::dh_params_file>),
    one("tls-ca-cert-file", "<path>", read_into<read_text, &Tls::ca_cert_file>),
    one("tls-ca-cert-dir", "<path>", read_into<read_text, &Tls::ca_cert_dir>),
    one("tls-auth-clients", "no|yes|optional", read_into<read_one_of<kTlsAuthentication>, &Tls::auth_clients>),
    one("tls-replication", "yes|no", read_into<read_yes_no, &Tls::replication>),
    one("tls-protocols", "<list>", read_into<read_tls_protocols, &Tls::protocols>),
    one("tls-ciphers", "<list>", read_into<read_text, &Tls::ciphers>),
    one("tls-ciphersuites", "<list>", read_into<read_text, &Tls::cipher_suites>),
    one("tls-prefer-server-ciphers", "yes|no", read_into<read_yes_no, &Tls::prefer_server_ciphers>),
    one("tls-session-caching", "yes|no", read_into<read_yes_no, &Tls::session_caching>),
    one("tls-session-cache-size", "<number>", read_into<read_bounded<unsigned, 0, kMaxInt>, &Tls::session_cache_size>),
    one("tls-session-cache-timeout", "<seconds>",
        read_into<read_bounded<Seconds, 0, kMaxInt>, &Tls::session_cache_timeout>),
};

}  // namespace

std::span<const Directive> server_directives() { return kServerDirectives; }

}  // namespace vedette::conf
