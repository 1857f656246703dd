// What is remembered of the data of each group, in comments of the state file: `# vedette: lineage ...`.
//
// Comments, since the original ignores them, and keeps them when it writes the file. So what they say may be outdated:
// it counts only together with the configuration epoch of which it is.
#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "conf/directives.h"
#include "conf/merge.h"
#include "conf/values.h"

namespace vedette::conf {
namespace {

constexpr std::string_view kNone = "-";

// Words: directive, name, epoch, id...
Result<Subject> read_lineage(Draft& draft, MonitoredPrimary& primary, Words words) {
  const auto epoch = read_epoch(words[2]);
  if (!epoch) return epoch.error();
  std::vector<std::string> histories;
  for (const std::string& word : words.subspan(3)) {
    if (word == kNone) {
      histories.emplace_back();
    } else if (auto id = parse_run_id(word)) {
      histories.push_back(std::move(id->hex));
    } else {
      return Error{shown(word) + " is not a replication id"};
    }
  }
  primary.histories = std::move(histories);
  draft.remembered[primary.name].epoch = *epoch;
  return lineage_subject(primary.name);
}

Result<RunId> read_id(const std::string& word) { return word == kNone ? RunId{} : parse_run_id(word); }

// Words: directive, name, host, port, run id, offset, keys, and the run id of who was there last if it was a stranger.
Result<KnownServer> read_known_server(const Draft& draft, Words words) {
  KnownServer server;
  auto address = draft.read_address(words[2], words[3]);
  if (!address) return address.error();
  server.address = *std::move(address);
  auto id = read_id(words[4]);
  if (!id) return id.error();
  server.run_id = *std::move(id);
  const auto offset = read_number(words[5], 0, UINT64_MAX);
  if (!offset) return offset.error();
  server.offset = *offset;
  if (words[6] != kNone) {
    const auto keys = read_number(words[6], 0, UINT64_MAX);
    if (!keys) return keys.error();
    server.keys = *keys;
  }
  if (words.size() == 7) return server;
  auto foreign = read_id(words[7]);
  if (!foreign) return foreign.error();
  server.foreign = *std::move(foreign);
  return server;
}

Result<Subject> read_last_known(Draft& draft, MonitoredPrimary& primary, Words words) {
  auto server = read_known_server(draft, words);
  if (!server) return server.error();
  auto& index = draft.remembered[primary.name].servers;
  Subject subject = last_known_subject(primary.name, server->address);
  if (const auto before = index.find(server->address); before != index.end()) {
    primary.known_servers[before->second] = *std::move(server);
    return subject;
  }
  if (index.size() >= kMaxKnownServers) {
    return Error{fmt::format("more than {} servers of {}", kMaxKnownServers, shown(primary.name))};
  }
  index.emplace(server->address, index.size());
  primary.known_servers.push_back(*std::move(server));
  return subject;
}

Result<Subject> read_upstream(Draft& draft, MonitoredPrimary& primary, Words words) {
  auto address = draft.read_address(words[2], words[3]);
  if (!address) return address.error();
  primary.upstream = *std::move(address);
  draft.remembered[primary.name];
  return upstream_subject(primary.name);
}

// What is said of a primary that is not there goes when the file is written, as all that belongs to a primary does.
template <auto Read>
Result<Subject> read_of_primary(Draft& draft, Words words) {
  if (MonitoredPrimary* primary = draft.primary_named(words[1])) return Read(draft, *primary, words);
  draft.ignore_comment(fmt::format("there is no primary {}", shown(words[1])));
  return unknown_subject(words[1]);
}

constexpr std::array<Directive, 3> kRememberedDirectives{{
    {"lineage", "<name> <epoch> <replication id>...", 2, 2 + kMaxHistories, read_of_primary<read_lineage>,
     Phase::kRemembered},
    {"last-known", "<name> <host> <port> <run id> <offset> <keys> [<run id of a stranger>]", 6, 7,
     read_of_primary<read_last_known>, Phase::kRemembered},
    {"upstream", "<name> <host> <port>", 3, 3, read_of_primary<read_upstream>, Phase::kRemembered},
}};

std::string and_others(std::size_t others) {
  return others == 0 ? std::string() : fmt::format(" and {} other{}", others, others == 1 ? "" : "s");
}

}  // namespace

std::span<const Directive> remembered_directives() { return kRememberedDirectives; }

void forget_outdated(Draft& draft) {
  std::string first;
  std::size_t outdated = 0;
  for (MonitoredPrimary& primary : draft.configuration.sentinel.primaries) {
    const auto remembered = draft.remembered.find(primary.name);
    if (remembered == draft.remembered.end() || remembered->second.epoch == primary.config_epoch) continue;
    take_remembered({}, primary);
    if (++outdated == 1) first = primary.name;
  }
  if (outdated == 0) return;
  draft.notes.push_back(
      fmt::format("What is remembered of the data of {}{} is of another configuration epoch than the file has, and "
                  "does not count",
                  shown(first), and_others(outdated - 1)));
}

}  // namespace vedette::conf
