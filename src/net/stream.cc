#include "net/stream.h"

#include <algorithm>

namespace vedette::net {

void Stream::close() {
  error_code error;
  socket_.close(error);
}

Step Stream::read_socket(std::span<char> buffer) {
  Step step;
  step.size = socket_.read_some(asio::buffer(buffer.data(), buffer.size()), step.error);
  return step;
}

void PlainStream::took_head(std::size_t size, const error_code& error) {
  head_size_ = size;
  head_error_ = error;
}

// If the head was not filled there was no more.
Step PlainStream::read_some(std::span<char> buffer) {
  Step step{std::exchange(head_size_, 0), std::exchange(head_error_, {}), Socket::wait_read};
  std::copy_n(head_.begin(), step.size, buffer.begin());
  if (step.error || (step.size > 0 && step.size < head_.size())) return step;
  const Step rest = read_socket(buffer.subspan(step.size));
  step.size += rest.size;
  if (step.size == 0 || !rest.blocked()) step.error = rest.error;
  return step;
}

Step PlainStream::write_some(std::string_view bytes) {
  Step step;
  step.needs = Socket::wait_write;
  step.size = socket().write_some(asio::buffer(bytes), step.error);
  return step;
}

Step PlainStream::end_output() {
  Step step;
  socket().shutdown(Socket::shutdown_send, step.error);
  return step;
}

}  // namespace vedette::net
