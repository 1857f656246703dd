// What a server says of its own role, asked again and again.
#pragma once

#include <cstdint>
#include <optional>

#include "apps/demo/alarm.h"
#include "apps/demo/resp_client.h"

namespace vedette::demo {

class RoleWatch {
 public:
  static constexpr Micros kPeriod = 50ms;
  static constexpr Micros kPatience = 500ms;  // for an answer

  RoleWatch(net::asio::io_context& loop, std::uint16_t port);

  void start();

  // As of the last answer; false when there is none.
  bool is_primary() const { return role_ == Role::kPrimary; }
  // Follows the server at `port`, and has all that it has been sent so far.
  bool follows(std::uint16_t port) const { return role_ == Role::kReplica && linked_ && followed_ == port; }

 private:
  enum class Role : std::uint8_t { kUnknown, kPrimary, kReplica };

  void ask();
  void take(const resp::Value& reply);
  void lose();

  const std::uint16_t port_;
  RespClient client_;
  Alarm alarm_;
  Role role_ = Role::kUnknown;
  std::uint16_t followed_ = 0;
  bool linked_ = false;
};

}  // namespace vedette::demo
