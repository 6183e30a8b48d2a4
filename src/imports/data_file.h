// A data file of an archive as a source reads it: whole in memory when it is small, in runs when it
// is not.
//
// Thread safety: belongs to one thread. Lifetime: borrows the archive; the text of Whole() lives as
// long as this.
#pragma once

#include <memory>
#include <string>

#include "account/received_path.h"
#include "services/source.h"
#include "zip/archive.h"

namespace valise::imports {

class ArchiveDataFile final : public services::DataFile {
 public:
  ArchiveDataFile(const zip::Archive& archive, size_t entry, std::string_view path)
      : archive_(archive), entry_(entry), path_(account::PathAsReceived(path)) {}

  std::string_view path() const override { return path_; }
  uint64_t size() const override { return archive_.entries()[entry_].size; }
  Result<std::string_view> Whole() override;
  Result<size_t> Read(MutableBytes out) override;

 private:
  const zip::Archive& archive_;
  size_t entry_;
  std::string path_;
  std::string whole_;
  std::unique_ptr<zip::EntryReader> reader_;
};

}  // namespace valise::imports
