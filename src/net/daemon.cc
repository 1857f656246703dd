#include "net/daemon.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace vedette::net {
namespace {

constexpr char kServes = '+';

Error cannot(std::string_view what) {
  return Error{fmt::format("Can't {}: {}", what, std::generic_category().message(errno))};
}

std::string read_all(int fd) {
  std::string text;
  std::array<char, 4096> chunk;
  while (true) {
    const ssize_t size = ::read(fd, chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(size));
  }
}

[[noreturn]] void end_as_told(int child) {
  const std::string told = read_all(child);
  if (told == std::string_view(&kServes, 1)) std::_Exit(0);
  fmt::print(stderr, "{}\n", told.empty() ? "The sentinel ended before it served" : told);
  std::_Exit(1);
}

Status give_up_terminal() {
  if (::setsid() < 0) return cannot("start a session");
  const Descriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!nothing.valid()) return cannot("open /dev/null");
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::dup2(nothing.get(), stream) < 0) return cannot("give up the terminal");
  }
  return Ok{};
}

}  // namespace

Result<Daemon> Daemon::detach() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) < 0) return cannot("make a pipe");
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return cannot("fork");
  if (child > 0) {
    writing = Descriptor();
    end_as_told(reading.get());
  }
  if (const Status status = give_up_terminal(); !status) return status.error();
  return Daemon(std::move(writing));
}

void Daemon::serves() { tell({&kServes, 1}); }

void Daemon::fails(std::string_view reason) { tell(reason); }

void Daemon::tell(std::string_view what) {
  [[maybe_unused]] const auto written = ::write(parent_.get(), what.data(), what.size());
  parent_ = Descriptor();
}

}  // namespace vedette::net
