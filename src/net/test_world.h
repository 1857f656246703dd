// What the tests of `net/` share: waiting on a loop for a condition, a place for files, and ports that record.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "net/asio.h"
#include "net/descriptor.h"
#include "net/tcp_network.h"
#include "node/ports.h"

namespace vedette::net {

// Runs the loop until `condition` holds. Fails the test when it does not come true.
inline void run_until(asio::io_context& loop, const std::function<bool()>& condition) {
  const auto limit = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    ASSERT_LT(std::chrono::steady_clock::now(), limit) << "what was waited for did not happen";
    loop.restart();
    loop.run_one_for(1ms);
  }
}

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = std::filesystem::temp_directory_path() / "vedette-test-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  std::filesystem::path path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// While it lives, permissions and limits apply to us, even if we are root.
class Unprivileged {
 public:
  Unprivileged() {
    static constexpr uid_t kNobody = 65534;
    if (getuid() == 0) {
      EXPECT_EQ(seteuid(kNobody), 0);
    }
  }
  ~Unprivileged() {
    if (getuid() == 0) {
      EXPECT_EQ(seteuid(0), 0);
    }
  }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;
};

// A datagram socket at a path, such as that of syslog or of systemd.
class DatagramReceiver {
 public:
  explicit DatagramReceiver(std::string path) : path_(std::move(path)), socket_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof(address.sun_path) - 1);
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0) << path_;
  }

  const std::string& path() const { return path_; }

  // The next message that has come, or nothing.
  std::string receive() const {
    std::string message(64U << 10, '\0');
    const ssize_t size = ::recv(socket_.get(), message.data(), message.size(), MSG_DONTWAIT);
    message.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return message;
  }

 private:
  std::string path_;
  Descriptor socket_;
};

struct RecordingLogger final : node::Logger {
  struct Entry {
    core::Level level;
    std::string text;
  };
  std::vector<Entry> entries;

  void log(core::Level level, std::string_view text) override { entries.push_back({level, std::string(text)}); }
  void set_level(core::Level) override {}
};

// Remembers what happened on every connection, and does what a test wants when it happens.
struct RecordingEvents final : NetworkEvents {
  struct Record {
    Address remote;
    Address local;
    bool open = false;
    std::string received;
    core::LinkFault fault = core::LinkFault::kNone;
  };
  std::map<node::ConnectionId, Record> records;
  std::vector<node::ConnectionId> accepted;
  std::function<void(node::ConnectionId)> when_received = [](node::ConnectionId) {};

  Record& of(node::ConnectionId connection) { return records[connection]; }

  void on_accepted(node::ConnectionId connection, const Address& remote, const Address& local) override {
    accepted.push_back(connection);
    of(connection).remote = remote;
    of(connection).local = local;
    of(connection).open = true;
  }
  void on_connected(node::ConnectionId connection, const Address& local) override {
    of(connection).local = local;
    of(connection).open = true;
  }
  void on_received(node::ConnectionId connection, std::string_view bytes) override {
    of(connection).received += bytes;
    when_received(connection);
  }
  void on_closed(node::ConnectionId connection, core::LinkFault fault) override {
    of(connection).open = false;
    of(connection).fault = fault;
  }
};

}  // namespace vedette::net
