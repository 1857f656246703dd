// Those who started us and want to know how it goes: the process in the foreground that waits for our start, and the
// service manager.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "net/daemon.h"
#include "net/service_manager.h"

namespace vedette::net {

class Supervision {
 public:
  Supervision(ServiceManager manager, std::optional<Daemon> daemon)
      : manager_(std::move(manager)), daemon_(std::move(daemon)) {}

  void serves() {
    manager_.ready();
    if (daemon_) daemon_->serves();
  }
  void fails(std::string_view reason) {
    manager_.failed(reason);
    if (daemon_) daemon_->fails(reason);
  }

  // What concerns those who watch a running service only.
  const ServiceManager& manager() const { return manager_; }

 private:
  ServiceManager manager_;
  std::optional<Daemon> daemon_;
};

}  // namespace vedette::net
