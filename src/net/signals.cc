#include "net/signals.h"

#include <csignal>
#include <utility>

namespace vedette::net {

void ignore_harmless_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

Signals::Signals(asio::io_context& loop, Handlers handlers)
    : set_(loop, SIGTERM, SIGINT, SIGHUP), handlers_(std::move(handlers)) {
  set_.add(SIGCHLD);
  wait();
}

void Signals::wait() {
  set_.async_wait([this](const error_code& error, int signal) {
    if (error) return;
    if (signal == SIGHUP) {
      handlers_.reload();
    } else if (signal == SIGCHLD) {
      handlers_.child_ended();
    } else {
      handlers_.terminate(signal == SIGINT ? "SIGINT" : "SIGTERM");
    }
    wait();
  });
}

}  // namespace vedette::net
