#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <tuple>
#include <vector>

#include "core/selection.h"
#include "tests/support/model_server.h"

namespace vedette::core {
namespace {

using testing::forty;
using testing::run_id;

constexpr Instant kNow{1000s};

// Few values for everything, so that replicas often agree in most of it. Its address is given when it is put in place.
Server any_server() {
  const auto often = [](auto usual, auto other) {
    return *rc::gen::weightedElement<decltype(usual)>({{5, usual}, {1, other}});
  };
  Server server;
  server.run_id = run_id(*rc::gen::element('a', 'b', 'c', 'd', 'e', 'f'));
  server.health.connected = often(true, false);
  server.health.last_valid_reply = often(kNow - 100ms, kNow - 10s);
  if (often(false, true)) server.subjectively_down_since = kNow;
  if (often(true, false)) server.info_received_at = often(kNow - 100ms, kNow - 10s);
  server.role_reported = often(proto::Role::kReplica, proto::Role::kPrimary);
  server.info.replication_id = forty(often('a', 'f'));
  server.info.replication_id_before = often(std::string(), forty('a'));
  server.info.primary_link_up = often(true, false);
  server.info.primary_sync_in_progress = often(false, true);
  server.info.primary_link_down_for = often(0ms, 1000000ms);
  server.info.priority = *rc::gen::element(0, 10, 100, 100);
  server.info.replication_offset = *rc::gen::element<std::uint64_t>(0, 1, 500, 501);
  return server;
}

std::vector<Server> any_servers() {
  std::vector<Server> servers;
  const auto size = *rc::gen::inRange<std::size_t>(0, 7);
  while (servers.size() < size) {
    servers.push_back(any_server());
    servers.back().id = InstanceId{servers.size()};
  }
  return servers;
}

Primary primary_of(const std::vector<Server>& servers) {
  Primary primary;
  primary.settings.down_after = 5000ms;
  primary.server.subjectively_down_since = kNow - 100ms;
  primary.histories.present = forty('a');
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const Address address{"10.0.0." + std::to_string(i + 2), 6379};
    Replica& replica = primary.replicas[address];
    replica.server = servers[i];
    replica.server.address = address;
  }
  return primary;
}

bool is_fit(const Candidate& candidate) {
  return candidate.fitness == Fitness::kChosen || candidate.fitness == Fitness::kBehindChosen;
}

RC_GTEST_PROP(SelectionProperty, OneOfTheFitIsChosenIfThereAreAny, ()) {
  const Selection selection = select_replica(State(), primary_of(any_servers()), kNow);
  const auto chosen = std::count_if(selection.candidates.begin(), selection.candidates.end(),
                                    [](const Candidate& c) { return c.fitness == Fitness::kChosen; });
  const bool any = std::any_of(selection.candidates.begin(), selection.candidates.end(), is_fit);
  RC_CLASSIFY(any, "somebody is fit");
  RC_ASSERT(chosen == (any ? 1 : 0));
}

RC_GTEST_PROP(SelectionProperty, NoFitOneIsBetterThanTheChosen, ()) {
  const Primary primary = primary_of(any_servers());
  const Selection selection = select_replica(State(), primary, kNow);
  if (selection.chosen() == nullptr) return;
  const auto worth = [&](const Candidate& c) {
    const Server& server = primary.replicas.at(c.address).server;
    const bool promoted = is_promoted_from(server, primary.histories);
    return std::tuple(promoted ? 0 : 1, c.priority, ~c.offset, c.run_id.hex);
  };
  for (const Candidate& candidate : selection.candidates) {
    if (is_fit(candidate)) RC_ASSERT(worth(*selection.chosen()) <= worth(candidate));
  }
}

// Where they stand is no reason: the same servers at other addresses give the same choice.
RC_GTEST_PROP(SelectionProperty, DoesNotDependOnTheOrderOfTheReplicas, ()) {
  std::vector<Server> servers = any_servers();
  for (std::size_t i = 0; i < servers.size(); ++i) servers[i].run_id = run_id("0123456789"[i]);  // no two are equal
  const Selection before = select_replica(State(), primary_of(servers), kNow);
  std::reverse(servers.begin(), servers.end());
  std::rotate(servers.begin(), servers.begin() + (servers.empty() ? 0 : 1), servers.end());
  const Selection after = select_replica(State(), primary_of(servers), kNow);
  RC_ASSERT((before.chosen() == nullptr) == (after.chosen() == nullptr));
  if (before.chosen() != nullptr) RC_ASSERT(before.chosen()->id == after.chosen()->id);
}

}  // namespace
}  // namespace vedette::core
