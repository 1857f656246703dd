#include "net/crowd_readiness.h"

#include <algorithm>
#include <cerrno>

#include "base/check.h"

namespace vedette::net {
namespace {

std::uint32_t events_of(Directions directions) {
  std::uint32_t events = 0;
  if (contains(directions, Direction::kInput)) events |= EPOLLIN | EPOLLRDHUP;
  if (contains(directions, Direction::kOutput)) events |= EPOLLOUT;
  return events;
}

Directions directions_of(std::uint32_t events) {
  constexpr std::uint32_t kOver = EPOLLERR | EPOLLHUP;
  Directions directions = Directions::kNone;
  if ((events & (EPOLLIN | EPOLLRDHUP | kOver)) != 0) directions = directions | Direction::kInput;
  if ((events & (EPOLLOUT | kOver)) != 0) directions = directions | Direction::kOutput;
  return directions;
}

int new_poll() {
  const int poll = ::epoll_create1(EPOLL_CLOEXEC);
  VEDETTE_CHECK(poll >= 0, "the kernel has room for one more epoll");
  return poll;
}

}  // namespace

CrowdReadiness::CrowdReadiness(asio::io_context& loop, std::size_t at_once)
    : Readiness(loop),
      at_once_(std::min(at_once, kMaxAtOnce)),
      poll_(loop, new_poll()),
      self_(std::make_shared<CrowdReadiness*>(this)) {}

CrowdReadiness::~CrowdReadiness() { *self_ = nullptr; }

error_code CrowdReadiness::watch(int socket, Waiter& waiter, Directions before, Directions now) {
  if (before == now) return {};
  const bool begins = before == Directions::kNone;
  const bool ends = now == Directions::kNone;
  epoll_event event{};
  event.events = events_of(now);
  event.data.ptr = &waiter;
  const int change = begins ? EPOLL_CTL_ADD : ends ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
  if (::epoll_ctl(poll_.native_handle(), change, socket, &event) != 0) {
    return {errno, boost::system::system_category()};
  }
  if (begins) ++watched_;
  if (ends) {
    --watched_;
    forget(waiter);
  }
  if (watched_ == 0 && awaiting_) {
    error_code error;
    poll_.cancel(error);
  }
  await();
  return {};
}

void CrowdReadiness::await() {
  if (awaiting_ || watched_ == 0 || !rest_.empty()) return;
  awaiting_ = true;
  poll_.async_wait(asio::posix::stream_descriptor::wait_read, [self = self_](const error_code& error) {
    CrowdReadiness* readiness = *self;
    if (readiness == nullptr) return;
    readiness->awaiting_ = false;
    if (!error) readiness->tell();
    readiness->await();
  });
}

void CrowdReadiness::tell() {
  const int ready = ::epoll_wait(poll_.native_handle(), batch_.data(), static_cast<int>(at_once_), 0);
  if (ready <= 0) return;
  rest_ = std::span(batch_).first(static_cast<std::size_t>(ready));
  while (!rest_.empty()) {
    const epoll_event event = rest_.front();
    rest_ = rest_.subspan(1);
    if (event.data.ptr != nullptr) static_cast<Waiter*>(event.data.ptr)->ready(directions_of(event.events));
  }
}

// It may be among those whose turn comes next.
void CrowdReadiness::forget(const Waiter& waiter) {
  for (epoll_event& event : rest_) {
    if (event.data.ptr == &waiter) event.data.ptr = nullptr;
  }
}

}  // namespace vedette::net
