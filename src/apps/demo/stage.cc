#include "apps/demo/stage.h"

#include <fmt/format.h>

#include <utility>

#include "apps/demo/numbers.h"
#include "base/text.h"
#include "net/clock.h"

namespace vedette::demo {
namespace {

constexpr Micros kLookPeriod = 80ms;
constexpr Micros kQuietTime = 3s;  // what comes after this is another story

}  // namespace

Result<std::unique_ptr<Stage>> Stage::build(const Options& options, StandardOutput& output, Screen& screen) {
  std::unique_ptr<Stage> stage(new Stage(options, output, screen));
  if (Status gathered = stage->gather(); !gathered) return gathered.error();
  return stage;
}

Stage::Stage(const Options& options, StandardOutput& output, Screen& screen)
    : options_(options),
      output_(output),
      screen_(screen),
      signals_(loop_, {.terminate = [this](std::string_view name) { interrupted_by_ = name; },
                       .reload = [this] { interrupted_by_ = "SIGHUP"; }}),
      started_at_(net::monotonic_now()),
      deadline_(started_at_ + kPatience + 4 * options.down_after) {}

Status Stage::gather() {
  auto company =
      Company::gather(loop_, options_.down_after, [this](Lane who, std::string_view line) { take_log(who, line); });
  if (!company) return company.error();
  company_ = *std::move(company);
  story_.emplace(roster());
  for (std::size_t i = 0; i < kServers; ++i) watches_[i] = std::make_unique<RoleWatch>(loop_, roster().servers[i]);
  writer_ = std::make_unique<Writer>(loop_, roster(), [this](Beat beat) { tell(std::move(beat)); });
  return Ok{};
}

WallTime Stage::start_clock() {
  zero_ = net::wall_now();
  last_beat_at_ = *zero_;
  return *zero_;
}

void Stage::watch_freely() {
  start_clock();
  free_ = true;
  deadline_.reset();
}

// --- Waiting ---

Status Stage::await(const Step& step) {
  while (!step.holds()) {
    if (Status sensible = look_around(step.awaited); !sensible) return sensible;
    loop_.restart();
    loop_.run_one_for(10ms);
    show_settled_beats();
  }
  if (!step.done.empty()) screen_.done(step.done);
  return Ok{};
}

Status Stage::await_each(const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    if (Status reached = await(step); !reached) return reached;
  }
  return Ok{};
}

Status Stage::linger(Micros time) {
  const Instant end = net::monotonic_now() + time;
  return await({"", [end] { return net::monotonic_now() >= end; }});
}

Status Stage::look_around(const std::string& awaited) {
  if (!interrupted_by_.empty()) return Error{"interrupted by " + interrupted_by_};
  if (output_.closed()) return Error{"nobody reads the output any more"};
  const Instant now = net::monotonic_now();
  if (now - looked_at_ < kLookPeriod) return Ok{};
  looked_at_ = now;
  if (deadline_ && now > *deadline_) return explain_timeout(awaited);
  if (const auto loss = company_->find_loss()) return handle_loss(*loss);
  show_status(awaited);
  return Ok{};
}

Status Stage::explain_timeout(const std::string& awaited) const {
  std::string message = fmt::format("gave up after {}, waiting for {}", in_seconds(net::monotonic_now() - started_at_),
                                    awaited.empty() ? "the time to pass" : awaited);
  for (std::size_t i = 0; i < kSentinels; ++i) {
    message += fmt::format("\nThe last lines of Vedette {}:", letter(sentinel_lane(i)));
    for (const std::string& line : company_->last_lines_of_sentinel(i)) message += "\n  " + escape_controls(line);
  }
  return Error{std::move(message)};
}

Status Stage::handle_loss(const Company::Loss& loss) {
  if (free_) {
    tell({.at = net::wall_now(), .lane = Lane::kNobody, .weight = Weight::kHarm, .sentence = loss.what});
    return Ok{};
  }
  std::string message = loss.what + (loss.last_lines.empty() ? ", without a word" : ". Its last lines:");
  for (const std::string& line : loss.last_lines) message += "\n  " + escape_controls(line);
  return Error{std::move(message)};
}

// --- Telling ---

void Stage::show_status(const std::string& awaited) {
  const std::uint16_t port = writer_->writes_to();
  const std::size_t rate = writer_->writes_per_second(net::monotonic_now());
  std::string text = in_seconds(net::monotonic_now() - started_at_);
  if (writer_->count() > 0) {
    text += port == 0 ? "   W: no primary to write to" : fmt::format("   W: {} writes/s to {}", rate, port);
  }
  if (!awaited.empty()) text += "   waiting for " + awaited;
  screen_.status(text);
}

void Stage::show_settled_beats() {
  for (const Beat& beat : timeline_.take_settled(net::wall_now())) {
    if (free_ && beat.at - last_beat_at_ > kQuietTime + options_.down_after) {
      zero_ = beat.at;
      screen_.blank();
    }
    last_beat_at_ = beat.at;
    screen_.beat(beat, *zero_);
  }
}

void Stage::take_log(Lane who, std::string_view line) {
  auto report = parse_report(who, line);
  if (!report) return;
  if (auto beat = story_->tell(*report)) tell(*std::move(beat));
  history_.add(*std::move(report));
}

void Stage::tell(Beat beat) {
  if (zero_) timeline_.add(std::move(beat));
}

}  // namespace vedette::demo
