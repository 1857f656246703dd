// Turns what sentinels report into sentences for people. Knows nothing of screens and of time.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "apps/demo/beat.h"
#include "apps/demo/candidates.h"
#include "apps/demo/report.h"
#include "apps/demo/roster.h"

namespace vedette::demo {

class Story {
 public:
  explicit Story(const Roster& roster) : roster_(roster) {}

  // Nullopt for what is not worth a line. The reports of one sentinel must come in their order: the reasons for a
  // choice precede it.
  std::optional<Beat> tell(const Report& report);

 private:
  struct Telling {
    Weight weight;
    std::string sentence;
  };

  std::optional<Telling> tell_event(const Report& report);
  std::optional<Telling> tell_sentence(const Report& report);
  Telling tell_vote(const Report& report) const;
  std::string name_of(std::string_view kind, std::string_view run_id, std::string_view port) const;

  const Roster& roster_;
  std::array<std::vector<Candidate>, kSentinels> candidates_;
  bool silence_told_ = false;  // by the first who finds the primary down: the others say the same
};

}  // namespace vedette::demo
