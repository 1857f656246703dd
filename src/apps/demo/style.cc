#include "apps/demo/style.h"

#include <fmt/format.h>

#include "base/text.h"

namespace vedette::demo {
namespace {

constexpr Signs kUnicodeSigns{.rule = "─", .idle_lane = "·", .done = "✓", .bar = "█", .ellipsis = "…"};
constexpr Signs kAsciiSigns{.rule = "-", .idle_lane = ".", .done = "*", .bar = "#", .ellipsis = "~"};

bool is_utf8(std::string_view locale) {
  const std::string name = to_lower(locale);
  return name.find("utf-8") != std::string::npos || name.find("utf8") != std::string::npos;
}

// The parameters of "select graphic rendition".
constexpr std::string_view code(Colour colour) {
  switch (colour) {
    case Colour::kNone:
      return "";
    case Colour::kBold:
      return "1";
    case Colour::kDim:
      return "2";
    case Colour::kRed:
      return "1;31";
    case Colour::kGreen:
      return "1;32";
    case Colour::kYellow:
      return "1;33";
    case Colour::kBlue:
      return "1;34";
    case Colour::kMagenta:
      return "1;35";
    case Colour::kCyan:
      return "1;36";
  }
  return "";
}

}  // namespace

Style choose_style(const Surroundings& surroundings) {
  const bool capable = surroundings.terminal && surroundings.term != "dumb" && !surroundings.term.empty();
  return {.colour = capable && surroundings.no_color.empty(),
          .unicode = capable && is_utf8(surroundings.locale),
          .live = capable};
}

std::string paint(const Style& style, Colour colour, std::string_view text) {
  if (!style.colour || colour == Colour::kNone) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code(colour), text);
}

const Signs& signs(const Style& style) { return style.unicode ? kUnicodeSigns : kAsciiSigns; }

}  // namespace vedette::demo
