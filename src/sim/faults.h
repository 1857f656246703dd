// Random faults: what goes wrong in a simulated world, when, for how long. Each mends itself after a while, if the
// world is not healed before; several may hold at once.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/rng.h"
#include "sim/world.h"

namespace vedette::sim {

// How often each kind happens, in relation to the others; by name, as `--faults` gives them.
using FaultWeights = std::map<std::string_view, unsigned>;

// "all", or kinds with or without a weight of their own: "primary-killed,network-split=3".
Result<FaultWeights> parse_fault_weights(std::string_view text);

class Faults {
 public:
  static constexpr Micros kShortestPause{200'000};  // between two faults
  static constexpr Micros kLongestPause{8'000'000};
  static constexpr Micros kShortestFault{300'000};
  static constexpr Micros kLongestFault{25'000'000};
  static constexpr Micros kShortestGap{100'000};  // until a dead server's address is another's
  static constexpr Micros kLongestGap{5'000'000};
  static constexpr Micros kShortestStall{10'000};
  static constexpr Micros kLongestStall{1'900'000};  // TILT answers those of two seconds
  static constexpr Micros kShortestBreath{5'000};    // between one and the next
  static constexpr Micros kLongestBreath{300'000};
  static constexpr std::uint64_t kMostStallsInARow = 12;
  static constexpr Micros kShortestClockStep{100'000};
  static constexpr Micros kLongestClockStep{3'600'000'000};

  Faults(World& world, FaultWeights weights)
      : world_(world), weights_(std::move(weights)), rng_(world.streams().stream("faults")) {}

  static const FaultWeights& all();

  // Faults happen from now on until then.
  void rage_until(Instant end);
  // What has not mended itself yet never will: the world is healed.
  void forget() { ++spell_; }

  // How often each kind has happened.
  const std::map<std::string_view, std::uint64_t>& counts() const { return counts_; }

 private:
  struct Kind {
    std::string_view name;
    unsigned weight;
    void (Faults::*happen)();
  };
  static const std::vector<Kind>& kinds();

  void plan();
  void strike();

  void kill_primary();
  void kill_server();
  void empty_server();
  void replace_server();
  void restart_with_aof();
  void move_server();
  void take_address();
  bool is_plain_replica(const RedisServer& server) const;
  void load_server();
  void exchange_version();
  void kill_sentinel();
  void kill_all_sentinels();
  void kill_everything();
  void kill_group(const Group& group);
  void lose_power();
  void pause_primary();
  void pause_process();
  void stall_sentinels();
  void cut_one_way();
  void cut_both_ways();
  void isolate_host();
  void split_hosts();
  void reset_connections();
  void slow_disk();
  void full_disk();
  void unsure_disk();
  void misleading_name();
  void denied_command();
  void slow_names();
  void dead_names();
  void bad_scripts();
  void bad_weather();
  void set_clock();
  void busy_server();
  void misconfigured_server();
  void order_failover();

  template <typename T>
  const T& any_of(const std::vector<T>& list) {
    return list[rng_.below(list.size())];
  }
  const RedisServer& any_server();
  const RedisServer& any_primary();
  const Process& any_process();
  Micros a_while() { return rng_.between(kShortestFault, kLongestFault); }
  void act(const std::vector<std::string>& words);
  // Unless the world is healed before.
  template <typename What>
  void later(Micros pause, What what) {
    world_.queue().after(pause, [this, spell = spell_, what = std::move(what)] {
      if (spell == spell_) what();
    });
  }
  void act_later(std::vector<std::string> words);
  void kill(const Process& process, std::vector<std::string> how_it_starts = {});
  void stop(const Process& process);
  void divide(const std::string& one, const std::string& other);
  void set_disk(const std::string& health);
  void set_names(const std::string& health);

  World& world_;
  const FaultWeights weights_;
  SplitMix64 rng_;
  Instant end_{};
  std::uint64_t spell_ = 0;
  std::map<std::string_view, std::uint64_t> counts_;
};

}  // namespace vedette::sim
