#include "net/cares_resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/test_world.h"

namespace vedette::net {
namespace {

using asio::ip::udp;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr std::size_t kHeaderBytes = 12;
constexpr std::uint8_t kTypeA = 1;
constexpr std::uint8_t kTypeAaaa = 28;

// The name in a question, and where its type begins.
std::pair<std::string, std::size_t> question_in(const std::string& message) {
  std::string name;
  std::size_t at = kHeaderBytes;
  while (message.at(at) != 0) {
    const auto label = static_cast<std::size_t>(message[at]);
    name += (name.empty() ? "" : ".") + message.substr(at + 1, label);
    at += 1 + label;
  }
  return {name, at + 1};
}

// A name server on loopback. One that is dead takes questions and never answers.
class NameServer {
 public:
  explicit NameServer(asio::io_context& loop) : socket_(loop, {asio::ip::address_v4::loopback(), 0}) { receive(); }

  std::string address() const { return "127.0.0.1:" + std::to_string(socket_.local_endpoint().port()); }

  std::map<std::string, std::vector<std::string>> records;
  bool dead = false;
  Micros delay{0};
  std::vector<std::string> asked;

 private:
  void receive() {
    socket_.async_receive_from(asio::buffer(buffer_), from_, [this](const error_code& error, std::size_t size) {
      if (error) return;
      const std::string question(buffer_.data(), size);
      asked.push_back(question_in(question).first);
      if (!dead) answer_later(question, from_);
      receive();
    });
  }

  void answer_later(const std::string& question, const udp::endpoint& to) {
    auto timer = std::make_shared<asio::steady_timer>(socket_.get_executor(), delay);
    timer->async_wait([this, timer, question, to](const error_code& error) {
      if (!error) socket_.send_to(asio::buffer(answer(question)), to);
    });
  }

  std::string answer(const std::string& question) const {
    const auto [name, type_at] = question_in(question);
    const auto type = static_cast<std::uint8_t>(question.at(type_at + 1));
    const auto known = records.find(name);
    std::string answers;
    char count = 0;
    for (const std::string& text : known == records.end() ? std::vector<std::string>() : known->second) {
      const auto ip = asio::ip::make_address(text);
      if (ip.is_v4() != (type == kTypeA) || (type != kTypeA && type != kTypeAaaa)) continue;
      ++count;
      answers += std::string("\xc0\x0c\0", 3) + static_cast<char>(type) + std::string("\0\1\0\0\0\5\0", 7);
      answers += ip.is_v4() ? bytes_of(ip.to_v4().to_bytes()) : bytes_of(ip.to_v6().to_bytes());
    }
    const char code = known == records.end() ? 3 : 0;  // no such domain
    std::string header = question.substr(0, 2);
    header += {'\x81', static_cast<char>('\x80' | code), '\0', '\1', '\0', count, '\0', '\0', '\0', '\0'};
    return header + question.substr(kHeaderBytes, type_at + 4 - kHeaderBytes) + answers;
  }

  // With their number before them.
  template <typename Bytes>
  static std::string bytes_of(const Bytes& bytes) {
    return static_cast<char>(bytes.size()) + std::string(bytes.begin(), bytes.end());
  }

  udp::socket socket_;
  udp::endpoint from_;
  std::array<char, 512> buffer_{};
};

class CaresResolverTest : public testing::Test {
 protected:
  using Answer = Result<std::vector<std::string>>;

  void use(const std::string& name_servers) {
    resolver = std::make_unique<CaresResolver>(
        loop, ResolverSettings{name_servers, 50ms, 2},
        [this](const std::string& name, const Answer& ips) { answers.insert_or_assign(name, ips); });
  }
  void await(const std::string& name) {
    run_until(loop, [&] { return answers.contains(name); });
  }
  Answer ask(const std::string& name) {
    resolver->resolve(name);
    EXPECT_FALSE(answers.contains(name)) << "not within the call";
    await(name);
    const Answer answer = answers.at(name);
    answers.erase(name);
    return answer;
  }
  std::vector<std::string> found(const std::string& name) {
    const Answer answer = ask(name);
    EXPECT_TRUE(answer.ok()) << name;
    return answer.ok() ? *answer : std::vector<std::string>();
  }

  asio::io_context loop;
  NameServer server{loop};
  std::map<std::string, Answer> answers;
  std::unique_ptr<CaresResolver> resolver;
};

TEST_F(CaresResolverTest, FindsAllAddressesOfAName) {
  server.records["db1.example"] = {"10.0.0.1", "2001:db8::1", "10.0.0.2"};
  use(server.address());
  EXPECT_THAT(found("db1.example"), UnorderedElementsAre("10.0.0.1", "10.0.0.2", "2001:db8::1"));
}

TEST_F(CaresResolverTest, FollowsANameThatChanges) {
  use(server.address());
  for (const char* ip : {"10.0.0.1", "10.0.0.2"}) {
    server.records["db1.example"] = {ip};
    EXPECT_THAT(found("db1.example"), ElementsAre(ip));
  }
}

TEST_F(CaresResolverTest, KnowsTheHostsFile) {
  use(server.address());
  EXPECT_THAT(found("localhost"), testing::Contains("127.0.0.1"));
}

TEST_F(CaresResolverTest, KnowsNoAddressesOfANameThatDoesNotExist) {
  use(server.address());
  const Answer answer = ask("nosuch.example");
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_TRUE(answer->empty());
}

TEST_F(CaresResolverTest, WhatIsNoNameIsAnErrorToo) {
  use(server.address());
  EXPECT_FALSE(ask(std::string(300, 'a')).ok());
  EXPECT_FALSE(ask("a..b").ok());
}

TEST_F(CaresResolverTest, GivesUpOnADeadNameServer) {
  server.dead = true;
  use(server.address());
  EXPECT_FALSE(ask("db1.example").ok());
}

TEST_F(CaresResolverTest, ADeadNameServerIsNotTheEndWhileThereIsAnother) {
  NameServer dead(loop);
  dead.dead = true;
  server.records["db1.example"] = {"10.0.0.1"};
  use(dead.address() + "," + server.address());
  EXPECT_THAT(found("db1.example"), ElementsAre("10.0.0.1"));
  EXPECT_THAT(dead.asked, testing::Contains("db1.example"));
}

TEST_F(CaresResolverTest, ASlowAnswerDelaysNoOther) {
  server.records["slow.example"] = {"10.0.0.1"};
  server.dead = true;
  use(server.address());
  resolver->resolve("slow.example");
  EXPECT_THAT(found("localhost"), testing::Contains("127.0.0.1"));
  EXPECT_THAT(answers, IsEmpty());
  server.dead = false;
  server.delay = 10ms;
  await("slow.example");
}

TEST_F(CaresResolverTest, ManyQuestionsAreUnderWayAtATime) {
  use(server.address());
  for (int i = 0; i < 200; ++i) {
    const std::string name = "db" + std::to_string(i) + ".example";
    server.records[name] = {"10.0.0." + std::to_string(i)};
    resolver->resolve(name);
  }
  run_until(loop, [&] { return answers.size() == 200; });
  EXPECT_THAT(*answers.at("db77.example"), ElementsAre("10.0.0.77"));
}

TEST_F(CaresResolverTest, EndsWithQuestionsUnderWay) {
  server.dead = true;
  use(server.address());
  resolver->resolve("db1.example");
  resolver->resolve("localhost");
  resolver.reset();
  loop.restart();
  loop.run_for(100ms);
  EXPECT_THAT(answers, IsEmpty());
}

}  // namespace
}  // namespace vedette::net
