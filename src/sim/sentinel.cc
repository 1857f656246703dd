#include "sim/sentinel.h"

#include "base/check.h"

namespace vedette::sim {

void Sentinel::start() {
  VEDETTE_CHECK(!alive(), "a process starts once");
  set_alive(true);
  network_.raise(host());
  network_.listen(*this, address());
  begin_life();
}

void Sentinel::crash() {
  if (!alive()) return;
  network_.release(*this);
  end_life();
}

void Sentinel::lose_host() {
  if (!alive()) return;
  network_.lose(*this);
  end_life();
}

void Sentinel::end_life() {
  set_alive(false);
  disk_.crash();
  forget_life();
}

}  // namespace vedette::sim
