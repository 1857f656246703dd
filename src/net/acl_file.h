// The ACL file: read and written on a thread of its own, like the state file. The results come back on the loop.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "net/asio.h"
#include "node/ports.h"

namespace vedette::net {

class AclFile final : public node::AclFile {
 public:
  static constexpr std::size_t kMaxBytes = 64U << 20;

  struct Events {
    std::function<void(const Result<std::string>&)> on_read;
    std::function<void(const Status&)> on_written;
  };

  // Must not be destroyed while the loop still runs.
  AclFile(asio::io_context& loop, std::string path, Events events);
  ~AclFile() override;

  // Before the loop runs.
  Result<std::string> read_now() const;

  void read() override;
  void write(std::string text) override;

 private:
  asio::io_context& loop_;
  const std::string path_;
  const Events events_;
  asio::thread_pool worker_{1};
};

}  // namespace vedette::net
