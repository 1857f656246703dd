// The script of the demo, scene by scene.
#pragma once

#include <cstdint>

#include "apps/demo/stage.h"

namespace vedette::demo {

class Script {
 public:
  Script(Stage& stage, const Options& options) : stage_(stage), options_(options), screen_(stage.screen()) {}

  // Success means: the failover was seen, the old primary came back as a replica, and the new one serves.
  Status play();

 private:
  void introduce();
  Status gather();
  Status kill_primary();
  Status bring_back_old_primary();
  Status take_stock();
  Status keep_running();

  bool all_have_met() const;
  std::uint16_t promoted() const;  // 0: nobody yet
  bool all_have_switched() const;
  bool new_order_holds() const;  // the promoted server serves, and the other replica follows it
  std::vector<std::string> draw_phases() const;
  void tell_costs(std::size_t lost);

  Stage& stage_;
  const Options options_;
  Screen& screen_;
  WallTime killed_at_{};
  std::uint16_t new_primary_ = 0;
  Writer::Pause pause_;    // of the writes
  Micros rejoined_after_;  // the restart of the old primary
};

}  // namespace vedette::demo
