// What an error of a socket means for a link.
#pragma once

#include "core/state.h"
#include "net/asio.h"

namespace vedette::net {

// `error` ended an attempt to connect.
core::LinkFault connect_fault(const error_code& error);

// `error` ended an established connection. The other side's orderly close counts as a reset.
core::LinkFault connection_fault(const error_code& error);

}  // namespace vedette::net
