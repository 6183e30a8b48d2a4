#include "library/live_media.h"

#include <algorithm>

#include "base/crc32.h"
#include "library/forget_files.h"
#include "media/sniff.h"

namespace valise::library {
namespace {

constexpr std::string_view kWaiting = "sha256/";
constexpr size_t kDigestHex = 2 * Digest::kSize;
constexpr size_t kPart = 1u << 20;

// The path as it was given.
std::string_view GivenPath(const account::MediaItem& item) {
  std::string_view path = item.path;
  if (!WaitsFor(item)) return path;
  path.remove_prefix(kWaiting.size() + kDigestHex);
  return path.starts_with('/') ? path.substr(1) : path;
}

}  // namespace

std::optional<Digest> WaitsFor(const account::MediaItem& item) {
  if (item.digest || !item.path.starts_with(kWaiting)) return std::nullopt;
  const std::string_view rest = std::string_view(item.path).substr(kWaiting.size());
  if (rest.size() < kDigestHex || (rest.size() > kDigestHex && rest[kDigestHex] != '/')) {
    return std::nullopt;
  }
  const auto digest = Digest::Parse(rest.substr(0, kDigestHex));
  return digest ? std::optional(*digest) : std::nullopt;
}

Status LiveMedia::Load() {
  if (std::exchange(is_loaded_, true) || base_ == nullptr) return {};
  return table_.Load(library_, *base_);
}

Result<bool> LiveMedia::TakeIn(const Digest& digest) {
  if (absent_.contains(digest)) return false;
  if (tombstones_.Find(digest) == Tombstones::Medium::kForgotten) return false;
  ASSIGN_OR_RETURN(const std::optional<blob::BlobInfo> info, library_.blobs().Stat(digest));
  // A sealed document or a received file is no medium.
  if (!info || info->encoding != blob::Encoding::kIdentity) {
    absent_.insert(digest);
    return false;
  }
  account::OriginalFile file{.path = {},
                             .fate = account::Fate::kMedium,
                             .digest = digest,
                             .size = info->stored_size,
                             .stored_size = info->stored_size,
                             .type = {}};
  std::string part;
  for (uint64_t at = 0; at < info->stored_size; at += part.size()) {
    part.resize(std::min<uint64_t>(kPart, info->stored_size - at));
    RETURN_IF_ERROR(library_.blobs().ReadAt(digest, at, std::as_writable_bytes(std::span(part))));
    if (at == 0)
      file.type = media::Sniff(AsBytes(part).first(std::min(part.size(), media::kSniffBytes)));
    file.crc = Crc32(file.crc, AsBytes(part));
  }
  table_.Add(file);
  return true;
}

Status LiveMedia::ResolveItem(account::MediaItem& item) {
  const std::optional<Digest> digest = item.digest ? item.digest : WaitsFor(item);
  if (!digest) {
    item.size = 0;
    item.type.clear();
    return {};
  }
  std::string path(GivenPath(item));
  item.digest = digest;
  if (!table_.Describe(item)) {
    ASSIGN_OR_RETURN(const bool is_here, TakeIn(*digest));
    if (!is_here) {
      item.digest.reset();
      item.size = 0;
      item.type.clear();
      item.path = std::string(kWaiting) + digest->Hex();
      if (!path.empty()) (item.path += '/') += path;
      return {};
    }
    table_.Describe(item);
  }
  item.path = std::move(path);
  return {};
}

Result<uint64_t> LiveMedia::Resolve(account::Record& record) {
  RETURN_IF_ERROR(Load());
  const auto time = account::TimeOf(record);
  const auto kind = static_cast<unsigned>(account::KindOf(record));
  uint64_t missing = 0;
  for (account::MediaItem* item : account::MediaOf(record)) {
    RETURN_IF_ERROR(ResolveItem(*item));
    missing += account::IsMissing(*item) ? 1 : 0;
    if (!item->digest) continue;
    MediumUse use{.kinds = static_cast<uint16_t>(1u << kind)};
    if (time) use.record_time = ToMillis(*time);
    if (item->time) use.own_time = ToMillis(*item->time);
    uses_[*item->digest].Add(use);
  }
  return missing;
}

Status LiveMedia::Drop(const std::vector<DocumentRow>& documents,
                       const std::unordered_set<Digest>& dropped) {
  uint16_t kinds = 0;
  for (const Digest& digest : dropped) kinds |= table_.KindsOf(digest);
  ASSIGN_OR_RETURN(const auto shown, ShownBy(library_, documents, dropped, kinds, {}));
  std::vector<Digest> unseen;
  for (const Digest& digest : dropped) {
    if (!table_.Has(digest)) continue;
    const auto found = shown.find(digest);
    table_.SetKinds(digest, found == shown.end() ? uint16_t{0} : found->second);
    if (found == shown.end()) unseen.push_back(digest);
  }
  if (unseen.empty()) return {};
  // What an archive brought stays, as a received file.
  for (const ImportEntry& import : base_->imports) {
    ASSIGN_OR_RETURN(const std::string files, library_.ReadList(import.files));
    std::erase_if(unseen, [&](const Digest& digest) { return files.contains(digest.Hex()); });
  }
  for (const Digest& digest : unseen) table_.Remove(digest);
  return {};
}

Status LiveMedia::Seal(Head& head, const std::unordered_set<Digest>& dropped) {
  if (!is_loaded_ && dropped.empty()) return {};
  RETURN_IF_ERROR(Load());
  for (const auto& [digest, use] : uses_) table_.Use(digest, use);
  if (!dropped.empty()) RETURN_IF_ERROR(Drop(head.documents, dropped));
  ASSIGN_OR_RETURN(head.media, table_.Seal(library_.blobs(), base_));
  table_.Count(head.counts);
  return {};
}

}  // namespace valise::library
