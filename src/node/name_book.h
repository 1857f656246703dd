// The host names that this sentinel has to do with: what each leads to, asked of the resolver port, and asked again
// from time to time and whenever a link fails, so that an instance is followed to where its name leads now.
//
// A name is *used* by the instances whose address has it, or was *mentioned* in passing, as in an INFO or a hello; the
// latter are forgotten after a while. It leads to one address at a time: to the one at which a link was last made, as
// long as the name still has it. While no link can be made, all its addresses are tried in turn.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/schedule.h"
#include "core/state.h"
#include "node/ports.h"

namespace vedette::node {

inline constexpr std::size_t kMaxUsedNames = 100'000;
inline constexpr std::size_t kMaxMentionedNames = 1'000;  // that no instance uses: anybody can make us know such ones
inline constexpr std::size_t kMaxAddressesPerName = 16;   // the others are not tried
inline constexpr std::size_t kMaxLookups = 256;           // under way at a time; more names wait for their turn

inline constexpr Micros kNameRefreshPeriod = 10s;
inline constexpr Micros kNameRetryPause = 1s;  // between two lookups of a name that leads nowhere, or to the dead
inline constexpr Micros kNamePatience = 3s;    // what waits for a lookup goes on without it after this
inline constexpr Micros kMentionMemory = 60s;

class NameBook {
 public:
  // A name that leads elsewhere than before, or that was reached where it leads. An empty `ip`: it is forgotten.
  struct Change {
    std::string name;
    std::string ip;
    std::vector<InstanceId> users;
    bool reached = false;
  };

  NameBook(Resolver& resolver, Logger& logger) : resolver_(resolver), logger_(logger) {}

  // --- What is asked of it; IP literals are no names, and cost nothing ---
  void use(Instant now, const std::string& host, InstanceId user);
  void release(const std::string& host, InstanceId user);

  // Where to connect next. The address itself if its name leads nowhere (yet).
  Address target(const Address& address) const;
  // A link was made, an attempt to make it failed, or it broke.
  void reached(Instant now, const std::string& host, const std::string& ip);
  void missed(Instant now, const std::string& host, const std::string& ip);
  void lost(Instant now, const std::string& host);

  // Whether it is known where the host leads, or that nobody knows. If not, it is being looked up.
  bool is_settled(Instant now, const std::string& host);
  // The same, but what was unknown before is looked up once more. Not to be repeated while waiting.
  bool is_settled_afresh(Instant now, const std::string& host);
  bool leads_somewhere(const std::string& host) const;
  // No name server has said anything of it yet, not even that there is no such name.
  bool is_unheard_of(const std::string& host) const;

  // --- Events of the world ---
  void resolved(Instant now, const std::string& name, const Result<std::vector<std::string>>& ips);
  void on_timer(Instant now);
  std::optional<Instant> next_deadline() const { return schedule_.earliest(); }

  // What has changed since the last call.
  std::vector<Change> take_changes() { return std::exchange(changes_, {}); }

 private:
  struct Entry {
    std::vector<std::string> ips;  // to be tried in this order
    std::size_t next = 0;          // the one to be tried next
    std::string leads_to;          // one of them, unless a link to it still stands; empty: none yet
    bool reached = false;          // a link was made there
    std::set<InstanceId> users;
    bool asked = false;     // a lookup is under way, or waits for its turn
    bool settled = false;   // a lookup has ended, or has taken too long
    bool heard_of = false;  // a name server has answered, whatever it was
    Instant asked_at{};
    Instant looked_up_at{};  // when the last lookup ended
    Instant mentioned_at{};
    std::string complaint;  // of the last lookup; empty if it went well
  };

  Entry* find(const std::string& host);
  const Entry* find(const std::string& host) const;
  // Null for an IP literal, and when there are too many.
  Entry* mention(Instant now, const std::string& host);
  bool has_room(bool for_use);
  void ask(Instant now, const std::string& name, Entry& entry);
  void ask_soon(Instant now, const std::string& name, Entry& entry);
  void lead(const std::string& name, Entry& entry, const std::string& ip, bool reached);
  void take_addresses(const std::string& name, Entry& entry, const std::vector<std::string>& ips);
  void complain(const std::string& name, Entry& entry, const std::string& reason);
  void set_refresh(const std::string& name, const Entry& entry);

  Resolver& resolver_;
  Logger& logger_;
  std::map<std::string, Entry> entries_;  // by name, in lower case
  std::size_t used_ = 0;                  // of them
  std::size_t under_way_ = 0;
  std::deque<std::string> waiting_;
  Schedule<std::string> schedule_;  // the next lookup, or the end of the patience with the present one
  std::vector<Change> changes_;
  bool is_full_ = false;  // as was last logged
};

}  // namespace vedette::node
