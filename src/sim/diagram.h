// What happened in a simulated world as a sequence diagram in Mermaid's language, which many sites and editors draw.
//
// Shown are the messages that decide something (questions for votes and their answers, changes of role) and what is
// said; of all these the last ones.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace vedette::sim {

class Diagram {
 public:
  static constexpr std::size_t kMaxEntries = 120;

  void said(Instant now, std::string_view who, std::string_view what);
  void sent(Instant now, std::string_view from, std::string_view to, std::string_view bytes);

  std::string text() const;

 private:
  struct Entry {
    std::string from;
    std::string to;  // empty: `from` said it
    std::string text;
  };

  void add(Entry entry);

  std::deque<Entry> entries_;
};

}  // namespace vedette::sim
