#include "library/forget_files.h"

#include <algorithm>
#include <map>

#include "account/received_path.h"
#include "account/record_json.h"
#include "base/crc32.h"
#include "base/deflate.h"
#include "library/document.h"
#include "library/held_text.h"
#include "library/media_table.h"

namespace valise::library {
namespace {

using account::Fate;
using account::OriginalFile;

bool Meets(std::string_view line, const std::unordered_set<Digest>& media) {
  return Mentions(line, Erased{.keys = {}, .digests = media});
}

void RedactWhole(OriginalFile& file, EraseReport& report) {
  OriginalFile left;
  left.path = std::move(file.path);
  left.fate = Fate::kRedacted;
  left.seen = file.seen;
  file = std::move(left);
  ++report.originals_redacted;
}

bool MayHoldText(const OriginalFile& file) {
  return file.digest && file.type.empty() &&
         (file.fate == Fate::kKept || file.fate == Fate::kBroken);
}

// What is cut out of files that came under one path with other contents: of what several of them
// say, records name one place only.
class VariantEntries {
 public:
  VariantEntries(const RemovedRecords& removed, const std::string& import,
                 const std::vector<OriginalFile>& files) {
    for (const OriginalFile& file : files) {
      const std::string_view path = account::PathAsReceived(file.path);
      if (path != file.path) by_path_.try_emplace(std::string(path));
    }
    if (by_path_.empty()) return;
    for (auto at = removed.entries.lower_bound({import, 0});
         at != removed.entries.end() && at->first.first == import; ++at) {
      const uint32_t number = at->first.second;
      if (number >= files.size()) continue;
      const auto of = by_path_.find(account::PathAsReceived(files[number].path));
      if (of != by_path_.end()) of->second.emplace(number, &at->second);
    }
  }

  // Those of the variants of a file, without its own.
  std::vector<EntryToCut> OthersOf(uint32_t number, const OriginalFile& file) const {
    std::vector<EntryToCut> entries;
    const auto of = by_path_.find(account::PathAsReceived(file.path));
    if (of == by_path_.end()) return entries;
    for (const auto& [other, cut] : of->second) {
      if (other != number) entries.insert(entries.end(), cut->begin(), cut->end());
    }
    return entries;
  }

 private:
  std::map<std::string, std::map<uint32_t, const std::vector<EntryToCut>*>, std::less<>> by_path_;
};

}  // namespace

Result<std::unordered_map<Digest, uint16_t>> ShownBy(const Library& library,
                                                     const std::vector<DocumentRow>& documents,
                                                     const std::unordered_set<Digest>& media,
                                                     uint16_t kinds,
                                                     const RemovedRecords& removed) {
  std::unordered_map<Digest, uint16_t> shown;
  if (media.empty()) return shown;
  account::RecordParser parser;
  for (const DocumentRow& row : documents) {
    if ((kinds >> static_cast<unsigned>(row.kind) & 1) == 0) continue;
    ASSIGN_OR_RETURN(const std::string text, library.ReadDocument(row));
    if (!Meets(text, media)) continue;
    RETURN_IF_ERROR(ForEachLine(text, [&](std::string_view line, uint64_t) -> Status {
      if (!Meets(line, media)) return {};
      ASSIGN_OR_RETURN(const account::Record record, parser.Parse(line));
      if (removed.Has(record)) return {};
      for (const account::MediaItem* item : account::MediaOf(record)) {
        if (!item->digest || !media.contains(*item->digest)) continue;
        shown[*item->digest] |= static_cast<uint16_t>(1u << static_cast<unsigned>(row.kind));
      }
      return {};
    }));
  }
  return shown;
}

Status RemoveMedia(const Library& library, blob::BlobStore* blobs, const ToForget& what,
                   const RemovedRecords& removed, Head& head, Tombstones& tombstones,
                   EraseReport& report) {
  std::unordered_set<Digest> gone(what.media.begin(), what.media.end());
  std::unordered_set<Digest> perhaps = removed.shown;
  for (const Digest& digest : gone) perhaps.erase(digest);
  if (gone.empty() && perhaps.empty()) return {};
  MediaTable table;
  RETURN_IF_ERROR(table.Load(library, head));
  uint16_t kinds = 0;
  for (const Digest& digest : perhaps) kinds |= table.KindsOf(digest);
  ASSIGN_OR_RETURN(const auto shown, ShownBy(library, head.documents, perhaps, kinds, removed));
  for (const Digest& digest : gone) tombstones.Add(tombstones.OfMedium(digest, false));
  for (const Digest& digest : perhaps) {
    if (const auto found = shown.find(digest); found != shown.end()) {
      if (table.Has(digest)) table.SetKinds(digest, found->second);
      continue;
    }
    tombstones.Add(tombstones.OfMedium(digest, true));
    gone.insert(digest);
  }
  for (const Digest& digest : gone) {
    const uint64_t size = table.SizeOf(digest);
    if (!table.Remove(digest)) continue;
    ++report.media;
    report.media_bytes += size;
  }
  report.erased.digests = std::move(gone);
  if (blobs == nullptr) return {};
  ASSIGN_OR_RETURN(head.media, table.Seal(*blobs, &head));
  table.Count(head.counts);
  return {};
}

Result<bool> RedactFile(const blob::BlobStore& from, blob::BlobStore* blobs,
                        std::span<const EntryToCut> entries, std::span<const EntryToCut> alike,
                        OriginalFile& file, EraseReport& report) {
  if ((entries.empty() && alike.empty()) || !file.digest) return false;
  const size_t places = CountPlaces(entries);
  if (places + file.redacted >= file.understood || file.size > kCutLimit) {
    RedactWhole(file, report);
    return true;
  }
  ASSIGN_OR_RETURN(const std::string text, from.ReadContent(*file.digest, file.size));
  std::optional<std::string> cut = entries.empty() ? text : CutEntries(text, entries);
  size_t more = 0;
  if (cut && !alike.empty()) cut = CutAlike(*cut, alike, more);
  if (!cut || places + more + file.redacted >= file.understood) {
    RedactWhole(file, report);
    return true;
  }
  if (places + more == 0) return false;
  ++report.originals_cut;
  file.redacted += places + more;
  if (blobs == nullptr) return true;
  file.digest = Sha256(*cut);
  file.size = cut->size();
  file.crc = Crc32(AsBytes(*cut));
  const std::string stored = DeflateComplete(AsBytes(*cut));
  ASSIGN_OR_RETURN(const blob::BlobInfo info,
                   blobs->Put(*file.digest, blob::Encoding::kDeflate, AsBytes(stored)));
  file.stored_size = info.stored_size;
  file.deflated = info.encoding == blob::Encoding::kDeflate;
  return true;
}

Status RedactImport(const Library& library, blob::BlobStore* blobs, const RemovedRecords& removed,
                    const std::string& import, std::vector<OriginalFile>& files,
                    EraseReport& report) {
  const VariantEntries variants(removed, import, files);
  for (uint32_t number = 0; number < files.size(); ++number) {
    OriginalFile& file = files[number];
    if (!file.digest) continue;
    const Digest before = *file.digest;
    bool changed = report.erased.digests.contains(before);
    const auto own = removed.entries.find({import, number});
    const std::vector<EntryToCut> alike = variants.OthersOf(number, file);
    if (changed) {
      RedactWhole(file, report);
    } else if (own != removed.entries.end() || !alike.empty()) {
      const auto entries =
          own == removed.entries.end() ? std::span<const EntryToCut>() : std::span(own->second);
      ASSIGN_OR_RETURN(changed, RedactFile(library.blobs(), blobs, entries, alike, file, report));
    } else if (!removed.texts.empty() && MayHoldText(file) && file.size <= kCutLimit) {
      ASSIGN_OR_RETURN(const std::string text, library.blobs().ReadContent(before, file.size));
      changed = HoldsText(text, removed.texts);
      if (changed) RedactWhole(file, report);
    }
    if (changed) report.replaced.emplace(before, file);
  }
  // The same bytes may have come under other names.
  for (OriginalFile& file : files) {
    if (!file.digest) continue;
    const auto found = report.replaced.find(*file.digest);
    if (found == report.replaced.end()) continue;
    if (!found->second.digest) {
      RedactWhole(file, report);
    } else if (found->second.digest != file.digest) {
      OriginalFile left = found->second;
      left.path = std::move(file.path);
      left.fate = file.fate;
      file = std::move(left);
    }
  }
  return {};
}

Status RedactOriginals(const Library& library, blob::BlobStore* blobs,
                       const RemovedRecords& removed, Head& head, EraseReport& report) {
  for (ImportEntry& entry : head.imports) {
    const auto first = removed.entries.lower_bound({entry.info.id, 0});
    const bool cuts = first != removed.entries.end() && first->first.first == entry.info.id;
    if (!cuts && report.erased.digests.empty() && removed.texts.empty()) continue;
    ASSIGN_OR_RETURN(const std::string list, library.ReadList(entry.files));
    ASSIGN_OR_RETURN(std::vector<OriginalFile> files, account::ParseOriginalFiles(list));
    const std::vector<OriginalFile> before = files;
    RETURN_IF_ERROR(RedactImport(library, blobs, removed, entry.info.id, files, report));
    if (files == before || blobs == nullptr) continue;
    ASSIGN_OR_RETURN(entry, SealImport(*blobs, entry.info, files));
  }
  return {};
}

}  // namespace valise::library
