#include "sim/trespasses.h"

#include <fmt/format.h>

namespace vedette::sim {
namespace {

std::string text_of(const Trespass& order) {
  const std::string what = order.target ? "follow " + to_string(*order.target) : "lead";
  const std::string_view subject = order.is_own     ? "a server was told to follow another group's"
                                   : order.keys > 0 ? "keys of another group were destroyed"
                                                    : "a server of another group was given an order";
  const std::string loss = order.keys > 0 ? fmt::format(", which has {} keys to lose,", order.keys) : "";
  return fmt::format("{}: {} told {}{} to {}", subject, order.by, order.server, loss, what);
}

}  // namespace

void Trespasses::judge(const Trespass& order) {
  const std::string text = text_of(order);
  if (order.of_stock) return anomaly_(text);
  if (order.is_evident) return broken_(text);
  ++ambiguous_orders_;
  destroyed_keys_ += order.keys;
  ambiguous_(text);
}

}  // namespace vedette::sim
