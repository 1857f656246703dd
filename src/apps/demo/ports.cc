#include "apps/demo/ports.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace vedette::demo {
namespace {

// An abstract socket: a name in the kernel, gone with us.
net::Descriptor take_name(const std::string& name) {
  net::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t length = std::min(name.size(), sizeof(address.sun_path) - 1);
  std::memcpy(address.sun_path + 1, name.data(), length);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + length);
  const bool taken = socket.valid() && ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0;
  return taken ? std::move(socket) : net::Descriptor();
}

net::Descriptor take_port(std::uint16_t port) {
  net::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool taken = socket.valid() && ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
                     ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  return taken ? std::move(socket) : net::Descriptor();
}

}  // namespace

Result<Ports> Ports::claim(unsigned servers, unsigned sentinels) {
  for (unsigned attempt = 0; attempt < kAttempts; ++attempt) {
    Ports ports(attempt * kStride);
    ports.holds_.push_back(take_name(fmt::format("vedette-demo-{}", ports.server(0))));
    for (unsigned i = 0; i < servers; ++i) ports.holds_.push_back(take_port(ports.server(i)));
    for (unsigned i = 0; i < sentinels; ++i) ports.holds_.push_back(take_port(ports.sentinel(i)));
    if (std::all_of(ports.holds_.begin(), ports.holds_.end(), [](const auto& hold) { return hold.valid(); }))
      return ports;
  }
  return Error{fmt::format("no free ports found on 127.0.0.1, from {} and from {} on", kFirstServer, kFirstSentinel)};
}

}  // namespace vedette::demo
