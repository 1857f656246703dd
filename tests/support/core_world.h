// A scripted world around one core: links, Redis servers that answer by themselves, a disk, and a clock that goes from
// one deadline to the next. Peers answer PING and nothing else; what they say and ask is told by the script, but for a
// vote for us, which they repeat when asked again. All that the core does is written down, with its instant.
//
// It is deterministic, and no stand-in for a simulation of many sentinels: there is one core.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "core/core.h"
#include "tests/support/model_server.h"

namespace vedette::testing {

// How an address behaves.
enum class Reach {
  kAlive,
  kRefusing,     // nobody listens: connections break, new ones are refused
  kStopped,      // like a process after SIGSTOP: connections stay and are made, but nothing is answered
  kHidden,       // unreachable for us alone: servers still reach it
  kUnreachable,  // like a cut cable: nothing comes back, and attempts to connect time out
};

enum class Disk {
  kWell,
  kSlow,  // a save ends when the script says so
  kFull,  // every save fails
};

class CoreWorld {
 public:
  static constexpr Millis kRoundTrip{1};  // of a command or a connection
  static constexpr Millis kSaveTime{1};
  static constexpr Millis kReconnectPause{100};
  static constexpr Millis kConnectTimeout{500};

  core::Knowledge knowledge;  // what the core starts from, and what is on its disk since

  void start();
  // The core has known the servers in an earlier life: what is known of them at its start is as they are now.
  void recall_servers();
  // The process ends and starts again with what is on its disk.
  void restart();

  Instant now() const { return now_; }
  // Fires every timer at its deadline and lets everything that was sent arrive.
  void advance_to(Instant until);
  // Nothing moves until then, the core's timers neither.
  void stall_until(Instant until);

  void tell(const core::Input& input);
  const core::Core& core() const { return *core_; }

  void add_server(const ModelServer& server);
  ModelServer& server(const Address& address);  // it must have been added
  void set_reach(const Address& address, Reach reach);
  // Its INFO comes now, asked for or not.
  void deliver_info(const Address& address);

  void set_disk(Disk disk) { disk_ = disk; }
  bool is_saving() const { return saving_.has_value(); }
  void finish_save(bool succeeds);  // one must be under way

  // Called with everything that the core gives, before it is carried out.
  std::function<void(const core::Output&)> observe;

  // Peers that are Vedettes by their INFO; the others are of the original's kind.
  std::set<RunId> vedettes;

  // The process with this run id, and what it was last asked.
  struct Question {
    core::AskPeer text;
    Instant at;
  };
  InstanceId peer(const RunId& id) const;
  InstanceId server_link(const Address& address) const;  // of whichever link to a server leads there
  // What this peer has said of a primary, with a vote for us: it will say so again.
  void know_vote(const core::PeerAnswered& answer) { votes_[{answer.peer, answer.primary}] = answer; }
  const Question& last_question_to(InstanceId peer, const std::optional<Address>& about = std::nullopt) const;

  // What is to be written down beside all that always is: "pings", "infos", "hellos", "links", "questions" (for
  // opinions; those for votes always are).
  std::set<std::string> traced;
  void write(const std::string& line);
  std::string take_transcript() { return std::exchange(transcript_, {}); }

 private:
  struct Link {
    core::InstanceKind kind{};
    Address address;
    std::string name;
    bool connected = false;
    unsigned generation = 0;                        // of the connection: what was sent on an older one is lost
    std::vector<std::function<void()>> unanswered;  // by a process that stands still
  };

  void after(Micros delay, std::function<void()> event) { events_.emplace(now_ + delay, std::move(event)); }
  // Calls `event` after a round trip, if the link is still the same and its other side answers.
  void answer_later(InstanceId instance, std::function<void(ModelServer*)> event);
  void reply(InstanceId instance, unsigned generation, const std::function<void(ModelServer*)>& event);

  void drain();
  void act(const core::Effect& effect);
  void repeat_vote(const core::AskPeer& question);
  std::string info_of_peer(InstanceId peer) const;
  void open(InstanceId instance);
  void connect(InstanceId instance, unsigned generation);
  void lose(InstanceId instance, core::LinkFault fault);
  void persist(Revision revision);

  ModelServer* find_server(const Address& address);
  Reach reach_of(const Address& address, core::InstanceKind kind) const;
  void update_replication();
  std::string info_text(const ModelServer& server);

  Instant now_{};
  SplitMix64 rng_{1};
  std::unique_ptr<core::Core> core_;
  std::multimap<Instant, std::function<void()>> events_;
  std::map<InstanceId, Link> links_;
  std::vector<Question> questions_;
  std::map<std::pair<InstanceId, std::string>, core::PeerAnswered> votes_;  // for us
  std::map<Address, ModelServer> servers_;
  std::map<Address, Reach> reach_;
  char last_history_ = 'a';

  Disk disk_ = Disk::kWell;
  std::optional<Revision> saving_;
  core::Knowledge saving_knowledge_;

  std::string transcript_;
};

}  // namespace vedette::testing
