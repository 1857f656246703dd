#include "apps/demo/script.h"

#include <fmt/format.h>

#include <algorithm>

#include "apps/demo/audit.h"
#include "apps/demo/numbers.h"
#include "apps/demo/waterfall.h"
#include "base/text.h"
#include "base/version.h"
#include "net/clock.h"
#include "proto/names.h"

namespace vedette::demo {
namespace {

namespace event = proto::event;

constexpr Micros kTimeToLook = 1500ms;  // people want to see it run before it breaks, and after
constexpr std::size_t kOldPrimary = 0;  // among the servers

// The n-th word of an event's payload.
std::string_view word(const Report& report, std::size_t n) {
  const auto words = split(report.text, ' ');
  return n < words.size() ? words[n] : std::string_view();
}

}  // namespace

Status Script::play() {
  introduce();
  for (const auto scene :
       {&Script::gather, &Script::kill_primary, &Script::bring_back_old_primary, &Script::take_stock}) {
    if (Status played = (this->*scene)(); !played) return played;
  }
  if (options_.keep) return keep_running();
  screen_.blank();
  screen_.note(
      paint(screen_.style(), Colour::kDim, "With --keep all of it stays, to look around in it and to break more"));
  return Ok{};
}

void Script::introduce() {
  const Roster& roster = stage_.roster();
  screen_.blank();
  screen_.title(fmt::format("Vedette {}: a primary dies, and a replica takes its place", kVersion));
  screen_.blank();
  for (std::size_t i = 0; i < kSentinels; ++i) {
    screen_.legend(sentinel_lane(i), fmt::format("a Vedette, on port {}{}", roster.sentinels[i].port,
                                                 i == 0 ? "; it takes two of the three to agree" : ""));
  }
  screen_.legend(Lane::kWriter, "a client: asks the Vedettes for the primary and writes to it, key by key");
}

Status Script::gather() {
  const auto [a, b, c] = stage_.roster().servers;
  screen_.scene("1. They find each other");
  if (Status started = stage_.company().start_server(0, std::nullopt); !started) return started;
  for (std::size_t i = 0; i < kServers; ++i) stage_.watch(i).start();
  Status reached =
      stage_.await({fmt::format("redis-server {} to start", a), [this] { return stage_.watch(0).is_primary(); },
                    fmt::format("redis-server {} runs as the primary", a)});
  if (!reached) return reached;
  for (std::size_t i = 1; i < kServers; ++i) {
    if (Status started = stage_.company().start_server(i, a); !started) return started;
  }
  const auto follows = [this, primary = a](std::size_t server) { return stage_.watch(server).follows(primary); };
  reached = stage_.await({fmt::format("{} and {} to synchronise", b, c), [follows] { return follows(1) && follows(2); },
                          fmt::format("redis-server {} and {} follow it as replicas", b, c)});
  if (!reached) return reached;
  for (std::size_t i = 0; i < kSentinels; ++i) {
    if (Status started = stage_.company().start_sentinel(i); !started) return started;
  }
  reached = stage_.await({"the Vedettes to find the replicas and each other", [this] { return all_have_met(); },
                          fmt::format("A, B and C, told only of {}, have found the replicas and each other", a)});
  if (!reached) return reached;
  stage_.writer().start();
  reached =
      stage_.await({"W to find the primary", [this, primary = a] { return stage_.writer().writes_to() == primary; },
                    fmt::format("W has asked them for the primary and writes to {}", a)});
  return reached ? stage_.linger(kTimeToLook) : reached;
}

Status Script::kill_primary() {
  const std::uint16_t old_primary = stage_.roster().servers[kOldPrimary];
  screen_.scene(fmt::format("2. The primary {} is killed: kill -9", old_primary), "time since then");
  stage_.writer().watch_for_pauses();
  killed_at_ = stage_.start_clock();
  stage_.company().kill_server(kOldPrimary);
  Status reached = stage_.await_each({
      {fmt::format("two Vedettes to agree that {} is down", old_primary),
       [this] { return stage_.history().last(event::kOdown, killed_at_) != nullptr; }},
      {"one of them to be elected",
       [this] { return stage_.history().last(event::kElectedLeader, killed_at_) != nullptr; }},
      {"a replica to be promoted", [this] { return promoted() != 0; }},
      {"W to write again", [this] { return stage_.writer().writes_to() == promoted(); }},
      {"all Vedettes to know the new primary", [this] { return all_have_switched(); }},
      {"the other replica to follow the new primary", [this] { return new_order_holds(); }},
  });
  if (!reached) return reached;
  new_primary_ = promoted();
  pause_ = stage_.writer().longest_pause();
  reached = stage_.linger(kTimeToLook);
  if (!reached) return reached;
  screen_.done(fmt::format("All three name {}, the other replica follows it, and W writes to it", new_primary_));
  return Ok{};
}

Status Script::bring_back_old_primary() {
  const std::uint16_t old_primary = stage_.roster().servers[kOldPrimary];
  screen_.scene(fmt::format("3. {} comes back, and takes itself for the primary", old_primary), "time since then");
  const WallTime started_at = stage_.start_clock();
  if (Status started = stage_.company().start_server(kOldPrimary, std::nullopt); !started) return started;
  // That it serves as a primary before is not waited for: it may be over before it can be seen.
  Status reached = stage_.await({fmt::format("{} to become a replica of {}", old_primary, new_primary_),
                                 [this] { return stage_.watch(kOldPrimary).follows(new_primary_); }});
  if (!reached) return reached;
  rejoined_after_ = net::wall_now() - started_at;
  reached = stage_.linger(kTimeToLook);
  if (!reached) return reached;
  screen_.done(fmt::format("{} follows {} and has all its data", old_primary, new_primary_));
  return stage_.await({fmt::format("W to write to {}", new_primary_),
                       [this] { return new_order_holds() && stage_.writer().writes_to() == new_primary_; },
                       fmt::format("W writes to {}", new_primary_)});
}

Status Script::take_stock() {
  stage_.writer().stop();
  Audit audit(stage_.loop(), stage_.writer().acknowledged());
  audit.start(new_primary_);
  const Status read = stage_.await({"all acknowledged keys to be read back", [&audit] { return audit.done(); }});
  if (!read) return read;
  screen_.clear_status();
  screen_.scene(fmt::format("4. What it took, with a down-after of {}", in_millis(options_.down_after)));
  for (const std::string& line : draw_phases()) screen_.line(line);
  screen_.blank();
  tell_costs(audit.lost());
  return Ok{};
}

// The leader's own account, up to the client's first write.
std::vector<std::string> Script::draw_phases() const {
  const History& history = stage_.history();
  const Report& promotion = *history.last(event::kPromotedReplica, killed_at_);
  std::vector<Span> spans;
  WallTime end = killed_at_;
  const auto add = [&](Lane lane, std::string label, WallTime at) {
    spans.push_back({std::move(label), std::max(at - end, Millis{0}), colour_of(lane)});
    end = std::max(at, end);
  };
  const auto add_event = [&](std::string label, std::string_view name) {
    const Report* report = history.last_by(promotion.who, name, killed_at_);
    if (report != nullptr) add(promotion.who, std::move(label), report->at);
  };
  add_event("two find it down and agree", event::kOdown);
  add_event(fmt::format("{} is elected to lead", letter(promotion.who)), event::kElectedLeader);
  add_event(fmt::format("{} chooses {}", letter(promotion.who), new_primary_), event::kSelectedReplica);
  add_event(fmt::format("{} is the primary", new_primary_), event::kPromotedReplica);
  add(Lane::kWriter, "W writes again", pause_.end);
  return draw_waterfall(screen_.style(), spans, screen_.columns());
}

void Script::tell_costs(std::size_t lost) {
  const std::uint16_t old_primary = stage_.roster().servers[kOldPrimary];
  const Lane leader = stage_.history().last(event::kPromotedReplica, killed_at_)->who;
  const Micros detection = stage_.history().last_by(leader, event::kOdown, killed_at_)->at - killed_at_;
  screen_.fact(Colour::kBold, in_millis(pause_.length),
               fmt::format("without writes: {} to be certain, {} to repair it", in_millis(detection),
                           in_millis(pause_.length - detection)));
  screen_.fact(lost == 0 ? Colour::kGreen : Colour::kRed, grouped(static_cast<std::int64_t>(lost)),
               fmt::format("of {} lost{}", counted(stage_.writer().count(), "acknowledged write"),
                           lost == 0 ? "" : fmt::format(": {} died before it had passed them on", old_primary)));
  screen_.fact(Colour::kBold, in_millis(rejoined_after_),
               fmt::format("from the restart of {} until it followed {}", old_primary, new_primary_));
}

Status Script::keep_running() {
  const Roster& roster = stage_.roster();
  const auto server = std::find(roster.servers.begin(), roster.servers.end(), new_primary_) - roster.servers.begin();
  screen_.scene("Everything keeps running until you press Ctrl-C");
  screen_.note("Look around, or break more; it is told here:");
  screen_.blank();
  screen_.note(fmt::format("redis-cli -p {} sentinel master {}", roster.sentinels[0].port, kPrimaryName));
  screen_.note(fmt::format("redis-cli -p {} sentinel replicas {}", roster.sentinels[0].port, kPrimaryName));
  screen_.note(fmt::format("redis-cli -p {} sentinel failover {}", roster.sentinels[0].port, kPrimaryName));
  screen_.note(fmt::format("redis-cli -p {} info replication", new_primary_));
  screen_.note(
      fmt::format("kill -9 {}   # the primary", stage_.company().server_pid(static_cast<std::size_t>(server))));
  screen_.blank();
  stage_.writer().start();
  stage_.watch_freely();
  return stage_.await({"", [this] { return !stage_.interrupted_by().empty(); }});
}

// --- What is known ---

bool Script::all_have_met() const {
  for (std::size_t i = 0; i < kSentinels; ++i) {
    const Lane lane = sentinel_lane(i);
    if (stage_.history().distinct(lane, event::kReplicaFound) < kServers - 1) return false;
    if (stage_.history().distinct(lane, event::kSentinelFound) < kSentinels - 1) return false;
  }
  return true;
}

std::uint16_t Script::promoted() const {
  const Report* report = stage_.history().last(event::kPromotedReplica, killed_at_);
  return report == nullptr ? 0 : parse_integer<std::uint16_t>(word(*report, 3)).value_or(0);
}

bool Script::all_have_switched() const {
  for (std::size_t i = 0; i < kSentinels; ++i) {
    const Report* report = stage_.history().last_by(sentinel_lane(i), event::kSwitchPrimary, killed_at_);
    if (report == nullptr || word(*report, 4) != std::to_string(promoted())) return false;
  }
  return true;
}

bool Script::new_order_holds() const {
  for (std::size_t i = 0; i < kServers; ++i) {
    if (i == kOldPrimary) continue;
    const bool primary = stage_.roster().servers[i] == promoted();
    if (primary ? !stage_.watch(i).is_primary() : !stage_.watch(i).follows(promoted())) return false;
  }
  return true;
}

}  // namespace vedette::demo
