#include "resp/reply_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "resp/number.h"

namespace vedette::resp {
namespace {

constexpr std::string_view kMarkers = "+-:$*_,#!=(%~>|";
constexpr std::size_t kMaxReserved = 64;  // elements reserved on the word of a header alone
constexpr std::size_t kVerbatimPrefix = 4;

Type aggregate_type(char marker) {
  switch (marker) {
    case '%':
    case '|':
      return Type::kMap;
    case '~':
      return Type::kSet;
    case '>':
      return Type::kPush;
    default:
      return Type::kArray;
  }
}

Type bulk_type(char marker) {
  if (marker == '=') return Type::kVerbatim;
  return marker == '!' ? Type::kError : Type::kBulkString;
}

}  // namespace

void ReplyDecoder::feed(std::string_view bytes) {
  if (!error_) input_.append(bytes);
}

Result<std::optional<Value>> ReplyDecoder::next() {
  while (!complete_ && read_piece()) {
  }
  if (error_) return *error_;
  if (complete_) {
    value_bytes_ = 0;
    value_elements_ = 0;
    std::vector<OpenAggregate>().swap(stack_);  // an idle connection keeps nothing
  }
  return std::exchange(complete_, std::nullopt);
}

bool ReplyDecoder::read_line() {
  if (error_ || input_.rest().empty()) return false;
  const char marker = input_.rest().front();
  if (kMarkers.find(marker) == std::string_view::npos) {
    return fail(fmt::format("not RESP: no value starts with byte 0x{:02x}", static_cast<unsigned char>(marker)));
  }
  const auto end = input_.find(kLineEnd);
  // Without an end in sight the last byte may be the CR of one.
  const std::size_t line_bytes = end ? *end : input_.rest().size() - 1;
  if (line_bytes > limits_.max_line_bytes) {
    return fail(fmt::format("a line of the reply is longer than {} bytes", limits_.max_line_bytes));
  }
  if (!end) return false;
  if (!count_bytes(line_bytes + kLineEnd.size())) return false;
  const bool decoded = decode_line(marker, input_.rest().substr(1, line_bytes - 1));
  if (decoded) input_.consume(line_bytes + kLineEnd.size());
  return decoded;
}

bool ReplyDecoder::decode_line(char marker, std::string_view content) {
  switch (marker) {
    case '+':
      return decode_text_if(true, Type::kSimpleString, content);
    case '-':
      return decode_text_if(true, Type::kError, content);
    case ',':
      return decode_text_if(is_double(content), Type::kDouble, content);
    case '(':
      return decode_text_if(is_big_number(content), Type::kBigNumber, content);
    case ':':
      return decode_integer(content);
    case '#':
      return decode_boolean(content);
    case '_':
      return decode_null(content);
    case '$':
    case '!':
    case '=':
      return open_bulk(marker, content);
    default:
      return open_aggregate(marker, content);
  }
}

bool ReplyDecoder::decode_text_if(bool well_formed, Type type, std::string_view content) {
  if (!well_formed) return fail("not RESP: malformed number");
  finish(Value{.type = type, .text = std::string(content)});
  return true;
}

bool ReplyDecoder::decode_integer(std::string_view content) {
  const auto number = parse_canonical_integer(content);
  if (!number) return fail("not RESP: malformed integer");
  finish(Value{.type = Type::kInteger, .integer = *number});
  return true;
}

bool ReplyDecoder::decode_boolean(std::string_view content) {
  if (content != "t" && content != "f") return fail("not RESP: malformed boolean");
  finish(Value{.type = Type::kBoolean, .integer = content == "t" ? 1 : 0});
  return true;
}

bool ReplyDecoder::decode_null(std::string_view content) {
  if (!content.empty()) return fail("not RESP: malformed null");
  finish(Value{});
  return true;
}

std::optional<std::size_t> ReplyDecoder::decode_length(std::string_view content) {
  const auto length = parse_canonical_integer(content);
  if (length && *length >= 0) return static_cast<std::size_t>(*length);
  fail(content == "?" ? "streamed strings and aggregates are not supported" : "not RESP: malformed length");
  return std::nullopt;
}

bool ReplyDecoder::count_bytes(std::size_t bytes) {
  value_bytes_ += bytes;
  if (value_bytes_ <= limits_.max_total_bytes) return true;
  return fail(fmt::format("the reply is longer than {} bytes", limits_.max_total_bytes));
}

bool ReplyDecoder::open_bulk(char marker, std::string_view content) {
  if (marker == '$' && content == "-1") {
    finish(Value{});
    return true;
  }
  const auto length = decode_length(content);
  if (!length) return false;
  if (*length > limits_.max_bulk_bytes) {
    return fail(fmt::format("a string of the reply is longer than {} bytes", limits_.max_bulk_bytes));
  }
  if (marker == '=' && *length < kVerbatimPrefix) return fail("not RESP: verbatim string without a format");
  if (!count_bytes(*length + kLineEnd.size())) return false;
  bulk_ = OpenBulk{.value = Value{.type = bulk_type(marker)}, .missing = *length};
  return true;
}

bool ReplyDecoder::read_bulk() {
  if (bulk_->missing > 0) {
    const std::string_view available = input_.rest().substr(0, bulk_->missing);
    bulk_->value.text.append(available);
    bulk_->missing -= available.size();
    input_.consume(available.size());
  }
  if (bulk_->missing > 0 || input_.rest().size() < kLineEnd.size()) return false;
  if (!input_.rest().starts_with(kLineEnd)) return fail("not RESP: a string is longer than its length");
  input_.consume(kLineEnd.size());

  Value value = std::exchange(bulk_, std::nullopt)->value;
  if (value.is(Type::kVerbatim)) {
    if (value.text[kVerbatimPrefix - 1] != ':') return fail("not RESP: verbatim string without a format");
    value.text.erase(0, kVerbatimPrefix);
  }
  finish(std::move(value));
  return true;
}

bool ReplyDecoder::open_aggregate(char marker, std::string_view content) {
  if (marker == '*' && content == "-1") {
    finish(Value{});
    return true;
  }
  const auto length = decode_length(content);
  if (!length) return false;
  const std::size_t factor = marker == '%' || marker == '|' ? 2 : 1;
  if (*length > (limits_.max_elements - value_elements_) / factor) {
    return fail(fmt::format("the reply has more than {} elements", limits_.max_elements));
  }
  const std::size_t elements = *length * factor;
  value_elements_ += elements;

  OpenAggregate opened{
      .value = Value{.type = aggregate_type(marker)}, .missing = elements, .is_attribute = marker == '|'};
  if (elements == 0) {
    if (!opened.is_attribute) finish(std::move(opened.value));
    return true;
  }
  if (stack_.size() == limits_.max_depth) {
    return fail(fmt::format("the reply nests deeper than {} levels", limits_.max_depth));
  }
  opened.value.elements.reserve(std::min(elements, kMaxReserved));
  stack_.push_back(std::move(opened));
  return true;
}

void ReplyDecoder::finish(Value value) {
  while (!stack_.empty()) {
    OpenAggregate& innermost = stack_.back();
    if (!innermost.is_attribute) innermost.value.elements.push_back(std::move(value));
    if (--innermost.missing > 0) return;
    const bool was_attribute = innermost.is_attribute;
    value = std::move(innermost.value);
    stack_.pop_back();
    if (was_attribute) return;  // what it was about is still to come
  }
  complete_ = std::move(value);
}

bool ReplyDecoder::fail(std::string message) {
  error_ = Error{std::move(message)};
  input_.clear();
  stack_.clear();
  bulk_.reset();
  return false;
}

}  // namespace vedette::resp
