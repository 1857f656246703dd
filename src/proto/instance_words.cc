#include "proto/instance_words.h"

#include <array>

#include "proto/names.h"

namespace vedette::proto {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Flag::kCount)> kFlagWords = {
    "s_down",        "o_down",      kWordPrimary,           kWordReplica,       kWordSentinel,
    "disconnected",  "master_down", "failover_in_progress", "promoted",         "reconf_sent",
    "reconf_inprog", "reconf_done", "force_failover",       "script_kill_sent", "master_reboot",
};

}  // namespace

std::string format_flags(const Flags& flags) {
  std::string text;
  for (std::size_t i = 0; i < kFlagWords.size(); ++i) {
    if (!flags.has(static_cast<Flag>(i))) continue;
    if (!text.empty()) text += ',';
    text += kFlagWords[i];
  }
  return text;
}

}  // namespace vedette::proto
