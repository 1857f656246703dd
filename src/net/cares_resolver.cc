#include "net/cares_resolver.h"

#include <ares.h>
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/host.h"

namespace vedette::net {
namespace {

constexpr const char* kMachineSettings = "/etc/resolv.conf";

// Changes when the file does; empty if there is none.
std::string stamp_of(const char* path) {
  struct stat status {};
  if (stat(path, &status) != 0) return {};
  return fmt::format("{}.{}.{}.{}", status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

std::string text_of(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = address.sa_family == AF_INET
                          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(address).sin_addr)
                          : static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr);
  if (ares_inet_ntop(address.sa_family, bytes, text.data(), text.size()) == nullptr) return {};
  return canonical_ip(text.data()).value_or("");
}

std::vector<std::string> ips_of(const ares_addrinfo& found) {
  std::vector<std::string> ips;
  for (const ares_addrinfo_node* node = found.nodes; node != nullptr; node = node->ai_next) {
    std::string ip = text_of(*node->ai_addr);
    if (!ip.empty() && std::find(ips.begin(), ips.end(), ip) == ips.end()) ips.push_back(std::move(ip));
  }
  return ips;
}

}  // namespace

struct CaresResolver::Question {
  CaresResolver& resolver;
  std::string name;
};

// A socket of c-ares, which opens and closes it.
struct CaresResolver::Watch {
  Watch(asio::io_context& loop, int socket) : descriptor(loop, socket) {}
  ~Watch() { descriptor.release(); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  asio::posix::stream_descriptor descriptor;
  bool readable = false;  // what c-ares waits for
  bool writable = false;
  bool waits_to_read = false;  // what the loop has been asked for
  bool waits_to_write = false;
};

CaresResolver::CaresResolver(asio::io_context& loop, ResolverSettings settings, Answer answer)
    : loop_(loop), settings_(std::move(settings)), answer_(std::move(answer)), alarm_(loop) {
  ares_library_init(ARES_LIB_INIT_ALL);
}

CaresResolver::~CaresResolver() {
  close();
  ares_library_cleanup();
}

Status CaresResolver::open() {
  ares_options options{};
  options.timeout = static_cast<int>(to_millis(settings_.timeout));
  options.tries = settings_.tries;
  options.sock_state_cb_data = this;
  options.sock_state_cb = [](void* self, int socket, int readable, int writable) {
    static_cast<CaresResolver*>(self)->watch(socket, readable != 0, writable != 0);
  };
  int status = ares_init_options(&channel_, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB);
  if (status != ARES_SUCCESS) {
    channel_ = nullptr;
    return Error{ares_strerror(status)};
  }
  if (settings_.name_servers.empty()) return Ok{};
  status = ares_set_servers_ports_csv(channel_, settings_.name_servers.c_str());
  if (status != ARES_SUCCESS) return Error{ares_strerror(status)};
  return Ok{};
}

// Questions that are under way end here, unanswered.
void CaresResolver::close() {
  if (channel_ != nullptr) ares_destroy(std::exchange(channel_, nullptr));
  watches_.clear();
}

void CaresResolver::follow_machine() {
  const std::string stamp = stamp_of(kMachineSettings);
  if (std::exchange(machine_stamp_, stamp) != stamp) close();
}

void CaresResolver::resolve(const std::string& name) {
  if (under_way_++ == 0) follow_machine();
  auto question = std::make_unique<Question>(Question{*this, name});
  if (channel_ == nullptr) {
    if (const Status opened = open(); !opened) return finish(*question, opened.error());
  }
  ares_addrinfo_hints hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  const auto answered = [](void* data, int status, int, ares_addrinfo* found) {
    const std::unique_ptr<Question> asked(static_cast<Question*>(data));
    if (status == ARES_EDESTRUCTION) return;
    Result<std::vector<std::string>> ips = Error{ares_strerror(status)};
    if (status == ARES_ENOTFOUND || status == ARES_ENODATA) ips = std::vector<std::string>{};
    if (status == ARES_SUCCESS && found != nullptr) ips = ips_of(*found);
    if (found != nullptr) ares_freeaddrinfo(found);
    asked->resolver.finish(*asked, std::move(ips));
  };
  ares_getaddrinfo(channel_, name.c_str(), nullptr, &hints, answered, question.release());
  set_alarm();
}

void CaresResolver::finish(const Question& question, Result<std::vector<std::string>> ips) {
  asio::post(loop_, [this, life = std::weak_ptr<int>(life_), name = question.name, ips = std::move(ips)] {
    if (life.expired()) return;
    --under_way_;
    answer_(name, ips);
  });
}

void CaresResolver::watch(int socket, bool readable, bool writable) {
  if (!readable && !writable) {
    if (const auto watched = watches_.find(socket); watched != watches_.end()) {
      watched->second->descriptor.release();  // now, since its number may be used again as soon as it is closed
      watches_.erase(watched);
    }
    return;
  }
  auto& watch = watches_[socket];
  if (!watch) watch = std::make_shared<Watch>(loop_, socket);
  watch->readable = readable;
  watch->writable = writable;
  wait(watch, false);
  wait(watch, true);
}

void CaresResolver::wait(const std::shared_ptr<Watch>& watch, bool for_writing) {
  const bool wanted = for_writing ? watch->writable : watch->readable;
  bool& waits = for_writing ? watch->waits_to_write : watch->waits_to_read;
  if (!wanted || std::exchange(waits, true)) return;
  const auto kind =
      for_writing ? asio::posix::stream_descriptor::wait_write : asio::posix::stream_descriptor::wait_read;
  watch->descriptor.async_wait(kind, [this, for_writing, weak = std::weak_ptr<Watch>(watch)](const error_code& error) {
    const auto still = weak.lock();
    if (error || !still) return;
    (for_writing ? still->waits_to_write : still->waits_to_read) = false;
    const int socket = still->descriptor.native_handle();
    process(for_writing ? ARES_SOCKET_BAD : socket, for_writing ? socket : ARES_SOCKET_BAD);
    if (const auto watched = watches_.find(socket); watched != watches_.end()) wait(watched->second, for_writing);
  });
}

void CaresResolver::process(int readable, int writable) {
  ares_process_fd(channel_, readable, writable);
  set_alarm();
}

void CaresResolver::set_alarm() {
  timeval left{};
  if (channel_ == nullptr || ares_timeout(channel_, nullptr, &left) == nullptr) {
    alarm_.cancel();
    return;
  }
  alarm_.expires_after(Seconds(left.tv_sec) + Micros(left.tv_usec));
  alarm_.async_wait([this, life = std::weak_ptr<int>(life_)](const error_code& error) {
    if (!error && !life.expired() && channel_ != nullptr) process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  });
}

}  // namespace vedette::net
