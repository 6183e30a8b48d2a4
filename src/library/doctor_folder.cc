// The doctor on the account's folder: index, journals, leftovers, who may read it.
#include <fmt/format.h>
#include <sys/stat.h>

#include "library/doctor_state.h"
#include "library/index_writer.h"
#include "library/live_journal.h"
#include "library/sqlite.h"

namespace valise::library {
namespace {

constexpr unsigned kOthers = 077;
constexpr std::string_view kReindex =
    "`valise reindex` makes it anew; it holds nothing of its own.";

// What is wrong with the index; empty: nothing.
std::string IndexTrouble(const fs::path& path, const Digest& head, std::string& code) {
  code = "index_damaged";
  auto index = SqliteConnection::Open(path, true);
  if (!index && index.error().code == ErrorCode::kNotFound) {
    code = "index_missing";
    return "there is none: nothing can be found until it is made";
  }
  if (!index) return index.error().message;
  const auto version = index->QueryInt("PRAGMA user_version");
  if (!version) return version.error().message;
  if (*version != kIndexVersion) {
    code = "index_stale";
    return "another version of Valise made it";
  }
  auto check = index->Prepare("PRAGMA quick_check(1)");
  const Result<bool> row = check ? check->Step() : std::unexpected(check.error());
  if (!row) return row.error().message;
  if (const std::string said = check->Text(0); said != "ok") return said;
  const auto same =
      index->QueryInt(fmt::format("SELECT count(*) FROM state WHERE head = '{}'", head.Hex()));
  if (!same) return same.error().message;
  code = "index_stale";
  return *same == 1 ? "" : "it is of an older state of the account";
}

Status ExamineJournals(DoctorState& state) {
  const fs::path& folder = state.library.folder();
  if (fs::exists(folder / "import-journal")) {
    // While somebody holds the lock an import is running, and all is as it should be.
    const auto lock = FileLock::TryLock(folder / "lock");
    if (lock) {
      state.Note({"import_stopped", "import-journal",
                  "an import was stopped before its end; nothing of it is visible",
                  "Run the same import again: it goes on where it stopped."});
    }
  }
  const auto segments = ListSegments(folder / kLiveFolder);
  if (!segments) return std::unexpected(segments.error());
  for (const uint64_t number : *segments) {
    auto reader = SegmentReader::Open(SegmentPath(folder / kLiveFolder, number));
    const std::string thing = fmt::format("live journal {}", number);
    if (!reader && reader.error().code == ErrorCode::kNotFound) continue;  // sealed meanwhile
    if (!reader) return std::unexpected(reader.error());
    while (true) {
      const auto frame = reader->Next();
      if (!frame && frame.error().code != ErrorCode::kCorrupt) {
        return std::unexpected(frame.error());
      }
      if (!frame) {
        state.Note({"live_journal_damaged", thing, frame.error().message,
                    "Keep the file, and report it: it holds what a service sent and what is not "
                    "sealed yet. The service can send it again."});
      }
      if (!frame || !*frame) break;
    }
  }
  return {};
}

void ExamineLeftovers(DoctorState& state) {
  std::error_code none;
  uint64_t leftovers = 0;
  for (const auto& file : fs::directory_iterator(state.library.folder() / "blobs", none)) {
    leftovers += file.path().filename().string().starts_with("incoming-");
  }
  if (leftovers == 0) return;
  state.Note({"leftovers", "blobs/incoming-*", "a crash left files that were being written",
              "Delete them when no Valise runs.", leftovers});
}

}  // namespace

Status ExamineFolder(DoctorState& state, const Digest& head) {
  std::string code;
  const std::string trouble = IndexTrouble(state.library.folder() / "index.sqlite", head, code);
  if (!trouble.empty()) state.Note({code, "search index", trouble, std::string(kReindex)});
  ExamineLeftovers(state);
  return ExamineJournals(state);
}

std::vector<DoctorFinding> FindOpenToOthers(const fs::path& folder) {
  uint64_t open = 0;
  std::string first;
  const auto look = [&](const fs::path& path) {
    struct stat info{};
    if (::lstat(path.c_str(), &info) != 0 || S_ISLNK(info.st_mode)) return;
    if ((info.st_mode & kOthers) == 0) return;
    if (open++ == 0 || path.string() < first) first = path.string();
  };
  look(folder);
  std::error_code none;
  for (fs::recursive_directory_iterator at(folder, none), end; at != end; at.increment(none)) {
    look(at->path());
  }
  if (open == 0) return {};
  return {{"open_to_others", first, "other users of this machine may read or write it",
           fmt::format("chmod -R go-rwx '{}'", folder.string()), open}};
}

}  // namespace valise::library
