// What one run of a script prints, line by line, as far as it goes into the log: the first `kMaxBytes` of it. The rest
// is read and dropped, so that the script never waits for us, nor fills the disk.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/asio.h"
#include "net/descriptor.h"

namespace vedette::net {

class ScriptOutput {
 public:
  static constexpr std::size_t kMaxBytes = 64U << 10;
  static constexpr std::size_t kMaxLineBytes = 1024;  // a longer one comes in pieces

  // Without the end of the line; one line more tells that the rest is dropped.
  using Print = std::function<void(std::string_view line)>;

  // `source` is the end of a pipe that is read, and does not block.
  ScriptOutput(asio::io_context& loop, Descriptor source, Print print);

  // The script has ended: what it has written is read, and no more. Those that it has left behind write to nobody.
  void finish();

 private:
  static constexpr std::size_t kMaxReadsInARow = 16;

  void wait();
  bool read_some();
  void take(std::string_view bytes);

  asio::posix::stream_descriptor source_;
  Print print_;
  std::string line_;                                           // that has no end yet
  std::size_t taken_ = 0;                                      // bytes
  std::shared_ptr<bool> life_ = std::make_shared<bool>(true);  // a wait may have ended, and not been told of, before us
};

}  // namespace vedette::net
