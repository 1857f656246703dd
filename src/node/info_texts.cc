#include "node/info_texts.h"

#include <unordered_set>
#include <utility>

namespace vedette::node {
namespace {

std::string_view version_in(std::string_view info) {
  constexpr std::string_view kField = "redis_version:";
  const std::size_t found = info.find(kField);
  if (found == std::string_view::npos) return {};
  const std::string_view rest = info.substr(found + kField.size());
  return rest.substr(0, rest.find('\r'));
}

}  // namespace

void InfoTexts::keep(InstanceId server, std::string_view text) {
  if (text.size() < kLeastPackedBytes) {
    texts_[server] = {std::string(text), std::nullopt, nullptr};
    return;
  }
  texts_.erase(server);  // first, since a model that nothing is packed with may be replaced
  Model model = model_for(text);
  std::string bytes = packer_.pack(text, model ? *model : std::string_view());
  texts_[server] = {std::move(bytes), text.size(), std::move(model)};
}

std::optional<std::string> InfoTexts::of(InstanceId server) const {
  const auto found = texts_.find(server);
  if (found == texts_.end()) return std::nullopt;
  const Text& text = found->second;
  if (!text.unpacked_size) return text.bytes;
  return unpack(text.bytes, *text.unpacked_size, text.model ? *text.model : std::string_view());
}

std::size_t InfoTexts::text_bytes() const {
  std::size_t bytes = 0;
  std::unordered_set<const std::string*> models;
  for (const auto& [version, model] : models_) models.insert(model.get());
  for (const auto& [server, text] : texts_) {
    bytes += text.bytes.size();
    if (text.model) models.insert(text.model.get());
  }
  for (const std::string* model : models) bytes += model->size();
  return bytes;
}

MemoryUse InfoTexts::memory() const {
  return {texts_.size(), table_of(texts_) + tree_of(models_) + text_bytes() + packer_.memory()};
}

// The first text of a version is the model of those that follow, unless the server was one that tells less than others.
InfoTexts::Model InfoTexts::model_for(std::string_view text) {
  const std::string_view version = version_in(text);
  const auto known = models_.find(version);
  if (known != models_.end() && text.size() <= 2 * known->second->size()) return known->second;
  if (text.size() > kMaxModelBytes) return known != models_.end() ? known->second : nullptr;
  auto model = std::make_shared<const std::string>(text);
  if (known != models_.end()) return known->second = std::move(model);
  if (models_.size() == kMaxModels)
    std::erase_if(models_, [](const auto& entry) { return entry.second.use_count() == 1; });
  if (models_.size() == kMaxModels) return nullptr;
  return models_.emplace(version, std::move(model)).first->second;
}

}  // namespace vedette::node
