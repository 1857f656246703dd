// The notifications that systemd wants from a service of `Type=notify`: sd_notify(3), datagrams to the socket that
// `NOTIFY_SOCKET` names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace vedette::net {

class ServiceManager {
 public:
  // What the environment says. It is taken out of the environment, since it is not for our children.
  static ServiceManager from_environment();

  bool listens() const { return !socket_.empty(); }

  void ready() const;
  void reloading(Instant now) const;  // `ready` follows
  void stopping() const;
  void failed(std::string_view reason) const;
  void alive() const;

  // How often `alive` is expected; nothing: never. Half of what the manager allows.
  std::optional<Micros> alive_period() const { return alive_period_; }

 private:
  void tell(std::string_view message) const;

  std::string socket_;  // empty: nobody listens
  std::optional<Micros> alive_period_;
};

}  // namespace vedette::net
