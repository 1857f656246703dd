// The state file and the journal beside it, on threads of their own, since fsync may take long. The results come back
// on the loop.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "conf/journal.h"
#include "net/asio.h"
#include "net/journal_file.h"
#include "node/ports.h"

namespace vedette::net {

// Where the journal of a state file is.
std::string journal_of(const std::string& state_file);

class FileStore final : public node::Disk {
 public:
  struct Events {
    std::function<void(const Status&)> on_appended;
    std::function<void(const Status&)> on_replaced;
  };

  // `journal` continues what the state file has now. Must not be destroyed while the loop still runs.
  FileStore(asio::io_context& loop, std::string path, conf::Journal journal, Events events);
  ~FileStore() override;

  void append(std::string record) override;
  void replace(MakeText make_text) override;

  // For the orderly end: waits for what is under way, then makes `text` the content, removes the journal, and tells
  // nobody else. Nothing may be saved after it.
  Status save_last(const std::string& text);

 private:
  // On the worker of the journal.
  Status put(std::string_view bytes);
  void end_replace(const Status& result);

  void wait_for_workers();

  asio::io_context& loop_;
  const std::string path_;
  Events events_;
  conf::Journal journal_;  // both are its worker's
  JournalFile journal_file_;
  asio::thread_pool journal_worker_{1};
  asio::thread_pool file_worker_{1};  // so that no promise waits for a large file
};

}  // namespace vedette::net
