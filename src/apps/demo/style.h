// How to draw on what the standard output is: colours, signs beyond ASCII, and a live last line only where they are
// known to work.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vedette::demo {

struct Style {
  bool colour = false;
  bool unicode = false;
  bool live = false;  // the last line may be drawn over and over
};

struct Surroundings {
  bool terminal = false;
  std::string no_color;  // NO_COLOR
  std::string term;      // TERM
  std::string locale;    // whichever of LC_ALL, LC_CTYPE and LANG counts
};
Style choose_style(const Surroundings& surroundings);

enum class Colour { kNone, kBold, kDim, kRed, kGreen, kYellow, kBlue, kMagenta, kCyan };
std::string paint(const Style& style, Colour colour, std::string_view text);

struct Signs {
  std::string_view rule, idle_lane, done, bar, ellipsis;
};
const Signs& signs(const Style& style);

}  // namespace vedette::demo
