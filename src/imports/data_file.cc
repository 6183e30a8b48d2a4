#include "imports/data_file.h"

namespace valise::imports {

Result<std::string_view> ArchiveDataFile::Whole() {
  CHECK(size() <= kWholeFileLimit);
  if (whole_.empty()) {
    ASSIGN_OR_RETURN(whole_, zip::ReadEntry(archive_, entry_, kWholeFileLimit));
    whole_.reserve(whole_.size() + kPadding);
  }
  return std::string_view(whole_);
}

Result<size_t> ArchiveDataFile::Read(MutableBytes out) {
  if (!reader_) {
    ASSIGN_OR_RETURN(reader_, archive_.Open(entry_));
  }
  return reader_->Read(out);
}

}  // namespace valise::imports
