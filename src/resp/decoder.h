// Incremental decoders of RESP: bytes in, whole values out, however the bytes are cut.
//
// Both decoders work in bounded memory (see the limits), in time linear in the bytes fed, without recursion on the
// depth of untrusted input beyond kMaxDepth. After an error a decoder is dead: the stream has lost its framing and
// the connection must be closed. Bytes are only bytes here: no command is known.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "resp/value.h"

namespace vedette::resp {

// What an instance or a peer may send us as a reply. INFO of a primary with thousands of replicas is the largest.
struct ReplyLimits {
  std::size_t max_bulk_bytes = 16U << 20;   // one string
  std::size_t max_total_bytes = 32U << 20;  // one value with all that is in it
  std::size_t max_elements = 1U << 20;      // elements of one aggregate, and of the whole value
  std::size_t max_depth = 16;               // aggregates within aggregates
  std::size_t max_line_bytes = 64U << 10;   // a line: simple strings, numbers, headers
};

// Decodes replies (RESP2 and RESP3, pushes among them).
class ReplyDecoder {
 public:
  explicit ReplyDecoder(ReplyLimits limits = {});

  // Takes bytes from the connection. Amortised linear; what is decoded is not kept as bytes.
  void feed(std::string_view bytes);

  // The next whole value; nullopt when more bytes are needed; an error when the stream cannot be RESP or exceeds a
  // limit (the message says which). After an error every call returns that error.
  Result<std::optional<Value>> next();

 private:
  // (implementation's choice)
};

// What a client may send us as a request.
struct RequestLimits {
  std::size_t max_inline_bytes = 64U << 10;  // "ERR Protocol error: too big inline request"
  std::size_t max_arguments = 1U << 20;      // "ERR Protocol error: invalid multibulk length"
  std::size_t max_bulk_bytes = 512U << 20;   // "ERR Protocol error: invalid bulk length"
  std::size_t max_total_bytes = 1U << 30;
};

// Decodes requests: arrays of bulk strings, or inline commands (words with the quoting rules of Redis).
class RequestDecoder {
 public:
  explicit RequestDecoder(RequestLimits limits = {});

  // Limits may change between requests (they are stricter before authentication).
  void set_limits(RequestLimits limits);

  void feed(std::string_view bytes);

  // The next request's arguments (never empty: blank lines and empty arrays are skipped, as Redis does); nullopt when
  // more bytes are needed; the error text to send ("Protocol error: ...", without "ERR ") before closing.
  Result<std::optional<std::vector<std::string>>> next();

  // Bytes held back because a request is incomplete: what a slow or hostile client costs us.
  std::size_t buffered_bytes() const;
};

}  // namespace vedette::resp
