#include "net/log_format.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <syslog.h>

#include <ctime>

#include "base/text.h"
#include "node/log_level.h"

namespace vedette::net {
namespace {

int millis_of(std::chrono::system_clock::time_point at) {
  return static_cast<int>(std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count() % 1000);
}

std::tm local_time(std::chrono::system_clock::time_point at) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
  std::tm time{};
  localtime_r(&seconds, &time);
  return time;
}

std::string iso_time(std::chrono::system_clock::time_point at) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
  std::tm time{};
  gmtime_r(&seconds, &time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", time, millis_of(at));
}

std::string redis_time(std::chrono::system_clock::time_point at) {
  return fmt::format("{:%d %b %Y %H:%M:%S}.{:03}", local_time(at), millis_of(at));
}

std::string cut(std::string text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  text.resize(max_bytes - 3);
  return text + "...";
}

// In double quotes, as JSON wants it. Bytes that are no UTF-8 become U+FFFD.
std::string in_quotes(std::string_view text, std::size_t max_bytes) {
  std::string quoted = "\"";
  while (!text.empty()) {
    const std::size_t size = utf8_size(text);
    std::string piece(size == 0 ? "\xef\xbf\xbd" : text.substr(0, size));
    if (piece == "\"" || piece == "\\") piece = "\\" + piece;
    if (quoted.size() + piece.size() + 3 > max_bytes) {
      quoted += "...";
      break;
    }
    quoted += piece;
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return quoted + "\"";
}

}  // namespace

std::string format_line(LogFormat format, const LogEntry& entry, std::size_t max_text_bytes) {
  switch (format) {
    case LogFormat::kRedis:
      return fmt::format("{}:X {} {} {}\n", entry.pid, redis_time(entry.at), ".-*#"[static_cast<int>(entry.level)],
                         cut(std::string(entry.text), max_text_bytes));
    case LogFormat::kJson:
      return fmt::format("{{\"time\":\"{}\",\"pid\":{},\"role\":\"sentinel\",\"level\":\"{}\",\"message\":{}}}\n",
                         iso_time(entry.at), entry.pid, node::word_of(entry.level),
                         in_quotes(entry.text, max_text_bytes));
    case LogFormat::kLogfmt:
      return fmt::format("pid={} role=sentinel timestamp=\"{}\" level={} message={}\n", entry.pid, iso_time(entry.at),
                         node::word_of(entry.level), in_quotes(entry.text, max_text_bytes));
  }
  return {};
}

std::string format_syslog(int facility, std::string_view ident, const LogEntry& entry) {
  constexpr int kSeverities[] = {LOG_DEBUG, LOG_INFO, LOG_NOTICE, LOG_WARNING};
  const int priority = facility | kSeverities[static_cast<int>(entry.level)];
  return fmt::format("<{}>{:%b %e %H:%M:%S} {}[{}]: {}", priority, local_time(entry.at), ident, entry.pid, entry.text);
}

}  // namespace vedette::net
