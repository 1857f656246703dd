// SUBSCRIBE and its family, and PUBLISH: events go out to clients, hellos come in from peers.

#include <fmt/format.h>

#include <array>

#include "node/commands.h"
#include "proto/hello.h"

namespace vedette::node {
namespace {

// Not a reply but a message: it goes out even to a client that wants no replies.
void confirm(Request& request, std::string_view action, std::optional<std::string_view> topic) {
  resp::Writer message = request.session.message_writer();
  message.push(3);
  message.bulk(action);
  if (topic) {
    message.bulk(*topic);
  } else {
    message.null();
  }
  message.integer(static_cast<std::int64_t>(request.sessions.pubsub().count(request.session.connection)));
}

Status check_limits(const PubSub& pubsub, ConnectionId me, const Topics& topics, const std::string& topic) {
  if (pubsub.count(me) >= kMaxSubscriptions) {
    return Error{fmt::format("ERR more than {} subscriptions of one client", kMaxSubscriptions)};
  }
  const bool is_new_pattern = &topics == &pubsub.patterns && topics.all().count(topic) == 0;
  if (is_new_pattern && topics.all().size() >= kMaxPatterns) {
    return Error{fmt::format("ERR more than {} patterns of all clients", kMaxPatterns)};
  }
  if (topic.size() > kMaxTopicBytes) return Error{fmt::format("ERR more than {} bytes in a name", kMaxTopicBytes)};
  return Ok{};
}

void subscribe_to(Request& request, Topics& topics, std::string_view action) {
  const ConnectionId me = request.session.connection;
  for (std::size_t i = 1; i < request.arguments.size(); ++i) {
    const std::string& topic = request.arguments[i];
    const Status allowed = check_limits(request.sessions.pubsub(), me, topics, topic);
    if (!allowed) return request.reply.error(allowed.error().message);
    topics.add(me, topic);
    confirm(request, action, topic);
  }
}

void unsubscribe_from(Request& request, Topics& topics, std::string_view action) {
  const ConnectionId me = request.session.connection;
  std::vector<std::string> names(request.arguments.begin() + 1, request.arguments.end());
  if (names.empty()) names = topics.of(me);
  if (names.empty()) return confirm(request, action, std::nullopt);
  for (const std::string& name : names) {
    topics.remove(me, name);
    confirm(request, action, name);
  }
}

void subscribe(Request& request) { subscribe_to(request, request.sessions.pubsub().channels, "subscribe"); }
void psubscribe(Request& request) { subscribe_to(request, request.sessions.pubsub().patterns, "psubscribe"); }
void unsubscribe(Request& request) { unsubscribe_from(request, request.sessions.pubsub().channels, "unsubscribe"); }
void punsubscribe(Request& request) { unsubscribe_from(request, request.sessions.pubsub().patterns, "punsubscribe"); }

// A peer that cannot reach us by way of the primaries publishes its hellos straight to us. What it gets wrong is not
// held against it.
void publish(Request& request) {
  if (request.arguments[1] != proto::kHelloChannel) {
    return request.reply.error("ERR Only HELLO messages are accepted by Sentinel instances.");
  }
  if (const auto hello = proto::parse_hello(request.arguments[2])) {
    request.submit(core::HelloReceived{*hello});
  } else {
    request.sessions.logger().log(
        core::Level::kDebug,
        fmt::format("Ignoring a hello of {}: {}", to_string(request.session.remote), hello.error().message));
  }
  request.reply.integer(1);
}

constexpr std::uint16_t kForSubscribers = kPubsub | kNoScript | kWhileUnready | kWhileSubscribed;

constexpr std::array kPubsubCommands{
    Command{.name = "subscribe",
            .arity = -2,
            .run = &subscribe,
            .flags = kForSubscribers,
            .channels = ChannelUse::kAll,
            .group = "pubsub",
            .since = "2.0.0",
            .complexity = "O(N) in the channels",
            .summary = "Listens to channels: the names of events."},
    Command{.name = "unsubscribe",
            .arity = -1,
            .run = &unsubscribe,
            .flags = kForSubscribers,
            .group = "pubsub",
            .since = "2.0.0",
            .complexity = "O(N) in the channels",
            .summary = "Stops listening to these channels, or to all."},
    Command{.name = "psubscribe",
            .arity = -2,
            .run = &psubscribe,
            .flags = kForSubscribers,
            .channels = ChannelUse::kPatterns,
            .group = "pubsub",
            .since = "2.0.0",
            .complexity = "O(N) in the patterns",
            .summary = "Listens to the channels whose names match patterns."},
    Command{.name = "punsubscribe",
            .arity = -1,
            .run = &punsubscribe,
            .flags = kForSubscribers,
            .group = "pubsub",
            .since = "2.0.0",
            .complexity = "O(N) in the patterns",
            .summary = "Stops listening to these patterns, or to all."},
    Command{.name = "publish",
            .arity = 3,
            .run = &publish,
            .flags = kPubsub | kWhileUnready | kFast,
            .channels = ChannelUse::kFirst,
            .group = "pubsub",
            .since = "2.0.0",
            .summary = "Takes the hello of another sentinel."},
};

}  // namespace

std::span<const Command> pubsub_commands() { return kPubsubCommands; }

}  // namespace vedette::node
