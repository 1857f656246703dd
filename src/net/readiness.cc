#include "net/readiness.h"

#include <poll.h>

namespace vedette::net {

Directions ready_now(int socket, Directions wanted) {
  pollfd asked{socket, 0, 0};
  if (contains(wanted, Direction::kInput)) asked.events |= POLLIN;
  if (contains(wanted, Direction::kOutput)) asked.events |= POLLOUT;
  if (::poll(&asked, 1, 0) <= 0) return Directions::kNone;
  if ((asked.revents & (POLLERR | POLLHUP)) != 0) return wanted;
  Directions ready = Directions::kNone;
  if ((asked.revents & POLLIN) != 0) ready = ready | Direction::kInput;
  if ((asked.revents & POLLOUT) != 0) ready = ready | Direction::kOutput;
  return ready;
}

}  // namespace vedette::net
