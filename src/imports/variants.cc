#include "imports/variants.h"

#include <algorithm>
#include <map>
#include <utility>

#include "account/record_json.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "imports/data_file.h"

namespace valise::imports {
namespace {

uint64_t NameOf(account::Record& record) {
  account::Common& common = account::CommonOf(record);
  const auto provenance = std::exchange(common.provenance, {});  // its place in the file differs
  const Digest digest = Sha256(account::ToJson(record));
  common.provenance = provenance;
  return LoadLe<uint64_t>(digest.bytes.data());
}

// Calls the file as the import lists it.
class IssuesOf final : public account::RecordSink {
 public:
  IssuesOf(std::string_view path, account::RecordSink& to) : path_(path), to_(to) {}
  Status Put(account::Record record) override { return to_.Put(std::move(record)); }
  void Report(account::Issue issue) override {
    if (issue.path == PathAsReceived(path_)) issue.path = path_;
    to_.Report(std::move(issue));
  }

 private:
  std::string_view path_;
  account::RecordSink& to_;
};

}  // namespace

std::vector<std::vector<uint32_t>> GroupVariants(
    const std::vector<uint32_t>& files,
    const std::function<std::string_view(uint32_t number)>& path_of) {
  std::vector<std::vector<uint32_t>> groups;
  std::map<std::string_view, std::vector<uint32_t>> variants;
  for (const uint32_t number : files) {
    const std::string_view path = path_of(number);
    if (PathAsReceived(path) != path) variants[PathAsReceived(path)].push_back(number);
  }
  for (const uint32_t number : files) {
    const auto others = variants.find(path_of(number));
    if (others != variants.end()) {
      others->second.insert(others->second.begin(), number);
    } else if (PathAsReceived(path_of(number)) == path_of(number)) {
      groups.push_back({number});
    }
  }
  for (auto& [_, group] : variants) groups.push_back(std::move(group));
  return groups;
}

Status ToldOnce::File::Put(account::Record record) {
  const uint64_t name = NameOf(record);
  const uint32_t times = ++group_.now_[name];
  const auto before = group_.before_.find(name);
  if (before != group_.before_.end() && times <= before->second) return {};
  return to_.Put(std::move(record));
}

void ToldOnce::EndFile() {
  for (const auto& [name, times] : now_) {
    uint32_t& most = before_[name];
    most = std::max(most, times);
  }
  now_.clear();
}

Result<account::FileCounts> ReadVariant(const services::ArchiveReading& reading,
                                        const zip::Archive& archive, size_t entry,
                                        std::string_view path, ToldOnce* told,
                                        account::RecordSink& sink) {
  ArchiveDataFile data(archive, entry, path);
  if (told == nullptr && PathAsReceived(path) == path) return reading.ReadData(data, sink);
  IssuesOf named(path, sink);
  if (told == nullptr) return reading.ReadData(data, named);
  ToldOnce::File once(*told, named);
  return reading.ReadData(data, once);
}

}  // namespace valise::imports
