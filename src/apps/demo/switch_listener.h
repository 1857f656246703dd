// Listens to one sentinel for +switch-master, the event by which clients are told of a new primary.
#pragma once

#include <functional>

#include "apps/demo/alarm.h"
#include "apps/demo/resp_client.h"

namespace vedette::demo {

class SwitchListener {
 public:
  static constexpr Micros kPause = 100ms;  // before a new attempt to connect

  using OnSwitch = std::function<void(std::uint16_t port)>;

  SwitchListener(net::asio::io_context& loop, std::uint16_t sentinel, OnSwitch on_switch);

  void start();

 private:
  void take(const resp::Value& message);

  const std::uint16_t sentinel_;
  OnSwitch on_switch_;
  RespClient client_;
  Alarm alarm_;
};

}  // namespace vedette::demo
