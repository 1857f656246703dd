// Asks the sentinels where the primary is, one after the other until one knows, as client libraries do.
#pragma once

#include <functional>

#include "apps/demo/alarm.h"
#include "apps/demo/resp_client.h"
#include "apps/demo/roster.h"

namespace vedette::demo {

class PrimaryFinder {
 public:
  static constexpr Micros kPause = 10ms;      // between two sentinels
  static constexpr Micros kPatience = 200ms;  // with one sentinel

  using OnFound = std::function<void(Lane told_by, std::uint16_t port)>;

  PrimaryFinder(net::asio::io_context& loop, const Roster& roster, OnFound on_found);

  // Leads to one call of `on_found`, however long it takes. Each time another sentinel is asked first.
  void find();
  void stop();

 private:
  void ask_next();
  void take(const resp::Value& reply);
  void give_up_on_this_one();

  const Roster& roster_;
  OnFound on_found_;
  std::size_t asked_ = 0;
  RespClient client_;
  Alarm alarm_;
};

}  // namespace vedette::demo
