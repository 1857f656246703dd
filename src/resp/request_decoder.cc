#include "resp/request_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/words.h"
#include "resp/number.h"
#include "resp/value.h"

namespace vedette::resp {
namespace {

constexpr std::size_t kArgumentCost = sizeof(std::string);
constexpr std::size_t kUsualArguments = 4;  // for which room is made at once

}  // namespace

void RequestDecoder::feed(std::string_view bytes) {
  if (!error_) input_.append(bytes);
}

Result<std::optional<std::vector<std::string>>> RequestDecoder::next() {
  while (read_piece()) {
    if (arguments_.empty() || arguments_missing_ > 0 || bulk_missing_) continue;
    held_bytes_ = 0;
    return std::optional(std::exchange(arguments_, {}));
  }
  if (error_) return *error_;
  return std::optional<std::vector<std::string>>();
}

bool RequestDecoder::read_piece() {
  if (bulk_missing_) return read_bulk();
  if (error_ || input_.rest().empty()) return false;
  if (arguments_missing_ > 0) return read_bulk_header();
  return input_.rest().front() == '*' ? read_array_header() : read_inline();
}

std::optional<std::string_view> RequestDecoder::read_line(std::string_view end, std::string_view too_long) {
  const auto found = input_.find(end);
  if (found.value_or(input_.rest().size()) > limits_.max_inline_bytes) {
    fail(too_long);
    return std::nullopt;
  }
  if (!found) return std::nullopt;
  return input_.rest().substr(0, *found);
}

bool RequestDecoder::read_inline() {
  const auto line = read_line("\n", "too big inline request");
  if (!line) return false;
  auto words = split_words(*line);
  if (!words) return fail("unbalanced quotes in request");
  arguments_ = std::move(*words);
  input_.consume(line->size() + 1);
  return true;
}

bool RequestDecoder::read_array_header() {
  const auto line = read_line("\r", "too big mbulk count string");
  if (!line || input_.rest().size() < line->size() + kLineEnd.size()) return false;
  const auto length = parse_canonical_integer(line->substr(1));
  if (!length || *length > std::numeric_limits<int>::max()) return fail("invalid multibulk length");
  // A negative length is an empty array, as in the original.
  const std::size_t arguments = *length > 0 ? static_cast<std::size_t>(*length) : 0;
  if (arguments > limits_.max_arguments) return fail("invalid multibulk length");
  if (!limits_.authenticated && arguments > limits_.max_unauthenticated_arguments) {
    return fail("unauthenticated multibulk length");
  }
  arguments_missing_ = arguments;
  arguments_.reserve(std::min(arguments, kUsualArguments));
  input_.consume(line->size() + kLineEnd.size());
  return true;
}

bool RequestDecoder::read_bulk_header() {
  const auto line = read_line("\r", "too big bulk count string");
  if (!line || input_.rest().size() < line->size() + kLineEnd.size()) return false;
  const char marker = input_.rest().front();
  if (marker != '$') return fail(fmt::format("expected '$', got '{}'", marker));
  const auto length = parse_canonical_integer(line->substr(1));
  if (!length || *length < 0 || static_cast<std::uint64_t>(*length) > limits_.max_bulk_bytes) {
    return fail("invalid bulk length");
  }
  const auto bytes = static_cast<std::size_t>(*length);
  if (!limits_.authenticated && bytes > limits_.max_unauthenticated_bulk_bytes) {
    return fail("unauthenticated bulk length");
  }
  if (held_bytes_ + kArgumentCost + bytes > limits_.max_total_bytes) return fail("too big request");
  arguments_.emplace_back();
  held_bytes_ += kArgumentCost;
  bulk_missing_ = bytes;
  --arguments_missing_;
  input_.consume(line->size() + kLineEnd.size());
  return true;
}

bool RequestDecoder::read_bulk() {
  const std::string_view available = input_.rest().substr(0, *bulk_missing_);
  if (!available.empty()) {
    arguments_.back().append(available);
    held_bytes_ += available.size();
    *bulk_missing_ -= available.size();
    input_.consume(available.size());
  }
  if (*bulk_missing_ > 0 || input_.rest().size() < kLineEnd.size()) return false;
  input_.consume(kLineEnd.size());
  bulk_missing_.reset();
  return true;
}

bool RequestDecoder::fail(std::string_view message) {
  error_ = Error{fmt::format("Protocol error: {}", message)};
  input_.clear();
  arguments_.clear();
  held_bytes_ = 0;
  return false;
}

}  // namespace vedette::resp
