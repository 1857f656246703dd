#include "apps/demo/report.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"

namespace vedette::demo {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<std::chrono::sys_days> parse_date(std::string_view day, std::string_view month, std::string_view year) {
  const auto* const name = std::find(kMonths.begin(), kMonths.end(), month);
  const auto day_number = parse_integer<unsigned>(day);
  const auto year_number = parse_integer<int>(year);
  if (name == kMonths.end() || !day_number || !year_number) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year_number),
                                         std::chrono::month(static_cast<unsigned>(name - kMonths.begin()) + 1),
                                         std::chrono::day(*day_number));
  return date.ok() ? std::optional(std::chrono::sys_days(date)) : std::nullopt;
}

// hh:mm:ss.mmm
std::optional<Millis> parse_time_of_day(std::string_view text) {
  if (text.size() != 12 || text[2] != ':' || text[5] != ':' || text[8] != '.') return std::nullopt;
  const auto hours = parse_integer<unsigned>(text.substr(0, 2));
  const auto minutes = parse_integer<unsigned>(text.substr(3, 2));
  const auto seconds = parse_integer<unsigned>(text.substr(6, 2));
  const auto millis = parse_integer<unsigned>(text.substr(9, 3));
  if (!hours || !minutes || !seconds || !millis) return std::nullopt;
  return std::chrono::hours(*hours) + std::chrono::minutes(*minutes) + Seconds(*seconds) + Millis(*millis);
}

// Cuts off and returns the first word.
std::string_view take_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

bool is_event_name(std::string_view word) { return word.size() > 1 && (word[0] == '+' || word[0] == '-'); }

}  // namespace

std::optional<Report> parse_report(Lane who, std::string_view line) {
  std::string_view rest = line;
  std::array<std::string_view, 6> words;  // process, day, month, year, time, level
  for (std::string_view& word : words) word = take_word(rest);
  const auto date = parse_date(words[1], words[2], words[3]);
  const auto time = parse_time_of_day(words[4]);
  if (!date || !time || words[5].size() != 1) return std::nullopt;

  Report report{.who = who, .at = *date + *time, .event = {}, .text = {}};
  std::string_view text = rest;
  if (const std::string_view word = take_word(text); is_event_name(word)) {
    report.event = word;
    report.text = text;
  } else {
    report.text = rest;
  }
  return report;
}

}  // namespace vedette::demo
