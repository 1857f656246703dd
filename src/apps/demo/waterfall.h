// A picture of consecutive spans of time: each bar starts where the one above ends.
//
//   find it down     812 ms   ████████████████████████████
//   elect a leader     9 ms                               █
#pragma once

#include <string>
#include <vector>

#include "apps/demo/style.h"
#include "base/time.h"

namespace vedette::demo {

struct Span {
  std::string label;
  Millis length{0};
  Colour colour = Colour::kNone;
};

// One line per span; the bars share `columns`, and each has at least one of them, if there are enough.
std::vector<std::string> draw_waterfall(const Style& style, const std::vector<Span>& spans, std::size_t columns);

}  // namespace vedette::demo
