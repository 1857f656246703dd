#include "sim/writer.h"

#include "base/text.h"

namespace vedette::sim {

Writer::Writer(EventQueue& queue, Network& network, std::string name, std::string host, std::string primary,
               std::vector<Address> sentinels)
    : Process(queue, std::move(name), std::move(host)),
      network_(network),
      primary_(std::move(primary)),
      sentinels_(std::move(sentinels)) {}

void Writer::start() {
  set_alive(true);
  ask();
}

void Writer::ask() { connect(Phase::kAsking, sentinels_[next_sentinel_++ % sentinels_.size()]); }

void Writer::connect(Phase phase, const Address& to) {
  network_.close(connection_);
  phase_ = phase;
  decoder_ = resp::ReplyDecoder();
  ++step_;
  connection_ = network_.connect(*this, to, kTimeout);
}

void Writer::on_connected(ConnectionId connection, const Address&) {
  if (connection != connection_) return;
  if (phase_ == Phase::kAsking) {
    send("SENTINEL GET-MASTER-ADDR-BY-NAME " + primary_ + "\r\n");
  } else {
    write();
  }
}

void Writer::write() { send("SET key value\r\n"); }

void Writer::send(std::string bytes) {
  network_.send(connection_, std::move(bytes));
  const std::uint64_t step = ++step_;
  after(kTimeout, [this, step] {
    if (step == step_) start_over();
  });
}

void Writer::on_received(ConnectionId connection, std::string_view bytes) {
  if (connection != connection_) return;
  decoder_.feed(bytes);
  while (connection == connection_) {
    const auto reply = decoder_.next();
    if (!reply || !*reply) return;
    take(**reply);
  }
}

void Writer::take(const resp::Value& reply) {
  ++step_;
  if (phase_ == Phase::kAsking) {
    const bool is_address = reply.elements.size() == 2;
    if (!is_address) return start_over();
    connect(Phase::kWriting,
            {reply.elements[0].text, parse_integer<std::uint16_t>(reply.elements[1].text).value_or(0)});
    return;
  }
  const auto words = split(reply.text, ' ');
  if (words.size() != 3 || words[0] != "OK") return start_over();
  acknowledged_.push_back(
      {now(), {parse_integer<std::size_t>(words[1]).value(), parse_integer<std::uint64_t>(words[2]).value()}});
  last_success_ = now();
  after(kPause, [this, step = step_] {
    if (step == step_) write();
  });
}

void Writer::on_closed(ConnectionId connection, core::LinkFault) {
  if (connection == connection_) start_over();
}

void Writer::start_over() {
  network_.close(connection_);
  connection_ = ConnectionId{};
  const std::uint64_t step = ++step_;
  after(kRetryPause, [this, step] {
    if (step == step_) ask();
  });
}

}  // namespace vedette::sim
