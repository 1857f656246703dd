#include "core/names.h"

#include "base/host.h"
#include "base/text.h"

namespace vedette::core {

void Names::lead(std::string_view name, std::string_view ip) {
  if (ip.empty()) {
    ips_.erase(to_lower(name));
  } else {
    ips_.insert_or_assign(to_lower(name), std::string(ip));
  }
}

Address Names::place(const Address& address) const {
  const std::string name = to_lower(address.host);
  const auto known = ips_.find(name);
  return {known == ips_.end() ? name : known->second, address.port};
}

bool Names::same(const Address& one, const Address& other) const {
  return one == other || (one.port == other.port && place(one) == place(other));
}

Address Names::shown(const Address& address) const {
  if (naming.announce) return address;
  const auto known = ips_.find(to_lower(address.host));
  return known == ips_.end() ? address : Address{known->second, address.port};
}

bool Names::usable(const Address& address) const { return naming.resolve || is_ip_literal(address.host); }

}  // namespace vedette::core
