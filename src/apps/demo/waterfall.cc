#include "apps/demo/waterfall.h"

#include <fmt/format.h>

#include <algorithm>

#include "apps/demo/numbers.h"

namespace vedette::demo {
namespace {

constexpr std::size_t kTimeColumns = 10;  // as in the lines of beats
constexpr std::string_view kGap = "   ";

// The share of each span in `columns`: one for each, and the rest in proportion.
std::vector<std::size_t> share_out(const std::vector<Span>& spans, std::size_t columns) {
  Millis total{0};
  for (const Span& span : spans) total += span.length;
  const std::size_t rest = columns - std::min(columns, spans.size());
  std::vector<std::size_t> shares;
  for (const Span& span : spans) {
    const auto part =
        total > 0ms ? rest * static_cast<std::size_t>(span.length.count()) / static_cast<std::size_t>(total.count())
                    : 0;
    shares.push_back(1 + part);
  }
  return shares;
}

}  // namespace

std::vector<std::string> draw_waterfall(const Style& style, const std::vector<Span>& spans, std::size_t columns) {
  std::size_t label_columns = 0;
  for (const Span& span : spans) label_columns = std::max(label_columns, span.label.size());
  const std::size_t taken = kTimeColumns + label_columns + 2 * kGap.size();
  const std::vector<std::size_t> shares = share_out(spans, columns - std::min(columns, taken));
  std::vector<std::string> lines;
  std::size_t start = 0;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    std::string bar;
    for (std::size_t column = 0; column < shares[i]; ++column) bar += signs(style).bar;
    lines.push_back(fmt::format("{:>{}}{}{:<{}}{}{}{}", in_millis(spans[i].length), kTimeColumns, kGap, spans[i].label,
                                label_columns, kGap, std::string(start, ' '), paint(style, spans[i].colour, bar)));
    start += shares[i];
  }
  return lines;
}

}  // namespace vedette::demo
