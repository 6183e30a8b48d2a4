// An Instagram-shaped archive while it is planned: what all its files share
// (docs/formats/instagram-bundle.md).
//
// Thread safety: belongs to one thread, save for what is said to be const. Lifetime: borrows the
// reader and the plan's writer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "bundle/account_reader.h"
#include "bundle/deflated_text.h"
#include "services/instagram/left_out.h"
#include "services/instagram/media_book.h"
#include "services/instagram/write_json.h"

namespace valise::services::instagram {

inline constexpr std::string_view kActivity = "your_instagram_activity/";

struct ArchiveWriter {
  const bundle::AccountReader& reader;
  bundle::PlanWriter& plan;
  MediaBook media;
  LeftOut left_out;
  bundle::PlanSummary summary;
  int64_t time_s = 0;  // of generated files

  void Count(account::Kind kind) { ++summary.records[static_cast<size_t>(kind)]; }
};

// A file that is one JSON array, perhaps under a name: {"ig_stories":[…]}. Begun with its first
// entry.
class ListFile {
 public:
  // `wrapper`: empty for a bare array.
  ListFile(std::string path, std::string_view wrapper)
      : path_(std::move(path)), wrapper_(wrapper) {}

  // Errors: kUnavailable.
  Status Add(ArchiveWriter& archive, std::string_view entry);
  // Puts it into the plan, if it has entries.
  Status Finish(ArchiveWriter& archive);

 private:
  std::string path_;
  std::string_view wrapper_;
  std::optional<bundle::DeflatedText> text_;
};

// A small file with this content.
Status AddFile(ArchiveWriter& archive, std::string_view path, std::string_view content);

// {"uri", "creation_timestamp", "media_metadata", "title"}. `title` is written as a caption.
struct MediaEntry {
  const account::MediaItem& item;
  std::string_view uri;
  std::string_view title;
  std::optional<Timestamp> time;
};
void WriteMedia(EntryWriter& to, const ArchiveWriter& archive, const MediaEntry& entry);
// Its members alone.
void WriteMediaMembers(EntryWriter& to, const ArchiveWriter& archive, const MediaEntry& entry);
// Takes a medium and its first subtitle, and counts what of them has no place.
void TakeMedia(ArchiveWriter& archive, const account::MediaItem& item,
               const MediaBook::Place& place);

// Each writes the files of some kinds and counts what went in. Errors: those of the reader and the
// plan.
Status WriteProfile(ArchiveWriter& archive);
Status WritePosts(ArchiveWriter& archive);
Status WriteStories(ArchiveWriter& archive);
Status WriteComments(ArchiveWriter& archive);
Status WriteLikes(ArchiveWriter& archive);
Status WriteSaved(ArchiveWriter& archive);
Status WriteConnections(ArchiveWriter& archive);
Status WriteConversations(ArchiveWriter& archive);

}  // namespace valise::services::instagram
