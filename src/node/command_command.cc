// COMMAND: the command tables, told. What it says is true of this sentinel, not of Redis as a whole.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "node/commands.h"

namespace vedette::node {
namespace {

void write_words(resp::Writer& reply, const std::vector<std::string>& words) {
  reply.set(words.size());
  for (const std::string& word : words) reply.simple(word);
}

std::vector<std::string> flag_words(const Command& command) {
  std::vector<std::string> words;
  for (std::size_t bit = 0; bit < kFlagWords.size(); ++bit) {
    if ((command.flags & (1U << bit)) != 0) words.emplace_back(kFlagWords[bit]);
  }
  return words;
}

std::vector<std::string> category_words(const Command& command) {
  std::vector<std::string> words;
  for (std::size_t bit = 0; bit < kCategoryWords.size(); ++bit) {
    if ((command.categories() & (1U << bit)) != 0) words.push_back(fmt::format("@{}", kCategoryWords[bit]));
  }
  return words;
}

void write_tips(resp::Writer& reply, const Command& command) {
  if (command.tips.empty()) return reply.set(0);
  const auto tips = split(command.tips, ' ');
  reply.set(tips.size());
  for (const std::string_view tip : tips) reply.bulk(tip);
}

void write_info(resp::Writer& reply, const Command& command) {
  reply.array(10);
  reply.bulk(command.name);
  reply.integer(command.arity);
  write_words(reply, flag_words(command));
  for (int i = 0; i < 3; ++i) reply.integer(0);  // where the keys are: the first, the last, and how far apart
  write_words(reply, category_words(command));
  write_tips(reply, command);
  reply.set(0);  // key specifications
  if (command.subcommands.empty()) return reply.set(0);
  reply.array(command.subcommands.size());
  for (const Command& subcommand : command.subcommands) write_info(reply, subcommand);
}

void write_all_info(Request& request) {
  request.reply.array(all_commands().size());
  for (const Command* command : all_commands()) write_info(request.reply, *command);
}

void info_of_commands(Request& request) {
  const auto& arguments = request.arguments;
  if (arguments.size() == 2) return write_all_info(request);
  request.reply.array(arguments.size() - 2);
  for (std::size_t i = 2; i < arguments.size(); ++i) {
    if (const Command* command = find_command(arguments[i])) {
      write_info(request.reply, *command);
    } else {
      request.reply.null();
    }
  }
}

void count(Request& request) { request.reply.integer(static_cast<std::int64_t>(all_commands().size())); }

// --- DOCS -----------------------------------------------------------------------------------------------------------

void write_docs(resp::Writer& reply, const Command& command, std::string_view group) {
  const auto field = [&reply](std::string_view name, std::string_view value) {
    reply.bulk(name);
    reply.bulk(value);
  };
  const bool is_deprecated = !command.deprecation.since.empty();
  reply.map(4U + (is_deprecated ? 3U : 0U) + (command.subcommands.empty() ? 0U : 1U));
  field("summary", command.summary);
  field("since", command.since);
  field("group", group);
  field("complexity", command.complexity);
  if (is_deprecated) {
    reply.bulk("doc_flags");
    write_words(reply, {"deprecated"});
    field("deprecated_since", command.deprecation.since);
    field("replaced_by", command.deprecation.replaced_by);
  }
  if (command.subcommands.empty()) return;
  reply.bulk("subcommands");
  reply.map(command.subcommands.size());
  for (const Command& subcommand : command.subcommands) {
    reply.bulk(subcommand.name);
    write_docs(reply, subcommand, group);
  }
}

void docs(Request& request) {
  std::vector<const Command*> wanted;
  if (request.arguments.size() == 2) wanted = all_commands();
  for (std::size_t i = 2; i < request.arguments.size(); ++i) {
    if (const Command* command = find_command(request.arguments[i])) wanted.push_back(command);
  }
  request.reply.map(wanted.size());
  for (const Command* command : wanted) {
    request.reply.bulk(command->name);
    const Command* container = find_command(command->name.substr(0, command->name.find('|')));
    write_docs(request.reply, *command, container->group);
  }
}

// --- LIST -----------------------------------------------------------------------------------------------------------

// What FILTERBY asks for. There are no modules, so no command is of one.
struct CommandFilter {
  enum class By : std::uint8_t { kModule, kCategory, kPattern };
  By by;
  std::string_view argument;

  bool accepts(const Command& command) const {
    if (by == By::kPattern) return glob_matches(argument, command.name, true);
    if (by == By::kModule) return false;
    const auto words = category_words(command);
    return std::any_of(words.begin(), words.end(), [this](const std::string& word) {
      return equals_ignoring_case(std::string_view(word).substr(1), argument);
    });
  }
};

std::optional<CommandFilter> parse_filter(std::string_view kind, std::string_view argument) {
  if (equals_ignoring_case(kind, "MODULE")) return CommandFilter{CommandFilter::By::kModule, argument};
  if (equals_ignoring_case(kind, "ACLCAT")) return CommandFilter{CommandFilter::By::kCategory, argument};
  if (equals_ignoring_case(kind, "PATTERN")) return CommandFilter{CommandFilter::By::kPattern, argument};
  return std::nullopt;
}

void list_commands(Request& request) {
  const auto& arguments = request.arguments;
  std::optional<CommandFilter> filter;
  if (arguments.size() == 5 && equals_ignoring_case(arguments[2], "FILTERBY")) {
    filter = parse_filter(arguments[3], arguments[4]);
  }
  if (arguments.size() > 2 && !filter) return request.reply.error("ERR syntax error");
  std::vector<std::string_view> names;
  const auto add = [&](const Command& command) {
    if (!filter || filter->accepts(command)) names.push_back(command.name);
  };
  for (const Command* command : all_commands()) {
    add(*command);
    for (const Command& subcommand : command->subcommands) add(subcommand);
  }
  request.reply.array(names.size());
  for (const std::string_view name : names) request.reply.bulk(name);
}

// --- GETKEYS --------------------------------------------------------------------------------------------------------

void getkeys(Request& request) {
  if (find_called(std::span(request.arguments).subspan(2)) == nullptr) {
    return request.reply.error("ERR Invalid command specified");
  }
  request.reply.error("ERR The command has no key arguments");
}

void help_on_command(Request& request) { write_help(request, command_command()); }

constexpr std::string_view kUnordered = "nondeterministic_output_order";

constexpr std::array kSubcommandsOfCommand{
    Command{.name = "command|count",
            .arity = 2,
            .run = &count,
            .flags = kWhileUnready,
            .explicit_categories = kInConnection,
            .since = "2.8.13",
            .usage = "COUNT",
            .summary = "How many commands there are, without subcommands."},
    Command{.name = "command|docs",
            .arity = -2,
            .run = &docs,
            .flags = kWhileUnready,
            .explicit_categories = kInConnection,
            .since = "7.0.0",
            .complexity = kPerCommand,
            .usage = "DOCS [<command-name> ...]",
            .summary = "What these commands are for, or all of them.",
            .tips = kUnordered},
    Command{.name = "command|getkeys",
            .arity = -4,
            .run = &getkeys,
            .flags = kWhileUnready,
            .explicit_categories = kInConnection,
            .since = "2.8.13",
            .usage = "GETKEYS <full-command>",
            .summary = "An error: the commands of a sentinel have no keys."},
    Command{.name = "command|getkeysandflags",
            .arity = -4,
            .run = &getkeys,
            .flags = kWhileUnready,
            .explicit_categories = kInConnection,
            .since = "7.0.0",
            .usage = "GETKEYSANDFLAGS <full-command>",
            .summary = "An error, for the same reason."},
    Command{.name = "command|info",
            .arity = -2,
            .run = &info_of_commands,
            .flags = kWhileUnready,
            .explicit_categories = kInConnection,
            .since = "2.8.13",
            .complexity = kPerCommand,
            .usage = "INFO [<command-name> ...]",
            .summary = "Arity, flags and categories of these commands, or of all.",
            .tips = kUnordered},
    Command{.name = "command|list",
            .arity = -2,
            .run = &list_commands,
            .flags = kWhileUnready,
            .explicit_categories = kInConnection,
            .since = "7.0.0",
            .complexity = kPerCommand,
            .usage = "LIST [FILTERBY (MODULE <name>|ACLCAT <category>|PATTERN <pattern>)]",
            .summary = "The names of all commands and subcommands, or of those that fit.",
            .tips = kUnordered},
    Command{.name = "command|help",
            .arity = 2,
            .run = &help_on_command,
            .flags = kWhileUnready,
            .explicit_categories = kInConnection,
            .since = "5.0.0",
            .usage = "HELP",
            .summary = "This text."},
};

constexpr Command kCommand{.name = "command",
                           .arity = -1,
                           .run = &write_all_info,
                           .flags = kWhileUnready,
                           .explicit_categories = kInConnection,
                           .group = "server",
                           .since = "2.8.13",
                           .complexity = kPerCommand,
                           .summary = "What commands there are.",
                           .tips = kUnordered,
                           .subcommands = kSubcommandsOfCommand};

}  // namespace

const Command& command_command() { return kCommand; }

}  // namespace vedette::node
