#include "core/directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vedette::core {
namespace {

const Address kHere{"10.0.0.1", 6379};
const Address kThere{"10.0.0.2", 6379};

class Finding : public ::testing::Test {
 protected:
  Finding() {
    for (const char* name : {"shop", "twin"}) {
      state.primaries[name].name = name;
      directory.enlist(state.primaries[name]);
    }
  }

  State state;
  Directory directory;
};

TEST_F(Finding, HandlesAreNeverReused) {
  const InstanceId first = directory.allocate();
  directory.own(first, state.primaries.at("shop"));
  directory.disown(first);
  EXPECT_NE(directory.allocate(), first);
  EXPECT_EQ(directory.owner_of(first), nullptr);
}

TEST_F(Finding, APrimaryByItsName) {
  EXPECT_EQ(directory.named("shop"), &state.primaries.at("shop"));
  EXPECT_EQ(directory.named("nosuch"), nullptr);
  directory.strike_off(state.primaries.at("shop"));
  EXPECT_EQ(directory.named("shop"), nullptr);
}

TEST_F(Finding, APrimaryByWhatBelongsToIt) {
  const InstanceId replica = directory.allocate();
  directory.own(replica, state.primaries.at("shop"));
  EXPECT_EQ(directory.owner_of(replica), &state.primaries.at("shop"));
  directory.disown(replica);
  EXPECT_EQ(directory.owner_of(replica), nullptr);
}

TEST_F(Finding, AllPrimariesByTheirPlace) {
  using ::testing::ElementsAre;
  using ::testing::IsEmpty;
  directory.locate(kHere, "twin");
  directory.locate(kHere, "shop");
  EXPECT_THAT(directory.at_place(kHere), ElementsAre("shop", "twin"));
  EXPECT_THAT(directory.at_place(kThere), IsEmpty());
  directory.dislocate(kHere, "shop");
  EXPECT_THAT(directory.at_place(kHere), ElementsAre("twin"));
  directory.dislocate(kHere, "twin");
  EXPECT_THAT(directory.at_place(kHere), IsEmpty());
}

TEST_F(Finding, AServerByItsLink) {
  Primary& shop = state.primaries.at("shop");
  shop.server.id = directory.allocate();
  Replica& replica = shop.replicas[kThere];
  replica.server.id = directory.allocate();
  EXPECT_EQ(find_server(shop, shop.server.id), &shop.server);
  EXPECT_EQ(find_server(shop, replica.server.id), &replica.server);
  EXPECT_EQ(find_server(shop, directory.allocate()), nullptr);
  EXPECT_EQ(find_replica(shop, replica.server.id), &replica);
  EXPECT_EQ(find_replica(shop, shop.server.id), nullptr);
}

}  // namespace
}  // namespace vedette::core
