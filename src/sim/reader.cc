#include "sim/reader.h"

#include "base/text.h"

namespace vedette::sim {
namespace {

// The value of a field in a map as RESP2 has it: names and values in turn.
std::string_view field_in(const resp::Value& map, std::string_view name) {
  for (std::size_t i = 0; i + 1 < map.elements.size(); i += 2) {
    if (map.elements[i].text == name) return map.elements[i + 1].text;
  }
  return {};
}

Address address_in(std::string_view host, std::string_view port) {
  return {std::string(host), parse_integer<std::uint16_t>(port).value_or(0)};
}

bool may_be_read_from(const resp::Value& replica) {
  const std::string_view flags = field_in(replica, "flags");
  return flags.find("s_down") == std::string_view::npos && flags.find("disconnected") == std::string_view::npos;
}

}  // namespace

void Reader::ask_next_sentinel() {
  phase_ = Phase::kAskingReplicas;
  connect(next_sentinel());
}

void Reader::read_from(const Address& server) {
  phase_ = Phase::kReading;
  reads_left_ = kReadsOfOneChoice;
  connect(server);
}

void Reader::ask() {
  switch (phase_) {
    case Phase::kAskingReplicas:
      return send("SENTINEL REPLICAS " + primary() + "\r\n");
    case Phase::kAskingPrimary:
      return send("SENTINEL GET-MASTER-ADDR-BY-NAME " + primary() + "\r\n");
    case Phase::kReading:
      return send("GET key\r\n");
  }
}

void Reader::take(const resp::Value& reply) {
  if (phase_ == Phase::kReading) return take_read(reply);
  if (!reply.is(resp::Type::kArray)) return start_over();
  phase_ == Phase::kAskingReplicas ? take_replicas(reply) : take_primary(reply);
}

void Reader::take_replicas(const resp::Value& reply) {
  std::vector<Address> well;
  for (const resp::Value& replica : reply.elements) {
    if (may_be_read_from(replica)) well.push_back(address_in(field_in(replica, "ip"), field_in(replica, "port")));
  }
  if (!well.empty()) return read_from(well[next_replica_++ % well.size()]);
  phase_ = Phase::kAskingPrimary;
  ask();
}

void Reader::take_primary(const resp::Value& reply) {
  if (reply.elements.size() != 2) return start_over();
  read_from(address_in(reply.elements[0].text, reply.elements[1].text));
}

void Reader::take_read(const resp::Value& reply) {
  const auto words = split(reply.text, ' ');
  if (words.size() != 2 || reply.is_error()) return start_over();
  reads_.push_back(
      {now(), {parse_integer<std::size_t>(words[0]).value(), parse_integer<std::uint64_t>(words[1]).value()}});
  later(kPause, [this] { --reads_left_ > 0 ? ask() : ask_next_sentinel(); });
}

void Reader::give_up() {
  if (phase_ == Phase::kReading) ++failures_;
}

}  // namespace vedette::sim
