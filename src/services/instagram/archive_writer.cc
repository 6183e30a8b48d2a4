#include "services/instagram/archive_writer.h"

#include "services/instagram/links.h"

namespace valise::services::instagram {

Status ListFile::Add(ArchiveWriter& archive, std::string_view entry) {
  const bool first = !text_;
  if (first) {
    ASSIGN_OR_RETURN(text_, bundle::DeflatedText::Create(archive.plan));
    std::string begin;
    if (!wrapper_.empty()) begin = "{\"" + std::string(wrapper_) + "\":";
    RETURN_IF_ERROR(text_->Append(begin + "[\n"));
  } else {
    RETURN_IF_ERROR(text_->Append(",\n"));
  }
  return text_->Append(entry);
}

Status ListFile::Finish(ArchiveWriter& archive) {
  if (!text_) return {};
  RETURN_IF_ERROR(text_->Append(wrapper_.empty() ? "\n]\n" : "\n]}\n"));
  return text_->AddTo(archive.plan, {.name = path_, .time_s = archive.time_s});
}

Status AddFile(ArchiveWriter& archive, std::string_view path, std::string_view content) {
  return archive.plan.AddStored({.name = path, .time_s = archive.time_s}, content);
}

void WriteMedia(EntryWriter& to, const ArchiveWriter& archive, const MediaEntry& entry) {
  to.BeginObject();
  WriteMediaMembers(to, archive, entry);
  to.EndObject();
}

void WriteMediaMembers(EntryWriter& to, const ArchiveWriter& archive, const MediaEntry& entry) {
  const account::MediaItem& item = entry.item;
  to.Text("uri", entry.uri).Seconds("creation_timestamp", entry.time);
  to.Name("media_metadata").BeginObject();
  std::string subtitle;
  if (!item.subtitles.empty()) subtitle = archive.media.UriOf(item.subtitles[0]);
  const bool placed = item.place && item.place->latitude && item.place->longitude;
  if (placed || !subtitle.empty()) {
    to.Name(bundle::IsVideo(item.type) ? "video_metadata" : "photo_metadata").BeginObject();
    to.Name("exif_data").BeginArray();
    if (placed) {
      to.BeginObject().Double("latitude", *item.place->latitude);
      to.Double("longitude", *item.place->longitude).EndObject();
    }
    to.EndArray();
    if (!subtitle.empty()) {
      to.Name("subtitles").BeginObject().Text("uri", subtitle);
      to.Seconds("creation_timestamp", item.subtitles[0].time).EndObject();
    }
    to.EndObject();
  }
  to.Name("camera_metadata").BeginObject().Bool("has_camera_metadata", false).EndObject();
  to.EndObject().Caption("title", entry.title);
}

void TakeMedia(ArchiveWriter& archive, const account::MediaItem& item,
               const MediaBook::Place& place) {
  LeftOut& left_out = archive.left_out;
  archive.media.Take(item, place, left_out);
  if (!item.alt.empty()) left_out.Add(Reason::kDescriptions);
  if (item.place && !item.place->name.empty()) left_out.Add(Reason::kPlaces);
  if (item.subtitles.empty()) return;
  archive.media.Take(item.subtitles[0], place, left_out);
  left_out.Add(Reason::kSubtitles, item.subtitles.size() - 1);
}

}  // namespace valise::services::instagram
