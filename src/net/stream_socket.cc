#include "net/stream_socket.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace vedette::net {
namespace {

error_code system_error() { return {errno, boost::system::system_category()}; }

error_code outcome(int result) { return result == 0 ? error_code() : system_error(); }

// Calls what may be interrupted by a signal until it is not.
template <typename Call>
ssize_t uninterrupted(Call call) {
  ssize_t result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

template <typename Get>
Endpoint endpoint_of(int descriptor, Get get, error_code& error) {
  Endpoint endpoint;
  auto size = static_cast<socklen_t>(endpoint.capacity());
  error = outcome(get(descriptor, endpoint.data(), &size));
  endpoint.resize(error ? 0 : size);
  return endpoint;
}

}  // namespace

StreamSocket StreamSocket::accepted_at(int listener, error_code& error) {
  const auto accept = [&] { return ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC); };
  StreamSocket accepted;
  accepted.descriptor_ = Descriptor(static_cast<int>(uninterrupted(accept)));
  error = accepted.descriptor_.valid() ? error_code() : system_error();
  return accepted;
}

error_code StreamSocket::open(int family) {
  descriptor_ = Descriptor(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  return descriptor_.valid() ? error_code() : system_error();
}

error_code StreamSocket::bind(const Endpoint& local) {
  return outcome(::bind(descriptor(), local.data(), static_cast<socklen_t>(local.size())));
}

error_code StreamSocket::connect(const Endpoint& remote) {
  return outcome(::connect(descriptor(), remote.data(), static_cast<socklen_t>(remote.size())));
}

error_code StreamSocket::take_error() {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(descriptor(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return system_error();
  return {error, boost::system::system_category()};
}

Endpoint StreamSocket::local_endpoint(error_code& error) const {
  return endpoint_of(descriptor(), ::getsockname, error);
}

Endpoint StreamSocket::remote_endpoint(error_code& error) const {
  return endpoint_of(descriptor(), ::getpeername, error);
}

std::size_t StreamSocket::read_some(std::span<char> buffer, error_code& error) {
  const ssize_t size = uninterrupted([&] { return ::recv(descriptor(), buffer.data(), buffer.size(), 0); });
  error = size < 0 ? system_error() : error_code();
  if (size == 0) error = asio::error::eof;
  return size < 0 ? 0 : static_cast<std::size_t>(size);
}

std::size_t StreamSocket::write_some(std::string_view bytes, error_code& error) {
  const ssize_t size = uninterrupted([&] { return ::send(descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL); });
  error = size < 0 ? system_error() : error_code();
  return size < 0 ? 0 : static_cast<std::size_t>(size);
}

error_code StreamSocket::end_output() { return outcome(::shutdown(descriptor(), SHUT_WR)); }

void tune(int socket, Seconds keepalive) {
  const auto set = [socket](int level, int name, int value) {
    ::setsockopt(socket, level, name, &value, sizeof value);
  };
  set(IPPROTO_TCP, TCP_NODELAY, 1);
  if (keepalive == Seconds(0)) return;
  const int idle = static_cast<int>(keepalive.count());
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, idle);
  set(IPPROTO_TCP, TCP_KEEPINTVL, std::max(idle / 3, 1));
  set(IPPROTO_TCP, TCP_KEEPCNT, 3);
}

}  // namespace vedette::net
