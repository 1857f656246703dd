#include "conf/journal.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/sha256.h"
#include "base/text.h"
#include "conf/merge.h"
#include "conf/parse.h"
#include "conf/statements.h"

namespace vedette::conf {
namespace {

// "@ <bytes of the payload> <checksum of the payload>", then the payload, which consists of whole lines.
constexpr std::string_view kRecordMark = "@ ";
// The lines of a payload that are no lines of a state file.
constexpr std::string_view kBaseMark = "= ";
constexpr std::string_view kChangedMark = "+ ";
constexpr std::string_view kRemovedMark = "- ";

constexpr std::size_t kChecksumDigits = 16;

std::string checksum(std::string_view text) { return sha256_hex(text).substr(0, kChecksumDigits); }

std::string record_of(std::string_view payload) {
  return fmt::format("{}{} {}\n{}", kRecordMark, payload.size(), checksum(payload), payload);
}

std::string base_of(std::string_view text) { return fmt::format("{} {}", text.size(), sha256_hex(text)); }

std::string base_record(std::string_view text) { return record_of(fmt::format("{}{}\n", kBaseMark, base_of(text))); }

void append_lines(std::string& out, const SentinelSettings& settings) {
  for (const Statement& statement : statements_of(settings)) {
    if (!statement.is_default) out += statement.text + '\n';
  }
}

std::string lines_of(const MonitoredPrimary& primary) {
  SentinelSettings alone;
  alone.primaries.push_back(primary);
  std::string lines;
  append_lines(lines, alone);
  return lines;
}

// What all records of a journal say together.
struct Contents {
  std::vector<std::string> bases;
  std::string epoch_line;                                       // the last one
  std::map<std::string, std::optional<std::string>> primaries;  // their last lines; nullopt: removed
  bool is_damaged = false;  // a record does not hold what it was written with, and it is not the last one
};

// The payload of the record with which `rest` begins, which is then cut off; nullopt: that is no whole record.
std::optional<std::string_view> take_payload(std::string_view& rest) {
  const std::size_t feed = rest.find('\n');
  if (!rest.starts_with(kRecordMark) || feed == std::string_view::npos) return std::nullopt;
  const auto words = split(rest.substr(kRecordMark.size(), feed - kRecordMark.size()), ' ');
  if (words.size() != 2) return std::nullopt;
  const auto size = parse_integer<std::size_t>(words[0]);
  const std::string_view after = rest.substr(feed + 1);
  if (!size || *size > after.size()) return std::nullopt;
  const std::string_view payload = after.substr(0, *size);
  if (words[1] != checksum(payload)) return std::nullopt;
  rest = after.substr(*size);
  return payload;
}

void read_payload(Contents& contents, std::string_view payload) {
  std::optional<std::string>* block = nullptr;
  for (const std::string_view line : split(payload, '\n')) {
    if (line.empty()) continue;
    if (line.starts_with(kBaseMark)) {
      contents.bases.emplace_back(line.substr(kBaseMark.size()));
    } else if (line.starts_with(kRemovedMark)) {
      contents.primaries[std::string(line.substr(kRemovedMark.size()))] = std::nullopt;
      block = nullptr;  // it may have been this one
    } else if (line.starts_with(kChangedMark)) {
      block = &(contents.primaries[std::string(line.substr(kChangedMark.size()))] = std::string());
    } else if (block != nullptr) {
      **block += std::string(line) + '\n';
    } else {
      contents.epoch_line = std::string(line) + '\n';
    }
  }
}

// A crash may have torn the last record, which nobody has been told of then.
Contents read_journal(std::string_view journal) {
  Contents contents;
  while (!journal.empty()) {
    const auto payload = take_payload(journal);
    if (!payload) break;
    read_payload(contents, *payload);
  }
  contents.is_damaged = journal.find(fmt::format("\n{}", kRecordMark)) != std::string_view::npos;
  return contents;
}

// Whether host names are allowed is in the file, which may be another one by now.
std::string state_lines(const Contents& contents) {
  std::string lines = "sentinel resolve-hostnames yes\n" + contents.epoch_line;
  for (const auto& [name, block] : contents.primaries) lines += block.value_or(std::string());
  return lines;
}

using Primaries = std::vector<MonitoredPrimary>;
using ByName = std::unordered_map<std::string_view, MonitoredPrimary*>;

ByName by_name(Primaries& primaries) {
  ByName named;
  for (MonitoredPrimary& primary : primaries) named.emplace(primary.name, &primary);
  return named;
}

// The journal continues this very text: all that it says holds.
void continue_with(Primaries& primaries, const Contents& contents, Primaries& changed) {
  std::erase_if(primaries, [&](const MonitoredPrimary& primary) {
    const auto said = contents.primaries.find(primary.name);
    return said != contents.primaries.end() && !said->second;
  });
  ByName known = by_name(primaries);
  Primaries added;
  for (MonitoredPrimary& now : changed) {
    const auto before = known.find(now.name);
    if (before == known.end()) {
      added.push_back(std::move(now));
    } else {
      *before->second = now;
    }
  }
  std::move(added.begin(), added.end(), std::back_inserter(primaries));
}

// The text is another one, and newer for all we know. What was promised holds nevertheless, and of two configurations
// of one primary that with the greater epoch.
void take_promises(Primaries& primaries, const Primaries& changed) {
  const ByName known = by_name(primaries);
  for (const MonitoredPrimary& then : changed) {
    const auto found = known.find(then.name);
    if (found == known.end()) continue;
    MonitoredPrimary& now = *found->second;
    now.leader_epoch = std::max(now.leader_epoch, then.leader_epoch);
    if (then.config_epoch <= now.config_epoch) continue;
    now.config_epoch = then.config_epoch;
    now.address = then.address;
    take_remembered(then, now);
  }
}

}  // namespace

std::string journal_record(const Changes& changes) {
  SentinelSettings epoch_alone;
  epoch_alone.current_epoch = changes.current_epoch;
  std::string payload;
  append_lines(payload, epoch_alone);
  for (const std::string& name : changes.removed) payload += fmt::format("{}{}\n", kRemovedMark, name);
  for (const MonitoredPrimary& primary : changes.primaries) {
    payload += fmt::format("{}{}\n", kChangedMark, primary.name);
    payload += lines_of(primary);
  }
  return record_of(payload);
}

Journal::Journal(std::string_view text, bool has_old_records)
    : has_old_records_(has_old_records), bases_(base_record(text)) {}

std::string Journal::bytes_for(std::string_view record) const { return bases_ + std::string(record); }

void Journal::appended(std::size_t bytes) {
  size_ += bytes;
  bases_.clear();
}

// Beside an empty journal a replacement needs no record of its own until something is appended; but of several that
// have failed each may be what is on the disk.
std::string Journal::begin_replace(std::string_view text) {
  replacement_ = base_record(text);
  size_at_replace_ = size_;
  if (!bases_.empty() && !has_successor_) {
    bases_ += replacement_;
    has_successor_ = true;
    return {};
  }
  std::string bytes = bases_ + replacement_;
  size_at_replace_ += bytes.size();
  return bytes;
}

bool Journal::end_replace() {
  if (size_ != size_at_replace_) return false;
  const bool had_records = size_ != 0 || has_old_records_;
  has_old_records_ = false;
  size_ = 0;
  bases_ = replacement_;
  has_successor_ = false;
  return had_records;
}

std::variant<Document, std::vector<Problem>> with_journal(const Document& document, std::string_view text,
                                                          std::string_view journal) {
  if (journal.empty()) return document;
  const Contents contents = read_journal(journal);
  auto read = parse_document(Sources{.file = {{}, state_lines(contents)}});
  if (auto* problems = std::get_if<std::vector<Problem>>(&read)) return std::move(*problems);
  SentinelSettings& changed = std::get<Document>(read).configuration.sentinel;

  Document joined = document;
  SentinelSettings& settings = joined.configuration.sentinel;
  settings.current_epoch = std::max(settings.current_epoch, changed.current_epoch);
  const bool continues = std::find(contents.bases.begin(), contents.bases.end(), base_of(text)) != contents.bases.end();
  if (continues) {
    continue_with(settings.primaries, contents, changed.primaries);
  } else {
    take_promises(settings.primaries, changed.primaries);
    joined.notes.emplace_back(
        "The journal of this state belongs to another version of the file: of what it says, votes, epochs and newer "
        "configurations hold, and nothing else");
  }
  if (contents.is_damaged) {
    joined.notes.emplace_back("The journal of this state is damaged: what it says after that place is lost");
  }
  joined.must_be_saved = true;
  return joined;
}

}  // namespace vedette::conf
