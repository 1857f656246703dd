#include "sim/operator.h"

#include "resp/writer.h"

namespace vedette::sim {

void Operator::order(const Address& sentinel, const std::vector<std::string>& arguments) {
  std::string request;
  resp::append_request(request, arguments);
  orders_[network_.connect(*this, sentinel, kTimeout)] = std::move(request);
}

void Operator::on_connected(ConnectionId connection, const Address&) {
  const auto found = orders_.find(connection);
  if (found != orders_.end()) network_.send(connection, found->second);
}

void Operator::on_received(ConnectionId connection, std::string_view) {
  if (orders_.erase(connection) > 0) network_.close(connection);
}

}  // namespace vedette::sim
