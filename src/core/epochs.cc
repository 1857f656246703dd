#include "core/epochs.h"

#include <fmt/format.h>

#include "core/events.h"
#include "proto/names.h"

namespace vedette::core {

void raise_epoch(Turn& turn, const Primary& primary, Epoch epoch) {
  if (epoch <= turn.state.current_epoch) return;
  if (epoch > kMaxEpoch) {
    log(turn, Level::kWarning, fmt::format("Ignoring the absurd epoch {} told by a peer", to_number(epoch)));
    return;
  }
  turn.state.current_epoch = epoch;
  turn.durability.epoch_changed();
  announce_text(turn, proto::event::kNewEpoch, primary, fmt::format("{}", to_number(epoch)));
}

}  // namespace vedette::core
