// The journal beside a state file: what has changed since that file was last written whole. A promise costs one small
// append and not a file, however many primaries there are; the file follows when things are quiet, and the journal is
// emptied.
//
// A journal is a text of records, each with its size and a checksum, so that one that was torn by a crash shows. A
// record of changes has the current epoch and, of each primary that has changed, all that is to be known of it, as the
// lines of a state file; so records may be read again over a file that has their content already. A record of a base
// names a text, by its size and checksum, of which the journal is the continuation. If the file is none of these, a
// person or another sentinel has written it since.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "conf/document.h"
#include "conf/model.h"
#include "conf/problem.h"

namespace vedette::conf {

inline constexpr std::size_t kMaxJournalBytes = 16U << 20;

struct Changes {
  Epoch current_epoch{0};
  std::vector<MonitoredPrimary> primaries;  // that have changed, as they are now
  std::vector<std::string> removed;         // the names of those that are gone
};
std::string journal_record(const Changes& changes);

// What a disk has to write into a journal, and when the journal may be emptied. It has no file: what was written is
// told.
class Journal {
 public:
  // Beside a file with this text. If there are records of an earlier life, nothing can be appended before the file has
  // been replaced by a text that has them.
  Journal(std::string_view text, bool has_old_records);

  std::size_t size() const { return size_; }
  bool has_old_records() const { return has_old_records_; }

  // The bytes that bring a record into the journal. `appended` tells that they are durable; if they are not, whatever
  // came to the disk of them must be cut off again before anything else is appended.
  std::string bytes_for(std::string_view record) const;
  void appended(std::size_t bytes);

  // The file is about to be replaced by `text`, which has everything that was appended so far. The bytes, if any, must
  // be durable before the text is.
  std::string begin_replace(std::string_view text);
  // It has been replaced. True: what is in the journal was appended before that, so it is to be emptied.
  bool end_replace();

 private:
  bool has_old_records_;
  std::size_t size_ = 0;
  std::size_t size_at_replace_ = 0;
  std::string bases_;           // records of bases that are not in the journal yet
  bool has_successor_ = false;  // among `bases_`
  std::string replacement_;     // the base record of the text that is to come
};

// The document with the state that the journal brings it to. `text` is that of the file in which the state is kept. Its
// problems are those of records that are whole and cannot be understood.
std::variant<Document, std::vector<Problem>> with_journal(const Document& document, std::string_view text,
                                                          std::string_view journal);

}  // namespace vedette::conf
