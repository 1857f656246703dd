#include "conf/file.h"

#include "conf/journal.h"
#include "conf/parse.h"
#include "conf/render.h"
#include "conf/separate_state.h"

namespace vedette::conf {
namespace {

using ParsedDocument = std::variant<Document, std::vector<Problem>>;

}  // namespace

std::variant<File, std::vector<Problem>> File::parse(std::string_view text, IsExecutable is_executable) {
  return parse(Sources{.file = {{}, std::string(text)}, .is_executable = std::move(is_executable)});
}

std::variant<File, std::vector<Problem>> File::parse(const Sources& sources) {
  ParsedDocument parsed = parse_document(sources);
  if (auto* problems = std::get_if<std::vector<Problem>>(&parsed)) return std::move(*problems);
  return File(std::get<Document>(std::move(parsed)));
}

std::variant<File, std::vector<Problem>> File::with_state(std::string_view state_text) const {
  ParsedDocument joined = with_separate_state(*document_, state_text);
  if (auto* problems = std::get_if<std::vector<Problem>>(&joined)) return std::move(*problems);
  return File(std::get<Document>(std::move(joined)));
}

std::variant<File, std::vector<Problem>> File::with_journal(std::string_view state_text,
                                                            std::string_view journal) const {
  ParsedDocument joined = conf::with_journal(*document_, state_text, journal);
  if (auto* problems = std::get_if<std::vector<Problem>>(&joined)) return std::move(*problems);
  return File(std::get<Document>(std::move(joined)));
}

const Place* File::place_of(const std::string& key) const {
  const auto found = document_->places.find(key);
  return found == document_->places.end() ? nullptr : &found->second;
}

std::string File::render(const SentinelSettings& wanted) const { return conf::render(*document_->form, wanted); }

}  // namespace vedette::conf
