#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "conf/directives.h"
#include "tests/support/conf_settings.h"

namespace vedette::conf {
namespace {

using ::testing::IsEmpty;
using testing::must_parse;

ServerSettings server(std::string_view text) { return must_parse(text).configuration().server; }

TEST(ServerDirectives, FillTheSettings) {
  const ServerSettings settings = server(R"(
port 0
bind 127.0.0.1 -::1
bind-source-addr 10.0.0.1
protected-mode yes
requirepass "p w"
dir "/var/lib/my sentinel"
logfile /var/log/sentinel.log
loglevel WARNING
log-format logfmt
syslog-enabled yes
syslog-ident sentinel
syslog-facility LOCAL3
script-environment inherit
supervised systemd
pidfile /run/sentinel.pid
daemonize yes
maxclients 4294967295
timeout 60
tcp-keepalive 0
tcp-backlog 128
unixsocket /run/sentinel.sock
unixsocketperm 770
)");
  ServerSettings expected;
  expected.port = 0;
  expected.bind = {"127.0.0.1", "-::1"};
  expected.bind_source_address = "10.0.0.1";
  expected.protected_mode = true;
  expected.requirepass = "p w";
  expected.directory = "/var/lib/my sentinel";
  expected.log_file = "/var/log/sentinel.log";
  expected.log_level = "warning";
  expected.log_format = "logfmt";
  expected.syslog_enabled = true;
  expected.syslog_ident = "sentinel";
  expected.syslog_facility = "local3";
  expected.script_environment = "inherit";
  expected.supervised = "systemd";
  expected.pid_file = "/run/sentinel.pid";
  expected.daemonize = true;
  expected.max_clients = 4294967295;
  expected.client_timeout = 60s;
  expected.tcp_keepalive = 0s;
  expected.tcp_backlog = 128;
  expected.unix_socket = "/run/sentinel.sock";
  expected.unix_socket_permissions = 0770;
  EXPECT_EQ(settings, expected);
}

TEST(ServerDirectives, LimitTheOutputOfEachClassOfClients) {
  const auto limits = [](std::string_view text) { return server(text).output_buffer_limits; };
  using Limits = std::map<std::string, OutputBufferLimit>;
  EXPECT_EQ(limits(""), (Limits{{"normal", {}}, {"pubsub", {32U << 20, 8U << 20, 60s}}}));
  EXPECT_EQ(
      limits("client-output-buffer-limit normal 10 5 1 slave 256mb 64mb 60\n"
             "client-output-buffer-limit pubsub 1mb 0 0\n"),
      (Limits{{"normal", {10, 5, 1s}}, {"replica", {256U << 20, 64U << 20, 60s}}, {"pubsub", {1U << 20, 0, 0s}}}));
}

TEST(ServerDirectives, FillTheSettingsOfTls) {
  const TlsSettings tls = server(R"(
tls-port 26380
tls-cert-file /tls/cert.pem
tls-key-file /tls/key.pem
tls-key-file-pass secret
tls-ca-cert-dir /tls/ca
tls-auth-clients optional
tls-replication yes
tls-protocols "tlsv1.1  TLSv1.3"
tls-session-cache-timeout 60
)")
                              .tls;
  EXPECT_EQ(tls.port, 26380U);
  EXPECT_EQ(tls.cert_file, "/tls/cert.pem");
  EXPECT_EQ(tls.key_file, "/tls/key.pem");
  EXPECT_EQ(tls.key_file_pass, "secret");
  EXPECT_EQ(tls.ca_cert_dir, "/tls/ca");
  EXPECT_EQ(tls.auth_clients, "optional");
  EXPECT_TRUE(tls.replication);
  EXPECT_EQ(tls.protocols, (std::vector<std::string>{"TLSv1.1", "TLSv1.3"}));
  EXPECT_EQ(tls.session_cache_timeout, 60s);
}

TEST(ServerDirectives, KnowTheProtocolsOfTls) {
  EXPECT_EQ(server("tls-protocols \"\"").tls.protocols, (std::vector<std::string>{"TLSv1.2", "TLSv1.3"}));
  const auto refused = File::parse("tls-protocols \"TLSv1.2 SSLv3\"");
  ASSERT_TRUE(std::holds_alternative<std::vector<Problem>>(refused));
  EXPECT_EQ(std::get<std::vector<Problem>>(refused)[0].reason,
            "'SSLv3' must be one of: TLSv1, TLSv1.1, TLSv1.2, TLSv1.3");
}

TEST(ServerDirectives, ZeroPermissionsAreThoseOfTheUmask) {
  EXPECT_EQ(server("unixsocketperm 0").unix_socket_permissions, std::nullopt);
}

TEST(ServerDirectives, FillWhatNothingActsUponYet) {
  const ServerSettings settings = server(R"(
user default off
user alice on >secret ~* +@all
aclfile /etc/users.acl
acllog-max-len 64
rename-command SHUTDOWN ""
rename-command debug hidden
)");
  EXPECT_EQ(settings.acl_file, "/etc/users.acl");
  EXPECT_EQ(settings.acl_log_max_entries, 64U);
  const std::map<std::string, std::string> renamed{{"SHUTDOWN", ""}, {"DEBUG", "hidden"}};
  EXPECT_EQ(settings.renamed_commands, renamed);
}

TEST(ServerDirectives, ListenNowhereIfSoTold) {
  EXPECT_THAT(server("bind\n").bind, IsEmpty());
  EXPECT_THAT(server("bind \"\"\n").bind, IsEmpty());
}

TEST(ServerDirectives, AddressesToListenOnEndAtKMaxBindAddresses) {
  std::string line = "bind";
  for (std::size_t i = 0; i < kMaxBindAddresses; ++i) line += " 127.0.0.1";
  EXPECT_EQ(server(line).bind.size(), kMaxBindAddresses);
  const auto refused = File::parse(line + " ::1");
  ASSERT_TRUE(std::holds_alternative<std::vector<Problem>>(refused));
  EXPECT_EQ(std::get<std::vector<Problem>>(refused)[0].reason, "more than 16 addresses to listen on");
}

TEST(ServerDirectives, OfADataServerTakeAnyArguments) {
  for (const std::string_view name : data_server_directives()) {
    const std::string line = std::string(name) + " what ever\n";
    EXPECT_EQ(must_parse(line).configuration(), Configuration{}) << name;
    EXPECT_EQ(must_parse(line).ignored().size(), 1U) << name;
  }
}

TEST(Directives, HaveOneMeaningEach) {
  std::set<std::string_view> names;
  for (const Directive& directive : server_directives()) {
    EXPECT_TRUE(names.insert(directive.name).second) << directive.name;
  }
  for (const std::string_view name : data_server_directives()) EXPECT_TRUE(names.insert(name).second) << name;
}

}  // namespace
}  // namespace vedette::conf
