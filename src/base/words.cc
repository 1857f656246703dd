#include "base/words.h"

#include <cstddef>

#include "base/text.h"

namespace vedette {
namespace {

// Blanks that end an unquoted word. Between words, vertical tab and form feed are skipped as well; within one they are
// ordinary characters. The original has this quirk, and what it takes as one word must be one word here.
constexpr bool ends_word(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

constexpr int hex_value(char c) { return c <= '9' ? c - '0' : ascii_lower(c) - 'a' + 10; }

constexpr char unescape(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'b':
      return '\b';
    case 'a':
      return '\a';
    default:
      return c;
  }
}

class WordReader {
 public:
  explicit WordReader(std::string_view line) : line_(line) {}

  bool skip_blanks() {
    while (at_ < line_.size() && is_space(line_[at_])) ++at_;
    return at_ < line_.size();
  }

  std::optional<std::string> read_word() {
    std::string word;
    while (at_ < line_.size() && !ends_word(line_[at_])) {
      const char c = line_[at_++];
      if (c != '"' && c != '\'') {
        word += c;
        continue;
      }
      const bool closed = c == '"' ? read_double_quoted(word) : read_single_quoted(word);
      if (!closed || (at_ < line_.size() && !is_space(line_[at_]))) return std::nullopt;
      break;
    }
    return word;
  }

 private:
  bool read_double_quoted(std::string& word) {
    while (at_ < line_.size()) {
      const char c = line_[at_++];
      if (c == '"') return true;
      if (c == '\\' && at_ < line_.size()) {
        word += read_escape();
      } else {
        word += c;
      }
    }
    return false;
  }

  char read_escape() {
    const char c = line_[at_++];
    const bool is_hex = c == 'x' && at_ + 1 < line_.size() && is_hex_digit(line_[at_]) && is_hex_digit(line_[at_ + 1]);
    if (!is_hex) return unescape(c);
    const int byte = hex_value(line_[at_]) * 16 + hex_value(line_[at_ + 1]);
    at_ += 2;
    return static_cast<char>(byte);
  }

  bool read_single_quoted(std::string& word) {
    while (at_ < line_.size()) {
      const char c = line_[at_++];
      if (c == '\'') return true;
      const bool escapes_quote = c == '\\' && at_ < line_.size() && line_[at_] == '\'';
      word += escapes_quote ? line_[at_++] : c;
    }
    return false;
  }

  std::string_view line_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::vector<std::string>> split_words(std::string_view line) {
  std::vector<std::string> words;
  WordReader reader(line);
  while (reader.skip_blanks()) {
    auto word = reader.read_word();
    if (!word) return std::nullopt;
    words.push_back(std::move(*word));
  }
  return words;
}

std::string quote_word(std::string_view word) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  constexpr std::string_view kEscaped = "\"\\\n\r\t\b\a";
  constexpr std::string_view kEscapes = "\"\\nrtba";
  std::string quoted = "\"";
  for (const char c : word) {
    const auto byte = static_cast<unsigned char>(c);
    if (const auto escape = kEscaped.find(c); escape != std::string_view::npos) {
      quoted += '\\';
      quoted += kEscapes[escape];
    } else if (byte >= 0x20 && byte < 0x7f) {
      quoted += c;
    } else {
      quoted += "\\x";
      quoted += kHexDigits[byte >> 4];
      quoted += kHexDigits[byte & 0xf];
    }
  }
  return quoted + '"';
}

}  // namespace vedette
