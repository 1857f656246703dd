#include "node/introduction.h"

#include "proto/requests.h"

namespace vedette::node {

std::vector<std::vector<std::string>> Introduction::requests() const {
  std::vector<std::vector<std::string>> requests;
  if (!password.empty()) requests.push_back(proto::request::auth(user, password, renames));
  requests.push_back(proto::request::client_setname(name, renames));
  return requests;
}

}  // namespace vedette::node
