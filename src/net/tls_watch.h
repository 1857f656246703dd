// Keeps TLS in step with its files: looks now and then whether one of them has changed, on a thread of its own since
// files may be slow, and reads all of them anew when they have. What cannot be read leaves what is in use in use.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "conf/model.h"
#include "net/asio.h"
#include "net/tls_context.h"
#include "node/ports.h"

namespace vedette::net {

class TlsWatch {
 public:
  static constexpr Millis kPeriod{1000};

  using OnLoaded = std::function<void(TlsContexts)>;

  // The files are taken for those that have just been read. `on_loaded` is called on the loop. Must not be destroyed
  // while the loop still runs.
  TlsWatch(asio::io_context& loop, node::Logger& logger, conf::TlsSettings settings, Millis period, OnLoaded on_loaded);
  ~TlsWatch();
  TlsWatch(const TlsWatch&) = delete;
  TlsWatch& operator=(const TlsWatch&) = delete;

  // Without waiting for a change.
  void reload();

 private:
  // What tells a file that was changed or replaced, for each file.
  using Look = std::vector<std::string>;

  Look look() const;
  void wait();
  void check();
  void load();

  asio::io_context& loop_;
  node::Logger& logger_;
  const conf::TlsSettings settings_;
  const Millis period_;
  OnLoaded on_loaded_;
  asio::steady_timer timer_;

  // Of the worker, once it runs.
  Look loaded_;
  Look latest_;
  asio::thread_pool worker_{1};
};

}  // namespace vedette::net
