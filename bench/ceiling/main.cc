// The least that a server on one thread can do, for `bench/serve.py`: it waits with epoll and has one `recv` and one
// `send` for whatever a client has on its way. It looks for nothing in requests but where they begin, and takes those
// of one word for PING, all others for get-master-addr-by-name. What it takes is the kernel's and the client's part of
// what a sentinel takes.
//
// Not for anybody to use: it dies of all that goes wrong, and lets a client wait that does not read.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

constexpr std::string_view kPong = "+PONG\r\n";
constexpr std::string_view kAddress = "*2\r\n$9\r\n127.0.0.1\r\n$4\r\n6379\r\n";
constexpr std::size_t kReadBytes = 64 << 10;

int checked(int result, const char* step) {
  if (result >= 0) return result;
  std::perror(step);
  std::exit(1);
}

void watch(int poll, int socket) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = socket;
  checked(epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event), "epoll_ctl");
}

void enable(int socket, int level, int option) {
  constexpr int kOn = 1;
  checked(setsockopt(socket, level, option, &kOn, sizeof kOn), "setsockopt");
}

int listen_at(const char* host, int port) {
  const int door = checked(socket(AF_INET, SOCK_STREAM, 0), "socket");
  enable(door, SOL_SOCKET, SO_REUSEADDR);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  inet_pton(AF_INET, host, &address.sin_addr);
  checked(bind(door, reinterpret_cast<const sockaddr*>(&address), sizeof address), "bind");
  checked(listen(door, SOMAXCONN), "listen");
  return door;
}

void let_in(int poll, int door) {
  const int client = checked(accept4(door, nullptr, nullptr, SOCK_NONBLOCK), "accept");
  enable(client, IPPROTO_TCP, TCP_NODELAY);
  watch(poll, client);
}

void serve(int client) {
  static std::array<char, kReadBytes> input;
  const ssize_t size = recv(client, input.data(), input.size(), 0);
  if (size <= 0) {
    close(client);
    return;
  }
  const std::string_view reply = input[1] == '1' ? kPong : kAddress;
  std::string replies;
  for (auto requests = std::count(input.begin(), input.begin() + size, '*'); requests > 0; --requests) replies += reply;
  if (send(client, replies.data(), replies.size(), MSG_NOSIGNAL) < 0) close(client);
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) {
    std::fprintf(stderr, "usage: vedette-ceiling IP PORT\n");
    return 2;
  }
  const int door = listen_at(words[1], std::atoi(words[2]));
  const int poll = checked(epoll_create1(0), "epoll_create1");
  watch(poll, door);
  std::array<epoll_event, 128> events{};
  while (true) {
    const int ready = checked(epoll_wait(poll, events.data(), events.size(), -1), "epoll_wait");
    for (int i = 0; i < ready; ++i) {
      const int socket = events[static_cast<std::size_t>(i)].data.fd;
      socket == door ? let_in(poll, door) : serve(socket);
    }
  }
}
