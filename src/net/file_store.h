// The state file: saves run one at a time on a thread of their own, since fsync may take long. The result comes back
// on the loop.
#pragma once

#include <functional>
#include <string>

#include "net/asio.h"
#include "node/ports.h"

namespace vedette::net {

class FileStore final : public node::Disk {
 public:
  using OnSaved = std::function<void(const Status&)>;

  // Must not be destroyed while the loop still runs.
  FileStore(asio::io_context& loop, std::string path, OnSaved on_saved);
  ~FileStore() override;

  void save(std::string text) override;

  // For the orderly end: waits for a save that is under way, then makes `text` the content, and tells nobody else.
  // Nothing may be saved after it.
  Status save_last(const std::string& text);

 private:
  asio::io_context& loop_;
  const std::string path_;
  OnSaved on_saved_;
  asio::thread_pool worker_{1};
};

}  // namespace vedette::net
