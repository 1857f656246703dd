// The `sentinel ...` directives: of this sentinel, of its primaries, and its state.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ids.h"
#include "base/text.h"
#include "conf/directives.h"
#include "conf/values.h"

namespace vedette::conf {
namespace {

// --- Of this sentinel; words: directive, value -----------------------------------------------------------------------

template <auto Read, auto Member>
Result<Subject> read_global(Draft& draft, Words words) {
  auto value = Read(words[1]);
  if (!value) return value.error();
  draft.configuration.sentinel.*Member = *std::move(value);
  return global_subject(to_lower(words[0]));
}

// An announced address may be a name whatever the settings say: peers decide whether they can use it.
Result<std::string> read_announced_host(std::string_view word) {
  if (word.empty()) return std::string();
  return read_host(word, true);
}

// Epochs never go back, not even when a file has two lines.
void raise(Epoch& epoch, Epoch to) { epoch = std::max(epoch, to); }

Result<Subject> read_current_epoch(Draft& draft, Words words) {
  const auto epoch = read_epoch(words[1]);
  if (!epoch) return epoch.error();
  raise(draft.configuration.sentinel.current_epoch, *epoch);
  return global_subject("current-epoch");
}

// Part of what people configure, and never of the state.
Result<Subject> read_state_file(Draft& draft, Words words) {
  if (words[1].empty()) return Error{"the path of the state file is empty"};
  auto path = read_text(words[1]);
  if (!path) return path.error();
  draft.configuration.server.state_file = *std::move(path);
  return Subject{};
}

// --- Of a primary; words: directive, name, value... ------------------------------------------------------------------

// A line that does not count, see `Rank`, may surprise its author.
void note_if_differs(Draft& draft, const std::string& name, const MonitoredPrimary& read) {
  const auto counts = draft.find_primary(name);
  if (!counts || ((*counts)->address == read.address && (*counts)->quorum == read.quorum)) return;
  draft.notes.push_back(
      fmt::format("{} is monitored at {} with a quorum of {}, as the configuration file has it: a line "
                  "elsewhere that says otherwise does not count",
                  shown(name), to_string((*counts)->address), (*counts)->quorum));
}

// The primary is added before the rest is looked at, so that one mistake in its line is not reported again for each of
// its other lines.
Result<Subject> read_monitor(Draft& draft, Words words) {
  const auto name = read_primary_name(words[1]);
  if (!name) return name.error();
  const auto primary = draft.add_primary(*name);
  if (!primary) return primary.error();
  auto address = draft.read_address(words[2], words[3]);
  if (!address) return address.error();
  (*primary)->address = *std::move(address);
  const Status quorum = apply_primary_option(**primary, "quorum", words.subspan(4));
  if (!quorum) return Error{"the quorum " + quorum.error().message};
  note_if_differs(draft, *name, **primary);
  return option_subject(*name, "monitor");
}

Result<Subject> read_option(Draft& draft, Words words) {
  const auto primary = draft.find_primary(words[1]);
  if (!primary) return primary.error();
  const Status applied = apply_primary_option(**primary, words[0], words.subspan(2));
  if (!applied) return applied.error();
  return option_subject(words[1], find_primary_option(words[0])->name);
}

// `SENTINEL SET` unsets a script by an empty path; in a file it can only be a mistake.
Result<Subject> read_script(Draft& draft, Words words) {
  if (words[2].empty()) return Error{"the path of the script is empty"};
  auto subject = read_option(draft, words);
  if (subject && !draft.is_executable(words[2])) return Error{fmt::format("{}.", not_executable(words[0]))};
  return subject;
}

Result<Subject> read_renamed_command(Draft& draft, Words words) {
  const auto read = read_option(draft, words);
  if (!read) return read.error();
  Subject subject = command_subject(words[1], to_upper(words[2]));
  const auto claimed = draft.claim(subject.key, fmt::format("the renaming of {} for {}", words[2], words[1]));
  if (!claimed) return claimed.error();
  return subject;
}

// --- State of a primary ----------------------------------------------------------------------------------------------

template <auto Member>
Result<Subject> read_primary_epoch(Draft& draft, Words words) {
  const auto primary = draft.find_primary(words[1]);
  if (!primary) return primary.error();
  const auto epoch = read_epoch(words[2]);
  if (!epoch) return epoch.error();
  raise((*primary)->*Member, *epoch);
  return option_subject(words[1], to_lower(words[0]));
}

Result<Subject> read_known_replica(Draft& draft, Words words) {
  const auto primary = draft.find_primary(words[1]);
  if (!primary) return primary.error();
  auto address = draft.read_address(words[2], words[3]);
  if (!address) return address.error();
  Subject subject = replica_subject(words[1], *address);
  const auto claimed = draft.claim(subject.key, fmt::format("the replica {} of {}", to_string(*address), words[1]));
  if (!claimed) return claimed.error();
  if (*claimed) (*primary)->replicas.push_back({*std::move(address)});
  return subject;
}

Result<Subject> read_known_sentinel(Draft& draft, Words words) {
  const auto primary = draft.find_primary(words[1]);
  if (!primary) return primary.error();
  auto address = draft.read_address(words[2], words[3]);
  if (!address) return address.error();
  auto id = parse_run_id(words[4]);
  if (!id) return id.error();
  Subject subject = sentinel_subject(words[1], *id);
  const auto claimed = draft.claim(subject.key, fmt::format("the sentinel {} of {}", id->hex, words[1]));
  if (!claimed) return claimed.error();
  if (*claimed) (*primary)->sentinels.push_back({*std::move(address), *std::move(id)});
  return subject;
}

using Settings = SentinelSettings;
constexpr auto kOfPrimary = Phase::kPrimary;

constexpr std::array<Directive, 30> kSentinelDirectives{{
    {"myid", "<run id>", 1, 1, read_global<parse_run_id, &Settings::my_id>},
    {"current-epoch", "<epoch>", 1, 1, read_current_epoch},
    {"deny-scripts-reconfig", "yes|no", 1, 1, read_global<read_yes_no, &Settings::deny_scripts_reconfig>},
    {"resolve-hostnames", "yes|no", 1, 1, read_global<read_yes_no, &Settings::resolve_hostnames>},
    {"announce-hostnames", "yes|no", 1, 1, read_global<read_yes_no, &Settings::announce_hostnames>},
    {"announce-ip", "<host>", 1, 1, read_global<read_announced_host, &Settings::announce_ip>},
    {"announce-port", "<port>", 1, 1, read_global<read_bounded<std::uint16_t, 0, kMaxPort>, &Settings::announce_port>},
    {"sentinel-user", "<user>", 1, 1, read_global<read_text, &Settings::peer_user>},
    {"sentinel-pass", "<password>", 1, 1, read_global<read_secret, &Settings::peer_pass>},

    {"state-file", "<path>", 1, 1, read_state_file},

    {"monitor", "<name> <host> <port> <quorum>", 4, 4, read_monitor, Phase::kMonitor},

    {"down-after-milliseconds", "<name> <milliseconds>", 2, 2, read_option, kOfPrimary},
    {"fast-down-after-milliseconds", "<name> <milliseconds>", 2, 2, read_option, kOfPrimary},
    {"corroborate-with-replicas", "<name> yes|no", 2, 2, read_option, kOfPrimary},
    {"require-lineage", "<name> yes|no", 2, 2, read_option, kOfPrimary},
    {"relay", "<name> yes|no", 2, 2, read_option, kOfPrimary},
    {"failover-timeout", "<name> <milliseconds>", 2, 2, read_option, kOfPrimary},
    {"parallel-syncs", "<name> <number>", 2, 2, read_option, kOfPrimary},
    {"notification-script", "<name> <path>", 2, 2, read_script, kOfPrimary},
    {"client-reconfig-script", "<name> <path>", 2, 2, read_script, kOfPrimary},
    {"auth-pass", "<name> <password>", 2, 2, read_option, kOfPrimary},
    {"auth-user", "<name> <user>", 2, 2, read_option, kOfPrimary},
    {"rename-command", "<name> <command> <new name>", 3, 3, read_renamed_command, kOfPrimary},
    {"master-reboot-down-after-period", "<name> <milliseconds>", 2, 2, read_option, kOfPrimary},
    {"primary-reboot-down-after-period", "<name> <milliseconds>", 2, 2, read_option, kOfPrimary},

    {"config-epoch", "<name> <epoch>", 2, 2, read_primary_epoch<&MonitoredPrimary::config_epoch>, kOfPrimary},
    {"leader-epoch", "<name> <epoch>", 2, 2, read_primary_epoch<&MonitoredPrimary::leader_epoch>, kOfPrimary},
    {"known-replica", "<name> <ip> <port>", 3, 3, read_known_replica, Phase::kKnown},
    {"known-slave", "<name> <ip> <port>", 3, 3, read_known_replica, Phase::kKnown},
    {"known-sentinel", "<name> <ip> <port> <run id>", 4, 4, read_known_sentinel, Phase::kKnown},
}};

}  // namespace

std::span<const Directive> sentinel_directives() { return kSentinelDirectives; }

}  // namespace vedette::conf
