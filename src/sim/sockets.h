// What a network gives to its processes, as a kernel does: connections to others, and the end of them all when a
// process ends. Of the simulated world it is `Network`; the servers of this folder also run on other ones.
//
// What calls lead to is told to the process later, by the calls named in `process.h`.
#pragma once

#include <string>

#include "sim/process.h"

namespace vedette::sim {

class Sockets {
 public:
  virtual ~Sockets() = default;

  // Until the process ends; it is an error if another listens there.
  virtual void listen(Process& process, const Address& address) = 0;
  virtual ConnectionId connect(Process& process, const Address& to, Micros timeout) = 0;
  // The same; the host may be a name where there is somebody to ask.
  virtual ConnectionId connect_by_name(Process& process, const Address& to, Micros timeout) {
    return connect(process, to, timeout);
  }
  virtual void send(ConnectionId connection, std::string bytes) = 0;
  virtual void close(ConnectionId connection) = 0;

  // The process ended: its kernel closes what it had open, and refuses what comes.
  virtual void release(const Process& process) = 0;

  // Its host falls silent, with everything that it had open; `raise` brings it back with nothing.
  virtual void lose(const Process& process) = 0;
  virtual void raise(const std::string& host) = 0;
};

}  // namespace vedette::sim
