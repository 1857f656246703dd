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
supervised systemd
pidfile /run/sentinel.pid
daemonize yes
maxclients 4294967295
timeout 60
tcp-keepalive 0
tcp-backlog 128
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
  expected.supervised = "systemd";
  expected.pid_file = "/run/sentinel.pid";
  expected.daemonize = true;
  expected.max_clients = 4294967295;
  expected.client_timeout = 60s;
  expected.tcp_keepalive = 0s;
  expected.tcp_backlog = 128;
  EXPECT_EQ(settings, expected);
}

TEST(ServerDirectives, FillWhatNothingActsUponYet) {
  const ServerSettings settings = server(R"(
unixsocket /run/sentinel.sock
unixsocketperm 770
client-output-buffer-limit normal 0 0 0 slave 256mb 64mb 60
client-output-buffer-limit pubsub 32mb 8mb 60
user default off
user alice on >secret ~* +@all
aclfile /etc/users.acl
acllog-max-len 64
rename-command SHUTDOWN ""
rename-command debug hidden
tls-port 26380
tls-cert-file /tls/cert.pem
tls-key-file /tls/key.pem
tls-key-file-pass secret
tls-ca-cert-dir /tls/ca
tls-auth-clients optional
tls-replication yes
tls-protocols "TLSv1.2 TLSv1.3"
tls-session-cache-timeout 60
)");
  EXPECT_EQ(settings.unix_socket, "/run/sentinel.sock");
  EXPECT_EQ(settings.unix_socket_permissions, 0770U);
  const std::map<std::string, OutputBufferLimit> limits{
      {"normal", {}}, {"replica", {256U << 20, 64U << 20, 60s}}, {"pubsub", {32U << 20, 8U << 20, 60s}}};
  EXPECT_EQ(settings.output_buffer_limits, limits);
  const std::vector<std::vector<std::string>> users{{"default", "off"}, {"alice", "on", ">secret", "~*", "+@all"}};
  EXPECT_EQ(settings.users, users);
  EXPECT_EQ(settings.acl_file, "/etc/users.acl");
  EXPECT_EQ(settings.acl_log_max_entries, 64U);
  const std::map<std::string, std::string> renamed{{"SHUTDOWN", ""}, {"DEBUG", "hidden"}};
  EXPECT_EQ(settings.renamed_commands, renamed);
  EXPECT_EQ(settings.tls.port, 26380U);
  EXPECT_EQ(settings.tls.cert_file, "/tls/cert.pem");
  EXPECT_EQ(settings.tls.key_file, "/tls/key.pem");
  EXPECT_EQ(settings.tls.key_file_pass, "secret");
  EXPECT_EQ(settings.tls.ca_cert_dir, "/tls/ca");
  EXPECT_EQ(settings.tls.auth_clients, "optional");
  EXPECT_TRUE(settings.tls.replication);
  EXPECT_EQ(settings.tls.protocols, "TLSv1.2 TLSv1.3");
  EXPECT_EQ(settings.tls.session_cache_timeout, 60s);
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
