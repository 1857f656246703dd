#include "node/missing_rights.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "proto/hello.h"

namespace vedette::node {
namespace {

constexpr std::array<std::string_view, 4> kContainers{"client", "config", "script", "sentinel"};

}  // namespace

std::string right_for(const std::vector<std::string>& request, const std::map<std::string, std::string>& renames) {
  const auto renamed =
      std::find_if(renames.begin(), renames.end(), [&](const auto& rename) { return rename.second == request[0]; });
  std::string name = to_lower(renamed == renames.end() ? request[0] : renamed->first);
  if (std::find(kContainers.begin(), kContainers.end(), name) != kContainers.end()) name += "|" + to_lower(request[1]);
  return "+" + name;
}

void MissingRights::belong_to(std::string_view user) {
  const std::string_view named = user.empty() ? "default" : user;
  if (user_ == named) return;
  user_ = named;
  missing_.clear();
}

bool MissingRights::are_shown_by(const resp::Value& reply, const std::string& right, const Address& server) {
  static const std::string hello_right = fmt::format("&{}", proto::kHelloChannel);
  if (!reply.is_error()) {
    missing_.erase(right);
    if (right == "+publish" || right == "+subscribe") missing_.erase(hello_right);
    return false;
  }
  if (!reply.text.starts_with("NOPERM")) return false;
  const bool is_channel = reply.text.find("channel") != std::string::npos;
  const std::string& lacking = is_channel ? hello_right : right;
  if (missing_.insert(lacking).second) {
    logger_.log(
        core::Level::kWarning,
        fmt::format("{} does not allow its user '{}' the {} '{}', which a sentinel needs. To allow it, run "
                    "there: ACL SETUSER {} {}",
                    to_string(server), user_, is_channel ? "channel" : "command", lacking.substr(1), user_, lacking));
  }
  return true;
}

}  // namespace vedette::node
