#include "net/acl_file.h"

#include <utility>

#include "net/files.h"

namespace vedette::net {

AclFile::AclFile(asio::io_context& loop, std::string path, Events events)
    : loop_(loop), path_(std::move(path)), events_(std::move(events)) {}

AclFile::~AclFile() { worker_.join(); }

Result<std::string> AclFile::read_now() const { return read_file(path_, kMaxBytes); }

void AclFile::read() {
  asio::post(worker_, [this] { asio::post(loop_, [this, text = read_now()] { events_.on_read(text); }); });
}

void AclFile::write(std::string text) {
  asio::post(worker_, [this, text = std::move(text)] {
    asio::post(loop_, [this, result = replace_file(path_, text)] { events_.on_written(result); });
  });
}

}  // namespace vedette::net
