// Writes RESP replies in the protocol version that the client chose, and requests to instances.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace vedette::resp {

enum class Protocol : std::uint8_t { kResp2 = 2, kResp3 = 3 };

// Appends replies to a string. Aggregates are written as a header, followed by exactly that many values.
class Writer {
 public:
  Writer(std::string& out, Protocol protocol) : out_(&out), protocol_(protocol) {}

  Protocol protocol() const { return protocol_; }

  void simple(std::string_view text);  // +text ; CR and LF in the text become blanks
  void error(std::string_view text);   // -text ; the text starts with its code, such as "ERR"; CR/LF become blanks
  void integer(std::int64_t number);
  void number(double number);  // RESP2: bulk  RESP3: ,number
  void bulk(std::string_view text);
  void null();                           // RESP2: $-1   RESP3: _
  void null_array();                     // RESP2: *-1   RESP3: _
  void verbatim(std::string_view text);  // RESP2: bulk  RESP3: =txt:
  void boolean(bool value);              // RESP2: :0/:1 RESP3: #t/#f
  void array(std::size_t length);
  void map(std::size_t pairs);    // RESP2: array of 2*pairs
  void set(std::size_t length);   // RESP2: array
  void push(std::size_t length);  // RESP2: array

 private:
  std::string* out_;
  Protocol protocol_;
};

// Appends one request as an array of bulk strings.
void append_request(std::string& out, std::span<const std::string> arguments);

}  // namespace vedette::resp
