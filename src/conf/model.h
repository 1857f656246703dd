// sentinel.conf as typed data: what the file says, with the defaults filled in. Nothing is interpreted beyond its
// syntax and ranges; `node/` turns it into the core's state and back.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"

namespace vedette::conf {

inline constexpr std::uint16_t kDefaultPort = 26379;
inline constexpr unsigned kDefaultMaxClients = 10000;

// How many may wait to be accepted; the kernel takes no more than its somaxconn, which is as much by default. With the
// 511 of the original most of ten thousand clients that come at once find no room, and try again a second later.
inline constexpr int kDefaultTcpBacklog = 4096;

inline constexpr std::uint64_t kMaxPort = 65535;
inline constexpr std::size_t kMaxPrimaries = 10'000;
inline constexpr std::size_t kMaxNameBytes = 255;    // of a primary's name: it must fit into hellos
inline constexpr std::size_t kMaxValueBytes = 8192;  // of any other single value; escaped, it still fits into a line
inline constexpr std::size_t kMaxBindAddresses = 16;
inline constexpr std::size_t kMaxRenamedCommands = 256;
inline constexpr std::size_t kMaxHistories = 18;          // of one primary: the present one, the one before, 16 earlier
inline constexpr std::size_t kMaxKnownServers = 4097;     // of one primary: itself and all replicas that it may have
inline constexpr unsigned kMaxCount = 2'147'483'647;      // of quorum and parallel-syncs: the original's `int`
inline constexpr Millis kMaxPeriod{100'000'000'000'000};  // 3,000 years: ninety times as long still fits `Micros`

// `client-output-buffer-limit` of one class of clients; 0 means no limit.
struct OutputBufferLimit {
  std::uint64_t hard_bytes = 0;
  std::uint64_t soft_bytes = 0;
  Seconds soft_for{0};

  bool operator==(const OutputBufferLimit&) const = default;
};

struct TlsSettings {
  std::uint16_t port = 0;  // 0: no TLS listener
  std::string cert_file;
  std::string key_file;
  std::string key_file_pass;
  std::string client_cert_file;
  std::string client_key_file;
  std::string client_key_file_pass;
  std::string dh_params_file;
  std::string ca_cert_file;
  std::string ca_cert_dir;
  std::string auth_clients = "yes";  // no, yes, optional
  bool replication = false;          // speak TLS to the instances and peers as well
  std::vector<std::string> protocols{"TLSv1.2", "TLSv1.3"};
  std::string ciphers;
  std::string cipher_suites;
  bool prefer_server_ciphers = false;
  bool session_caching = true;
  unsigned session_cache_size = 20480;
  Seconds session_cache_timeout{300};

  bool operator==(const TlsSettings&) const = default;
};

// Directives of the server itself.
struct ServerSettings {
  std::uint16_t port = kDefaultPort;           // 0: no plain-text listener
  std::vector<std::string> bind{"*", "-::*"};  // a leading '-' marks an address that may be missing
  std::string bind_source_address;
  bool protected_mode = false;  // sentinel mode's default, unlike a data server's
  std::string requirepass;
  std::string directory;             // `dir`
  std::string state_file;            // `sentinel state-file`; empty: the state is kept in the configuration file
  std::string log_file;              // empty: standard output
  std::string log_level = "notice";  // debug, verbose, notice, warning
  std::string log_format = "redis";  // redis, legacy (the same), json, logfmt
  bool syslog_enabled = false;
  std::string syslog_ident = "redis";
  std::string syslog_facility = "local0";
  std::string script_environment = "clean";  // clean, inherit
  std::string supervised = "no";             // upstart, systemd, auto, no
  std::string pid_file;
  bool daemonize = false;
  unsigned max_clients = kDefaultMaxClients;
  Seconds client_timeout{0};  // 0: idle clients are kept
  Seconds tcp_keepalive{300};
  int tcp_backlog = kDefaultTcpBacklog;
  std::string unix_socket;
  std::optional<unsigned> unix_socket_permissions;  // nullopt: as the umask says
  TlsSettings tls;
  std::map<std::string, OutputBufferLimit> output_buffer_limits{// by class: normal, replica, pubsub
                                                                {"normal", {}},
                                                                {"pubsub", {32U << 20, 8U << 20, Seconds(60)}}};
  std::string acl_file;
  std::uint64_t acl_log_max_entries = 128;
  std::map<std::string, std::string> renamed_commands;  // our own commands; upper case -> name; empty: disabled

  bool operator==(const ServerSettings&) const = default;
};

struct KnownReplica {
  Address address;
  bool operator==(const KnownReplica&) const = default;
};

struct KnownSentinel {
  Address address;
  RunId id;
  bool operator==(const KnownSentinel&) const = default;
};

// By what a server of a primary is recognised when it comes back: what was last known of it. And by what the process of
// another group that was found at its address.
struct KnownServer {
  Address address;
  RunId run_id;
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> keys;
  RunId foreign{};
  bool operator==(const KnownServer&) const = default;
};

// One `sentinel monitor` with everything that belongs to its name.
struct MonitoredPrimary {
  std::string name;
  Address address;
  unsigned quorum = 2;
  Millis down_after{30000};
  Millis failover_timeout{180000};
  unsigned parallel_syncs = 1;
  std::string auth_user;
  std::string auth_pass;
  std::string notification_script;
  std::string client_reconfig_script;
  Millis reboot_down_after{0};
  Millis fast_down_after{0};  // 0: off
  bool corroborate_with_replicas = false;
  bool require_lineage = false;
  bool relay = false;
  std::map<std::string, std::string> renamed_commands;  // original, in upper case -> what to send

  Epoch config_epoch{0};
  Epoch leader_epoch{0};
  std::vector<KnownReplica> replicas;
  std::vector<KnownSentinel> sentinels;

  // By what the group's data and servers are recognised: the replication ids of its primaries, the present one first,
  // then the one before it (empty if there is none), then earlier ones.
  std::vector<std::string> histories;
  std::vector<KnownServer> known_servers;
  std::optional<Address> upstream;  // whom the primary of a relay follows

  bool operator==(const MonitoredPrimary&) const = default;
};

// What a rewrite of the file may change.
struct SentinelSettings {
  RunId my_id;  // empty: to be generated
  Epoch current_epoch{0};
  std::string announce_ip;
  std::uint16_t announce_port = 0;  // 0: the listening port
  bool resolve_hostnames = false;
  bool announce_hostnames = false;
  bool deny_scripts_reconfig = true;
  std::string peer_user;                        // sentinel-user
  std::string peer_pass;                        // sentinel-pass
  std::vector<MonitoredPrimary> primaries;      // in the order of the file
  std::vector<std::vector<std::string>> users;  // each: the name, then its rules

  bool operator==(const SentinelSettings&) const = default;
};

struct Configuration {
  ServerSettings server;
  SentinelSettings sentinel;

  bool operator==(const Configuration&) const = default;
};

}  // namespace vedette::conf
