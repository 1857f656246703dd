// Facts that mention host names which are still being looked up: they wait, for a moment, since the core compares
// addresses and cannot wait itself. Other facts overtake them, which the core can bear: hellos and INFO come again, and
// a question has an answer of its own. Of one server only the last INFO waits.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "core/input.h"
#include "node/name_book.h"

namespace vedette::node {

// Beyond it facts do not wait, and names in them that are not known yet stand for themselves.
inline constexpr std::size_t kMaxWaitingFacts = 1'000;

class WaitingFacts {
 public:
  explicit WaitingFacts(NameBook& names) : names_(names) {}

  // Whether the fact has to wait, in which case it is kept. Only for while names are resolved at all.
  bool keep(Instant now, const core::Input& input);

  // Those that need not wait any more, in the order in which they came.
  std::vector<core::Input> take_ready(Instant now);

 private:
  // An INFO that waits is outdated by a newer one, and by the end of the link that it came on.
  void drop_outdated(const core::Input& by);
  bool are_settled(Instant now, const std::vector<std::string>& hosts);

  NameBook& names_;
  struct Waiting {
    core::Input input;
    std::vector<std::string> hosts;
  };
  std::deque<Waiting> waiting_;
};

}  // namespace vedette::node
