// What the core makes of names that turn out to lead to known places, or to other ones than before.
#include "core/naming.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/core.h"

namespace vedette::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Address kPrimary{"db1.example", 6379};
const RunId kPeerA{std::string(40, 'b')};
const RunId kPeerB{std::string(40, 'c')};

class Naming : public ::testing::Test {
 protected:
  Naming() {
    knowledge.my_id = RunId{std::string(40, 'a')};
    knowledge.naming = {true, false};
    KnownPrimary& known = knowledge.primaries.emplace_back();
    known.name = "shop";
    known.address = kPrimary;
  }

  Core& core() {
    if (!core_) core_ = std::make_unique<Core>(knowledge, rng_, Instant{});
    return *core_;
  }
  void tell(const Input& input) {
    core().step(now, input);
    for (const Effect& effect : core().take_output().effects) {
      if (const auto* event = std::get_if<Announce>(&effect)) {
        events.push_back(std::string(event->event) + " " + event->payload);
      }
    }
  }
  const Primary& primary() { return core().state().primaries.at("shop"); }

  void resolve(const std::string& name, const std::string& ip, bool reached = false) {
    std::vector<InstanceId> users;
    const auto use = [&](const Server& server) {
      if (server.address.host == name) users.push_back(server.id);
    };
    use(primary().server);
    for (const auto& [address, replica] : primary().replicas) use(replica.server);
    tell(NameResolved{name, ip, users, reached});
  }
  void inform(const Server& server, const std::string& run_id) {
    tell(LinkUp{server.id});
    tell(InfoReplied{server.id, "run_id:" + std::string(40, run_id.front()) + "\r\nrole:slave\r\n"});
  }
  // Their names lead to one place, and one process answers there.
  void find_at_one_place(const std::string& one, const std::string& other) {
    for (const std::string& name : {one, other}) resolve(name, "10.0.0.2");
    for (const std::string& name : {one, other}) inform(replica(name), "2");
  }
  // All who are connected are well.
  void pass(Micros time) {
    for (const Instant end = now + time; now < end;) {
      now = std::min(end, now + Micros{500ms});
      tell(PingReplied{primary().server.id, proto::PingReply::kPong});
      for (const Address& address : replica_addresses()) {
        tell(PingReplied{primary().replicas.at(address).server.id, proto::PingReply::kPong});
      }
      tell(TimerFired{});
    }
  }
  const Server& replica(const std::string& host) { return primary().replicas.at({host, 6379}).server; }
  std::vector<Address> replica_addresses() {
    std::vector<Address> addresses;
    for (const auto& [address, replica] : primary().replicas) addresses.push_back(address);
    return addresses;
  }
  std::vector<std::string> replica_hosts() {
    std::vector<std::string> hosts;
    for (const auto& [address, replica] : primary().replicas) hosts.push_back(address.host);
    return hosts;
  }
  proto::Hello hello(const RunId& sender, const Address& at) {
    return {at, sender, Epoch{0}, "shop", {"10.0.0.1", 6379}, Epoch{0}};
  }

  const Micros kPatience = kDoublePatience * Timing().info_period;
  Knowledge knowledge;
  std::vector<std::string> events;
  Instant now{1s};

 private:
  SplitMix64 rng_{1};
  std::unique_ptr<Core> core_;
};

// valkey#4530: two known-replica lines whose names lead to one address.
TEST_F(Naming, ReplicasThatHaveBeenAtOnePlaceForLongAreOne) {
  knowledge.primaries[0].replicas = {{"db2.example", 6379}, {"db2-alias.example", 6379}, {"db2.example", 6380}};
  find_at_one_place("db2.example", "db2-alias.example");
  pass(kPatience - 1us);
  EXPECT_EQ(replica_hosts().size(), 3U) << "one of the names may be out of date";
  pass(1us);
  EXPECT_THAT(replica_hosts(), ElementsAre("db2-alias.example", "db2.example"));
  EXPECT_EQ(primary().replicas.count({"db2.example", 6380}), 1U);
}

TEST_F(Naming, ReplicasThatWereAtOnePlaceForShortAreTwo) {
  knowledge.primaries[0].replicas = {{"db2.example", 6379}, {"db3.example", 6379}};
  find_at_one_place("db2.example", "db3.example");
  pass(kPatience - 1us);
  resolve("db3.example", "10.0.0.3");
  pass(1us);
  EXPECT_EQ(replica_hosts().size(), 2U);
  resolve("db3.example", "10.0.0.2");
  pass(kPatience - 1us);
  EXPECT_EQ(replica_hosts().size(), 2U) << "the patience begins anew";
}

TEST_F(Naming, PatienceBeginsAnewForOtherDoubles) {
  knowledge.primaries[0].replicas = {{"db2.example", 6379}, {"db3.example", 6379}, {"db4.example", 6379}};
  resolve("db2.example", "10.0.0.2");
  resolve("db3.example", "10.0.0.2");
  for (const char* name : {"db2.example", "db3.example", "db4.example"}) inform(replica(name), "2");
  pass(kPatience - 1us);
  resolve("db2.example", "10.0.0.9");
  resolve("db4.example", "10.0.0.2");
  pass(kPatience - 1us);
  EXPECT_EQ(replica_hosts().size(), 3U);
  pass(1us);
  EXPECT_EQ(replica_hosts().size(), 2U);
}

// Both names may lead to where nobody is.
TEST_F(Naming, ReplicasThatAreNotOneProcessAreTwo) {
  knowledge.primaries[0].replicas = {{"db2.example", 6379}, {"db3.example", 6379}};
  resolve("db2.example", "10.0.0.2");
  resolve("db3.example", "10.0.0.2");
  inform(replica("db2.example"), "2");
  pass(kPatience);
  EXPECT_EQ(replica_hosts().size(), 2U) << "nothing is known of the other";
  inform(replica("db3.example"), "3");
  EXPECT_EQ(replica_hosts().size(), 2U);
  inform(replica("db3.example"), "2");
  EXPECT_THAT(replica_hosts(), ElementsAre("db2.example"));
}

TEST_F(Naming, OfReplicasAtOnePlaceTheConnectedOneStays) {
  knowledge.primaries[0].replicas = {{"a.example", 6379}, {"b.example", 6379}};
  find_at_one_place("a.example", "b.example");
  tell(LinkDown{replica("a.example").id, LinkFault::kReset});
  pass(kPatience);
  EXPECT_THAT(replica_hosts(), ElementsAre("b.example"));
}

// redis#4793: a configured replica that is the primary must not be told to follow itself.
TEST_F(Naming, AReplicaAtThePlaceOfThePrimaryIsNone) {
  knowledge.primaries[0].replicas = {{"db1-alias.example", 6379}};
  resolve("db1-alias.example", "10.0.0.1");
  resolve("db1.example", "10.0.0.1");
  inform(primary().server, "1");
  inform(replica("db1-alias.example"), "1");
  pass(kPatience);
  EXPECT_THAT(replica_hosts(), IsEmpty());
}

// The name of the old primary may still lead to where the new one is now, or both to nowhere.
TEST_F(Naming, AConfigurationWithAnotherNameIsASwitchWhereverBothLead) {
  knowledge.primaries[0].replicas = {{"db2.example", 6379}};
  resolve("db1.example", "10.0.0.1", true);
  resolve("db2.example", "10.0.0.1", true);
  const InstanceId replica = primary().replicas.begin()->second.server.id;
  proto::Hello news = hello(kPeerA, {"10.0.0.8", 26379});
  news.primary = {"DB2.example", 6379};
  news.config_epoch = Epoch{3};
  tell(HelloReceived{news});
  EXPECT_EQ(primary().server.id, replica);
  EXPECT_THAT(replica_hosts(), ElementsAre("db1.example"));
}

TEST_F(Naming, AReplicaIsFoundOnceWhateverItIsCalled) {
  resolve("db1.example", "10.0.0.1");
  tell(NameResolved{"db2.example", "10.0.0.2", {}});
  const auto info = [&](const std::string& replicas) {
    tell(InfoReplied{primary().server.id, "role:master\r\n" + replicas});
  };
  info("slave0:ip=db2.example,port=6379,state=online\r\n");
  info("slave0:ip=10.0.0.2,port=6379,state=online\r\nslave1:ip=DB1.example,port=6379,state=online\r\n");
  EXPECT_THAT(replica_hosts(), ElementsAre("db2.example"));
  EXPECT_EQ(events.back(), "+slave slave 10.0.0.2:6379 10.0.0.2 6379 @ shop 10.0.0.1 6379");
}

TEST_F(Naming, WhereNamesAreNotResolvedThoseWhoHaveOneAreIgnored) {
  knowledge.naming = {};
  knowledge.primaries[0].address = {"10.0.0.1", 6379};
  tell(InfoReplied{core().state().primaries.at("shop").server.id,
                   "role:master\r\nslave0:ip=db2.example,port=6379,state=online\r\n"});
  tell(HelloReceived{hello(kPeerA, {"sentinel.example", 26379})});
  EXPECT_THAT(replica_hosts(), IsEmpty());
  EXPECT_THAT(primary().sentinels, IsEmpty());
}

TEST_F(Naming, QuestionsFindThePrimaryUnderEveryName) {
  const auto is_known = [&](const Address& address) {
    core().step(now, PeerAsked{AnswerToken{1}, address, Epoch{7}, kPeerA, std::nullopt});
    return core().state().primaries.at("shop").my_vote.epoch == Epoch{7};
  };
  EXPECT_FALSE(is_known({"10.0.0.1", 6379}));
  resolve("db1.example", "10.0.0.9");
  EXPECT_FALSE(is_known({"10.0.0.1", 6379}));
  resolve("db1.example", "10.0.0.1");
  EXPECT_TRUE(is_known({"10.0.0.1", 6379}));
  EXPECT_TRUE(is_known({"DB1.example", 6379}));
}

TEST_F(Naming, AConfigurationThatNamesThePresentPrimaryIsNoSwitch) {
  resolve("db1.example", "10.0.0.1");
  proto::Hello news = hello(kPeerA, {"10.0.0.8", 26379});
  news.config_epoch = Epoch{3};
  tell(HelloReceived{news});
  EXPECT_EQ(primary().config_epoch, Epoch{3});
  EXPECT_EQ(primary().server.address, kPrimary);
  EXPECT_EQ(std::count_if(events.begin(), events.end(), [](const auto& e) { return e.starts_with("+switch"); }), 0);
}

TEST_F(Naming, ASwitchToAKnownReplicaGoesByItsPlace) {
  knowledge.primaries[0].sentinels = {{kPeerA, {"10.0.0.8", 26379}}};
  knowledge.primaries[0].replicas = {{"db2.example", 6379}};
  resolve("db1.example", "10.0.0.1");
  resolve("db2.example", "10.0.0.2");
  const InstanceId replica = primary().replicas.begin()->second.server.id;
  proto::Hello news = hello(kPeerA, {"10.0.0.8", 26379});
  news.primary = {"10.0.0.2", 6379};
  news.config_epoch = Epoch{3};
  tell(HelloReceived{news});
  EXPECT_EQ(primary().server.id, replica);
  EXPECT_EQ(primary().server.address.host, "db2.example") << "so that it is followed to where its name leads";
  EXPECT_THAT(replica_hosts(), ElementsAre("db1.example"));
}

// A name that leads to where another replica is must not make that one the primary.
TEST_F(Naming, ASwitchToANameGoesToWhoeverIsKnownByIt) {
  knowledge.primaries[0].sentinels = {{kPeerA, {"10.0.0.8", 26379}}};
  knowledge.primaries[0].replicas = {{"10.0.0.5", 6379}, {"db2.example", 6379}};
  resolve("db1.example", "10.0.0.1", true);
  resolve("db2.example", "10.0.0.5", true);
  const InstanceId named = replica("db2.example").id;
  proto::Hello news = hello(kPeerA, {"10.0.0.8", 26379});
  news.primary = {"db2.example", 6379};
  news.config_epoch = Epoch{3};
  tell(HelloReceived{news});
  EXPECT_EQ(primary().server.id, named);
}

// Of two primaries at one place.
TEST_F(Naming, AQuestionMeansThePrimaryThatIsKnownByItsVeryAddress) {
  KnownPrimary& twin = knowledge.primaries.emplace_back();
  twin.name = "twin";
  twin.address = {"10.0.0.1", 6379};
  resolve("db1.example", "10.0.0.1", true);
  const auto asked = [&](const Address& address, Epoch epoch) {
    tell(PeerAsked{AnswerToken{1}, address, epoch, kPeerA, std::nullopt});
    for (const auto& [name, primary] : core().state().primaries) {
      if (primary.my_vote.epoch == epoch) return name;
    }
    return std::string();
  };
  EXPECT_EQ(asked({"10.0.0.1", 6379}, Epoch{7}), "twin");
  EXPECT_EQ(asked({"DB1.example", 6379}, Epoch{8}), "shop");
}

// redis PR#8891: an old sentinel returns at an address that a new one has held meanwhile.
TEST_F(Naming, OfTwoSentinelsAtOnePlaceTheOneThatSpokeLastIsThere) {
  resolve("db1.example", "10.0.0.1");
  tell(NameResolved{"s1.example", "10.0.0.8", {}});
  tell(HelloReceived{hello(kPeerA, {"10.0.0.8", 26379})});
  tell(HelloReceived{hello(kPeerB, {"s1.example", 26379})});
  ASSERT_EQ(primary().sentinels.size(), 1U);
  EXPECT_EQ(primary().sentinels.begin()->first, kPeerB);
  tell(HelloReceived{hello(kPeerA, {"10.0.0.8", 26379})});
  ASSERT_EQ(primary().sentinels.size(), 1U);
  EXPECT_EQ(primary().sentinels.begin()->first, kPeerA);
  EXPECT_EQ(core().state().peers.size(), 1U);
}

// A majority must not shrink because a name server says that they are at one place.
TEST_F(Naming, TwoSentinelsWithNamesOfTheirOwnAreTwoWhereverBothLead) {
  resolve("db1.example", "10.0.0.1");
  tell(NameResolved{"s1.example", "10.0.0.8", {}, true});
  tell(NameResolved{"s2.example", "10.0.0.8", {}, true});
  tell(HelloReceived{hello(kPeerA, {"s1.example", 26379})});
  tell(HelloReceived{hello(kPeerB, {"s2.example", 26379})});
  tell(HelloReceived{hello(kPeerA, {"s1.example", 26379})});
  EXPECT_EQ(primary().sentinels.size(), 2U);
}

}  // namespace
}  // namespace vedette::core
