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

Reader::Reader(EventQueue& queue, Network& network, std::string name, std::string host, std::string primary,
               std::vector<Address> sentinels)
    : Process(queue, std::move(name), std::move(host)),
      network_(network),
      primary_(std::move(primary)),
      sentinels_(std::move(sentinels)) {}

void Reader::start() {
  set_alive(true);
  choose();
}

void Reader::choose() { connect(Phase::kAskingReplicas, sentinels_[next_sentinel_++ % sentinels_.size()]); }

void Reader::connect(Phase phase, const Address& to) {
  network_.close(connection_);
  phase_ = phase;
  decoder_ = resp::ReplyDecoder();
  reads_left_ = kReadsOfOneChoice;
  ++step_;
  connection_ = network_.connect(*this, to, kTimeout);
}

void Reader::on_connected(ConnectionId connection, const Address&) {
  if (connection == connection_) ask();
}

void Reader::ask() {
  switch (phase_) {
    case Phase::kAskingReplicas:
      network_.send(connection_, "SENTINEL REPLICAS " + primary_ + "\r\n");
      break;
    case Phase::kAskingPrimary:
      network_.send(connection_, "SENTINEL GET-MASTER-ADDR-BY-NAME " + primary_ + "\r\n");
      break;
    case Phase::kReading:
      network_.send(connection_, "GET key\r\n");
      break;
  }
  after(kTimeout, [this, step = ++step_] {
    if (step == step_) start_over();
  });
}

void Reader::on_received(ConnectionId connection, std::string_view bytes) {
  if (connection != connection_) return;
  decoder_.feed(bytes);
  while (connection == connection_) {
    const auto reply = decoder_.next();
    if (!reply || !*reply) return;
    take(**reply);
  }
}

void Reader::take(const resp::Value& reply) {
  ++step_;
  if (phase_ == Phase::kReading) return take_read(reply);
  if (!reply.is(resp::Type::kArray)) return start_over();
  phase_ == Phase::kAskingReplicas ? take_replicas(reply) : take_primary(reply);
}

void Reader::take_replicas(const resp::Value& reply) {
  std::vector<Address> well;
  for (const resp::Value& replica : reply.elements) {
    if (may_be_read_from(replica)) well.push_back(address_in(field_in(replica, "ip"), field_in(replica, "port")));
  }
  if (!well.empty()) return connect(Phase::kReading, well[next_replica_++ % well.size()]);
  phase_ = Phase::kAskingPrimary;
  ask();
}

void Reader::take_primary(const resp::Value& reply) {
  if (reply.elements.size() != 2) return start_over();
  connect(Phase::kReading, address_in(reply.elements[0].text, reply.elements[1].text));
}

void Reader::take_read(const resp::Value& reply) {
  const auto words = split(reply.text, ' ');
  if (words.size() != 2 || reply.is_error()) return start_over();
  reads_.push_back(
      {now(), {parse_integer<std::size_t>(words[0]).value(), parse_integer<std::uint64_t>(words[1]).value()}});
  after(kPause, [this, step = step_] {
    if (step != step_) return;
    --reads_left_ > 0 ? ask() : choose();
  });
}

void Reader::on_closed(ConnectionId connection, core::LinkFault) {
  if (connection == connection_) start_over();
}

void Reader::start_over() {
  if (phase_ == Phase::kReading) ++failures_;
  network_.close(connection_);
  connection_ = ConnectionId{};
  after(kRetryPause, [this, step = ++step_] {
    if (step == step_) choose();
  });
}

}  // namespace vedette::sim
