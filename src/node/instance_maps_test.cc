#include "node/instance_maps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "resp/reply_decoder.h"
#include "tests/support/sentinel_state.h"
#include "tests/support/serving.h"

namespace vedette::node {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class InstanceMapsTest : public ::testing::Test {
 protected:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  core::Primary& primary() { return node_.the_state.primaries.at("mymaster"); }
  core::Replica& replica() { return primary().replicas.at({"10.0.0.2", 6379}); }
  core::Sentinel& sentinel() { return primary().sentinels.at(vedette::testing::kPeerId); }

  template <typename Write>
  Fields read(Write write) {
    std::string bytes;
    resp::Writer writer(bytes, resp::Protocol::kResp3);
    write(writer);
    resp::ReplyDecoder decoder;
    decoder.feed(bytes);
    const resp::Value value = *decoder.next().value();
    EXPECT_EQ(value.type, resp::Type::kMap);
    Fields fields;
    for (std::size_t i = 0; i < value.elements.size(); i += 2) {
      EXPECT_EQ(value.elements[i + 1].type, resp::Type::kBulkString);
      fields.emplace_back(value.elements[i].text, value.elements[i + 1].text);
    }
    return fields;
  }
  Fields shown_primary() {
    return read([this](resp::Writer& writer) { write_primary(writer, node_, primary(), now_); });
  }
  Fields shown_replica() {
    return read([this](resp::Writer& writer) { write_replica(writer, node_, primary(), replica(), now_); });
  }
  Fields shown_sentinel() {
    return read([this](resp::Writer& writer) { write_sentinel(writer, node_, primary(), sentinel(), now_); });
  }
  static std::string value_of(const Fields& fields, std::string_view name) {
    for (const auto& [field, value] : fields) {
      if (field == name) return value;
    }
    return "(none)";
  }

  Instant now_{Seconds(10000)};
  vedette::testing::FakeNode node_{[this] {
    vedette::testing::FakeNode node;
    node.the_state = vedette::testing::healthy_state(now_);
    return node;
  }()};
};

TEST_F(InstanceMapsTest, ShowsAPrimary) {
  node_.pending[vedette::testing::kPrimaryInstance] = 2;
  EXPECT_THAT(
      shown_primary(),
      ElementsAre(Pair("name", "mymaster"), Pair("ip", "10.0.0.1"), Pair("port", "6379"),
                  Pair("runid", std::string(40, 'a')), Pair("flags", "master"), Pair("link-pending-commands", "2"),
                  Pair("link-refcount", "1"), Pair("last-ping-sent", "0"), Pair("last-ok-ping-reply", "100"),
                  Pair("last-ping-reply", "100"), Pair("down-after-milliseconds", "30000"),
                  Pair("info-refresh", "4000"), Pair("role-reported", "master"), Pair("role-reported-time", "3600000"),
                  Pair("config-epoch", "3"), Pair("num-slaves", "2"), Pair("num-other-sentinels", "1"),
                  Pair("quorum", "2"), Pair("failover-timeout", "180000"), Pair("parallel-syncs", "1")));
}

TEST_F(InstanceMapsTest, ShowsAPrimaryInTrouble) {
  primary().server.health.connected = false;
  primary().server.health.oldest_unanswered_ping = now_ - 31s;
  primary().server.subjectively_down_since = now_ - 1s;
  primary().objectively_down_since = now_ - 900ms;
  primary().server.info_received_at.reset();
  primary().server.run_id = {};
  primary().settings.notification_script = "/n.sh";
  primary().settings.client_reconfig_script = "/c.sh";
  primary().failover = core::Failover{Epoch{6}, core::Cause::kOrder, now_, now_, core::WaitStart{}};
  EXPECT_THAT(
      shown_primary(),
      ElementsAre(Pair("name", "mymaster"), Pair("ip", "10.0.0.1"), Pair("port", "6379"), Pair("runid", ""),
                  Pair("flags", "s_down,o_down,master,disconnected,failover_in_progress,force_failover"),
                  Pair("link-pending-commands", "0"), Pair("link-refcount", "1"), Pair("failover-state", "wait_start"),
                  Pair("last-ping-sent", "31000"), Pair("last-ok-ping-reply", "100"), Pair("last-ping-reply", "100"),
                  Pair("s-down-time", "1000"), Pair("o-down-time", "900"), Pair("down-after-milliseconds", "30000"),
                  Pair("info-refresh", "0"), Pair("role-reported", "master"), Pair("role-reported-time", "3600000"),
                  Pair("config-epoch", "3"), Pair("num-slaves", "2"), Pair("num-other-sentinels", "1"),
                  Pair("quorum", "2"), Pair("failover-timeout", "180000"), Pair("parallel-syncs", "1"),
                  Pair("notification-script", "/n.sh"), Pair("client-reconfig-script", "/c.sh")));
}

TEST_F(InstanceMapsTest, ShowsAReplica) {
  EXPECT_THAT(
      shown_replica(),
      ElementsAre(Pair("name", "10.0.0.2:6379"), Pair("ip", "10.0.0.2"), Pair("port", "6379"),
                  Pair("runid", std::string(40, 'b')), Pair("flags", "slave"), Pair("link-pending-commands", "0"),
                  Pair("link-refcount", "1"), Pair("last-ping-sent", "0"), Pair("last-ok-ping-reply", "100"),
                  Pair("last-ping-reply", "100"), Pair("down-after-milliseconds", "30000"),
                  Pair("info-refresh", "4000"), Pair("role-reported", "slave"), Pair("role-reported-time", "3600000"),
                  Pair("master-link-down-time", "0"), Pair("master-link-status", "ok"), Pair("master-host", "10.0.0.1"),
                  Pair("master-port", "6379"), Pair("slave-priority", "100"), Pair("slave-repl-offset", "4711"),
                  Pair("replica-announced", "1")));
}

TEST_F(InstanceMapsTest, ShowsAReplicaOfWhichLittleIsKnown) {
  replica().server.info = {};
  replica().server.info.primary_link_down_for = 7s;
  const auto fields = shown_replica();
  EXPECT_EQ(value_of(fields, "master-link-down-time"), "7000");
  EXPECT_EQ(value_of(fields, "master-link-status"), "err");
  EXPECT_EQ(value_of(fields, "master-host"), "?");
  EXPECT_EQ(value_of(fields, "master-port"), "0");
}

TEST_F(InstanceMapsTest, ShowsHowFarAFailoverIs) {
  const core::Failover failover{Epoch{6}, core::Cause::kDown, now_, now_, core::SelectReplica{}};
  primary().failover = failover;
  EXPECT_EQ(value_of(shown_primary(), "failover-state"), "select_slave");
  EXPECT_EQ(value_of(shown_replica(), "flags"), "slave");
  primary().failover->state = core::SendPromotion{vedette::testing::kFirstReplica};
  EXPECT_EQ(value_of(shown_primary(), "failover-state"), "send_slaveof_noone");
  EXPECT_EQ(value_of(shown_replica(), "flags"), "slave,promoted");
  primary().failover->state = core::WaitPromotion{vedette::testing::kSecondReplica, now_};
  EXPECT_EQ(value_of(shown_primary(), "failover-state"), "wait_promotion");
  EXPECT_EQ(value_of(shown_replica(), "flags"), "slave");
  primary().failover->state = core::ReconfigureReplicas{vedette::testing::kSecondReplica, {"10.0.0.3", 6379}};
  replica().reconf = core::ReconfState::kInProgress;
  EXPECT_EQ(value_of(shown_primary(), "failover-state"), "reconf_slaves");
  EXPECT_EQ(value_of(shown_primary(), "flags"), "master,failover_in_progress");
  EXPECT_EQ(value_of(shown_replica(), "flags"), "slave,reconf_inprog");
}

TEST_F(InstanceMapsTest, ShowsASentinel) {
  core::Primary other = primary();
  other.name = "other";
  node_.the_state.primaries.emplace("other", other);
  node_.the_state.peers.at(vedette::testing::kPeerInstance).primaries.insert("other");
  EXPECT_THAT(
      shown_sentinel(),
      ElementsAre(Pair("name", std::string(40, '2')), Pair("ip", "10.0.0.8"), Pair("port", "26379"),
                  Pair("runid", std::string(40, '2')), Pair("flags", "sentinel"), Pair("link-pending-commands", "0"),
                  Pair("link-refcount", "2"), Pair("last-ping-sent", "0"), Pair("last-ok-ping-reply", "100"),
                  Pair("last-ping-reply", "100"), Pair("down-after-milliseconds", "30000"),
                  Pair("last-hello-message", "1000"), Pair("voted-leader", "?"), Pair("voted-leader-epoch", "0")));
}

TEST_F(InstanceMapsTest, ShowsWhatASentinelThinks) {
  sentinel().vote = {vedette::testing::kMyId, Epoch{6}};
  sentinel().opinion = core::Opinion{true, now_ - 4999ms};
  sentinel().subjectively_down_since = now_ - 2s;
  const auto fields = shown_sentinel();
  EXPECT_EQ(value_of(fields, "voted-leader"), std::string(40, '1'));
  EXPECT_EQ(value_of(fields, "voted-leader-epoch"), "6");
  EXPECT_EQ(value_of(fields, "s-down-time"), "2000");
  EXPECT_EQ(value_of(fields, "flags"), "s_down,sentinel,master_down");
  now_ += 1ms;
  EXPECT_EQ(value_of(shown_sentinel(), "flags"), "s_down,sentinel") << "an opinion does not last";
}

TEST_F(InstanceMapsTest, IsAFlatArrayOfStringsInResp2) {
  std::string bytes;
  resp::Writer writer(bytes, resp::Protocol::kResp2);
  write_primary(writer, node_, primary(), now_);
  EXPECT_EQ(vedette::testing::on_one_line(bytes).substr(0, 33), "*40|$4|name|$8|mymaster|$2|ip|$8|");
}

}  // namespace
}  // namespace vedette::node
