// Writes a decoded reply again, so that tests can ask whether decoding loses anything. Not a second `Writer`: it covers
// all that a server may send us, which is more than we send.
#pragma once

#include <fmt/format.h>

#include <string>

#include "resp/value.h"
#include "resp/writer.h"

namespace vedette::testing {

// In RESP2, errors must be of one line, and types that only RESP3 has are not allowed.
inline std::string encode(const resp::Value& value, resp::Protocol protocol = resp::Protocol::kResp3);

inline std::string encode_bulk(char marker, const std::string& text) {
  return fmt::format("{}{}\r\n{}\r\n", marker, text.size(), text);
}

inline std::string encode_elements(char marker, std::size_t length, const resp::Value& value, resp::Protocol protocol) {
  std::string bytes = fmt::format("{}{}\r\n", marker, length);
  for (const resp::Value& element : value.elements) bytes += encode(element, protocol);
  return bytes;
}

inline std::string encode(const resp::Value& value, resp::Protocol protocol) {
  const bool is_resp2 = protocol == resp::Protocol::kResp2;
  switch (value.type) {
    case resp::Type::kSimpleString:
      return fmt::format("+{}\r\n", value.text);
    case resp::Type::kError:
      return is_resp2 ? fmt::format("-{}\r\n", value.text) : encode_bulk('!', value.text);
    case resp::Type::kInteger:
      return fmt::format(":{}\r\n", value.integer);
    case resp::Type::kBulkString:
      return encode_bulk('$', value.text);
    case resp::Type::kNull:
      return is_resp2 ? "$-1\r\n" : "_\r\n";
    case resp::Type::kDouble:
      return fmt::format(",{}\r\n", value.text);
    case resp::Type::kBoolean:
      return value.integer == 1 ? "#t\r\n" : "#f\r\n";
    case resp::Type::kBigNumber:
      return fmt::format("({}\r\n", value.text);
    case resp::Type::kVerbatim:
      return encode_bulk('=', "txt:" + value.text);
    case resp::Type::kArray:
      return encode_elements('*', value.elements.size(), value, protocol);
    case resp::Type::kSet:
      return encode_elements('~', value.elements.size(), value, protocol);
    case resp::Type::kPush:
      return encode_elements('>', value.elements.size(), value, protocol);
    case resp::Type::kMap:
      return encode_elements('%', value.elements.size() / 2, value, protocol);
  }
  return {};
}

}  // namespace vedette::testing
