// One message to a datagram socket of this machine, such as those of syslog and of systemd.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace vedette::net {

// Never waits: when the receiver does not read fast enough the message is lost, which is an error. A path that begins
// with `@` is in the abstract namespace.
Status send_datagram(const std::string& path, std::string_view message);

}  // namespace vedette::net
