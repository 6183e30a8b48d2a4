// Which file of an archive a record means by a path.
//
// Thread safety: Find() from any thread once the last file was added.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace valise::imports {

class MediaFinder {
 public:
  // `path` as services::ArchiveReading::MediaPath gives it; of equal ones the first counts.
  void Add(std::string path, uint32_t number);
  // The file of that path; else the only one whose path differs in case and in the form of accents
  // alone.
  std::optional<uint32_t> Find(const std::string& path) const;

 private:
  static constexpr uint32_t kSeveral = UINT32_MAX;
  std::unordered_map<std::string, uint32_t> exact_;
  std::unordered_map<std::string, uint32_t> loose_;  // LoosePath(), where it is another
};

}  // namespace valise::imports
