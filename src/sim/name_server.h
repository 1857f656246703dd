// The name server of a simulated world: what each name leads to, and how well it can be asked.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/rng.h"
#include "sim/process.h"

namespace vedette::sim {

inline constexpr std::string_view kNowhere = "10.9.9.9";  // where nobody lives

enum class NameServerHealth : std::uint8_t { kWell, kSlow, kDead };

class NameServer {
 public:
  static constexpr Micros kShortestLookup{200};
  static constexpr Micros kLongestLookup{3'000};
  static constexpr Micros kLongestSlowLookup{4'000'000};
  static constexpr Micros kTimeout{5'000'000};

  using Done = std::function<void(const Result<std::vector<std::string>>&)>;

  explicit NameServer(SplitMix64 rng) : rng_(rng) {}

  void set(const std::string& name, std::vector<std::string> ips) { names_[name] = std::move(ips); }
  // The name leads elsewhere from now on, or where it should if `ip` is empty.
  void mislead(const std::string& name, const std::string& ip);
  void mislead_nobody() { misled_.clear(); }
  void set_health(NameServerHealth health) { health_ = health; }

  // Calls `done` with what the name leads to at the time of the answer, unless the asker dies before.
  void look_up(Process& asker, const std::string& name, Done done);

 private:
  Micros duration();
  Result<std::vector<std::string>> answer(const std::string& name) const;

  SplitMix64 rng_;
  NameServerHealth health_ = NameServerHealth::kWell;
  std::map<std::string, std::vector<std::string>> names_;
  std::map<std::string, std::string> misled_;
};

}  // namespace vedette::sim
