#include "sim/client.h"

#include <utility>

namespace vedette::sim {

Client::Client(EventQueue& queue, Network& network, std::string name, std::string host, std::string primary,
               std::vector<Address> sentinels)
    : Process(queue, std::move(name), std::move(host)),
      network_(network),
      primary_(std::move(primary)),
      sentinels_(std::move(sentinels)) {}

void Client::start() {
  set_alive(true);
  ask_next_sentinel();
}

void Client::connect(const Address& to) {
  network_.close(connection_);
  decoder_ = resp::ReplyDecoder();
  ++step_;
  connection_ = network_.connect_by_name(*this, to, kTimeout);
}

void Client::on_connected(ConnectionId connection, const Address&) {
  if (connection == connection_) ask();
}

void Client::send(std::string bytes) {
  network_.send(connection_, std::move(bytes));
  ++step_;
  later(kTimeout, [this] { start_over(); });
}

void Client::on_received(ConnectionId connection, std::string_view bytes) {
  if (connection != connection_) return;
  decoder_.feed(bytes);
  while (connection == connection_) {
    const auto reply = decoder_.next();
    if (!reply || !*reply) return;
    ++step_;
    take(**reply);
  }
}

void Client::on_closed(ConnectionId connection, core::LinkFault) {
  if (connection == connection_) start_over();
}

void Client::start_over() {
  give_up();
  network_.close(connection_);
  connection_ = ConnectionId{};
  ++step_;
  later(kRetryPause, [this] { ask_next_sentinel(); });
}

}  // namespace vedette::sim
