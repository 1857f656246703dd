#include "sim/writer.h"

#include "base/text.h"

namespace vedette::sim {

void Writer::ask_next_sentinel() {
  phase_ = Phase::kAsking;
  connect(next_sentinel());
}

void Writer::ask() {
  send(phase_ == Phase::kAsking ? "SENTINEL GET-MASTER-ADDR-BY-NAME " + primary() + "\r\n"
                                : "SET " + name() + " value\r\n");
}

void Writer::take(const resp::Value& reply) {
  if (phase_ == Phase::kAsking) {
    const bool is_address = reply.elements.size() == 2;
    if (!is_address) return start_over();
    phase_ = Phase::kWriting;
    return connect({reply.elements[0].text, parse_integer<std::uint16_t>(reply.elements[1].text).value_or(0)});
  }
  const auto words = split(reply.text, ' ');
  if (words.size() != 3 || words[0] != "OK") return start_over();
  acknowledged_.push_back(
      {now(), {parse_integer<std::size_t>(words[1]).value(), parse_integer<std::uint64_t>(words[2]).value()}});
  last_success_ = now();
  later(kPause, [this] { ask(); });
}

}  // namespace vedette::sim
