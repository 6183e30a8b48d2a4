#include "library/doctor.h"

#include <fmt/format.h>

#include "library/commit.h"
#include "library/doctor_state.h"

namespace valise::library {
namespace {

void ExamineCounts(DoctorState& state, const Head& head) {
  Counts counted;
  CountRecords(head.documents, counted);
  for (size_t kind = 0; kind < account::kKindCount; ++kind) {
    if (counted.records[kind] == head.counts.records[kind]) continue;
    state.Note({"counts_differ",
                fmt::format("the head's count of {}",
                            account::KindPlural(static_cast<account::Kind>(kind))),
                fmt::format("it says {}, its documents have {}", head.counts.records[kind],
                            counted.records[kind]),
                std::string(kReport)});
  }
}

// Nothing can be looked at without it.
void NoteHead(DoctorState& state, const Digest& head, const Error& error) {
  const bool is_gone = error.code == ErrorCode::kNotFound;
  const bool is_newer = error.code == ErrorCode::kUnsupported;
  state.Note({is_gone    ? "head_missing"
              : is_newer ? "head_of_a_newer_valise"
                         : "head_damaged",
              "head " + head.Hex(), error.message,
              is_newer ? "Use the version of Valise that wrote it, or a newer one."
                       : "Nothing tells what this account holds without it. Restore it from a "
                         "backup, or import the account's latest download (or its archives) into "
                         "a new account."});
}

}  // namespace

Status DoctorState::NoteUnread(std::string_view what, const std::string& name, const Error& error,
                               std::string_view what_to_do) {
  switch (error.code) {
    case ErrorCode::kNotFound:
      Note({fmt::format("{}_missing", what), fmt::format("{} {}", what, name),
            "its blob is not here", std::string(what_to_do)});
      return {};
    case ErrorCode::kCorrupt:
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kUnsupported:
    case ErrorCode::kLimitExceeded:
      Note({fmt::format("{}_damaged", what), fmt::format("{} {}", what, name), error.message,
            std::string(what_to_do)});
      return {};
    default:
      return std::unexpected(error);
  }
}

Status DoctorState::CheckStored(const std::string& thing, const Digest& digest,
                                uint64_t stored_size, blob::Encoding encoding,
                                std::string_view code, std::string_view what_to_do) {
  ASSIGN_OR_RETURN(const auto info, library.blobs().Stat(digest));
  if (!info) {
    Note({fmt::format("{}_missing", code), thing, "its blob is not here", std::string(what_to_do)});
  } else if (info->stored_size != stored_size || info->encoding != encoding) {
    Note({"stored_otherwise", thing,
          fmt::format("its blob has {} stored bytes, the account says {}", info->stored_size,
                      stored_size),
          "`valise scrub` tells whether it is damaged. " + std::string(what_to_do)});
  }
  return {};
}

Result<std::vector<DoctorFinding>> Examine(const Library& library, const DoctorOptions& options) {
  DoctorState state(library, options);
  ASSIGN_OR_RETURN(const AccountRow row, library.accounts().Get(library.account_id()));
  if (!row.head) return state.Take();
  for (const Digest& pinned : options.pinned) {
    if (pinned == row.head) continue;
    const auto snapshot = library.At(pinned);
    if (snapshot) continue;
    if (snapshot.error().code == ErrorCode::kUnavailable) {
      return std::unexpected(snapshot.error());
    }
    state.Note({"pinned_head_missing", "head " + pinned.Hex(), snapshot.error().message,
                "A download that waits holds it and can break off: cancel that request, and ask "
                "for a new one."});
  }
  const auto snapshot = library.At(*row.head);
  if (!snapshot) {
    if (snapshot.error().code == ErrorCode::kUnavailable) {
      return std::unexpected(snapshot.error());
    }
    NoteHead(state, *row.head, snapshot.error());
    return state.Take();
  }
  ExamineCounts(state, snapshot->head);
  RETURN_IF_ERROR(ExamineLists(state, snapshot->head));
  RETURN_IF_ERROR(ExamineDocuments(state, snapshot->head));
  RETURN_IF_ERROR(ExamineFolder(state, *row.head));
  return state.Take();
}

}  // namespace valise::library
