#include "apps/demo/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "apps/demo/numbers.h"
#include "base/text.h"
#include "proto/names.h"

namespace vedette::demo {
namespace {

namespace event = proto::event;
using proto::kWordPrimary;
using proto::kWordReplica;
using proto::kWordSentinel;

struct Line {
  std::string_view event;
  std::string_view subject;  // the kind of instance it is about; empty: any
  Weight weight;
  std::string_view sentence;  // {target}: the subject; {primary}: whom the subject follows, as far as it is known
};

// Events that are not here are not told, or told by a function of their own.
constexpr Line kLines[] = {
    {event::kSdown, kWordPrimary, Weight::kPlain, "finds {target} down"},
    {event::kSdown, kWordReplica, Weight::kAside, "finds the replica {target} down"},
    {event::kSdown, kWordSentinel, Weight::kPlain, "finds the Vedette {target} down"},
    {event::kSdownOver, "", Weight::kPlain, "hears {target} again"},
    {event::kOdownOver, "", Weight::kPlain, "takes it back: {target} is not agreed to be down"},
    {event::kTryFailover, "", Weight::kPlain, "stands for election, to lead the failover"},
    {event::kElectedLeader, "", Weight::kTurn, "has a majority of the votes: it leads"},
    {event::kSelectReplica, "", Weight::kPlain, "asks all replicas how far they have come"},
    {event::kWaitPromotion, "", Weight::kPlain, "tells {target} to be the primary"},
    {event::kPromotedReplica, "", Weight::kTurn, "has it confirmed: {target} is the primary"},
    {event::kReconfSent, "", Weight::kPlain, "tells {target} to follow it"},
    {event::kReconfInProgress, "", Weight::kAside, "sees {target} turn to it"},
    {event::kReconfDone, "", Weight::kPlain, "sees {target} follow it"},
    {event::kReconfSentTimeout, "", Weight::kHarm, "waits for {target} no longer"},
    {event::kReconfSentBestEffort, "", Weight::kPlain, "tells {target} to follow it, and does not wait"},
    {event::kFailoverEnd, "", Weight::kPlain, "has finished the failover"},
    {event::kFailoverEndForTimeout, "", Weight::kHarm, "has waited long enough for the other replicas"},
    {event::kConfigUpdateFrom, "", Weight::kPlain, "learns the outcome from {target}"},
    {event::kConvertToReplica, "", Weight::kTurn, "tells {target}: be no primary any more, follow {primary}"},
    {event::kFixReplicaConfig, "", Weight::kPlain, "tells {target} to follow {primary}, not another"},
    {event::kReboot, "", Weight::kAside, "notices that {target} was started anew"},
    {event::kTilt, "", Weight::kHarm, "stood still for too long, and holds back (TILT)"},
    {event::kTiltOver, "", Weight::kPlain, "acts again"},
    {event::kAbortNotElected, "", Weight::kHarm, "is not elected, and gives up for now"},
    {event::kAbortNoGoodReplica, "", Weight::kHarm, "finds no replica that is fit to be promoted"},
    {event::kAbortReplicaTimeout, "", Weight::kHarm, "gives up: the chosen replica does not become a primary"},
};

const Line* line_for(std::string_view event, std::string_view subject) {
  const auto* const found = std::find_if(std::begin(kLines), std::end(kLines), [&](const Line& line) {
    return line.event == event && (line.subject.empty() || line.subject == subject);
  });
  return found == std::end(kLines) ? nullptr : found;
}

// The n-th word of a payload; empty where there are fewer.
std::string_view word(const std::vector<std::string_view>& words, std::size_t n) {
  return n < words.size() ? words[n] : std::string_view();
}

// The k of "... #quorum k/n".
std::string_view down_votes(std::string_view payload) {
  const std::string_view votes = payload.substr(payload.rfind(' ') + 1);
  return votes.substr(0, votes.find('/'));
}

// The cause in "mymaster has given no valid reply for 1000 ms (link: connection refused)".
std::optional<std::string> tell_silence(std::string_view sentence) {
  static constexpr std::string_view kBefore = " has given no valid reply for ";
  const std::size_t start = sentence.find(kBefore);
  const std::size_t cause = sentence.find(" ms (");
  if (start == std::string_view::npos || cause == std::string_view::npos || !sentence.ends_with(')'))
    return std::nullopt;
  const auto silence =
      parse_integer<std::int64_t>(sentence.substr(start + kBefore.size(), cause - start - kBefore.size()));
  if (!silence) return std::nullopt;
  std::string_view reason = sentence.substr(cause + 5, sentence.size() - cause - 6);
  reason.remove_prefix(std::min(reason.find(": ") + 2, reason.size()));
  return fmt::format("has had no good answer for {}: {}", in_millis(Millis(*silence)), reason);
}

}  // namespace

std::optional<Beat> Story::tell(const Report& report) {
  auto telling = report.event.empty() ? tell_sentence(report) : tell_event(report);
  if (!telling) return std::nullopt;
  return Beat{.at = report.at,
              .lane = report.who,
              .weight = telling->weight,
              .sentence = std::move(telling->sentence),
              .source = report.event};
}

std::optional<Story::Telling> Story::tell_event(const Report& report) {
  const auto words = split(report.text, ' ');  // <kind> <name> <ip> <port> @ <primary> <ip> <port>
  auto& candidates = candidates_[static_cast<std::size_t>(report.who)];
  if (report.event == event::kVoteForLeader) return tell_vote(report);
  if (report.event == event::kOdown) {
    return Telling{Weight::kTurn, fmt::format("counts {} of {} who find {} down: that is enough",
                                              down_votes(report.text), kSentinels, word(words, 3))};
  }
  if (report.event == event::kSelectReplica) candidates.clear();
  if (report.event == event::kSdownOver || report.event == event::kSwitchPrimary) silence_told_ = false;
  if (report.event == event::kSelectedReplica) {
    return Telling{Weight::kTurn, fmt::format("chooses {}: {}", word(words, 3), explain_choice(candidates))};
  }
  if (report.event == event::kSwitchPrimary) {  // <name> <ip> <port> <new ip> <new port>
    return Telling{Weight::kTurn, fmt::format("tells its clients: the primary is {}", word(words, 4))};
  }
  const Line* line = line_for(report.event, word(words, 0));
  if (line == nullptr) return std::nullopt;
  return Telling{line->weight, fmt::format(fmt::runtime(line->sentence),
                                           fmt::arg("target", name_of(word(words, 0), word(words, 1), word(words, 3))),
                                           fmt::arg("primary", word(words, 7)))};
}

std::optional<Story::Telling> Story::tell_sentence(const Report& report) {
  if (auto silence = tell_silence(report.text)) {
    if (std::exchange(silence_told_, true)) return std::nullopt;
    return Telling{Weight::kAside, std::move(*silence)};
  }
  const auto candidate = parse_candidate(report.text);
  if (!candidate) return std::nullopt;
  candidates_[static_cast<std::size_t>(report.who)].push_back(*candidate);
  if (!candidate->rejection.empty()) {
    return Telling{Weight::kPlain, fmt::format("cannot take {}: {}", candidate->server, candidate->rejection)};
  }
  return Telling{Weight::kAside,
                 fmt::format("hears from {}: priority {}, offset {}", candidate->server, candidate->priority,
                             grouped(static_cast<std::int64_t>(candidate->offset)))};
}

// "<run id> <epoch>"
Story::Telling Story::tell_vote(const Report& report) const {
  const auto words = split(report.text, ' ');
  const auto candidate = roster_.lane_of(word(words, 0));
  const std::string name =
      candidate == report.who ? "itself" : std::string(1, letter(candidate.value_or(Lane::kNobody)));
  return {Weight::kPlain, fmt::format("votes for {}, in epoch {}", name, word(words, 1))};
}

std::string Story::name_of(std::string_view kind, std::string_view run_id, std::string_view port) const {
  if (kind != kWordSentinel) return std::string(port);
  const auto lane = roster_.lane_of(run_id);
  return lane ? std::string(1, letter(*lane)) : std::string(port);
}

}  // namespace vedette::demo
