#include "sim/stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "sim/action.h"
#include "sim/duration.h"

namespace vedette::sim {
namespace {

constexpr Micros kLook{100'000};  // how often it is looked whether all is right

class Stage {
 public:
  Stage(const Scenario& scenario, const Trace::Show& show, Diagram* diagram)
      : scenario_(scenario),
        diagram_(diagram),
        counts_(scenario.expectations.size(), 0),
        world_(scenario.world, show, [this](std::string_view who, std::string_view what) { hear(who, what); }) {
    world_.watch_messages([this](const Process& from, const Process& to, std::string_view bytes) {
      see_message(from);
      if (diagram_ != nullptr) diagram_->sent(world_.queue().now(), from.name(), to.name(), bytes);
    });
  }

  Verdict play() {
    for (const Step& step : scenario_.steps) take(step);
    for (const Expectation& expectation : scenario_.expectations) {
      if (const auto* settled = std::get_if<SettledWithin>(&expectation.content)) await_settled(expectation, *settled);
    }
    verdict_.settled = !world_.unsettled();
    count_writes();
    judge();
    verdict_.trace_hash = world_.trace().hash();
    verdict_.last_lines.assign(world_.trace().last_lines().begin(), world_.trace().last_lines().end());
    return std::move(verdict_);
  }

 private:
  void fail(std::size_t line, const std::string& why) {
    if (!std::exchange(verdict_.passed, false)) return;
    verdict_.reason = line == 0 ? why : fmt::format("line {}: {}", line, why);
  }

  // --- What is heard and seen ---

  void hear(std::string_view who, std::string_view what) {
    if (diagram_ != nullptr) diagram_->said(world_.queue().now(), who, what);
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      const auto* said = std::get_if<Said>(&scenario_.expectations[i].content);
      if (said != nullptr && is_said(said->who, said->text, who, what)) ++counts_[i];
    }
    if (awaited_ == nullptr || pulled_by_) return;
    const auto* words = std::get_if<WhenSaid>(&awaited_->trigger);
    if (words != nullptr && is_said(words->who, words->text, who, what)) pulled_by_ = std::string(who);
  }

  static bool is_said(const std::string& who, const std::string& text, std::string_view by, std::string_view what) {
    return glob_matches(who, by) && glob_matches("*" + text + "*", what);
  }

  void see_message(const Process& from) {
    if (awaited_ == nullptr || pulled_by_) return;
    const auto* message = std::get_if<WhenMessage>(&awaited_->trigger);
    if (message != nullptr && ++messages_ >= message->number) pulled_by_ = from.name();
  }

  // --- Steps ---

  void take(const Step& step) {
    if (!verdict_.passed) return;
    const std::string by = await(step);
    if (!verdict_.passed || world_.broken()) return;
    std::vector<std::string> words = step.action;
    for (std::string& word : words) {
      if (word == "that") word = by;
    }
    if (const Status done = act(world_, words); !done) fail(step.line, done.error().message);
  }

  // Whoever pulled the trigger.
  std::string await(const Step& step) {
    const Instant now = world_.queue().now();
    if (const auto* at = std::get_if<At>(&step.trigger)) {
      world_.run_until(std::max(now, Instant{} + at->since_the_beginning));
    } else if (const auto* after = std::get_if<After>(&step.trigger)) {
      world_.run_until(now + after->pause);
    } else {
      awaited_ = &step;
      pulled_by_.reset();
      messages_ = 0;
      while (!pulled_by_ && world_.run_next(now + kStagePatience)) {
      }
      awaited_ = nullptr;
      if (!pulled_by_ && !world_.broken()) fail(step.line, "what this step is to follow never came");
    }
    return pulled_by_.value_or("");
  }

  // --- The end ---

  void await_settled(const Expectation& expectation, const SettledWithin& settled) {
    const Instant end = world_.queue().now() + settled.bound;
    std::optional<std::string> why = world_.unsettled();
    while (why && !world_.broken() && world_.queue().now() < end) {
      world_.run_until(world_.queue().now() + kLook);
      why = world_.unsettled();
    }
    if (why && !world_.broken()) fail(expectation.line, *why);
  }

  void count_writes() {
    for (Group& group : world_.groups()) {
      const WriteCount count = world_.count_writes(group);
      verdict_.lost_writes += count.lost;
      verdict_.longest_pause = std::max(verdict_.longest_pause, count.longest_pause);
    }
  }

  void judge() {
    const auto is_expected = [&](std::string_view who) {
      return std::any_of(scenario_.expectations.begin(), scenario_.expectations.end(), [&](const Expectation& one) {
        const auto* said = std::get_if<Said>(&one.content);
        return said != nullptr && said->who == who;
      });
    };
    verdict_.broken = world_.broken().has_value();
    if (verdict_.broken && !is_expected("BROKEN")) fail(0, *world_.broken());
    if (world_.checker().anomalies() > 0 && !is_expected("anomaly")) fail(0, "there was an anomaly of stock sentinels");
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      const Expectation& expectation = scenario_.expectations[i];
      const auto why = std::visit([&](const auto& content) { return unmet(content, counts_[i]); }, expectation.content);
      if (why) fail(expectation.line, fmt::format("'{}', but {}", expectation.text, *why));
    }
  }

  using Unmet = std::optional<std::string>;

  Unmet unmet(const SettledWithin&, std::size_t) const { return std::nullopt; }  // has been seen to

  Unmet unmet(const PrimaryIs& primary, std::size_t) const {
    for (const Group& group : world_.groups()) {
      const RedisServer* server = world_.primary_of(group);
      const bool is_it = server != nullptr && server->name() == primary.server;
      if (is_it) return primary.negated ? Unmet("it is") : std::nullopt;
    }
    return primary.negated ? std::nullopt : Unmet("it is not");
  }

  Unmet unmet(const Said& said, std::size_t count) const {
    if (count >= said.at_least && count <= said.at_most) return std::nullopt;
    return fmt::format("it was said {} times", count);
  }

  Unmet unmet(const CountAtMost& count, std::size_t) const {
    const std::int64_t actual = count_of(count.what);
    if (count.exactly ? actual == count.limit : actual <= count.limit) return std::nullopt;
    if (count.what == CountAtMost::What::kPauseInWrites) return "it was " + duration_text(Micros(actual));
    return fmt::format("there were {}", actual);
  }

  std::int64_t count_of(CountAtMost::What what) const {
    switch (what) {
      case CountAtMost::What::kElections:
        return static_cast<std::int64_t>(world_.checker().elections());
      case CountAtMost::What::kFailovers:
        return static_cast<std::int64_t>(world_.checker().configurations());
      case CountAtMost::What::kLostWrites:
        return static_cast<std::int64_t>(verdict_.lost_writes);
      case CountAtMost::What::kPauseInWrites:
        return verdict_.longest_pause.count();
    }
    return 0;
  }

  const Scenario& scenario_;
  Diagram* const diagram_;
  std::vector<std::size_t> counts_;  // of what each expectation waits to be said
  const Step* awaited_ = nullptr;
  std::optional<std::string> pulled_by_;
  std::uint64_t messages_ = 0;
  Verdict verdict_;
  World world_;
};

}  // namespace

Verdict play(const Scenario& scenario, const Trace::Show& show, Diagram* diagram) {
  return Stage(scenario, show, diagram).play();
}

}  // namespace vedette::sim
