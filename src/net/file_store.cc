#include "net/file_store.h"

#include <fmt/format.h>

#include <utility>

#include "net/files.h"

namespace vedette::net {

std::string journal_of(const std::string& state_file) { return state_file + ".vedette-journal"; }

FileStore::FileStore(asio::io_context& loop, std::string path, conf::Journal journal, Events events)
    : loop_(loop),
      path_(std::move(path)),
      events_(std::move(events)),
      journal_(std::move(journal)),
      journal_file_(journal_of(path_)) {}

FileStore::~FileStore() { wait_for_workers(); }

void FileStore::append(std::string record) {
  asio::post(journal_worker_, [this, record = std::move(record)] {
    asio::post(loop_, [this, result = put(journal_.bytes_for(record))] { events_.on_appended(result); });
  });
}

void FileStore::replace(MakeText make_text) {
  asio::post(journal_worker_, [this, make_text = std::move(make_text)] {
    std::string text = make_text();
    const std::string base = journal_.begin_replace(text);
    if (const Status begun = base.empty() ? Status(Ok{}) : put(base); !begun) return end_replace(begun);
    asio::post(file_worker_, [this, text = std::move(text)] {
      asio::post(journal_worker_, [this, result = replace_file(path_, text)] { end_replace(result); });
    });
  });
}

Status FileStore::put(std::string_view bytes) {
  if (journal_.size() + bytes.size() > conf::kMaxJournalBytes) {
    return Error{fmt::format("The journal has grown to the {} bytes allowed, since {} could not be written",
                             conf::kMaxJournalBytes, path_)};
  }
  Status written = journal_file_.append(bytes);
  if (written) journal_.appended(bytes.size());
  return written;
}

void FileStore::end_replace(const Status& result) {
  if (result && journal_.end_replace()) journal_file_.empty();
  asio::post(loop_, [this, result] { events_.on_replaced(result); });
}

// What the second has left to be done by the first is of no use any more.
void FileStore::wait_for_workers() {
  journal_worker_.join();
  file_worker_.join();
}

Status FileStore::save_last(const std::string& text) {
  wait_for_workers();
  Status saved = replace_file(path_, text);
  if (saved) journal_file_.remove();
  return saved;
}

}  // namespace vedette::net
