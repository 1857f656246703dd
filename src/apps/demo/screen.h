// Draws the demo, line by line: scenes, what is done, what happened when and to whom. On a terminal the last line is a
// live status; everything above it is never touched again, so that a pipe gets the very same lines.
#pragma once

#include <string>
#include <string_view>

#include "apps/demo/beat.h"
#include "apps/demo/output.h"
#include "apps/demo/style.h"

namespace vedette::demo {

class Screen {
 public:
  static constexpr std::size_t kMinColumns = 60;
  static constexpr std::size_t kMaxColumns = 100;

  Screen(Output& output, Style style) : output_(output), style_(style) {}

  const Style& style() const { return style_; }
  std::size_t columns() const;

  void title(std::string_view text);
  void scene(std::string_view text, std::string_view unit = {});
  void done(std::string_view text);
  void note(std::string_view text);
  void line(std::string_view text);  // as it is, and no wider than `columns`; may contain colours
  void blank();

  // The legend of a lane.
  void legend(Lane lane, std::string_view text);

  // A number, under the times of the beats, and what it means.
  void fact(Colour colour, std::string_view number, std::string_view meaning);

  // `zero` is where the milliseconds are counted from.
  void beat(const Beat& beat, WallTime zero);

  // The live line; nothing where there is none.
  void status(std::string_view text);
  void clear_status();

 private:
  void print(std::string_view text);
  std::string lanes(Lane active) const;

  Output& output_;
  const Style style_;
  std::string status_;  // what the last line shows; empty: nothing
  std::size_t frame_ = 0;
};

Colour colour_of(Lane lane);

}  // namespace vedette::demo
