// How this sentinel shows itself to instances and peers.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/ids.h"

namespace vedette::node {

// What does not change from link to link.
struct Identity {
  RunId id;
  std::string announce_ip;  // empty: our end of the link on which it is said
  std::uint16_t port = 0;   // announced, or listened on
  std::string peer_user;    // credentials with other sentinels
  std::string peer_pass;
};

// What a new connection begins with: who we are, and the names that the server has for its commands.
struct Introduction {
  std::string user;
  std::string password;  // empty: no AUTH is sent
  std::string name;      // for CLIENT SETNAME
  std::map<std::string, std::string> renames;

  std::vector<std::vector<std::string>> requests() const;
  std::size_t heap_bytes() const;
};

}  // namespace vedette::node
