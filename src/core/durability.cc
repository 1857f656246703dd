#include "core/durability.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "proto/names.h"

namespace vedette::core {
namespace {

// What could not be made durable is not promised.
void withdraw_promise(AnswerPeer& answer) {
  answer.reply.leader.reset();
  answer.reply.leader_epoch = Epoch{0};
}
void withdraw_promise(AnswerOrder& answer) { answer.result = Error{std::string(proto::error::kSaveFailed)}; }

template <typename Held>
void answer_first(std::vector<Effect>& out, std::deque<Held>& held, bool succeeded) {
  auto& answer = held.front().answer;
  if (!succeeded) withdraw_promise(answer);
  out.emplace_back(std::move(answer));
  held.pop_front();
}

// Of a queue in the order of revisions, those that a save has dealt with.
template <typename Held>
void answer_up_to(std::vector<Effect>& out, std::deque<Held>& held, Revision revision, bool succeeded) {
  while (!held.empty() && held.front().needs <= revision) answer_first(out, held, succeeded);
}

}  // namespace

Revision Durability::note_change() {
  // Changes share a revision until a save takes it; the content of a save under way is fixed, so what changes then
  // belongs to the next one.
  const bool taken = saving_ ? latest_ == last_save_.revision : latest_ == durable_;
  if (taken) latest_ = next(latest_);
  return latest_;
}

Revision Durability::epoch_changed() { return note_change(); }

Revision Durability::changed(const std::string& primary_name) {
  next_save_.primaries.insert(primary_name);
  return note_change();
}

Revision Durability::everything_changed() {
  next_save_.everything = true;
  return note_change();
}

Revision Durability::changed_and_waits(const Primary& primary) {
  return waiting_[primary.unit] = changed(primary.name);
}

std::vector<InstanceId> Durability::take_served() {
  std::vector<InstanceId> served;
  std::erase_if(waiting_, [&](const auto& entry) {
    const bool is_served = is_durable(entry.second);
    if (is_served) served.push_back(entry.first);
    return is_served;
  });
  return served;
}

void Durability::answer(std::vector<Effect>& out, AnswerPeer answer, Revision needs, Instant now,
                        const Timing& timing) {
  if (is_durable(needs)) {
    out.emplace_back(std::move(answer));
  } else if (held_votes_.size() >= kMaxHeld) {
    withdraw_promise(answer);
    out.emplace_back(std::move(answer));
  } else {
    held_votes_.push_back({needs, now + timing.save_patience, std::move(answer)});
  }
}

void Durability::answer(std::vector<Effect>& out, AnswerOrder answer, Revision needs) {
  if (is_durable(needs)) {
    out.emplace_back(std::move(answer));
  } else {
    held_orders_.push_back({needs, std::move(answer)});
  }
}

bool Durability::wants_save(Instant now) const { return dirty() && !saving_ && now >= retry_at_; }

Save Durability::begin_save() {
  VEDETTE_CHECK(!saving_, "one save at a time");
  saving_ = true;
  next_save_.revision = latest_;
  last_save_ = std::exchange(next_save_, {});
  return last_save_;
}

void Durability::finish_save(std::vector<Effect>& out, Revision revision, bool succeeded, Instant now,
                             const Timing& timing) {
  VEDETTE_CHECK(saving_ && revision == last_save_.revision, "the save that ends is the one that began");
  saving_ = false;
  if (succeeded) {
    durable_ = revision;
  } else {
    retry_at_ = now + timing.save_retry_period;
    next_save_.primaries.merge(last_save_.primaries);
    next_save_.everything |= last_save_.everything;
  }
  answer_up_to(out, held_votes_, revision, succeeded);
  answer_up_to(out, held_orders_, revision, succeeded);
}

void Durability::expire(std::vector<Effect>& out, Instant now) {
  while (!held_votes_.empty() && held_votes_.front().patience_ends <= now) answer_first(out, held_votes_, false);
}

std::optional<Instant> Durability::next_deadline() const {
  std::optional<Instant> earliest;
  const auto consider = [&](Instant at) { earliest = std::min(earliest.value_or(at), at); };
  if (dirty() && !saving_) consider(retry_at_);
  if (!held_votes_.empty()) consider(held_votes_.front().patience_ends);
  return earliest;
}

}  // namespace vedette::core
