// The doctor on lists: media, received files and their fates, issues, tombstones.
#include <fmt/format.h>

#include <array>

#include "account/import_row.h"
#include "base/crc32.h"
#include "library/doctor_state.h"
#include "library/document.h"
#include "library/tombstones.h"

namespace valise::library {
namespace {

using account::Fate;
using account::OriginalFile;

constexpr size_t kFates = static_cast<size_t>(Fate::kRedacted) + 1;

blob::Encoding EncodingOf(bool deflated) {
  return deflated ? blob::Encoding::kDeflate : blob::Encoding::kIdentity;
}

// Compares a list with its row in the head.
void CheckRow(DoctorState& state, const ListRow& row, std::string_view text, uint64_t rows,
              uint64_t bytes) {
  if (rows == row.rows && bytes == row.bytes && Crc32(AsBytes(text)) == row.crc) return;
  state.Note({"head_disagrees", "list " + row.name,
              fmt::format("it has {} rows of {} bytes, the head says {} of {}", rows, bytes,
                          row.rows, row.bytes),
              std::string(kReport)});
}

struct MediaSums {
  uint64_t media = 0, bytes = 0;
};

Status ExamineMediaList(DoctorState& state, const ListRow& row,
                        std::unordered_set<std::string>& names, MediaSums& sums) {
  const auto text = state.library.ReadList(row);
  const auto media = text ? ParseMediumRows(*text) : std::unexpected(text.error());
  if (!media) {
    state.media_known = false;
    return state.NoteUnread("list", row.name, media.error(), kMakeAgain);
  }
  uint64_t bytes = 0;
  for (const MediumRow& medium : *media) {
    bytes += medium.size;
    if (!state.media.insert(medium.digest).second || !names.insert(medium.name).second) {
      state.Note(
          {"medium_twice", "medium " + medium.name, "it is listed twice", std::string(kReport)});
    }
    RETURN_IF_ERROR(state.CheckStored(
        "medium " + medium.name, medium.digest, medium.stored_size, EncodingOf(medium.deflated),
        "medium", "Import the archive it came with again: that brings it back."));
  }
  sums.media += media->size();
  sums.bytes += bytes;
  CheckRow(state, row, *text, media->size(), bytes);
  return {};
}

void ExamineFates(DoctorState& state, const account::ImportInfo& info, const ListRow& row,
                  const std::vector<OriginalFile>& files) {
  std::array<uint64_t, kFates> fates{};
  std::unordered_set<std::string_view> paths;
  uint64_t twice = 0, overcounted = 0, unlisted = 0;
  for (const OriginalFile& file : files) {
    ++fates[static_cast<size_t>(file.fate)];
    if (!paths.insert(file.path).second) ++twice;
    if (file.understood > file.seen) ++overcounted;
    const bool is_medium = file.fate == Fate::kMedium && file.digest;
    if (is_medium && state.media_known && !state.media.contains(*file.digest)) ++unlisted;
  }
  const std::string thing = "import " + info.id;
  if (files.size() != row.rows) {
    std::string sum;
    for (size_t fate = 0; fate < kFates; ++fate) {
      if (fates[fate] == 0) continue;
      sum += fmt::format("{}{} {}", sum.empty() ? "" : " + ", fates[fate],
                         account::FateName(static_cast<Fate>(fate)));
    }
    state.Note({"fates_differ", thing,
                fmt::format("its files' fates add up to {} ({}), {} files came", files.size(), sum,
                            row.rows),
                std::string(kReport)});
  }
  if (twice > 0) {
    state.Note({"file_twice", thing, "received files are listed twice under one path",
                std::string(kReport), twice});
  }
  if (overcounted > 0) {
    state.Note({"fates_differ", thing, "files of which more entries were understood than seen",
                std::string(kReport), overcounted});
  }
  if (unlisted > 0) {
    state.Note({"medium_unlisted", thing, "media came with it that no list of media names",
                std::string(kMakeAgain), unlisted});
  }
}

Status ExamineImport(DoctorState& state, const ImportEntry& entry) {
  constexpr std::string_view kAgain = "Import that archive again: that makes the list anew.";
  const auto text = state.library.ReadList(entry.files);
  const auto files = text ? account::ParseOriginalFiles(*text) : std::unexpected(text.error());
  // Provenance points into it, whether or not it can be read.
  state.imports[entry.info.id] = files ? files->size() : entry.files.rows;
  if (!files) return state.NoteUnread("list", entry.files.name, files.error(), kAgain);
  uint64_t bytes = 0;
  for (const OriginalFile& file : *files) {
    bytes += file.size;
    if (!file.digest) continue;
    RETURN_IF_ERROR(state.CheckStored("received file " + file.path, *file.digest, file.stored_size,
                                      EncodingOf(file.deflated), "original",
                                      "Import the archive it came with again: that brings it "
                                      "back."));
  }
  ExamineFates(state, entry.info, entry.files, *files);
  if (files->size() == entry.files.rows) {
    CheckRow(state, entry.files, *text, files->size(), bytes);
  }
  return {};
}

Status ExamineIssues(DoctorState& state, const ListRow& row) {
  const auto text = state.library.ReadList(row);
  const auto issues = text ? account::ParseIssueRows(*text) : std::unexpected(text.error());
  if (!issues) return state.NoteUnread("list", row.name, issues.error(), kMakeAgain);
  uint64_t unknown = 0;
  for (const account::IssueRow& issue : *issues) unknown += !state.imports.contains(issue.import);
  if (unknown > 0) {
    state.Note({"issue_of_unknown_import", "list " + row.name,
                "issues are of imports that the head does not list", std::string(kReport),
                unknown});
  }
  CheckRow(state, row, *text, issues->size(), row.bytes);
  return {};
}

Status ExamineTombstones(DoctorState& state, const ListRow& row) {
  const auto text = state.library.ReadList(row);
  const auto tombstones = text ? ParseTombstones(*text) : std::unexpected(text.error());
  if (!tombstones) {
    return state.NoteUnread("list", row.name, tombstones.error(),
                            "Restore it from a backup: it keeps what was forgotten from coming "
                            "back.");
  }
  CheckRow(state, row, *text, tombstones->size(), row.bytes);
  return {};
}

}  // namespace

Status ExamineLists(DoctorState& state, const Head& head) {
  std::unordered_set<std::string> names;
  MediaSums sums;
  for (const ListRow& row : head.media) {
    RETURN_IF_ERROR(ExamineMediaList(state, row, names, sums));
  }
  const Counts& counts = head.counts;
  if (state.media_known && (sums.media != counts.media || sums.bytes != counts.media_bytes)) {
    state.Note({"counts_differ", "the head's count of media",
                fmt::format("it says {} ({} bytes), the lists have {} ({} bytes)", counts.media,
                            counts.media_bytes, sums.media, sums.bytes),
                std::string(kReport)});
  }
  for (const ImportEntry& entry : head.imports) RETURN_IF_ERROR(ExamineImport(state, entry));
  if (head.issues) RETURN_IF_ERROR(ExamineIssues(state, *head.issues));
  if (head.tombstones) RETURN_IF_ERROR(ExamineTombstones(state, *head.tombstones));
  return {};
}

}  // namespace valise::library
