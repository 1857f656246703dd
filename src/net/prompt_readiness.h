// Readiness of sockets each of which is told of as soon as it is ready, by Asio.
#pragma once

#include <memory>
#include <unordered_map>

#include "net/readiness.h"

namespace vedette::net {

class PromptReadiness final : public Readiness {
 public:
  using Readiness::Readiness;
  ~PromptReadiness() override;

  error_code watch(int socket, Waiter& waiter, Directions before, Directions now) override;

 private:
  struct Watch;

  void end(int socket);

  std::unordered_map<int, std::shared_ptr<Watch>> watches_;  // shared with handlers that may outlive us
};

}  // namespace vedette::net
