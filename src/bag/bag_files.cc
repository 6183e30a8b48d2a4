#include "bag/bag_files.h"

#include <algorithm>

namespace valise::bag {
namespace {

constexpr std::string_view kDeclaration = "bagit.txt";

}  // namespace

Result<BagFiles> BagFiles::Find(const zip::Archive& archive) {
  std::vector<std::string> prefixes;
  for (const zip::ArchiveEntry& entry : archive.entries()) {
    if (!entry.path.ends_with(kDeclaration)) continue;
    std::string prefix = entry.path.substr(0, entry.path.size() - kDeclaration.size());
    if (prefix.empty()) return BagFiles(archive, "");
    if (prefix.find('/') == prefix.size() - 1) prefixes.push_back(std::move(prefix));
  }
  if (prefixes.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "this is not a bag: there is no bagit.txt at its root or in its top folder");
  }
  if (prefixes.size() > 1) {
    return Fail(ErrorCode::kInvalidArgument, "there are several bags in it: check them one by one");
  }
  return BagFiles(archive, std::move(prefixes[0]));
}

BagFiles::BagFiles(const zip::Archive& archive, std::string prefix)
    : archive_(archive), prefix_(std::move(prefix)) {
  const auto entries = archive.entries();
  files_.reserve(entries.size());
  for (size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].path.starts_with(prefix_)) {
      files_.push_back({std::string_view(entries[i].path).substr(prefix_.size()), i});
    } else {
      outside_.push_back(entries[i].path);
    }
  }
  std::ranges::sort(files_, {}, &File::path);
}

std::optional<size_t> BagFiles::IndexOf(std::string_view path) const {
  const auto found = std::ranges::lower_bound(files_, path, {}, &File::path);
  if (found == files_.end() || found->path != path) return std::nullopt;
  return found->index;
}

Result<std::string> BagFiles::Read(std::string_view path, uint64_t limit) const {
  const std::optional<size_t> index = IndexOf(path);
  if (!index) return Fail(ErrorCode::kNotFound, "the bag has no such file");
  return zip::ReadEntry(archive_, *index, limit);
}

}  // namespace valise::bag
