#include "node/waiting_facts.h"

#include <algorithm>
#include <utility>

#include "proto/info.h"

namespace vedette::node {
namespace {

std::vector<std::string> hosts_in(const core::InfoReplied& fact) {
  const proto::InfoReport report = proto::parse_info(fact.text);
  std::vector<std::string> hosts;
  if (report.primary) hosts.push_back(report.primary->host);
  for (const Address& replica : report.replicas) hosts.push_back(replica.host);
  return hosts;
}
std::vector<std::string> hosts_in(const core::HelloReceived& fact) {
  return {fact.hello.sender.host, fact.hello.primary.host};
}
std::vector<std::string> hosts_in(const core::PeerAsked& fact) { return {fact.primary.host}; }
std::vector<std::string> hosts_in(const core::Monitor& order) { return {order.address.host}; }
template <typename Other>
std::vector<std::string> hosts_in(const Other&) {
  return {};
}

}  // namespace

bool WaitingFacts::keep(Instant now, const core::Input& input) {
  drop_outdated(input);
  std::vector<std::string> hosts = std::visit([](const auto& fact) { return hosts_in(fact); }, input);
  const bool is_order = std::holds_alternative<core::Monitor>(input);
  const bool settled = is_order ? names_.is_settled_afresh(now, hosts.front()) : are_settled(now, hosts);
  if (settled || waiting_.size() >= kMaxWaitingFacts) return false;
  waiting_.push_back({input, std::move(hosts)});
  return true;
}

std::vector<core::Input> WaitingFacts::take_ready(Instant now) {
  std::vector<core::Input> ready;
  if (waiting_.empty()) return ready;
  std::deque<Waiting> left;
  for (Waiting& waiting : waiting_) {
    if (are_settled(now, waiting.hosts)) {
      ready.push_back(std::move(waiting.input));
    } else {
      left.push_back(std::move(waiting));
    }
  }
  waiting_ = std::move(left);
  return ready;
}

void WaitingFacts::drop_outdated(const core::Input& by) {
  const auto* info = std::get_if<core::InfoReplied>(&by);
  const auto* down = std::get_if<core::LinkDown>(&by);
  if (info == nullptr && down == nullptr) return;
  const InstanceId instance = info != nullptr ? info->instance : down->instance;
  std::erase_if(waiting_, [instance](const Waiting& waiting) {
    const auto* older = std::get_if<core::InfoReplied>(&waiting.input);
    return older != nullptr && older->instance == instance;
  });
}

// All are looked at, so that all are looked up at once.
bool WaitingFacts::are_settled(Instant now, const std::vector<std::string>& hosts) {
  bool settled = true;
  for (const std::string& host : hosts) settled = names_.is_settled(now, host) && settled;
  return settled;
}

}  // namespace vedette::node
