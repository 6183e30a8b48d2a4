// What an examination gathers while it runs. Internal to the room.
//
// Thread safety: Note() from any thread; the tables are filled by one thread, then only read.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "library/doctor.h"

namespace valise::library {

class DoctorState {
 public:
  DoctorState(const Library& of, const DoctorOptions& with) : library(of), options(with) {}

  void Note(DoctorFinding finding) {
    const std::lock_guard lock(mutex_);
    if (findings_.size() < DoctorOptions::kMaxFindings) findings_.push_back(std::move(finding));
  }
  // A text (document, list) that cannot be read. Errors: those that are not of the text.
  Status NoteUnread(std::string_view what, const std::string& name, const Error& error,
                    std::string_view what_to_do);
  // Compares how a blob is stored with what a row says. `content` names it.
  Status CheckStored(const std::string& thing, const Digest& digest, uint64_t stored_size,
                     blob::Encoding encoding, std::string_view code, std::string_view what_to_do);
  std::vector<DoctorFinding> Take() { return std::move(findings_); }

  const Library& library;
  const DoctorOptions& options;
  std::unordered_set<Digest> media;                      // of all lists that could be read
  bool media_known = true;                               // all lists could be read
  std::map<std::string, uint64_t, std::less<>> imports;  // files of each, by id
  std::unordered_set<std::string> conversations;         // keys, hex
  bool conversations_known = true;

 private:
  std::mutex mutex_;
  std::vector<DoctorFinding> findings_;
};

inline constexpr std::string_view kMakeAgain =
    "`valise reindex --records` makes it again from the received files that are kept.";
inline constexpr std::string_view kReport =
    "This is not the disk's doing: please report it to the makers of Valise. `valise reindex "
    "--records` may put it right.";

// Documents of records: form, rows of the head, keys, references.
Status ExamineDocuments(DoctorState& state, const Head& head);
// Media lists, lists of received files, issues, tombstones.
Status ExamineLists(DoctorState& state, const Head& head);
// The index, journals, and what else lies in the account's folder. `head`: the current one.
Status ExamineFolder(DoctorState& state, const Digest& head);

}  // namespace valise::library
