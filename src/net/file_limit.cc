#include "net/file_limit.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <system_error>

#include "net/tcp_network.h"

namespace vedette::net {
namespace {

// Returns the limit that is in force afterwards.
std::uint64_t raise_limit_to(std::uint64_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return limit.rlim_cur;
  const rlimit raised{wanted, std::max<rlim_t>(limit.rlim_max, wanted)};
  if (setrlimit(RLIMIT_NOFILE, &raised) == 0) return wanted;
  // Only root may go beyond the hard limit.
  const rlimit allowed{std::min<rlim_t>(limit.rlim_max, wanted), limit.rlim_max};
  return setrlimit(RLIMIT_NOFILE, &allowed) == 0 ? allowed.rlim_cur : limit.rlim_cur;
}

}  // namespace

std::uint64_t files_for_ourselves(const conf::Configuration& configuration) {
  constexpr std::uint64_t kFilesAtLeast = 32;
  constexpr std::uint64_t kFilesPerPrimary = 8;
  constexpr std::uint64_t kFilesPerServer = 2;
  std::uint64_t files = kFilesAtLeast;
  if (configuration.server.tls.port != 0) files += NetworkSettings{}.max_newcomers;
  std::set<RunId> peers;
  for (const conf::MonitoredPrimary& primary : configuration.sentinel.primaries) {
    files += kFilesPerPrimary + kFilesPerServer * primary.replicas.size();
    for (const conf::KnownSentinel& peer : primary.sentinels) peers.insert(peer.id);
  }
  return files + kFilesPerServer * peers.size();
}

unsigned affordable_clients(std::uint64_t limit, unsigned wanted_clients, std::uint64_t reserved) {
  const std::uint64_t left = limit > reserved ? limit - reserved : 0;
  return static_cast<unsigned>(std::min<std::uint64_t>(wanted_clients, std::max(left, limit / 2)));
}

Result<unsigned> raise_file_limit(unsigned wanted_clients, std::uint64_t reserved, node::Logger& logger) {
  const std::uint64_t wanted = wanted_clients + reserved;
  const std::uint64_t limit = raise_limit_to(wanted);
  if (limit < std::min(kMinOpenFiles, wanted)) {
    return Error{fmt::format("Your current 'ulimit -n' of {} is not enough to start: it must be at least {}", limit,
                             kMinOpenFiles)};
  }
  const unsigned clients = affordable_clients(limit, wanted_clients, reserved);
  if (clients < wanted_clients) {
    logger.log(core::Level::kWarning,
               fmt::format("maxclients is {} instead of {}: that would take {} open files, and no more than {} are "
                           "allowed. Increase 'ulimit -n' to serve more clients",
                           clients, wanted_clients, wanted, limit));
  }
  return clients;
}

void FileLimitWatch::opened(int descriptor) {
  if (told_ || descriptor <= highest_) return;
  highest_ = descriptor;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const auto open = static_cast<std::uint64_t>(descriptor) + 1;
  if (open < limit.rlim_cur - limit.rlim_cur / 10) return;
  told_ = true;
  logger_.log(
      core::Level::kWarning,
      fmt::format("{} of {} files that may be open are: soon no server can be watched and no client served that "
                  "is not yet connected. Increase 'ulimit -n' (LimitNOFILE= in a unit of systemd)",
                  open, limit.rlim_cur));
}

}  // namespace vedette::net
