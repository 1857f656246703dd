// The port at which a farm is told what to do, in the protocol of the servers themselves.
//
//   PING                 once it answers, all servers listen
//   KILL port...         ends servers as SIGKILL does; the reply is how many
//   START port...        starts those again
//   SERVERS              of each: its port, "up" or "down", the port that it follows or 0, and 1 if it is synchronised
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "apps/farm/farm.h"
#include "resp/request_decoder.h"
#include "resp/writer.h"
#include "sim/process.h"

namespace vedette::farm {

class Control final : public sim::Process {
 public:
  Control(sim::EventQueue& queue, FarmNetwork& network, Farm& farm, const Address& address);

 private:
  void on_accepted(node::ConnectionId connection, const Address& remote, const Address& local) override;
  void on_connected(node::ConnectionId, const Address&) override {}
  void on_received(node::ConnectionId connection, std::string_view bytes) override;
  void on_closed(node::ConnectionId connection, core::LinkFault fault) override;

  void obey(const std::vector<std::string>& words, resp::Writer reply);
  void list_servers(resp::Writer reply) const;

  FarmNetwork& network_;
  Farm& farm_;
  std::unordered_map<node::ConnectionId, resp::RequestDecoder> clients_;
};

}  // namespace vedette::farm
