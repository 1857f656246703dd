// What is known of a command before it runs: a row of the command tables. Dispatch obeys it, COMMAND tells it, HELP is
// made of it, and ACL rules select by it; nothing of it is written anywhere else.
//
// Sentinels have no keys, so no command has key specifications.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace vedette::node {

struct Request;

// The bits of `Command::flags`. Some concern states that only a data server can be in; they are told all the same.
enum CommandFlag : std::uint16_t {
  kAdmin = 1 << 0,
  kPubsub = 1 << 1,
  kNoScript = 1 << 2,
  kWhileLoading = 1 << 3,
  kWhileStale = 1 << 4,
  kFast = 1 << 5,
  kBeforeAuth = 1 << 6,  // allowed to clients that have not authenticated
  kNotInMulti = 1 << 7,
  kWhileBusy = 1 << 8,
  kWhileSubscribed = 1 << 9,  // allowed to subscribers that speak RESP2, where replies and messages look alike
};
inline constexpr std::uint16_t kWhileUnready = kWhileLoading | kWhileStale;

// The word of each flag in COMMAND, in the order of the bits. `kWhileSubscribed` has none.
inline constexpr std::array<std::string_view, 9> kFlagWords{"admin", "pubsub",  "noscript", "loading",   "stale",
                                                            "fast",  "no_auth", "no_multi", "allow_busy"};

// The sets of commands that ACL rules know, such as `+@pubsub`. Most of them are empty here.
enum class Category : std::uint8_t {
  kKeyspace,
  kRead,
  kWrite,
  kSet,
  kSortedSet,
  kList,
  kHash,
  kString,
  kBitmap,
  kHyperLogLog,
  kGeo,
  kStream,
  kPubsub,
  kAdmin,
  kFast,
  kSlow,
  kBlocking,
  kDangerous,
  kConnection,
  kTransaction,
  kScripting,
};
inline constexpr std::array<std::string_view, 21> kCategoryWords{
    "keyspace", "read",   "write",       "set",       "sortedset",  "list",        "hash",
    "string",   "bitmap", "hyperloglog", "geo",       "stream",     "pubsub",      "admin",
    "fast",     "slow",   "blocking",    "dangerous", "connection", "transaction", "scripting"};

// A set of categories.
using Categories = std::uint32_t;
constexpr Categories only(Category category) { return 1U << static_cast<unsigned>(category); }
inline constexpr Categories kInConnection = only(Category::kConnection);
inline constexpr Categories kInDangerous = only(Category::kDangerous);

// How the time that a command takes is described, where it is not O(1).
inline constexpr std::string_view kPerPrimary = "O(N) in the monitored masters";
inline constexpr std::string_view kPerClient = "O(N) in the connected clients";
inline constexpr std::string_view kPerArgument = "O(N) in the arguments";
inline constexpr std::string_view kPerCommand = "O(N) in the commands";
inline constexpr std::string_view kBySubcommand = "As the subcommand says";

// In favour of what a command should not be used any more; empty words: it may be.
struct Deprecation {
  std::string_view since = {};
  std::string_view replaced_by = {};
};

// Which arguments of a command are names of channels, to which ACL rules apply.
enum class ChannelUse : std::uint8_t { kNone, kFirst, kAll, kPatterns };

struct Command {
  std::string_view name;               // lower case; a subcommand's with its container's: "client|id"
  int arity = 0;                       // words of the request: exactly as many, or at least as many if negative
  void (*run)(Request&) = nullptr;     // null: a container that does nothing without a subcommand
  std::uint16_t flags = 0;             // CommandFlag
  Categories explicit_categories = 0;  // those that do not follow from the flags
  ChannelUse channels = ChannelUse::kNone;
  std::string_view group = {};  // of the documentation; a subcommand's is its container's
  std::string_view since = {};  // the release of Redis
  std::string_view complexity = "O(1)";
  std::string_view usage = {};  // for HELP; empty: not listed
  std::string_view summary = {};
  std::string_view tips = {};  // for proxies, separated by blanks
  Deprecation deprecation = {};
  std::span<const Command> subcommands = {};

  bool takes(std::size_t words) const;
  constexpr bool has(CommandFlag flag) const { return (flags & flag) != 0; }
  constexpr Categories categories() const {
    Categories all = explicit_categories | only(has(node::kFast) ? Category::kFast : Category::kSlow);
    if (has(node::kPubsub)) all |= only(Category::kPubsub);
    if (has(node::kAdmin)) all |= only(Category::kAdmin) | kInDangerous;
    return all;
  }
};

}  // namespace vedette::node
