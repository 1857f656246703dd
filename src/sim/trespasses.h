// Orders of sentinels that concern another group than their own: to its servers, or to follow one of them. Where there
// was evidence whose the server is they break an invariant; where there was none they are counted, with the keys that
// they cost, and listed.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/ids.h"

namespace vedette::sim {

struct Trespass {
  std::string by;
  bool of_stock = false;
  std::string server;             // that was given the order
  bool is_own = false;            // of the group of the sentinel, and told to follow one of another
  std::optional<Address> target;  // nullopt: it was told to lead
  std::uint64_t keys = 0;         // that the server has, and loses by it
  bool is_evident = false;        // whose the server of the other group is
};

class Trespasses {
 public:
  using Say = std::function<void(const std::string&)>;

  Trespasses(Say broken, Say anomaly, Say ambiguous)
      : broken_(std::move(broken)), anomaly_(std::move(anomaly)), ambiguous_(std::move(ambiguous)) {}

  void judge(const Trespass& order);

  std::uint64_t ambiguous_orders() const { return ambiguous_orders_; }
  std::uint64_t destroyed_keys() const { return destroyed_keys_; }  // by these

 private:
  Say broken_;
  Say anomaly_;
  Say ambiguous_;
  std::uint64_t ambiguous_orders_ = 0;
  std::uint64_t destroyed_keys_ = 0;
};

}  // namespace vedette::sim
