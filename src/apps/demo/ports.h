// Ports on loopback that nobody else takes while we live.
//
// A port is held by a socket that is bound to it and never listens: the kernel gives it to nobody else, yet our own
// servers, which set SO_REUSEADDR as all servers do, may bind and listen, and may come back after a restart. Two demos
// on one machine would both be let in that way, so each also takes a name that exists once.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "net/descriptor.h"

namespace vedette::demo {

class Ports {
 public:
  // Tries 7001.. with 27001.. first, then 7011.. with 27011.., and so on: numbers that are easy to tell apart, and
  // below those that the kernel hands out by itself.
  static constexpr std::uint16_t kFirstServer = 7001;
  static constexpr std::uint16_t kFirstSentinel = 27001;
  static constexpr std::uint16_t kStride = 10;
  static constexpr unsigned kAttempts = 100;

  static Result<Ports> claim(unsigned servers, unsigned sentinels);

  std::uint16_t server(std::size_t index) const { return static_cast<std::uint16_t>(kFirstServer + shift_ + index); }
  std::uint16_t sentinel(std::size_t index) const {
    return static_cast<std::uint16_t>(kFirstSentinel + shift_ + index);
  }

 private:
  explicit Ports(unsigned shift) : shift_(shift) {}

  unsigned shift_;
  std::vector<net::Descriptor> holds_;
};

}  // namespace vedette::demo
