#include "apps/demo/role_watch.h"

namespace vedette::demo {

RoleWatch::RoleWatch(net::asio::io_context& loop, std::uint16_t port)
    : port_(port),
      client_(loop, {.connected = [this] { ask(); },
                     .received = [this](const resp::Value& reply) { take(reply); },
                     .ended = [this] { lose(); }}),
      alarm_(loop) {}

void RoleWatch::start() { client_.connect(port_); }

void RoleWatch::ask() {
  client_.send({"ROLE"});
  alarm_.set(kPatience, [this] { lose(); });
}

// ["master", offset, replicas] or ["slave", host, port, state of the link, offset]
void RoleWatch::take(const resp::Value& reply) {
  role_ = Role::kUnknown;
  const auto& elements = reply.elements;
  if (elements.size() == 3 && elements[0].text == "master") {
    role_ = Role::kPrimary;
  } else if (elements.size() == 5 && elements[0].text == "slave") {
    role_ = Role::kReplica;
    followed_ = static_cast<std::uint16_t>(elements[2].integer);
    linked_ = elements[3].text == "connected";
  }
  alarm_.set(kPeriod, [this] { ask(); });
}

void RoleWatch::lose() {
  role_ = Role::kUnknown;
  client_.close();
  alarm_.set(kPeriod, [this] { client_.connect(port_); });
}

}  // namespace vedette::demo
