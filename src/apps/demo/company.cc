#include "apps/demo/company.h"

#include <fmt/format.h>

#include <utility>

#include "net/files.h"
#include "net/process_info.h"
#include "net/random.h"

namespace vedette::demo {
namespace {

constexpr std::string_view kRedisServer = "redis-server";
constexpr Millis kFailoverTimeout{10'000};

}  // namespace

Result<std::unique_ptr<Company>> Company::gather(net::asio::io_context& loop, Millis down_after, OnLog on_log) {
  std::string redis_server = find_program(kRedisServer);
  if (redis_server.empty()) {
    return Error{
        "redis-server is not installed, and there is nothing to watch without it. On Debian and Ubuntu:\n\n"
        "    sudo apt-get install redis-server\n"};
  }
  auto workspace = Workspace::create();
  if (!workspace) return workspace.error();
  auto ports = Ports::claim(kServers, kSentinels);
  if (!ports) return ports.error();
  std::unique_ptr<Company> company(
      new Company(loop, *std::move(workspace), *std::move(ports), down_after, std::move(on_log)));
  company->redis_server_ = std::move(redis_server);
  return company;
}

Company::Company(net::asio::io_context& loop, Workspace workspace, Ports ports, Millis down_after, OnLog on_log)
    : loop_(loop),
      workspace_(std::move(workspace)),
      ports_(std::move(ports)),
      down_after_(down_after),
      on_log_(std::move(on_log)) {
  for (std::size_t i = 0; i < kServers; ++i) roster_.servers[i] = ports_.server(i);
  for (std::size_t i = 0; i < kSentinels; ++i) roster_.sentinels[i] = {net::random_run_id(), ports_.sentinel(i)};
}

Status Company::start_server(std::size_t index, std::optional<std::uint16_t> primary) {
  const std::string port = std::to_string(roster_.servers[index]);
  const auto directory = workspace_.subdirectory("server-" + port);
  if (!directory) return directory.error();
  const std::string host(kHost);
  std::vector<std::string> arguments{
      std::string(kRedisServer),    "--port", port, "--bind", host, "--save", "", "--appendonly", "no",
      "--repl-diskless-sync-delay", "0"};
  if (primary) arguments.insert(arguments.end(), {"--replicaof", host, std::to_string(*primary)});
  auto process = Process::start(loop_, {redis_server_, arguments, *directory}, [](std::string_view) {});
  if (!process) return process.error();
  servers_[index] = *std::move(process);
  return Ok{};
}

std::string Company::sentinel_conf(std::size_t index) const {
  const Roster::Sentinel& sentinel = roster_.sentinels[index];
  return fmt::format(
      "port {port}\n"
      "bind {host}\n"
      "sentinel myid {id}\n"
      "sentinel monitor {name} {host} {primary} {quorum}\n"
      "sentinel down-after-milliseconds {name} {down_after}\n"
      "sentinel failover-timeout {name} {failover_timeout}\n"
      "sentinel parallel-syncs {name} 1\n",
      fmt::arg("port", sentinel.port), fmt::arg("host", kHost), fmt::arg("id", sentinel.id.hex),
      fmt::arg("name", kPrimaryName), fmt::arg("primary", roster_.servers[0]), fmt::arg("quorum", kQuorum),
      fmt::arg("down_after", down_after_.count()), fmt::arg("failover_timeout", kFailoverTimeout.count()));
}

Status Company::start_sentinel(std::size_t index) {
  const Lane lane = sentinel_lane(index);
  const auto directory = workspace_.subdirectory(fmt::format("sentinel-{}", letter(lane)));
  if (!directory) return directory.error();
  const std::string conf = *directory + "/sentinel.conf";
  if (Status written = net::replace_file(conf, sentinel_conf(index)); !written) return written;
  auto process = Process::start(loop_, {net::executable_path(), {"vedette", conf}, *directory},
                                [this, lane](std::string_view line) { on_log_(lane, line); });
  if (!process) return process.error();
  sentinels_[index] = *std::move(process);
  return Ok{};
}

void Company::kill_server(std::size_t index) { servers_[index].reset(); }

std::vector<std::string> Company::last_lines_of_sentinel(std::size_t index) const {
  return sentinels_[index] ? sentinels_[index]->last_lines() : std::vector<std::string>();
}

std::optional<Company::Loss> Company::check(std::unique_ptr<Process>& process, const std::string& name) {
  if (!process || process->running()) return std::nullopt;
  // What it said last may still be in its pipe.
  loop_.restart();
  loop_.run_for(50ms);
  Loss loss{fmt::format("{} {}", name, process->describe_end()), process->last_lines()};
  process.reset();
  return loss;
}

std::optional<Company::Loss> Company::find_loss() {
  for (std::size_t i = 0; i < kServers; ++i) {
    if (auto loss = check(servers_[i], fmt::format("{} {}", kRedisServer, roster_.servers[i]))) return loss;
  }
  for (std::size_t i = 0; i < kSentinels; ++i) {
    if (auto loss = check(sentinels_[i], fmt::format("Vedette {}", letter(sentinel_lane(i))))) return loss;
  }
  return std::nullopt;
}

}  // namespace vedette::demo
