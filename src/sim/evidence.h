// What there is to be seen that tells to which group a server belongs, and since when: as seen from outside, by looking
// at all of them several times a second. No sentinel is asked what it makes of a server.
//
// It counts as evidence only when it has lasted for so long that any sentinel that reaches the server must have seen
// it: a server that seems out of place is asked for INFO every second, and hellos come every two.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/group.h"
#include "sim/network.h"

namespace vedette::sim {

class Evidence {
 public:
  static constexpr Micros kLookPeriod{250'000};
  static constexpr Micros kAge{4'000'000};

  explicit Evidence(const Network& network) : network_(network) {}

  void look_at(const std::vector<Group>& groups, Instant now);
  // It begins a new life, in which nothing has been seen of it yet.
  void forget(const Process& process);

  // Could a sentinel of another fleet see that the server is of this group?
  bool is_clear(const Sentinel& to, const RedisServer& server, const Group& group, Instant now) const;

 private:
  using Since = std::map<std::pair<std::string, std::string>, Instant>;  // by names, of a sentinel and a server

  bool is_reached(const Sentinel& sentinel, const RedisServer& server) const;
  static bool lasts(const Since& since, const std::string& one, const std::string& other, Instant now);
  static void keep(Since& since, const std::string& one, const std::string& other, bool is_so, Instant now);

  const Network& network_;
  Since reached_;    // the sentinel has a path to the server, which answers
  Since claimed_;    // and knows it as one of its own group, of which it says hello there
  Since connected_;  // two servers of one group: the first one follows the second, with its link up
};

}  // namespace vedette::sim
