// Files that came under one path with different contents, in several parts: variants. Each is read,
// and what several of them tell is taken once.
//
// Thread safety: a ToldOnce belongs to one thread; the rest are pure functions.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "account/received_path.h"
#include "account/record_sink.h"
#include "services/source.h"
#include "zip/archive.h"

namespace valise::imports {

using account::PathAsReceived;
using account::VariantPath;

// The variants among `files` (numbers, ascending), each group in order; most groups are one file.
std::vector<std::vector<uint32_t>> GroupVariants(
    const std::vector<uint32_t>& files,
    const std::function<std::string_view(uint32_t number)>& path_of);

// Leaves out of each variant what the ones before it told as often already. It remembers eight
// bytes of the SHA-256 of every record, some 40 bytes of memory each.
class ToldOnce {
 public:
  // Between the source and the sink of one variant. Lifetime: borrows both.
  class File final : public account::RecordSink {
   public:
    File(ToldOnce& group, account::RecordSink& to) : group_(group), to_(to) {}
    ~File() override { group_.EndFile(); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    Status Put(account::Record record) override;
    void Report(account::Issue issue) override { to_.Report(std::move(issue)); }

   private:
    ToldOnce& group_;
    account::RecordSink& to_;
  };

 private:
  void EndFile();
  // How often a record was told at most by one variant before; and by this one.
  std::unordered_map<uint64_t, uint32_t> before_, now_;
};

// Reads the data file `path` of an archive into `sink`: issues of a variant name the variant, and
// what the ones before it told (`told`; nullptr: there are none) is left out. Errors: as
// ArchiveReading::ReadData.
Result<account::FileCounts> ReadVariant(const services::ArchiveReading& reading,
                                        const zip::Archive& archive, size_t entry,
                                        std::string_view path, ToldOnce* told,
                                        account::RecordSink& sink);

}  // namespace valise::imports
