// A picture of consecutive spans of time: each bar starts where the one above ends.
//
//    812 ms   found down   ████████████████████████████
//      9 ms   elected                                  █
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

// One line per span, no wider than `columns` unless that is too little for each bar to have one.
std::vector<std::string> draw_waterfall(const Style& style, const std::vector<Span>& spans, std::size_t columns);

}  // namespace vedette::demo
