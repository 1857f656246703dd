#include "apps/demo/screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "apps/demo/numbers.h"

namespace vedette::demo {
namespace {

constexpr std::string_view kIndent = "  ";
constexpr std::size_t kBeatMargin = 23;  // where sentences start: the time, then the lanes
constexpr std::string_view kStartOfLine = "\r\x1b[K";
constexpr std::array<std::string_view, 10> kUnicodeFrames{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
constexpr std::array<std::string_view, 4> kAsciiFrames{"|", "/", "-", "\\"};

std::string repeat(std::string_view sign, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += sign;
  return text;
}

// Sentences are ASCII, so that a byte is a column.
std::string shorten(const Style& style, std::string_view text, std::size_t columns) {
  if (text.size() <= columns) return std::string(text);
  return columns == 0 ? "" : fmt::format("{}{}", text.substr(0, columns - 1), signs(style).ellipsis);
}

Colour colour_of(Weight weight) {
  switch (weight) {
    case Weight::kAside:
      return Colour::kDim;
    case Weight::kPlain:
      return Colour::kNone;
    case Weight::kTurn:
      return Colour::kBold;
    case Weight::kHarm:
      return Colour::kRed;
  }
  return Colour::kNone;
}

}  // namespace

Colour colour_of(Lane lane) {
  static constexpr std::array kColours{Colour::kCyan, Colour::kMagenta, Colour::kYellow, Colour::kGreen, Colour::kNone};
  return kColours[static_cast<std::size_t>(lane)];
}

// The last column stays free: some terminals break the line when it is written to.
std::size_t Screen::columns() const { return std::clamp<std::size_t>(output_.columns(), kMinColumns, kMaxColumns) - 1; }

void Screen::print(std::string_view text) {
  const std::string status = status_;
  clear_status();
  output_.write(fmt::format("{}\n", text));
  if (!status.empty()) this->status(status);
}

void Screen::blank() { print(""); }
void Screen::line(std::string_view text) { print(text); }
void Screen::note(std::string_view text) { line(fmt::format("{}{}", kIndent, text)); }
void Screen::title(std::string_view text) { note(paint(style_, Colour::kBold, text)); }

void Screen::scene(std::string_view text, std::string_view unit) {
  const std::string_view rule = signs(style_).rule;
  const std::size_t taken = text.size() + 4 + (unit.empty() ? 0 : unit.size() + 4);
  const std::string middle = repeat(rule, columns() > taken ? columns() - taken : 1);
  std::string heading = fmt::format("{} {} {}", repeat(rule, 2), paint(style_, Colour::kBold, text), middle);
  if (!unit.empty()) heading += fmt::format(" {} {}", paint(style_, Colour::kDim, unit), repeat(rule, 2));
  print("");
  print(heading);
}

void Screen::done(std::string_view text) {
  note(fmt::format("{} {}", paint(style_, Colour::kGreen, signs(style_).done), text));
}

void Screen::legend(Lane lane, std::string_view text) {
  note(fmt::format("{}  {}", paint(style_, colour_of(lane), std::string(1, letter(lane))), text));
}

std::string Screen::lanes(Lane active) const {
  std::string text;
  for (const Lane lane : kLanes) {
    if (!text.empty()) text += " ";
    text += lane == active ? paint(style_, colour_of(lane), std::string(1, letter(lane)))
                           : paint(style_, Colour::kDim, signs(style_).idle_lane);
  }
  return text;
}

void Screen::fact(Colour colour, std::string_view number, std::string_view meaning) {
  line(fmt::format("{}   {}", paint(style_, colour, fmt::format("{:>10}", number)), meaning));
}

void Screen::beat(const Beat& beat, WallTime zero) {
  const std::size_t room = columns() - kBeatMargin;
  const std::string sentence = shorten(style_, beat.sentence, room);
  const std::size_t left = room - std::min(room, beat.sentence.size() + 2);
  const std::string source = shorten(style_, beat.source, left);
  const std::size_t source_columns = std::min(beat.source.size(), left);
  std::string text = fmt::format("{:>10}   {}   {}", in_millis(beat.at - zero), lanes(beat.lane),
                                 paint(style_, colour_of(beat.weight), sentence));
  if (source_columns > 0) {
    text += repeat(" ", left + 2 - source_columns) + paint(style_, Colour::kDim, source);
  }
  print(text);
}

void Screen::status(std::string_view text) {
  if (!style_.live) return;
  const std::string_view frame =
      style_.unicode ? kUnicodeFrames[frame_ % kUnicodeFrames.size()] : kAsciiFrames[frame_ % kAsciiFrames.size()];
  ++frame_;
  status_ = text;
  const std::size_t room = std::min<std::size_t>(columns(), output_.columns());  // it must not break, however narrow
  const std::string shown = shorten(style_, text, room - std::min<std::size_t>(room, kIndent.size() + 3));
  output_.write(fmt::format("{}{}{} {}", kStartOfLine, kIndent, paint(style_, Colour::kBlue, frame),
                            paint(style_, Colour::kDim, shown)));
}

void Screen::clear_status() {
  if (status_.empty()) return;
  output_.write(kStartOfLine);
  status_.clear();
}

}  // namespace vedette::demo
