// For tests, fuzzers and benches: files, listings and sinks in memory.
//
// Thread safety: as the interfaces they stand for; each belongs to one test.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "services/instagram/instagram_source.h"

namespace valise::services::instagram {

class MemoryFile final : public DataFile {
 public:
  // `chunk`: at most so many bytes a Read(). `claimed_size`: what size() says, so that small texts
  // are streamed.
  MemoryFile(std::string path, std::string text, size_t chunk = SIZE_MAX, uint64_t claimed_size = 0)
      : path_(std::move(path)),
        text_(std::move(text)),
        length_(text_.size()),
        chunk_(chunk),
        claimed_size_(claimed_size == 0 ? length_ : claimed_size) {
    text_.append(kPadding, '\0');
  }
  std::string_view path() const override { return path_; }
  uint64_t size() const override { return claimed_size_; }
  Result<std::string_view> Whole() override {
    if (error) return std::unexpected(*error);
    return std::string_view(text_).substr(0, length_);
  }
  Result<size_t> Read(MutableBytes out) override {
    const size_t count = std::min({out.size(), chunk_, length_ - at_});
    if (count == 0 && error) return std::unexpected(*error);
    std::memcpy(out.data(), text_.data() + at_, count);
    at_ += count;
    return count;
  }

  std::optional<Error> error;  // of Whole(), and at the end of Read()

 private:
  std::string path_;
  std::string text_;
  size_t length_;
  size_t chunk_;
  uint64_t claimed_size_;
  size_t at_ = 0;
};

class ListSink : public account::RecordSink {
 public:
  Status Put(account::Record record) override {
    if (records.size() == fail_after) return Fail(ErrorCode::kUnavailable, "disk full");
    records.push_back(std::move(record));
    return {};
  }
  void Report(account::Issue issue) override { issues.push_back(std::move(issue)); }

  template <typename T>
  std::vector<T> All() const {
    std::vector<T> found;
    for (const account::Record& record : records) {
      if (const T* r = std::get_if<T>(&record)) found.push_back(*r);
    }
    return found;
  }
  std::vector<account::Record> records;
  std::vector<account::Issue> issues;
  size_t fail_after = SIZE_MAX;
};

class MemoryArchive final : public zip::Archive {
 public:
  MemoryArchive(std::vector<std::string> paths, std::vector<std::string> part_names = {})
      : part_names_(std::move(part_names)) {
    for (std::string& path : paths) entries_.push_back({.path = std::move(path)});
  }
  std::span<const zip::ArchiveEntry> entries() const override { return entries_; }
  std::span<const zip::RefusedEntry> refused() const override { return {}; }
  Result<std::unique_ptr<zip::EntryReader>> Open(size_t) const override {
    return Fail(ErrorCode::kNotFound, "only names");
  }
  Listing listing() const { return {entries_, part_names_}; }

 private:
  std::vector<zip::ArchiveEntry> entries_;
  std::vector<std::string> part_names_;
};

}  // namespace valise::services::instagram
