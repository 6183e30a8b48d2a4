// The import journal: which files of an interrupted import are stored already
// (docs/formats/import-journal.md).
//
// Thread safety: Add() from any thread; Find() from any thread once it is open. Durability: entries
// survive the process; after a crash of the machine they are only believed when the blobs have been
// checked.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "account/import_row.h"
#include "base/file.h"

namespace valise::library {

class Journal {
 public:
  struct Entry {
    account::OriginalFile file;
    uint64_t stamp = 0;
  };

  // Opens the journal of an import of `paths`; one of other paths is emptied. `boot_id` is of the
  // running kernel.
  static Result<std::unique_ptr<Journal>> Open(const fs::path& path,
                                               const std::vector<std::string>& paths,
                                               std::string_view boot_id);

  // Another boot wrote it: blobs may be damaged that its entries name. Stays true until Trust().
  bool must_be_checked() const { return must_be_checked_; }
  // The blobs have been checked: from now on it is of this boot.
  Status Trust();

  const Entry* Find(uint32_t number) const;
  Status Add(uint32_t number, const account::OriginalFile& file, uint64_t stamp);
  // Forgets everything: the import is committed.
  static Status Remove(const fs::path& path);

 private:
  Journal(File file, std::string header) : file_(std::move(file)), header_(std::move(header)) {}
  Status Load(std::string_view content);
  Status Start();

  File file_;
  std::string header_;
  bool must_be_checked_ = false;
  std::map<uint32_t, Entry> entries_;
  std::mutex mutex_;
};

// Of the running kernel; "unknown" where it does not say.
std::string BootId();

}  // namespace valise::library
