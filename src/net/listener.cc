#include "net/listener.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "net/addresses.h"
#include "net/readiness.h"

namespace vedette::net {
namespace {

// The host as `bind` spells it, as an endpoint. Names are looked up here, blocking: we are only starting.
tcp::endpoint find_endpoint(asio::io_context& loop, const std::string& host, std::uint16_t port, error_code& error) {
  if (host == "*") return {asio::ip::address_v4::any(), port};
  if (host == "::*") return {asio::ip::address_v6::any(), port};
  if (const auto literal = to_endpoint({host, port})) return *literal;
  const auto found = tcp::resolver(loop).resolve(host, std::to_string(port), tcp::resolver::numeric_service, error);
  return error ? tcp::endpoint() : found.begin()->endpoint();
}

// This machine has no such family of addresses, or, where that is allowed, no such address.
bool is_absence(const error_code& error, bool may_be_missing) {
  if (error == asio::error::address_family_not_supported || error == asio::error::no_protocol_option) return true;
  if (error == boost::system::errc::protocol_not_supported) return true;
  return may_be_missing && error == boost::system::errc::address_not_available;
}

// Only the one connection failed, and the next may do better.
bool concerns_one_connection(const error_code& error) {
  return error == asio::error::connection_aborted || error == asio::error::connection_reset ||
         error == boost::system::errc::protocol_error || error == asio::error::host_unreachable ||
         error == asio::error::network_unreachable || error == asio::error::network_down ||
         error == boost::system::errc::operation_not_permitted;
}

// Whatever else is at that path is left alone, and stands in the way of ours.
void remove_socket(const std::string& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) ::unlink(path.c_str());
}

}  // namespace

Listener::Listener(asio::io_context& loop, node::Logger& logger, OnSocket on_socket, HasRoom has_room)
    : loop_(loop), logger_(logger), on_socket_(std::move(on_socket)), has_room_(std::move(has_room)) {}

Status Listener::open(const std::vector<std::string>& bind, std::uint16_t port, const PortSettings& settings) {
  for (const std::string& entry : bind) {
    const bool may_be_missing = entry.starts_with('-');
    const std::string host = entry.substr(may_be_missing ? 1 : 0);
    const auto refusal = open_door(host, port, settings);
    if (!refusal) continue;
    std::string text = fmt::format("Could not create server TCP listening socket {}: {}: {}",
                                   to_string(Address{host, port}), refusal->step, refusal->error.message());
    if (!is_absence(refusal->error, may_be_missing)) return Error{std::move(text)};
    logger_.log(core::Level::kVerbose, text);
  }
  return Ok{};
}

Status Listener::open(const std::string& path, std::optional<unsigned> permissions, int backlog) {
  constexpr std::size_t kMaxPathBytes = sizeof(sockaddr_un::sun_path) - 1;
  const auto failure = [&path](std::string_view what) {
    return Error{fmt::format("Failed opening Unix socket {}: {}", path, what)};
  };
  if (path.size() > kMaxPathBytes) {
    return failure(fmt::format("unix socket path too long ({}), must be under {}", path.size(), kMaxPathBytes + 1));
  }
  remove_socket(path);
  const auto refusal = open_door(Endpoint(asio::local::stream_protocol::endpoint(path)), {.backlog = backlog});
  if (refusal) return failure(fmt::format("{}: {}", refusal->step, refusal->error.message()));
  path_ = path;
  if (permissions && ::chmod(path.c_str(), *permissions) != 0) {
    return failure(fmt::format("chmod: {}", std::generic_category().message(errno)));
  }
  return Ok{};
}

std::optional<Listener::Refusal> Listener::open_door(const std::string& host, std::uint16_t port,
                                                     const PortSettings& settings) {
  error_code error;
  const tcp::endpoint endpoint = find_endpoint(loop_, host, port, error);
  if (error) return Refusal{"resolve", error};
  return open_door(Endpoint(endpoint), settings);
}

std::optional<Listener::Refusal> Listener::open_door(const Endpoint& endpoint, const PortSettings& settings) {
  error_code error;
  Acceptor acceptor(loop_);
  acceptor.open(endpoint.protocol(), error);
  if (error) return Refusal{"socket", error};
  // Without this, a restart within a minute would find the port still in use by connections that are over.
  acceptor.set_option(Acceptor::reuse_address(true), error);
  if (!error && endpoint.protocol().family() == AF_INET6) acceptor.set_option(asio::ip::v6_only(true), error);
  if (error) return Refusal{"setsockopt", error};
  acceptor.bind(endpoint, error);
  if (error) return Refusal{"bind", error};
  acceptor.native_non_blocking(true, error);
  if (error) return Refusal{"ioctl", error};
  tune(acceptor.native_handle(), settings.keepalive);  // before anybody can come; a Unix socket has none of it
  acceptor.listen(settings.backlog, error);
  if (error) return Refusal{"listen", error};
  doors_.push_back({std::move(acceptor), asio::steady_timer(loop_)});
  return std::nullopt;
}

void Listener::start() {
  for (Door& door : doors_) await(door);
}

void Listener::close() {
  for (Door& door : doors_) {
    error_code error;
    door.acceptor.close(error);
    door.pause.cancel();
  }
  if (!path_.empty()) ::unlink(std::exchange(path_, {}).c_str());
}

std::vector<Address> Listener::addresses() const {
  std::vector<Address> addresses;
  for (const Door& door : doors_) addresses.push_back(to_address(door.acceptor.local_endpoint()));
  return addresses;
}

void Listener::await(Door& door) {
  door.acceptor.async_wait(Acceptor::wait_read, [this, &door](const error_code&) { accept(door); });
}

void Listener::accept(Door& door) {
  for (int accepted = 0; accepted < kAcceptsAtOnce && door.acceptor.is_open(); ++accepted) {
    if (has_room_) {
      if (!has_input_now(door.acceptor.native_handle())) break;  // nobody waits
      if (!has_room_()) return pause(door, kCrowdPause);
    }
    error_code error;
    StreamSocket socket = StreamSocket::accepted_at(door.acceptor.native_handle(), error);
    if (error == asio::error::would_block) break;
    if (!error) {
      on_socket_(std::move(socket));
    } else if (!concerns_one_connection(error)) {
      complain(error);
      return pause(door, kAcceptPause);
    }
  }
  if (door.acceptor.is_open()) await(door);
}

void Listener::complain(const error_code& error) {
  const auto now = std::chrono::steady_clock::now();
  if (complained_at_ && now - *complained_at_ < kComplaintPeriod) return;
  complained_at_ = now;
  logger_.log(core::Level::kWarning,
              fmt::format("Cannot accept client connections, they wait: accept: {}", error.message()));
}

void Listener::pause(Door& door, Millis period) {
  door.pause.expires_after(period);
  door.pause.async_wait([this, &door](const error_code& stopped) {
    if (!stopped) accept(door);
  });
}

}  // namespace vedette::net
