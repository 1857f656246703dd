#include "core/names.h"

#include "base/host.h"
#include "base/text.h"

namespace vedette::core {

void Names::lead(std::string_view name, std::string_view ip, bool reached) {
  if (ip.empty()) {
    leads_.erase(to_lower(name));
    return;
  }
  Lead& lead = leads_[to_lower(name)];
  lead.ip = ip;
  if (reached) lead.reached_ip = ip;
}

Address Names::place(const Address& address) const {
  const Lead* lead = find(address);
  return {lead == nullptr ? to_lower(address.host) : lead->ip, address.port};
}

bool Names::same(const Address& one, const Address& other) const {
  if (one.port != other.port) return false;
  if (equals_ignoring_case(one.host, other.host)) return true;
  return place(one) == place(other) && (is_reached(one) || is_reached(other));
}

bool Names::identical(const Address& one, const Address& other) const {
  if (is_ip_literal(one.host) || is_ip_literal(other.host)) {
    return same(one, other) && !is_astray(one) && !is_astray(other);
  }
  return one.port == other.port && equals_ignoring_case(one.host, other.host);
}

Address Names::shown(const Address& address) const {
  const Lead* lead = naming.announce ? nullptr : find(address);
  if (lead == nullptr) return address;
  return {lead->reached_ip.empty() ? lead->ip : lead->reached_ip, address.port};
}

Address Names::asked_about(const Address& address) const {
  const Lead* lead = naming.announce ? nullptr : find(address);
  return lead == nullptr ? address : Address{lead->ip, address.port};
}

const Names::Lead* Names::find(const Address& address) const {
  if (leads_.empty()) return nullptr;
  const auto known = leads_.find(to_lower(address.host));
  return known == leads_.end() ? nullptr : &known->second;
}

bool Names::is_reached(const Address& address) const {
  const Lead* lead = find(address);
  return lead == nullptr || lead->reached_ip == lead->ip;
}

bool Names::is_astray(const Address& address) const {
  const Lead* lead = find(address);
  return lead != nullptr && !lead->reached_ip.empty() && lead->reached_ip != lead->ip;
}

bool Names::usable(const Address& address) const { return naming.resolve || is_ip_literal(address.host); }

}  // namespace vedette::core
