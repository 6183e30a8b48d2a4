#include "signing.h"

namespace valise::app {

Result<bag::SigningKey> LoadOrMakeKey(const fs::path& data, Random& random) {
  const fs::path path = data / "signing.key";
  auto loaded = bag::SigningKey::Load(path);
  if (loaded.has_value() || loaded.error().code != ErrorCode::kNotFound) return loaded;
  RETURN_IF_ERROR(MakeFolders(data));
  bag::SigningKey key = bag::SigningKey::Generate(random);
  if (const Status saved = key.Save(path); !saved.has_value()) {
    // Another process was quicker: its key is the one.
    if (saved.error().code == ErrorCode::kAlreadyExists) return bag::SigningKey::Load(path);
    return std::unexpected(saved.error());
  }
  RETURN_IF_ERROR(WriteFileAtomically(data / "signing.pub", key.public_key().FileText()));
  return key;
}

Result<std::vector<bag::PublicKey>> TrustedKeys(const fs::path& data,
                                                const std::vector<std::string>& given) {
  constexpr uint64_t kKeyFileLimit = 4096;
  std::vector<bag::PublicKey> keys;
  if (const auto own = ReadFile(data / "signing.pub", kKeyFileLimit); own.has_value()) {
    ASSIGN_OR_RETURN(const bag::PublicKey key, bag::PublicKey::Parse(*own));
    keys.push_back(key);
  }
  for (const std::string& name : given) {
    const auto file = ReadFile(name, kKeyFileLimit);
    const auto key = bag::PublicKey::Parse(file.has_value() ? *file : name);
    if (!key.has_value()) return std::unexpected(key.error().Within("--key"));
    keys.push_back(*key);
  }
  return keys;
}

}  // namespace valise::app
