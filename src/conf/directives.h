// The directives of sentinel.conf, as tables: what each is called, what its arguments look like, and what reading one
// does. There is no behaviour here but reading; what depends on files, addresses or the system is checked by others.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "conf/draft.h"
#include "conf/options.h"
#include "conf/statements.h"

namespace vedette::conf {

// The order of lines in a file does not matter: all lines of a phase are read before those of the next.
enum class Phase : std::uint8_t { kGlobal, kMonitor, kPrimary, kKnown, kRemembered };
inline constexpr int kPhases = 5;

// Of what these phases say, the first line counts that is read; they are read in the order of `Rank`.
constexpr bool is_said_once(Phase phase) { return phase == Phase::kMonitor || phase == Phase::kKnown; }

struct Directive {
  std::string_view name;   // in lower case
  std::string_view usage;  // its arguments, as people write them
  std::size_t min_arguments;
  std::size_t max_arguments;
  // `words` are the directive's own name and its arguments, as many as the limits say.
  Result<Subject> (*read)(Draft& draft, Words words);  // null: `include`, which brings lines instead of being one
  Phase phase = Phase::kGlobal;
  bool is_ignored = false;  // has a meaning for a data server only
};

inline constexpr std::size_t kAnyNumber = SIZE_MAX;

std::span<const Directive> server_directives();      // `port 26379`
std::span<const Directive> sentinel_directives();    // `sentinel myid ...`, without the first word
std::span<const Directive> remembered_directives();  // `# vedette: lineage ...`, without `kCommentMark`

// Directives of a data server, which files that are shared or were generated contain.
std::span<const std::string_view> data_server_directives();

struct KnownLine {
  const Directive* directive;
  Words words;  // of the line, from the directive's own name
};

// The directive of a line, or why it has none: it is unknown, or its arguments are too few or too many. `line` are the
// words of the line, at least one.
Result<KnownLine> recognize(Words line);

// The same of a comment; `words` are those below its mark, if any.
Result<KnownLine> recognize_comment(Words words);

// To be called when all lines are read: drops what comments say of a primary if it is of another configuration epoch
// than the primary.
void forget_outdated(Draft& draft);

}  // namespace vedette::conf
