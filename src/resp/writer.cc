#include "resp/writer.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "resp/value.h"

namespace vedette::resp {
namespace {

template <typename Number>
void append_header(std::string& out, char marker, Number number) {
  char digits[std::numeric_limits<Number>::digits10 + 2];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
  out += marker;
  out.append(digits, end);
  out += kLineEnd;
}

void append_bulk(std::string& out, std::string_view text) {
  append_header(out, '$', text.size());
  out += text;
  out += kLineEnd;
}

// A line cannot hold its own end.
void append_line(std::string& out, char marker, std::string_view text) {
  out += marker;
  for (const char c : text) out += c == '\r' || c == '\n' ? ' ' : c;
  out += kLineEnd;
}

}  // namespace

void Writer::simple(std::string_view text) { append_line(*out_, '+', text); }

void Writer::error(std::string_view text) { append_line(*out_, '-', text); }

void Writer::integer(std::int64_t number) { append_header(*out_, ':', number); }

void Writer::number(double number) {
  const std::string digits = fmt::format("{:.17g}", number);
  if (protocol_ == Protocol::kResp2) return append_bulk(*out_, digits);
  append_line(*out_, ',', digits);
}

void Writer::bulk(std::string_view text) { append_bulk(*out_, text); }

void Writer::null() { *out_ += protocol_ == Protocol::kResp3 ? "_\r\n" : "$-1\r\n"; }

void Writer::null_array() { *out_ += protocol_ == Protocol::kResp3 ? "_\r\n" : "*-1\r\n"; }

void Writer::verbatim(std::string_view text) {
  if (protocol_ == Protocol::kResp2) return append_bulk(*out_, text);
  constexpr std::string_view kFormat = "txt:";
  append_header(*out_, '=', kFormat.size() + text.size());
  *out_ += kFormat;
  *out_ += text;
  *out_ += kLineEnd;
}

void Writer::boolean(bool value) {
  if (protocol_ == Protocol::kResp2) return append_header(*out_, ':', value ? 1 : 0);
  *out_ += value ? "#t\r\n" : "#f\r\n";
}

void Writer::array(std::size_t length) { append_header(*out_, '*', length); }

void Writer::map(std::size_t pairs) {
  if (protocol_ == Protocol::kResp2) return append_header(*out_, '*', pairs * 2);
  append_header(*out_, '%', pairs);
}

void Writer::set(std::size_t length) { append_header(*out_, protocol_ == Protocol::kResp3 ? '~' : '*', length); }

void Writer::push(std::size_t length) { append_header(*out_, protocol_ == Protocol::kResp3 ? '>' : '*', length); }

void append_request(std::string& out, std::span<const std::string> arguments) {
  append_header(out, '*', arguments.size());
  for (const std::string& argument : arguments) append_bulk(out, argument);
}

}  // namespace vedette::resp
