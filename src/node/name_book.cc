#include "node/name_book.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/host.h"
#include "base/text.h"

namespace vedette::node {

// --- Links ----------------------------------------------------------------------------------------------------------

void NameBook::use(Instant now, const std::string& host, InstanceId user) {
  if (is_ip_literal(host)) return;
  const std::string name = to_lower(host);
  const auto known = entries_.find(name);
  if (known == entries_.end() && !has_room(true)) return;
  Entry& entry = entries_[name];
  if (entry.users.empty()) ++used_;
  entry.users.insert(user);
  if (!entry.settled) {
    ask(now, name, entry);
  } else if (entry.leads_to.empty()) {
    ask_soon(now, name, entry);
  }
}

void NameBook::release(const std::string& host, InstanceId user) {
  Entry* entry = find(host);
  if (entry != nullptr && entry->users.erase(user) > 0 && entry->users.empty()) --used_;
}

Address NameBook::target(const Address& address) const {
  const Entry* entry = find(address.host);
  if (entry == nullptr || entry->ips.empty()) return address;
  return {entry->ips[entry->next], address.port};
}

void NameBook::reached(Instant now, const std::string& host, const std::string& ip) {
  Entry* entry = find(host);
  if (entry == nullptr) return;
  entry->mentioned_at = now;
  const auto tried = std::find(entry->ips.begin(), entry->ips.end(), ip);
  if (tried == entry->ips.end()) return;  // it has moved meanwhile
  entry->next = static_cast<std::size_t>(tried - entry->ips.begin());
  lead(to_lower(host), *entry, ip, true);
}

// The two links of a server try the same address: the second failure must not skip one.
void NameBook::missed(Instant now, const std::string& host, const std::string& ip) {
  Entry* entry = find(host);
  if (entry == nullptr) return;
  if (!entry->ips.empty() && entry->ips[entry->next] == ip) entry->next = (entry->next + 1) % entry->ips.size();
  ask_soon(now, to_lower(host), *entry);
}

void NameBook::lost(Instant now, const std::string& host) {
  if (Entry* entry = find(host)) ask_soon(now, to_lower(host), *entry);
}

// --- Facts ----------------------------------------------------------------------------------------------------------

bool NameBook::is_settled(Instant now, const std::string& host) {
  Entry* entry = mention(now, host);
  if (entry == nullptr || entry->settled) return true;
  ask(now, to_lower(host), *entry);
  return false;
}

bool NameBook::is_settled_afresh(Instant now, const std::string& host) {
  Entry* entry = mention(now, host);
  if (entry != nullptr && entry->settled && entry->ips.empty()) {
    entry->settled = false;
    if (entry->asked) schedule_.set(to_lower(host), now + kNamePatience);
  }
  return is_settled(now, host);
}

bool NameBook::leads_somewhere(const std::string& host) const {
  const Entry* entry = find(host);
  return is_ip_literal(host) || (entry != nullptr && !entry->leads_to.empty());
}

bool NameBook::is_unheard_of(const std::string& host) const {
  const Entry* entry = find(host);
  return entry != nullptr && !entry->heard_of;
}

// --- Events of the world --------------------------------------------------------------------------------------------

void NameBook::resolved(Instant now, const std::string& name, const Result<std::vector<std::string>>& ips) {
  --under_way_;
  Entry& entry = entries_.at(name);  // not forgotten while it is asked for
  entry.asked = false;
  entry.settled = true;
  entry.looked_up_at = now;
  entry.heard_of = entry.heard_of || ips;
  if (ips && !ips->empty()) {
    take_addresses(name, entry, *ips);
  } else {
    complain(name, entry, ips ? "Domain name not found" : ips.error().message);
  }
  set_refresh(name, entry);
  if (waiting_.empty()) return;
  const std::string following = std::move(waiting_.front());
  waiting_.pop_front();
  ++under_way_;
  resolver_.resolve(following);
}

void NameBook::on_timer(Instant now) {
  while (const auto name = schedule_.take_due(now)) {
    Entry& entry = entries_.at(*name);
    if (entry.asked) {  // what waits for it has waited long enough; the answer is welcome whenever it comes
      entry.settled = true;
    } else if (entry.users.empty() && now - entry.mentioned_at >= kMentionMemory) {
      lead(*name, entry, {}, false);
      entries_.erase(*name);
    } else {
      ask(now, *name, entry);
    }
  }
}

// --- Inside ---------------------------------------------------------------------------------------------------------

NameBook::Entry* NameBook::find(const std::string& host) {
  const auto found = entries_.find(to_lower(host));
  return found == entries_.end() ? nullptr : &found->second;
}

const NameBook::Entry* NameBook::find(const std::string& host) const {
  const auto found = entries_.find(to_lower(host));
  return found == entries_.end() ? nullptr : &found->second;
}

NameBook::Entry* NameBook::mention(Instant now, const std::string& host) {
  if (is_ip_literal(host)) return nullptr;
  Entry* entry = find(host);
  if (entry == nullptr) {
    if (!has_room(false)) return nullptr;
    entry = &entries_[to_lower(host)];
  }
  entry->mentioned_at = now;
  return entry;
}

bool NameBook::has_room(bool for_use) {
  const bool is_full = for_use ? used_ >= kMaxUsedNames : entries_.size() - used_ >= kMaxMentionedNames;
  if (is_full && !is_full_) {
    logger_.log(core::Level::kWarning,
                fmt::format("More than {} host names{} are not looked up", for_use ? kMaxUsedNames : kMaxMentionedNames,
                            for_use ? "" : " that were only mentioned"));
  }
  is_full_ = is_full;
  return !is_full;
}

void NameBook::ask(Instant now, const std::string& name, Entry& entry) {
  if (entry.asked) return;
  entry.asked = true;
  entry.asked_at = now;
  schedule_.set(name, entry.settled ? std::nullopt : std::optional(now + kNamePatience));
  if (under_way_ >= kMaxLookups) {
    waiting_.push_back(name);
    return;
  }
  ++under_way_;
  resolver_.resolve(name);
}

void NameBook::ask_soon(Instant now, const std::string& name, Entry& entry) {
  if (entry.asked) return;
  const Instant at = entry.looked_up_at + kNameRetryPause;
  if (at <= now) {
    ask(now, name, entry);
  } else {
    schedule_.set(name, at);
  }
}

void NameBook::lead(const std::string& name, Entry& entry, const std::string& ip, bool reached) {
  const bool is_elsewhere = entry.leads_to != ip;
  if (!is_elsewhere && (entry.reached || !reached)) return;
  if (is_elsewhere && !entry.leads_to.empty() && !ip.empty()) {
    logger_.log(core::Level::kNotice, fmt::format("{} leads to {} now, no more to {}", name, ip, entry.leads_to));
  }
  entry.leads_to = ip;
  entry.reached = reached;
  changes_.push_back({name, ip, {entry.users.begin(), entry.users.end()}, reached});
}

void NameBook::take_addresses(const std::string& name, Entry& entry, const std::vector<std::string>& ips) {
  const std::string tried = entry.ips.empty() ? std::string() : entry.ips[entry.next];
  entry.ips.assign(ips.begin(), ips.begin() + static_cast<std::ptrdiff_t>(std::min(ips.size(), kMaxAddressesPerName)));
  const auto place_of = [&](const std::string& ip) {
    return static_cast<std::size_t>(std::find(entry.ips.begin(), entry.ips.end(), ip) - entry.ips.begin());
  };
  const std::size_t next = place_of(tried);
  entry.next = next < entry.ips.size() ? next : 0;
  if (place_of(entry.leads_to) >= entry.ips.size()) {
    entry.next = 0;
    lead(name, entry, entry.ips.front(), false);
  }
  if (!entry.complaint.empty()) logger_.log(core::Level::kNotice, fmt::format("{} can be resolved again", name));
  entry.complaint.clear();
}

void NameBook::complain(const std::string& name, Entry& entry, const std::string& reason) {
  if (entry.complaint != reason) {
    logger_.log(core::Level::kWarning,
                fmt::format("Can't resolve the host name {}: {}. {}, trying again", name, reason,
                            entry.leads_to.empty() ? "It leads nowhere" : "Using its last address " + entry.leads_to));
  }
  entry.complaint = reason;
}

void NameBook::set_refresh(const std::string& name, const Entry& entry) {
  const bool is_in_need = !entry.users.empty() && entry.leads_to.empty();
  schedule_.set(name, entry.looked_up_at + (is_in_need ? kNameRetryPause : kNameRefreshPeriod));
}

}  // namespace vedette::node
