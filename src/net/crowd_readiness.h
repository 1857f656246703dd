// Readiness of very many sockets, whose connections must not keep everybody else waiting: of those that are ready only
// some have their turn in one visit of the loop. A socket is registered once and stays so while its connection waits
// for the same, where Asio makes a system call of every wait. But a visit costs two of its own, so that it pays where
// several are ready together.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstddef>
#include <memory>
#include <span>

#include "net/readiness.h"

namespace vedette::net {

class CrowdReadiness final : public Readiness {
 public:
  // At most `at_once` have their turn in one visit of the loop.
  CrowdReadiness(asio::io_context& loop, std::size_t at_once);
  ~CrowdReadiness() override;

  error_code watch(int socket, Waiter& waiter, Directions before, Directions now) override;

 private:
  static constexpr std::size_t kMaxAtOnce = 64;

  void await();
  void tell();
  void forget(const Waiter& waiter);

  const std::size_t at_once_;
  asio::posix::stream_descriptor poll_;
  std::size_t watched_ = 0;  // while there are none, the loop is not kept running
  bool awaiting_ = false;
  std::array<epoll_event, kMaxAtOnce> batch_{};  // whose turn it is
  std::span<epoll_event> rest_;                  // of it
  std::shared_ptr<CrowdReadiness*> self_;        // for handlers that may outlive us: null then
};

}  // namespace vedette::net
