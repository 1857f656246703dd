// The signals of the operating system, as calls on the loop.
#pragma once

#include <functional>
#include <string_view>

#include "net/asio.h"

namespace vedette::net {

// SIGPIPE and SIGXFSZ would end the process where an error code says the same to those concerned.
void ignore_harmless_signals();

class Signals {
 public:
  struct Handlers {
    std::function<void(std::string_view name)> terminate;  // SIGTERM or SIGINT
    std::function<void()> reload;                          // SIGHUP
    std::function<void()> child_ended = [] {};             // SIGCHLD: one, or several at once
  };

  // Must not be destroyed while the loop still runs.
  Signals(asio::io_context& loop, Handlers handlers);

 private:
  void wait();

  asio::signal_set set_;
  Handlers handlers_;
};

}  // namespace vedette::net
