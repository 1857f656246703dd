// The sockets on which we listen, on one port or one path, and the accepting of connections.
//
// How many clients may be served, and how many may come at a time, is not decided here but by who takes the sockets.
// Where the process or the system runs out of descriptors or memory, accepting pauses: the connections wait in the
// kernel meanwhile. The listener must not be destroyed while the loop still runs.
#pragma once

#include <functional>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "conf/model.h"
#include "net/asio.h"
#include "net/stream_socket.h"
#include "node/ports.h"

namespace vedette::net {

struct PortSettings {
  int backlog = conf::kDefaultTcpBacklog;  // how many may wait to be accepted; the kernel has a limit of its own
  Seconds keepalive{0};                    // the kernel asks who is silent for so long for a sign of life; 0: never
};

class Listener {
 public:
  // So many get in before others have their turn. Were it one, the queue of the kernel would be full in a storm of
  // clients, and those for whom there is no room in it try again after a whole second.
  static constexpr int kAcceptsAtOnce = 32;
  static constexpr Millis kAcceptPause{100};
  static constexpr Millis kCrowdPause{10};        // after which it is seen again whether there is room
  static constexpr Seconds kComplaintPeriod{10};  // a lasting lack of descriptors is logged this often

  using OnSocket = std::function<void(StreamSocket)>;
  using HasRoom = std::function<bool()>;

  // `has_room` is asked when somebody comes, who waits in the kernel while it says no; without it there always is.
  Listener(asio::io_context& loop, node::Logger& logger, OnSocket on_socket, HasRoom has_room = nullptr);

  // Binds and listens. An entry of `bind` is an IP literal, a host name, `*` or `::*`; one that starts with `-` may be
  // missing on this machine, as may IPv6 as a whole. All others must succeed; none at all is no error.
  Status open(const std::vector<std::string>& bind, std::uint16_t port, const PortSettings& settings);

  // Listens on a Unix socket at `path`, in place of one that an earlier process left. Its permissions are those that
  // the umask leaves, unless these are given. The file goes when the listener is closed.
  Status open(const std::string& path, std::optional<unsigned> permissions, int backlog);

  // Accepts from now on, until `close`.
  void start();
  void close();

  std::vector<Address> addresses() const;

 private:
  // One socket that listens.
  struct Door {
    Acceptor acceptor;
    asio::steady_timer pause;
  };
  // Why there is none: the step that failed, and how.
  struct Refusal {
    std::string step;
    error_code error;
  };

  std::optional<Refusal> open_door(const std::string& host, std::uint16_t port, const PortSettings& settings);
  std::optional<Refusal> open_door(const Endpoint& endpoint, const PortSettings& settings);
  void await(Door& door);
  void accept(Door& door);
  void complain(const error_code& error);
  void pause(Door& door, Millis period);

  asio::io_context& loop_;
  node::Logger& logger_;
  OnSocket on_socket_;
  HasRoom has_room_;
  std::list<Door> doors_;
  std::string path_;  // of the Unix socket that is ours
  std::optional<std::chrono::steady_clock::time_point> complained_at_;
};

}  // namespace vedette::net
