// `daemonize`: a process that goes on in the background, while the one that was started by a person or a script ends as
// soon as it is certain how the start went: with status 0 when the sentinel serves, with 1 and the reason when it never
// will.
#pragma once

#include <string_view>
#include <utility>

#include "base/result.h"
#include "net/descriptor.h"

namespace vedette::net {

class Daemon {
 public:
  // Returns in the new process only, in a session of its own and with nothing behind the standard streams. Must be
  // called while there is only one thread.
  static Result<Daemon> detach();

  // One of these, once.
  void serves();
  void fails(std::string_view reason);

 private:
  explicit Daemon(Descriptor parent) : parent_(std::move(parent)) {}
  void tell(std::string_view what);

  Descriptor parent_;  // a pipe; if it closes without a word, the start has failed
};

}  // namespace vedette::net
