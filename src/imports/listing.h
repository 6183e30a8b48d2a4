// The files of one archive, in the order and under the names that an import gives them.
//
// Thread safety: a Listing is immutable after Make(). Lifetime: it borrows the archive and the
// reading.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "imports/media_finder.h"
#include "services/source.h"
#include "zip/archive.h"

namespace valise::imports {

struct ReceivedFile {
  std::string path;             // relative to the archive's root; unique
  std::optional<size_t> entry;  // its place in the archive; none when it was refused
  services::FileRole role = services::FileRole::kOther;
  bool is_duplicate = false;  // the same path, size and checksum came in another part
  std::optional<Error> refused;
};

// The source that is surest that the listing is its own; nullptr when none is.
const services::Source* SurestOf(std::span<const services::Source* const> sources,
                                 const services::Listing& listing);

// What `file` is about, if it is only kept; else empty.
std::string CategoryOf(const services::ArchiveReading& reading, const account::OriginalFile& file);

// An archive opened and recognised.
class OpenedArchive {
 public:
  // Opens the parts and asks every source; the surest one reads it.
  // Errors: those of zip::OpenArchive; kUnsupported (no source knows it: says what was looked for);
  // kInvalidArgument (several archives, as if they were the parts of one).
  static Result<OpenedArchive> Open(std::span<const services::Source* const> sources,
                                    std::span<const fs::path> parts);

  const zip::Archive& archive() const { return *archive_; }
  const services::Source& source() const { return *source_; }
  const services::ArchiveReading& reading() const { return *reading_; }
  // The service on which the account lives.
  std::string account_service() const;
  // See ArchiveReading.
  std::string account_username() const { return reading_->account_username(); }
  const std::vector<std::string>& part_names() const { return part_names_; }

  // Sorted by path: a file's number is its place.
  const std::vector<ReceivedFile>& files() const { return files_; }
  // The number of the file that a record's media path means.
  std::optional<uint32_t> FindMedia(std::string_view media_path) const;
  // Sum of the sizes of what is to be read.
  uint64_t total_bytes() const { return total_bytes_; }
  // The reading's own date, else the newest modification time in the archive.
  std::optional<Timestamp> date() const;

 private:
  void ListFiles();
  Status RefuseSeveral() const;

  std::unique_ptr<zip::Archive> archive_;
  const services::Source* source_ = nullptr;
  std::unique_ptr<services::ArchiveReading> reading_;
  std::vector<std::string> part_names_;
  std::vector<ReceivedFile> files_;
  MediaFinder media_;
  uint64_t total_bytes_ = 0;
};

}  // namespace valise::imports
