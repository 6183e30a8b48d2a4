#include "bundle/bundle_format.h"

#include <algorithm>

namespace valise::bundle {

const BundleFormat* FindFormat(Formats formats, std::string_view name) {
  const auto found = std::ranges::find(formats, name, &BundleFormat::name);
  return found == formats.end() ? nullptr : *found;
}

Contents Describe(const library::Head& head) {
  Contents contents;
  for (const library::DocumentRow& row : head.documents) {
    Contents::OfKind& kind = contents.kinds[static_cast<size_t>(row.kind)];
    kind.records += row.records;
    kind.bytes += row.stored_size;
    if (row.first && (!contents.first || *row.first < *contents.first)) contents.first = row.first;
    if (row.last && (!contents.last || *row.last > *contents.last)) contents.last = row.last;
  }
  const library::Counts& counts = head.counts;
  contents.photos = counts.photos;
  contents.photo_bytes = counts.photo_bytes;
  contents.videos = counts.videos;
  contents.video_bytes = counts.video_bytes;
  contents.other_media = counts.media - std::min(counts.media, counts.photos + counts.videos);
  contents.other_media_bytes =
      counts.media_bytes - std::min(counts.media_bytes, counts.photo_bytes + counts.video_bytes);
  for (const library::ImportEntry& import : head.imports) {
    contents.original_bytes += import.files.bytes;
  }
  return contents;
}

}  // namespace valise::bundle
