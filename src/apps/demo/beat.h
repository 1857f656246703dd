// One thing that happened, told in one line.
#pragma once

#include <string>

#include "apps/demo/roster.h"
#include "base/time.h"

namespace vedette::demo {

enum class Weight : std::uint8_t {
  kAside,  // for those who want to know it exactly
  kPlain,
  kTurn,  // after this nothing is as it was
  kHarm,
};

struct Beat {
  WallTime at{};
  Lane lane = Lane::kNobody;
  Weight weight = Weight::kPlain;
  std::string sentence;  // its subject is the lane: "finds 7001 down"
  std::string source{};  // where this is known from: the name of an event or of a command
};

}  // namespace vedette::demo
