// Durable before said: what is saved, what must be, and which answers wait for it.
//
// Every change of the durable state gets a revision. Saves are grouped: all that becomes dirty while one is under way
// goes into the next. An answer that depends on a revision is held until it is durable, or until a save fails or takes
// too long: then it goes out without what it promised (a vote is withheld, an order is reported as failed). What was
// changed in memory stays changed, and is saved by a later attempt.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/effect.h"
#include "core/timing.h"

namespace vedette::core {

class Durability {
 public:
  // Votes held at most; beyond it a vote is withheld at once.
  static constexpr std::size_t kMaxHeld = 65'536;

  // The durable state has just been changed: the revision that will have it on disk.
  Revision epoch_changed();
  Revision changed(const std::string& primary_name);
  Revision everything_changed();
  // The rules of the primary are to be run as soon as that is durable.
  Revision changed_and_waits(const Primary& primary);

  Revision latest() const { return latest_; }
  bool is_durable(Revision revision) const { return revision <= durable_; }

  // Sends `answer` at once if `needs` is durable, else later. `patience` bounds the wait for a vote.
  void answer(std::vector<Effect>& out, AnswerPeer answer, Revision needs, Instant now, const Timing& timing);
  void answer(std::vector<Effect>& out, AnswerOrder answer, Revision needs);

  // A save is wanted now: there are changes, none is under way, and no pause after a failure is in force.
  bool wants_save(Instant now) const;
  Save begin_save();

  // The units whose rules waited for what is durable now.
  std::vector<InstanceId> take_served();

  // A failure is retried after `timing.save_retry_period`.
  void finish_save(std::vector<Effect>& out, Revision revision, bool succeeded, Instant now, const Timing& timing);

  // Withholds the votes that have waited too long.
  void expire(std::vector<Effect>& out, Instant now);

  std::optional<Instant> next_deadline() const;

 private:
  struct HeldVote {
    Revision needs;
    Instant patience_ends;
    AnswerPeer answer;
  };
  struct HeldOrder {
    Revision needs;
    AnswerOrder answer;
  };

  bool dirty() const { return latest_ > durable_; }
  Revision note_change();

  Revision latest_{};
  Revision durable_{};
  bool saving_ = false;
  Save last_save_;  // the one under way, or the last one
  Save next_save_;  // what has changed since it was begun; its revision is `latest_` by then
  Instant retry_at_{};
  std::deque<HeldVote> held_votes_;  // in the order in which they were given, and so in that of revisions and patience
  std::deque<HeldOrder> held_orders_;
  std::map<InstanceId, Revision> waiting_;
};

}  // namespace vedette::core
