// The files of a bag inside an archive (a ZIP or a folder): the bag lies at its root or in its one
// top folder.
//
// Thread safety: const methods from any thread. Lifetime: borrows the archive.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "zip/archive.h"

namespace valise::bag {

class BagFiles {
 public:
  // Errors: kInvalidArgument (no bagit.txt at the root or in a top folder; several bags).
  static Result<BagFiles> Find(const zip::Archive& archive);

  struct File {
    std::string_view path;  // relative to the bag
    size_t index = 0;       // in the archive
  };
  // Sorted by path.
  std::span<const File> files() const { return files_; }
  std::optional<size_t> IndexOf(std::string_view path) const;
  bool Has(std::string_view path) const { return IndexOf(path).has_value(); }
  uint64_t SizeOf(size_t index) const { return archive_.entries()[index].size; }
  // Errors: kNotFound, kLimitExceeded, kCorrupt, kUnavailable.
  Result<std::string> Read(std::string_view path, uint64_t limit) const;

  // Files of the archive that lie outside the bag's folder, as they are named there.
  const std::vector<std::string>& outside() const { return outside_; }
  // The bag's folder in the archive: "" or "name/".
  const std::string& prefix() const { return prefix_; }
  const zip::Archive& archive() const { return archive_; }

 private:
  BagFiles(const zip::Archive& archive, std::string prefix);

  const zip::Archive& archive_;
  std::string prefix_;
  std::vector<File> files_;
  std::vector<std::string> outside_;
};

}  // namespace valise::bag
