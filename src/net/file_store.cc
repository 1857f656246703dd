#include "net/file_store.h"

#include <utility>

#include "net/files.h"

namespace vedette::net {

FileStore::FileStore(asio::io_context& loop, std::string path, OnSaved on_saved)
    : loop_(loop), path_(std::move(path)), on_saved_(std::move(on_saved)) {}

FileStore::~FileStore() { worker_.join(); }

void FileStore::save(std::string text) {
  asio::post(worker_, [this, text = std::move(text)] {
    asio::post(loop_, [this, result = replace_file(path_, text)] { on_saved_(result); });
  });
}

Status FileStore::save_last(const std::string& text) {
  worker_.join();
  return replace_file(path_, text);
}

}  // namespace vedette::net
