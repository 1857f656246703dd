#include "node/client_tracking.h"

#include <gtest/gtest.h>

#include "tests/support/serving.h"

namespace vedette::node {
namespace {

class ClientTrackingTest : public vedette::testing::ServingTest {
 protected:
  std::string track(std::string_view options) {
    return send(client_, "CLIENT TRACKING " + std::string(options) + "\r\n");
  }
  std::string info() { return ask(client_, {"CLIENT", "TRACKINGINFO"}); }

  ConnectionId client_ = connect();
};

TEST_F(ClientTrackingTest, IsOffAtFirst) {
  EXPECT_EQ(info(), "*6|$5|flags|*1|$3|off|$8|redirect|:-1|$8|prefixes|*0|");
  EXPECT_EQ(ask(client_, {"CLIENT", "GETREDIR"}), ":-1|");
  ask(client_, {"HELLO", "3"});
  EXPECT_EQ(info(), "%3|$5|flags|~1|$3|off|$8|redirect|:-1|$8|prefixes|*0|");
}

TEST_F(ClientTrackingTest, RemembersWhatItWasTold) {
  EXPECT_EQ(track("ON BCAST PREFIX b PREFIX a NOLOOP REDIRECT 1"), "+OK|");
  EXPECT_EQ(info(), "*6|$5|flags|*3|$2|on|$5|bcast|$6|noloop|$8|redirect|:1|$8|prefixes|*2|$1|a|$1|b|");
  EXPECT_NE(ask(client_, {"CLIENT", "INFO"}).find(" flags=tB "), std::string::npos);
  EXPECT_EQ(track("off"), "+OK|");
  EXPECT_EQ(ask(client_, {"CLIENT", "GETREDIR"}), ":-1|");
}

TEST_F(ClientTrackingTest, CachingIsForTheNextCommand) {
  track("ON OPTIN");
  EXPECT_EQ(ask(client_, {"CLIENT", "CACHING", "NO"}),
            "-ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.|");
  EXPECT_EQ(ask(client_, {"CLIENT", "CACHING", "YES"}), "+OK|");
  EXPECT_NE(info().find("caching-yes"), std::string::npos);
  ask(client_, {"PING"});
  EXPECT_EQ(info().find("caching-yes"), std::string::npos);
}

TEST_F(ClientTrackingTest, RefusesWhatDoesNotGoTogether) {
  EXPECT_EQ(track("ON OPTIN OPTOUT"), "-ERR You can't specify both OPTIN mode and OPTOUT mode|");
  EXPECT_EQ(track("ON BCAST OPTIN"), "-ERR OPTIN and OPTOUT are not compatible with BCAST|");
  EXPECT_EQ(track("ON PREFIX a"), "-ERR PREFIX option requires BCAST mode to be enabled|");
  EXPECT_EQ(track("ON REDIRECT 77"), "-ERR The client ID you want redirect to does not exist|");
  EXPECT_EQ(track("ON FOO"), "-ERR syntax error|");
  EXPECT_EQ(
      track("ON BCAST PREFIX a PREFIX ab"),
      "-ERR Prefix 'a' overlaps with another provided prefix 'ab'. Prefixes for a single client must not overlap.|");
  EXPECT_EQ(track("ON BCAST PREFIX a"), "+OK|");
  EXPECT_EQ(track("ON BCAST PREFIX ab"),
            "-ERR Prefix 'ab' overlaps with an existing prefix 'a'. Prefixes for a single client must not overlap.|");
  EXPECT_EQ(track("ON").substr(0, 35), "-ERR You can't switch BCAST mode on");
}

TEST_F(ClientTrackingTest, HasLimits) {
  std::string options = "ON BCAST";
  for (std::size_t i = 0; i < kMaxTrackedPrefixes; ++i) options += " PREFIX " + std::to_string(i + 100);
  EXPECT_EQ(track(options), "+OK|");
  EXPECT_EQ(track("ON BCAST PREFIX x"), "-ERR more than 64 prefixes of one client|");
  track("OFF");
  EXPECT_EQ(track("ON BCAST PREFIX " + std::string(kMaxTrackedPrefixBytes, 'x')), "+OK|");
  EXPECT_EQ(track("ON BCAST PREFIX " + std::string(kMaxTrackedPrefixBytes + 1, 'y')),
            "-ERR more than 256 bytes in a prefix|");
}

}  // namespace
}  // namespace vedette::node
