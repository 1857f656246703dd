// Host names by c-ares: the hosts file, then DNS with the search domains, as this machine is set up. Driven by the
// loop: c-ares says which of its sockets it waits for and when it wants to be woken; nothing blocks.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/asio.h"
#include "node/ports.h"

struct ares_channeldata;  // of c-ares, which is included in the .cc only

namespace vedette::net {

struct ResolverSettings {
  std::string name_servers;  // "10.0.0.53,10.0.0.54:5353"; empty: those of the machine
  Micros timeout = 1s;       // of the first question to a name server; the next takes twice as long
  int tries = 2;             // of every name server
};

class CaresResolver final : public node::Resolver {
 public:
  using Answer = std::function<void(const std::string& name, const Result<std::vector<std::string>>& ips)>;

  CaresResolver(asio::io_context& loop, ResolverSettings settings, Answer answer);
  ~CaresResolver() override;
  CaresResolver(const CaresResolver&) = delete;
  CaresResolver& operator=(const CaresResolver&) = delete;

  // Answered from the loop, also when the hosts file knows it at once. IPv4 and IPv6, in the order to try them
  // (RFC 6724).
  void resolve(const std::string& name) override;

 private:
  struct Question;
  struct Watch;

  Status open();
  void close();
  // A channel reads resolv.conf when it is made. To be called while no question is under way.
  void follow_machine();
  void watch(int socket, bool readable, bool writable);
  void wait(const std::shared_ptr<Watch>& watch, bool for_writing);
  void process(int readable, int writable);
  void set_alarm();
  void finish(const Question& question, Result<std::vector<std::string>> ips);

  asio::io_context& loop_;
  const ResolverSettings settings_;
  const Answer answer_;
  ares_channeldata* channel_ = nullptr;
  std::map<int, std::shared_ptr<Watch>> watches_;  // by socket
  asio::steady_timer alarm_;
  std::size_t under_way_ = 0;
  std::string machine_stamp_;
  std::shared_ptr<int> life_ = std::make_shared<int>();  // posted answers end with us
};

}  // namespace vedette::net
