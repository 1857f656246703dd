// Reads back what was acknowledged, from one server, and counts what is missing there.
#pragma once

#include <vector>

#include "apps/demo/alarm.h"
#include "apps/demo/resp_client.h"

namespace vedette::demo {

class Audit {
 public:
  static constexpr std::size_t kBatch = 1000;  // keys asked for at a time

  // `acknowledged` tells which of the writer's keys must be there; it must not change meanwhile.
  Audit(net::asio::io_context& loop, const std::vector<bool>& acknowledged);

  void start(std::uint16_t port);
  bool done() const { return done_; }
  std::size_t lost() const { return lost_; }

 private:
  void ask();
  void take(const resp::Value& values);
  void retry();

  const std::vector<bool>& acknowledged_;
  std::vector<std::size_t> asked_;  // the numbers in the question that is under way
  std::size_t next_ = 0;
  std::size_t lost_ = 0;
  bool done_ = false;
  std::uint16_t port_ = 0;
  RespClient client_;
  Alarm alarm_;
};

}  // namespace vedette::demo
