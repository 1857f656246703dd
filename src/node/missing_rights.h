// The self-test of our rights: what a server's ACL refuses us is told once, with the rule that mends it, and again only
// after it worked in between. One for each instance, shared by its links.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "node/ports.h"
#include "resp/value.h"

namespace vedette::node {

// The rule that allows a request which is sent under these names: "+client|setname".
std::string right_for(const std::vector<std::string>& request, const std::map<std::string, std::string>& renames);

class MissingRights {
 public:
  explicit MissingRights(Logger& logger) : logger_(logger) {}

  // Whose rights they are from now on; empty: the default user's.
  void belong_to(std::string_view user);

  // The reply to a request that takes this right. True: it was refused for want of it, and the log says so.
  bool are_shown_by(const resp::Value& reply, const std::string& right, const Address& server);

 private:
  Logger& logger_;
  std::string user_ = "default";
  std::set<std::string> missing_;
};

}  // namespace vedette::node
