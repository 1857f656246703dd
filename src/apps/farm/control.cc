#include "apps/farm/control.h"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

#include "base/text.h"

namespace vedette::farm {

Control::Control(sim::EventQueue& queue, FarmNetwork& network, Farm& farm, const Address& address)
    : Process(queue, "control", address.host), network_(network), farm_(farm) {
  network_.listen(*this, address);
}

void Control::on_accepted(node::ConnectionId connection, const Address&, const Address&) { clients_[connection]; }

void Control::on_received(node::ConnectionId connection, std::string_view bytes) {
  const auto client = clients_.find(connection);
  if (client == clients_.end()) return;
  std::string replies;
  client->second.feed(bytes);
  while (true) {
    const auto words = client->second.next();
    if (!words || !*words) break;
    obey(**words, resp::Writer(replies, resp::Protocol::kResp2));
  }
  network_.send(connection, std::move(replies));
}

void Control::on_closed(node::ConnectionId connection, core::LinkFault) { clients_.erase(connection); }

void Control::obey(const std::vector<std::string>& words, resp::Writer reply) {
  const std::string command = to_upper(words.front());
  if (command == "PING") {
    reply.simple("PONG");
  } else if (command == "SERVERS") {
    list_servers(reply);
  } else if (command == "KILL" || command == "START") {
    std::int64_t done = 0;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::uint16_t port = parse_integer<std::uint16_t>(words[i]).value_or(0);
      if (command == "KILL" ? farm_.kill(port) : farm_.start(port)) ++done;
    }
    reply.integer(done);
  } else {
    reply.error(fmt::format("ERR unknown command '{}'", words.front()));
  }
}

void Control::list_servers(resp::Writer reply) const {
  reply.array(farm_.servers().size());
  for (const auto& [port, server] : farm_.servers()) {
    reply.array(4);
    reply.integer(port);
    reply.bulk(server->alive() ? "up" : "down");
    reply.integer(server->follows() ? server->follows()->port : 0);
    reply.integer(server->synchronised() ? 1 : 0);
  }
}

}  // namespace vedette::farm
