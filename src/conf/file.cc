#include "conf/file.h"

#include "conf/parse.h"
#include "conf/render.h"

namespace vedette::conf {

std::variant<File, std::vector<Problem>> File::parse(std::string_view text, IsExecutable is_executable) {
  auto parsed = parse_document(text, std::move(is_executable));
  if (auto* problems = std::get_if<std::vector<Problem>>(&parsed)) return std::move(*problems);
  return File(std::get<Document>(std::move(parsed)));
}

std::string File::render(const SentinelSettings& wanted) const { return render_document(document_, wanted); }

}  // namespace vedette::conf
