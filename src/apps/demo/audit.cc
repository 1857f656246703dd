#include "apps/demo/audit.h"

#include <string>

#include "apps/demo/writer.h"

namespace vedette::demo {
namespace {

constexpr Micros kPause = 50ms;  // before a new attempt

}  // namespace

Audit::Audit(net::asio::io_context& loop, const std::vector<bool>& acknowledged)
    : acknowledged_(acknowledged),
      client_(loop, {.connected = [this] { ask(); },
                     .received = [this](const resp::Value& values) { take(values); },
                     .ended = [this] { retry(); }}),
      alarm_(loop) {}

void Audit::start(std::uint16_t port) {
  port_ = port;
  next_ = 0;
  lost_ = 0;
  client_.connect(port);
}

void Audit::ask() {
  asked_.clear();
  std::vector<std::string> request{"MGET"};
  for (; next_ < acknowledged_.size() && asked_.size() < kBatch; ++next_) {
    if (!acknowledged_[next_]) continue;
    asked_.push_back(next_);
    request.push_back(Writer::key(next_));
  }
  done_ = asked_.empty();
  if (done_) {
    client_.close();
  } else {
    client_.send(request);
  }
}

void Audit::take(const resp::Value& values) {
  if (values.elements.size() != asked_.size()) return retry();  // an error says nothing about the keys
  for (std::size_t i = 0; i < asked_.size(); ++i) {
    if (values.elements[i].text != std::to_string(asked_[i])) ++lost_;
  }
  ask();
}

void Audit::retry() {
  client_.close();
  alarm_.set(kPause, [this] { start(port_); });
}

}  // namespace vedette::demo
