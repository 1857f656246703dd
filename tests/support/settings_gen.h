// RapidCheck generators of sentinel settings, from small pools so that two of them have much in common.
#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conf/model.h"

namespace vedette::testing {

inline rc::Gen<std::string> password() { return rc::gen::arbitrary<std::string>(); }

// No control characters; blanks, quotes and whatever else there is.
inline rc::Gen<std::string> printable() {
  return rc::gen::container<std::string>(rc::gen::oneOf(rc::gen::inRange(' ', '\x7f'), rc::gen::inRange('\x80', '\xff'),
                                                        rc::gen::element('"', '\'', ' ')));
}

inline rc::Gen<Address> address() {
  return rc::gen::build<Address>(
      rc::gen::set(&Address::host, rc::gen::element<std::string>("10.0.0.1", "10.0.0.2", "::1", "db-1.example")),
      rc::gen::set(&Address::port, rc::gen::inRange<std::uint16_t>(1, 6)));
}

inline rc::Gen<RunId> run_id() {
  return rc::gen::map(rc::gen::element('a', 'b', '0', '7'), [](char c) { return RunId{std::string(40, c)}; });
}

inline rc::Gen<Epoch> epoch() {
  return rc::gen::map(rc::gen::oneOf(rc::gen::inRange<std::uint64_t>(0, 3), rc::gen::arbitrary<std::uint64_t>()),
                      [](std::uint64_t number) { return Epoch{number}; });
}

// The default as often as not, since that is a case of its own.
template <typename T>
rc::Gen<T> often(T usual, rc::Gen<T> other) {
  return rc::gen::oneOf(rc::gen::just(usual), std::move(other));
}

template <typename T>
rc::Gen<std::optional<T>> maybe(rc::Gen<T> value = rc::gen::arbitrary<T>()) {
  return often(std::optional<T>(), rc::gen::map(std::move(value), [](T some) { return std::optional<T>(some); }));
}

inline rc::Gen<Millis> period(Millis usual) {
  return often(usual, rc::gen::map(rc::gen::inRange<std::int64_t>(1, conf::kMaxPeriod.count() + 1),
                                   [](std::int64_t count) { return Millis(count); }));
}

// A handful of items that differ in their key, however small the pool of keys is.
template <typename Item, typename Key>
rc::Gen<std::vector<Item>> distinct(rc::Gen<Item> item, Key key) {
  constexpr std::size_t kMost = 5;
  const auto some = rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, kMost + 1), [item](std::size_t count) {
    return rc::gen::container<std::vector<Item>>(count, item);
  });
  return rc::gen::map(some, [key](const std::vector<Item>& items) {
    std::set<decltype(key(items.front()))> seen;
    std::vector<Item> kept;
    std::copy_if(items.begin(), items.end(), std::back_inserter(kept),
                 [&](const Item& candidate) { return seen.insert(key(candidate)).second; });
    return kept;
  });
}

inline rc::Gen<std::map<std::string, std::string>> renamed_commands() {
  using Renaming = std::pair<std::string, std::string>;
  return rc::gen::map(
      distinct(rc::gen::pair(rc::gen::element<std::string>("CONFIG", "SLAVEOF", "MULTI"),
                             rc::gen::element<std::string>("x", "y", "it's")),
               [](const Renaming& renaming) { return renaming.first; }),
      [](const std::vector<Renaming>& all) { return std::map<std::string, std::string>(all.begin(), all.end()); });
}

inline rc::Gen<std::vector<conf::KnownReplica>> replicas() {
  return distinct(rc::gen::map(address(), [](Address at) { return conf::KnownReplica{std::move(at)}; }),
                  [](const conf::KnownReplica& replica) { return replica.address; });
}

inline rc::Gen<std::vector<conf::KnownSentinel>> sentinels() {
  return distinct(rc::gen::build<conf::KnownSentinel>(rc::gen::set(&conf::KnownSentinel::address, address()),
                                                      rc::gen::set(&conf::KnownSentinel::id, run_id())),
                  [](const conf::KnownSentinel& sentinel) { return sentinel.id; });
}

// Some are empty, as that of a server that has told none.
inline rc::Gen<std::vector<std::string>> histories() {
  const auto id = often(std::string(), rc::gen::map(run_id(), [](const RunId& run) { return run.hex; }));
  return rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, conf::kMaxHistories + 1), [id](std::size_t count) {
    return often<std::vector<std::string>>({}, rc::gen::container<std::vector<std::string>>(count, id));
  });
}

inline rc::Gen<std::vector<conf::KnownServer>> known_servers() {
  using conf::KnownServer;
  const auto server = rc::gen::build<KnownServer>(
      rc::gen::set(&KnownServer::address, address()), rc::gen::set(&KnownServer::run_id, often(RunId{}, run_id())),
      rc::gen::set(&KnownServer::offset), rc::gen::set(&KnownServer::keys, maybe<std::uint64_t>()));
  return distinct(server, [](const KnownServer& known) { return known.address; });
}

inline rc::Gen<conf::MonitoredPrimary> monitored_primary() {
  using conf::MonitoredPrimary;
  const auto count = [] { return rc::gen::inRange<unsigned>(1, conf::kMaxCount); };
  return rc::gen::build<MonitoredPrimary>(
      rc::gen::set(&MonitoredPrimary::name, rc::gen::element<std::string>("m", "mymaster", "a/b", "caf\xc3\xa9")),
      rc::gen::set(&MonitoredPrimary::address, address()), rc::gen::set(&MonitoredPrimary::quorum, count()),
      rc::gen::set(&MonitoredPrimary::down_after, period(30000ms)),
      rc::gen::set(&MonitoredPrimary::failover_timeout, period(180000ms)),
      rc::gen::set(&MonitoredPrimary::parallel_syncs, often(1U, count())),
      rc::gen::set(&MonitoredPrimary::auth_user, printable()), rc::gen::set(&MonitoredPrimary::auth_pass, password()),
      rc::gen::set(&MonitoredPrimary::notification_script, printable()),
      rc::gen::set(&MonitoredPrimary::client_reconfig_script, printable()),
      rc::gen::set(&MonitoredPrimary::reboot_down_after, period(0ms)),
      rc::gen::set(&MonitoredPrimary::fast_down_after, period(0ms)),
      rc::gen::set(&MonitoredPrimary::corroborate_with_replicas), rc::gen::set(&MonitoredPrimary::require_lineage),
      rc::gen::set(&MonitoredPrimary::relay), rc::gen::set(&MonitoredPrimary::renamed_commands, renamed_commands()),
      rc::gen::set(&MonitoredPrimary::config_epoch, epoch()), rc::gen::set(&MonitoredPrimary::leader_epoch, epoch()),
      rc::gen::set(&MonitoredPrimary::replicas, replicas()), rc::gen::set(&MonitoredPrimary::sentinels, sentinels()),
      rc::gen::set(&MonitoredPrimary::histories, histories()),
      rc::gen::set(&MonitoredPrimary::known_servers, known_servers()),
      rc::gen::set(&MonitoredPrimary::upstream, maybe(address())));
}

// `user` lines, whose rules are not looked at.
inline rc::Gen<std::vector<std::vector<std::string>>> users() {
  const auto user = rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(password()));
  return distinct(user, [](const std::vector<std::string>& words) { return words[0]; });
}

// Host names are always allowed, since the addresses have some.
inline rc::Gen<conf::SentinelSettings> sentinel_settings() {
  using conf::SentinelSettings;
  const auto primaries =
      distinct(monitored_primary(), [](const conf::MonitoredPrimary& primary) { return primary.name; });
  return rc::gen::build<SentinelSettings>(
      rc::gen::set(&SentinelSettings::my_id, often(RunId{}, run_id())),
      rc::gen::set(&SentinelSettings::current_epoch, epoch()),
      rc::gen::set(&SentinelSettings::announce_ip, rc::gen::element<std::string>("", "10.0.0.9", "me.example")),
      rc::gen::set(&SentinelSettings::announce_port, often<std::uint16_t>(0, rc::gen::inRange<std::uint16_t>(1, 9))),
      rc::gen::set(&SentinelSettings::resolve_hostnames, rc::gen::just(true)),
      rc::gen::set(&SentinelSettings::announce_hostnames), rc::gen::set(&SentinelSettings::deny_scripts_reconfig),
      rc::gen::set(&SentinelSettings::peer_user, printable()), rc::gen::set(&SentinelSettings::peer_pass, password()),
      rc::gen::set(&SentinelSettings::primaries, primaries), rc::gen::set(&SentinelSettings::users, users()));
}

}  // namespace vedette::testing
