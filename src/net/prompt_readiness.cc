#include "net/prompt_readiness.h"

namespace vedette::net {

struct PromptReadiness::Watch : std::enable_shared_from_this<Watch> {
  Watch(asio::io_context& loop, Waiter& who) : descriptor(loop), waiter(&who) {}

  // Lets Asio wait for all that is wanted and not awaited yet.
  void await() {
    for (const Direction direction : {Direction::kInput, Direction::kOutput}) {
      if (contains(wanted, direction) && !contains(awaited, direction)) await(direction);
    }
  }

  void await(Direction direction) {
    awaited = awaited | direction;
    const auto type = direction == Direction::kInput ? asio::posix::stream_descriptor::wait_read
                                                     : asio::posix::stream_descriptor::wait_write;
    descriptor.async_wait(type, [self = shared_from_this(), direction](const error_code&) {
      self->awaited = self->awaited - direction;
      if (!contains(self->wanted, direction)) return;
      self->waiter->ready(Directions::kNone | direction);
      self->await();
    });
  }

  asio::posix::stream_descriptor descriptor;  // the socket, which is not ours to close
  Waiter* waiter;
  Directions wanted = Directions::kNone;
  Directions awaited = Directions::kNone;
};

PromptReadiness::~PromptReadiness() {
  while (!watches_.empty()) end(watches_.begin()->first);
}

error_code PromptReadiness::watch(int socket, Waiter& waiter, Directions before, Directions now) {
  if (before == now) return {};
  if (before == Directions::kNone) {
    auto begun = std::make_shared<Watch>(loop(), waiter);
    error_code error;
    begun->descriptor.assign(socket, error);
    if (error) return error;
    watches_.emplace(socket, std::move(begun));
  }
  if (now == Directions::kNone) {
    end(socket);
    return {};
  }
  Watch& watch = *watches_.at(socket);
  watch.wanted = now;
  watch.await();
  return {};
}

void PromptReadiness::end(int socket) {
  const auto found = watches_.find(socket);
  found->second->wanted = Directions::kNone;
  found->second->descriptor.release();
  watches_.erase(found);
}

}  // namespace vedette::net
