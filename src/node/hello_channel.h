// The hello channel of a server, where the other sentinels of its primary are heard: what is said there is told to the
// core, on whichever link it comes.
#pragma once

#include <string>

#include "base/ids.h"
#include "node/facts.h"
#include "node/ports.h"
#include "resp/value.h"

namespace vedette::node {

// Our own hellos come back on the channel every publish period. Without any for this long the subscription is dead,
// whatever TCP thinks.
inline constexpr Micros kMaxHelloSilence = 6000ms;

class HelloChannel {
 public:
  HelloChannel(Logger& logger, Facts facts, InstanceId server)
      : logger_(logger), facts_(std::move(facts)), server_(server) {}

  // It is being subscribed to.
  void begin(Instant now) { heard_at_ = now; }

  // False if this is no message of a channel.
  bool hears(Instant now, const resp::Value& value);

  // Logged once.
  void refused(const Address& server, const resp::Value& error);

  // When the silence becomes too long.
  Instant silent_at() const { return heard_at_ + kMaxHelloSilence; }

 private:
  Logger& logger_;
  Facts facts_;
  const InstanceId server_;
  Instant heard_at_{};
  std::string last_complaint_;
};

}  // namespace vedette::node
