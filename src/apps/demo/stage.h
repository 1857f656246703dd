// Everything that runs while the demo plays, and the waiting for it. What is done and what is waited for is in
// `script.h`.
//
// Waiting means running the loop until something holds; what happens meanwhile is told at once. Nothing is waited for
// beyond one deadline for all of it, and nothing when a process has died unexpectedly, a signal came, or nobody reads.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/demo/company.h"
#include "apps/demo/demo.h"
#include "apps/demo/history.h"
#include "apps/demo/output.h"
#include "apps/demo/role_watch.h"
#include "apps/demo/screen.h"
#include "apps/demo/story.h"
#include "apps/demo/timeline.h"
#include "apps/demo/writer.h"
#include "net/signals.h"

namespace vedette::demo {

class Stage {
 public:
  static constexpr Micros kPatience = 60s;  // for all of it, and four down-afters on top

  // Nothing is started yet; fails when something that is needed is missing.
  static Result<std::unique_ptr<Stage>> build(const Options& options, StandardOutput& output, Screen& screen);
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  net::asio::io_context& loop() { return loop_; }
  Screen& screen() { return screen_; }
  Company& company() { return *company_; }
  const Roster& roster() const { return company_->roster(); }
  RoleWatch& watch(std::size_t server) { return *watches_[server]; }
  Writer& writer() { return *writer_; }
  const History& history() const { return history_; }

  // From now on the reports are told, with the milliseconds since now, which is returned.
  WallTime start_clock();

  // Until the end: without a deadline. Deaths are told, not fatal, and after a quiet time the clock starts anew.
  void watch_freely();

  // --- Waiting ---
  struct Step {
    std::string awaited;  // "7001 to serve"
    std::function<bool()> holds;
    std::string done{};  // said then; empty: nothing
  };
  // The error says what was waited for in vain.
  Status await(const Step& step);
  Status await_each(const std::vector<Step>& steps);
  Status linger(Micros time);

  // The signal that ended the waiting, such as SIGINT; empty: none did.
  const std::string& interrupted_by() const { return interrupted_by_; }

 private:
  Stage(const Options& options, StandardOutput& output, Screen& screen);
  Status gather();

  // Fails when there is no sense in waiting any longer.
  Status look_around(const std::string& awaited);
  Status explain_timeout(const std::string& awaited) const;
  Status handle_loss(const Company::Loss& loss);
  void show_status(const std::string& awaited);
  void show_settled_beats();
  void take_log(Lane who, std::string_view line);
  void tell(Beat beat);

  const Options options_;
  StandardOutput& output_;
  Screen& screen_;
  net::asio::io_context loop_{1};
  net::Signals signals_;
  std::string interrupted_by_;

  const Instant started_at_;
  std::optional<Instant> deadline_;
  Instant looked_at_{};  // when processes were last checked, and the status was last drawn

  std::unique_ptr<Company> company_;
  std::optional<Story> story_;
  History history_;
  Timeline timeline_;
  std::array<std::unique_ptr<RoleWatch>, kServers> watches_;
  std::unique_ptr<Writer> writer_;

  std::optional<WallTime> zero_;  // where milliseconds are counted from; nullopt: beats are not told
  WallTime last_beat_at_{};
  bool free_ = false;
};

}  // namespace vedette::demo
