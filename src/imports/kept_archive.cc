#include "imports/kept_archive.h"

#include "zip/entry_reader.h"

namespace valise::imports {
namespace {

// A reader that owns its file.
class BlobReader final : public zip::EntryReader {
 public:
  BlobReader(File file, const zip::EntryData& data)
      : file_(std::move(file)), reader_(zip::MakeEntryReader(file_, data)) {}
  Result<size_t> Read(MutableBytes out) override { return reader_->Read(out); }
  void OnStored(std::function<Status(Bytes)> stored) override {
    reader_->OnStored(std::move(stored));
  }

 private:
  File file_;
  std::unique_ptr<zip::EntryReader> reader_;
};

}  // namespace

KeptArchive::KeptArchive(const library::Library& library, const account::ImportInfo& info,
                         const std::vector<account::OriginalFile>& files)
    : library_(library), by_number_(files.size()) {
  for (uint32_t number = 0; number < files.size(); ++number) {
    const account::OriginalFile& file = files[number];
    if (!file.digest) continue;
    by_number_[number] = entries_.size();
    zip::ArchiveEntry entry;
    entry.path = file.path;
    entry.size = file.size;
    entry.stored_size = file.stored_size;
    entry.method = file.deflated ? zip::Method::kDeflate : zip::Method::kStored;
    entry.crc = file.crc;
    entry.modified = info.date.value_or(info.time);
    entries_.push_back(std::move(entry));
    digests_.push_back(*file.digest);
  }
}

Result<std::unique_ptr<zip::EntryReader>> KeptArchive::Open(size_t index) const {
  if (index >= entries_.size()) return Fail(ErrorCode::kNotFound, "no such entry");
  const zip::ArchiveEntry& entry = entries_[index];
  ASSIGN_OR_RETURN(File file, library_.local_files()->Open(digests_[index]));
  return std::make_unique<BlobReader>(std::move(file),
                                      zip::EntryData{.offset = 0,
                                                     .stored_size = entry.stored_size,
                                                     .size = entry.size,
                                                     .method = entry.method,
                                                     .crc = entry.crc});
}

}  // namespace valise::imports
