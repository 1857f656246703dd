#include "node/client_command.h"

#include <gtest/gtest.h>

#include "tests/support/serving.h"

namespace vedette::node {
namespace {

class ClientCommandTest : public vedette::testing::ServingTest {
 protected:
  // The ids that CLIENT LIST shows with these arguments.
  std::string listed(ConnectionId client, std::initializer_list<std::string_view> arguments) {
    std::vector<std::string> words{"CLIENT", "LIST"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::string request;
    resp::append_request(request, words);
    const std::string reply = send(client, request);
    if (reply[0] == '-') return reply;
    std::string ids;
    for (std::size_t at = reply.find("id="); at != std::string::npos; at = reply.find("|id=", at)) {
      at = reply.find('=', at) + 1;
      ids += reply.substr(at, reply.find(' ', at) - at) + ' ';
    }
    return ids;
  }
};

TEST_F(ClientCommandTest, NamesTheConnection) {
  const auto client = connect();
  EXPECT_EQ(ask(client, {"CLIENT", "GETNAME"}), "$-1|");
  EXPECT_EQ(ask(client, {"CLIENT", "SETNAME", "foo"}), "+OK|");
  EXPECT_EQ(ask(client, {"CLIENT", "SETNAME", "foo bar"}),
            "-ERR Client names cannot contain spaces, newlines or special characters.|");
  EXPECT_EQ(ask(client, {"CLIENT", "GETNAME"}), "$3|foo|");
  EXPECT_EQ(ask(client, {"CLIENT", "SETNAME", ""}), "+OK|");
  EXPECT_EQ(ask(client, {"CLIENT", "GETNAME"}), "$-1|");
}

TEST_F(ClientCommandTest, TakesNoteOfTheLibrary) {
  const auto client = connect();
  EXPECT_EQ(ask(client, {"CLIENT", "SETINFO", "LIB-NAME", "redis-py"}), "+OK|");
  EXPECT_EQ(ask(client, {"CLIENT", "SETINFO", "lib-ver", "5.0"}), "+OK|");
  EXPECT_EQ(ask(client, {"CLIENT", "SETINFO", "lib-foo", "x"}), "-ERR Unrecognized option 'lib-foo'|");
  EXPECT_EQ(ask(client, {"CLIENT", "SETINFO", "lib-ver", "5 0"}),
            "-ERR lib-ver cannot contain spaces, newlines or special characters.|");
  EXPECT_NE(ask(client, {"CLIENT", "INFO"}).find("lib-name=redis-py lib-ver=5.0|"), std::string::npos);
}

TEST_F(ClientCommandTest, DescribesAConnectionOnOneLine) {
  const auto client = connect({"10.0.0.9", 40000});
  ask(client, {"CLIENT", "SETNAME", "ann"});
  now += 7s;
  ask(client, {"PING"});
  now += 3s;
  Session* session = sessions().all().at(0);
  EXPECT_EQ(describe_client(sessions(), *session, now),
            "id=1 addr=10.0.0.9:40000 laddr=10.0.0.1:26379 fd=-1 name=ann age=10 idle=3 flags=N db=0 sub=0 psub=0 "
            "ssub=0 multi=-1 qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=0 oll=0 omem=0 tot-mem=3 "
            "events=r cmd=ping user=default redir=-1 resp=2 lib-name= lib-ver=\n");
}

TEST_F(ClientCommandTest, MarksClientsOfAUnixSocket) {
  const auto client = connect({"/run/sentinel.sock", 0});
  const std::string line = ask(client, {"CLIENT", "INFO"});
  EXPECT_NE(line.find(" addr=/run/sentinel.sock:0 "), std::string::npos);
  EXPECT_NE(line.find(" flags=U "), std::string::npos);
}

TEST_F(ClientCommandTest, ListsEveryConnectionOrThoseAskedFor) {
  const auto ann = connect();
  const auto bob = connect();
  ask(bob, {"PSUBSCRIBE", "*"});
  EXPECT_EQ(listed(ann, {}), "1 2 ");
  EXPECT_EQ(listed(ann, {"TYPE", "pubsub"}), "2 ");
  EXPECT_EQ(listed(ann, {"type", "NORMAL"}), "1 ");
  EXPECT_EQ(listed(ann, {"TYPE", "replica"}), "");
  EXPECT_EQ(listed(ann, {"ID", "2", "9"}), "2 ");
  EXPECT_EQ(listed(ann, {"TYPE", "foo"}), "-ERR Unknown client type 'foo'|");
  EXPECT_EQ(listed(ann, {"ID"}), "-ERR syntax error|");
  EXPECT_EQ(listed(ann, {"ID", "x"}), "-ERR Invalid client ID|");
  EXPECT_EQ(listed(ann, {"FOO"}), "-ERR syntax error|");
}

TEST_F(ClientCommandTest, ListIsVerbatimTextInResp3) {
  const auto client = connect();
  ask(client, {"HELLO", "3"});
  const std::string reply = ask(client, {"CLIENT", "INFO"});
  EXPECT_EQ(reply[0], '=');
  EXPECT_NE(reply.find("|txt:id=1 "), std::string::npos);
}

TEST_F(ClientCommandTest, KillsByAddress) {
  const auto ann = connect({"10.0.0.8", 1});
  const auto bob = connect({"10.0.0.9", 2});
  EXPECT_EQ(ask(ann, {"CLIENT", "KILL", "10.0.0.9:3"}), "-ERR No such client|");
  EXPECT_EQ(ask(ann, {"CLIENT", "KILL", "10.0.0.9:2"}), "+OK|");
  EXPECT_EQ(network.closed.at(bob), Close::kNow);
  EXPECT_EQ(ask(ann, {"CLIENT", "KILL", "10.0.0.8:1"}), "+OK|") << "this form does not spare the one who asks";
  EXPECT_EQ(network.closed.at(ann), Close::kAfterSend);
}

TEST_F(ClientCommandTest, KillsWhatFitsAllFilters) {
  const auto ann = connect({"10.0.0.8", 1});
  const auto bob = connect({"10.0.0.9", 2});
  const auto eve = connect({"10.0.0.9", 3});
  ask(eve, {"SUBSCRIBE", "a"});
  EXPECT_EQ(ask(ann, {"CLIENT", "KILL", "ID", "2", "TYPE", "pubsub"}), ":0|");
  EXPECT_EQ(ask(ann, {"CLIENT", "KILL", "LADDR", "10.0.0.1:26379", "TYPE", "pubsub", "USER", "default"}), ":1|");
  EXPECT_FALSE(is_open(eve));
  EXPECT_EQ(ask(ann, {"CLIENT", "KILL", "TYPE", "normal"}), ":1|");
  EXPECT_FALSE(is_open(bob));
  EXPECT_EQ(ask(ann, {"CLIENT", "KILL", "ID", "1"}), ":0|") << "one spares oneself by default";
  EXPECT_EQ(ask(ann, {"CLIENT", "KILL", "ID", "1", "SKIPME", "no"}), ":1|");
  EXPECT_FALSE(is_open(ann));
}

TEST_F(ClientCommandTest, KillRefusesWhatItDoesNotUnderstand) {
  const auto client = connect();
  EXPECT_EQ(ask(client, {"CLIENT", "KILL", "ID", "x"}), "-ERR client-id should be greater than 0|");
  EXPECT_EQ(ask(client, {"CLIENT", "KILL", "ID", "0"}), "-ERR client-id should be greater than 0|");
  EXPECT_EQ(ask(client, {"CLIENT", "KILL", "FOO", "x"}), "-ERR syntax error|");
  EXPECT_EQ(ask(client, {"CLIENT", "KILL", "SKIPME", "maybe"}), "-ERR syntax error|");
  EXPECT_EQ(ask(client, {"CLIENT", "KILL", "TYPE", "normal", "ID"}), "-ERR syntax error|");
  EXPECT_EQ(ask(client, {"CLIENT", "KILL", "TYPE", "foo"}), "-ERR Unknown client type 'foo'|");
  EXPECT_EQ(ask(client, {"CLIENT", "KILL", "USER", "foo"}), "-ERR No such user 'foo'|");
  EXPECT_TRUE(is_open(client));
}

}  // namespace
}  // namespace vedette::node
