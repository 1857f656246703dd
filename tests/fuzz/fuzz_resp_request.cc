// Requests: however a stream is cut it gives the same, and a request can be written as an array or, quoted, inline.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/words.h"
#include "resp/request_decoder.h"
#include "resp/writer.h"
#include "tests/fuzz/fuzz_cuts.h"
#include "tests/support/pieces.h"

namespace vedette {
namespace {

using resp::RequestDecoder;
using testing::decode_in_pieces;
using Request = std::vector<std::string>;

constexpr resp::RequestLimits kTight{
    .max_inline_bytes = 20, .max_arguments = 4, .max_bulk_bytes = 30, .max_total_bytes = 200};
constexpr resp::RequestLimits kUnauthenticated{.authenticated = false};

bool gives(std::string_view bytes, const Request& request) {
  const auto decoded = decode_in_pieces(RequestDecoder(), bytes, {});
  return !decoded.error && decoded.items == std::vector<Request>{request};
}

void check_request(const Request& request) {
  VEDETTE_CHECK(!request.empty(), "a request has a command");
  std::string array;
  resp::append_request(array, request);
  VEDETTE_CHECK(gives(array, request), "a request survives writing");

  std::string line;
  for (const std::string& argument : request) line += quote_word(argument) + " ";
  if (line.size() > resp::RequestLimits{}.max_inline_bytes) return;
  VEDETTE_CHECK(gives(line + "\r\n", request), "a request survives quoting");
}

void check_stream(std::string_view stream) {
  for (const auto& limits : {resp::RequestLimits{}, kTight, kUnauthenticated}) {
    const auto whole = decode_in_pieces(RequestDecoder(limits), stream, {});
    for (const auto& cuts : fuzz::cuts_for(stream)) {
      VEDETTE_CHECK(decode_in_pieces(RequestDecoder(limits), stream, cuts) == whole, "cuts do not matter");
    }
    for (const Request& request : whole.items) check_request(request);
  }
}

}  // namespace
}  // namespace vedette

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  vedette::check_stream({reinterpret_cast<const char*>(data), size});
  return 0;
}
