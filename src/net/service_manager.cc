#include "net/service_manager.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "base/text.h"
#include "net/datagram.h"

namespace vedette::net {
namespace {

std::string take_variable(const char* name) {
  const char* value = std::getenv(name);
  std::string taken = value == nullptr ? "" : value;
  ::unsetenv(name);
  return taken;
}

}  // namespace

ServiceManager ServiceManager::from_environment() {
  ServiceManager manager;
  manager.socket_ = take_variable("NOTIFY_SOCKET");
  const auto watchdog = parse_integer<std::int64_t>(take_variable("WATCHDOG_USEC"));
  const std::string whom = take_variable("WATCHDOG_PID");
  const bool concerns_us = whom.empty() || whom == std::to_string(::getpid());
  if (watchdog && *watchdog > 1 && concerns_us && manager.listens()) manager.alive_period_ = Micros(*watchdog / 2);
  return manager;
}

void ServiceManager::ready() const { tell("READY=1\nSTATUS=Ready to accept connections\n"); }

void ServiceManager::reloading(Instant now) const {
  const auto since_boot = std::chrono::duration_cast<Micros>(now.time_since_epoch());
  tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\n", since_boot.count()));
}

void ServiceManager::stopping() const { tell("STOPPING=1\nSTATUS=Saving the state for the last time\n"); }

void ServiceManager::failed(std::string_view reason) const {
  tell(fmt::format("STATUS={}\n", escape_controls(reason)));
}

void ServiceManager::alive() const { tell("WATCHDOG=1\n"); }

// What cannot be told is lost: the manager has its own time-outs, and knows what they mean.
void ServiceManager::tell(std::string_view message) const {
  if (listens()) [[maybe_unused]]
    const auto sent = send_datagram(socket_, message);
}

}  // namespace vedette::net
