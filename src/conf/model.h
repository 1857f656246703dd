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

// Directives of the server itself.
struct ServerSettings {
  std::uint16_t port = kDefaultPort;           // 0: no plain-text listener
  std::vector<std::string> bind{"*", "-::*"};  // a leading '-' marks an address that may be missing
  std::string bind_source_address;
  bool protected_mode = false;  // sentinel mode's default, unlike a data server's
  std::string requirepass;
  std::string directory;             // `dir`
  std::string log_file;              // empty: standard output
  std::string log_level = "notice";  // debug, verbose, notice, warning
  std::string pid_file;
  bool daemonize = false;
  unsigned max_clients = kDefaultMaxClients;
  Seconds client_timeout{0};  // 0: idle clients are kept
  Seconds tcp_keepalive{300};
  int tcp_backlog = 511;

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
  std::map<std::string, std::string> renamed_commands;  // original, in upper case -> what to send

  Epoch config_epoch{0};
  Epoch leader_epoch{0};
  std::vector<KnownReplica> replicas;
  std::vector<KnownSentinel> sentinels;

  bool operator==(const MonitoredPrimary&) const = default;
};

struct SentinelSettings {
  RunId my_id;  // empty: to be generated
  Epoch current_epoch{0};
  std::string announce_ip;
  std::uint16_t announce_port = 0;  // 0: the listening port
  bool resolve_hostnames = false;
  bool announce_hostnames = false;
  bool deny_scripts_reconfig = true;
  std::string peer_user;                    // sentinel-user
  std::string peer_pass;                    // sentinel-pass
  std::vector<MonitoredPrimary> primaries;  // in the order of the file

  bool operator==(const SentinelSettings&) const = default;
};

struct Configuration {
  ServerSettings server;
  SentinelSettings sentinel;

  bool operator==(const Configuration&) const = default;
};

}  // namespace vedette::conf
