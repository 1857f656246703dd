#include "node/introduction.h"

#include "base/memory_use.h"
#include "proto/requests.h"

namespace vedette::node {

std::vector<std::vector<std::string>> Introduction::requests() const {
  std::vector<std::vector<std::string>> requests;
  if (!password.empty()) requests.push_back(proto::request::auth(user, password, renames));
  requests.push_back(proto::request::client_setname(name, renames));
  return requests;
}

std::size_t Introduction::heap_bytes() const {
  std::size_t bytes = heap_of(user) + heap_of(password) + heap_of(name) + tree_of(renames);
  for (const auto& [command, renamed] : renames) bytes += heap_of(command) + heap_of(renamed);
  return bytes;
}

}  // namespace vedette::node
