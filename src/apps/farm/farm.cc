#include "apps/farm/farm.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace vedette::farm {

Farm::Farm(const FarmSettings& settings, sim::EventQueue& queue, FarmNetwork& network) {
  for (unsigned i = 0; i < settings.primaries; ++i) {
    const auto port = static_cast<std::uint16_t>(settings.first_port + i * (settings.replicas + 1));
    add_group(settings, port, queue, network);
  }
  for (const auto& [port, server] : servers_) server->start();
}

void Farm::add_group(const FarmSettings& settings, std::uint16_t port, sim::EventQueue& queue, FarmNetwork& network) {
  sim::Histories& histories = histories_.emplace_back(streams_.stream(fmt::format("histories-{}", port)));
  const Address primary{settings.host, port};
  for (unsigned i = 0; i <= settings.replicas; ++i) {
    const Address address{settings.host, static_cast<std::uint16_t>(port + i)};
    sim::RedisServer::Traits traits;
    traits.more_info = settings.more_info;
    servers_[address.port] = std::make_unique<sim::RedisServer>(
        queue, network, histories, fmt::format("redis-{}", address.port), address,
        i == 0 ? std::nullopt : std::optional(primary), std::move(traits), streams_,
        [](const sim::RedisServer&, const std::optional<Address>&, const std::string&) {});
  }
}

bool Farm::kill(std::uint16_t port) {
  const auto found = servers_.find(port);
  if (found == servers_.end() || !found->second->alive()) return false;
  found->second->crash();
  return true;
}

bool Farm::start(std::uint16_t port) {
  const auto found = servers_.find(port);
  if (found == servers_.end() || found->second->alive()) return false;
  found->second->start();
  return true;
}

}  // namespace vedette::farm
