// A random life of one core: servers and peers die and come back, disks fail, operators order, peers ask, answer, tell
// the truth and lie. The same seed gives the same life. It is meant to reach every state, not to be realistic.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/rng.h"
#include "tests/support/core_invariants.h"
#include "tests/support/core_world.h"

namespace vedette::testing {

class RandomLife {
 public:
  RandomLife(std::uint64_t seed, std::function<void(const std::string&)> broken);

  void live(int events);
  // Everything is well again, for long enough that whatever is waited for comes.
  void settle();

  std::string transcript() { return world_.take_transcript(); }
  const CoreInvariants& invariants() const { return invariants_; }
  std::size_t promotions() const { return promotions_; }

 private:
  struct Place {
    std::string name;  // of a primary
    Address address;
  };

  void add_group(const std::string& name, int network);
  void happen();
  void watch(const core::Output& output);

  // --- What may happen ---
  void time_passes();
  void something_dies();
  void something_lives();
  void server_changes();
  void peer_answers();
  void peer_asks();
  void peer_says_hello();
  void operator_orders();
  void disk_changes();
  void stranger_speaks();

  template <typename T>
  const T& any_of(const std::vector<T>& list) {
    return list[random_.below(list.size())];
  }
  bool one_in(std::uint64_t n) { return random_.below(n) == 0; }
  Address any_server() { return any_of(servers_).address; }
  RunId any_peer() { return run_id(any_of(std::vector<char>{'b', 'c', 'd', 'a'})); }
  Epoch any_epoch();
  AnswerToken new_token(const std::string& primary);

  SplitMix64 random_;
  CoreInvariants invariants_;
  CoreWorld world_;
  std::vector<Place> servers_;
  std::vector<std::string> names_;
  std::vector<core::AskPeer> questions_;
  std::uint64_t tokens_ = 0;
  std::size_t promotions_ = 0;
};

}  // namespace vedette::testing
