#include "apps/sim/runner.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "apps/sim/report.h"
#include "sim/finding.h"

namespace vedette::apps {
namespace {

constexpr int kProgressPeriodMillis = 200;
constexpr unsigned kMaxJobs = 256;
constexpr unsigned kMaxShrinkingRuns = 400;

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

// Of each job, how far it is: shared by all processes.
class SharedProgress {
 public:
  SharedProgress() {
    void* memory = mmap(nullptr, kMaxJobs * sizeof(Counter), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    counters_ = static_cast<Counter*>(memory);
  }
  ~SharedProgress() { munmap(counters_, kMaxJobs * sizeof(Counter)); }
  SharedProgress(const SharedProgress&) = delete;
  SharedProgress& operator=(const SharedProgress&) = delete;

  void set(unsigned job, Micros simulated) { counters_[job].store(simulated.count(), std::memory_order_relaxed); }
  Micros sum() const {
    std::int64_t total = 0;
    for (unsigned i = 0; i < kMaxJobs; ++i) total += counters_[i].load(std::memory_order_relaxed);
    return Micros{total};
  }

 private:
  using Counter = std::atomic<std::int64_t>;  // zero to begin with, as the memory is
  Counter* counters_ = nullptr;
};

// A process that lives through one seed. What it writes: its figures, then its text.
struct Job {
  std::uint64_t seed = 0;
  unsigned slot = 0;
  pid_t pid = 0;
  std::string output;
};

class Runner {
 public:
  explicit Runner(const RunnerSettings& settings) : settings_(settings), next_seed_(settings.first_seed) {
    jobs_wanted_ = settings.jobs != 0 ? settings.jobs : std::max(1U, std::thread::hardware_concurrency());
    jobs_wanted_ = std::min(jobs_wanted_, kMaxJobs);
    for (unsigned slot = jobs_wanted_; slot-- > 0;) free_slots_.push_back(slot);
  }

  int run() {
    print(describe_parameters(settings_.campaign, settings_.json));
    while (true) {
      while (may_start()) start();
      if (jobs_.empty()) break;
      wait();
    }
    show_progress(true);
    if (seeds_done_ > 1) print(describe_total(total_, seconds_since(begin_), settings_.json));
    return status_;
  }

 private:
  bool may_start() const {
    const bool stops = status_ != 0 && !settings_.keep_going;
    return !stops && !free_slots_.empty() && seeds_started_ <= settings_.last_seed - settings_.first_seed;
  }

  void start() {
    int ends[2];
    std::fflush(stdout);
    if (pipe(ends) != 0) throw std::runtime_error("no pipe for one more campaign");
    Job job;
    job.seed = next_seed_++;
    ++seeds_started_;
    job.slot = free_slots_.back();
    free_slots_.pop_back();
    job.pid = fork();
    if (job.pid < 0) throw std::runtime_error("no process for one more campaign");
    if (job.pid == 0) {
      close(ends[0]);
      live(job, ends[1]);
    }
    close(ends[1]);
    jobs_[ends[0]] = job;
  }

  // In the process of the job; does not return.
  [[noreturn]] void live(const Job& job, int out) {
    const auto begin = Clock::now();
    sim::CampaignSettings campaign = settings_.campaign;
    campaign.world.seed = job.seed;
    const sim::Trace::Show show = [](const sim::Trace::Line& line) { fmt::print("{}\n", line.text); };
    const sim::CampaignReport report = run_campaign(campaign, settings_.trace ? show : sim::Trace::Show{},
                                                    [&](Micros simulated) { progress_.set(job.slot, simulated); });
    std::fflush(stdout);
    std::string output(sizeof report.figures, '\0');
    std::memcpy(output.data(), &report.figures, sizeof report.figures);
    output += describe_seed(job.seed, report, seconds_since(begin), settings_.json);
    if (report.outcome != sim::Outcome::kWell && !settings_.shrink_to.empty()) {
      output += write_down(sim::finding_of(campaign, report));
    }
    for (std::size_t sent = 0; sent < output.size();) {
      const ssize_t count = write(out, output.data() + sent, output.size() - sent);
      if (count < 0) _exit(kStatusCrash);
      sent += static_cast<std::size_t>(count);
    }
    _exit(status_of(report.outcome));
  }

  // The finding as a scenario, as short as it can be made.
  std::string write_down(sim::Finding finding) const {
    const std::size_t deeds = finding.deeds.size();
    finding = shrink(std::move(finding), kMaxShrinkingRuns);
    std::ofstream(settings_.shrink_to, std::ios::trunc) << scenario_text(finding);
    return fmt::format("\n{} of {} deeds suffice, see {}", finding.deeds.size(), deeds, settings_.shrink_to);
  }

  static int status_of(sim::Outcome outcome) {
    if (outcome == sim::Outcome::kInvariantBroken) return kStatusInvariantBroken;
    return outcome == sim::Outcome::kNoProgress ? kStatusNoProgress : 0;
  }

  void wait() {
    std::vector<pollfd> waiting;
    for (const auto& [descriptor, job] : jobs_) waiting.push_back({descriptor, POLLIN, 0});
    poll(waiting.data(), waiting.size(), kProgressPeriodMillis);
    for (const pollfd& ready : waiting) {
      if (ready.revents != 0) read_from(ready.fd);
    }
    show_progress(false);
  }

  void read_from(int descriptor) {
    Job& job = jobs_.at(descriptor);
    char buffer[1 << 16];
    const ssize_t count = read(descriptor, buffer, sizeof buffer);
    if (count > 0) {
      job.output.append(buffer, static_cast<std::size_t>(count));
    } else {
      close(descriptor);
      finish(job);
      jobs_.erase(descriptor);
    }
  }

  void finish(const Job& job) {
    int how = 0;
    waitpid(job.pid, &how, 0);
    progress_.set(job.slot, Micros{0});
    free_slots_.push_back(job.slot);
    ++seeds_done_;
    sim::Figures figures;
    const bool crashed = !WIFEXITED(how) || job.output.size() < sizeof figures;
    status_ = std::max(status_, crashed ? kStatusCrash : WEXITSTATUS(how));
    if (crashed) return print(crash_text(job.seed));
    std::memcpy(&figures, job.output.data(), sizeof figures);
    total_.add(figures);
    print(job.output.substr(sizeof figures));
  }

  std::string crash_text(std::uint64_t seed) const {
    if (settings_.json) return fmt::format(R"({{"seed":{},"outcome":"crash"}})", seed);
    return fmt::format("seed {}: CRASHED", seed);
  }

  void print(const std::string& text) {
    clear_progress();
    fmt::print("{}\n", text);
    std::fflush(stdout);
  }

  void clear_progress() {
    if (shows_progress_) fmt::print(stderr, "\r\x1b[K");
  }

  void show_progress(bool end) {
    if (!shows_progress_) return;
    const Micros simulated = total_.simulated + progress_.sum();
    const double hours = std::chrono::duration<double, std::ratio<3600>>(simulated).count();
    const double wanted = std::chrono::duration<double, std::ratio<3600>>(settings_.campaign.duration).count() *
                          static_cast<double>(settings_.last_seed - settings_.first_seed + 1);
    clear_progress();
    if (end) return;
    const auto filled = static_cast<std::size_t>(std::min(1.0, hours / wanted) * 30);
    fmt::print(stderr, "[{}{}] {:.1f} of {:.1f} simulated h, {:.2f} h/s, {} failovers", std::string(filled, '#'),
               std::string(30 - filled, ' '), hours, wanted, hours / seconds_since(begin_), total_.failovers);
    std::fflush(stderr);
  }

  const RunnerSettings settings_;
  const Clock::time_point begin_ = Clock::now();
  const bool shows_progress_ = isatty(STDERR_FILENO) != 0 && !settings_.trace;
  SharedProgress progress_;
  unsigned jobs_wanted_ = 1;
  std::vector<unsigned> free_slots_;
  std::map<int, Job> jobs_;  // by the descriptor that it is heard through
  std::uint64_t next_seed_;
  std::uint64_t seeds_started_ = 0;
  std::uint64_t seeds_done_ = 0;
  sim::Figures total_;
  int status_ = 0;
};

}  // namespace

int run_seeds(const RunnerSettings& settings) { return Runner(settings).run(); }

}  // namespace vedette::apps
