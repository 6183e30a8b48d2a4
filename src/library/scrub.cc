#include "library/scrub.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <unordered_set>

#include "base/parallel.h"
#include "library/blob_check.h"
#include "library/commit.h"
#include "library/reach.h"

namespace valise::library {
namespace {

using State = ScrubFinding::State;
using What = BlobUse::What;

struct ListedBlob {
  Digest digest;
  blob::BlobInfo info;
};

class Scrubber {
 public:
  Scrubber(Library& library, const ScrubOptions& options) : library_(library), options_(options) {}

  Result<ScrubReport> Run() {
    RETURN_IF_ERROR(FindNamed());
    RETURN_IF_ERROR(ListBlobs());
    RETURN_IF_ERROR(ReadAll());
    for (const Digest& digest : named_) {
      if (!present_.contains(digest)) RETURN_IF_ERROR(NoteMissing(digest));
    }
    if (options_.set_aside) RETURN_IF_ERROR(SetDamagedAside());
    RETURN_IF_ERROR(NameFindings());
    for (auto& [digest, finding] : findings_) report_.findings.push_back(std::move(finding));
    FindStrangers();
    return std::move(report_);
  }

 private:
  // The current head, the pinned ones, and live media. A head that is not readable names nothing.
  Status ForEachKept(const OnBlob& visit, std::vector<std::string>* unread) {
    ASSIGN_OR_RETURN(const AccountRow row, library_.accounts().Get(library_.account_id()));
    if (row.head) RETURN_IF_ERROR(ForEachOf(*row.head, visit, unread));
    for (const Digest& pinned : options_.pinned) {
      if (pinned == row.head) continue;
      const OnBlob as_pinned = [&](const Digest& digest, BlobUse use) {
        use.what = What::kPinned;
        visit(digest, std::move(use));
      };
      RETURN_IF_ERROR(ForEachOf(pinned, as_pinned, unread));
    }
    std::unordered_set<Digest> waiting;
    RETURN_IF_ERROR(AddWaiting(library_, waiting));
    for (const Digest& digest : waiting) {
      // A live record may name a medium that its service has not sent yet.
      ASSIGN_OR_RETURN(const auto info, library_.blobs().Stat(digest));
      if (info) visit(digest, {What::kWaiting, "a record that waits to be sealed", {}});
    }
    return {};
  }

  Status ForEachOf(const Digest& head, const OnBlob& visit, std::vector<std::string>* unread) {
    const auto snapshot = library_.At(head);
    if (!snapshot) {
      const ErrorCode code = snapshot.error().code;
      if (code == ErrorCode::kUnavailable) return std::unexpected(snapshot.error());
      visit(head, {What::kHead, "head", {}});
      return {};
    }
    ASSIGN_OR_RETURN(const auto lists, ForEachName(library_, head, snapshot->head, visit));
    if (unread != nullptr) unread->insert(unread->end(), lists.begin(), lists.end());
    return {};
  }

  Status FindNamed() {
    return ForEachKept([&](const Digest& digest, const BlobUse&) { named_.insert(digest); },
                       &report_.unread_lists);
  }

  Status ListBlobs() {
    return library_.blobs().List([&](const Digest& digest, const blob::BlobInfo& info) -> Status {
      // A second encoding of one blob is never read by anybody.
      if (!present_.insert(digest).second) return {};
      ASSIGN_OR_RETURN(const auto read, library_.blobs().Stat(digest));
      if (!read) return {};
      blobs_.push_back({digest, *read});
      total_bytes_ += info.stored_size;
      return {};
    });
  }

  Status ReadAll() {
    // Large ones first, so that the last worker does not end alone.
    std::ranges::stable_sort(blobs_, std::greater{},
                             [](const ListedBlob& blob) { return blob.info.stored_size; });
    const size_t workers = CoreCount();
    std::vector<BlobChecker> checkers;
    checkers.reserve(workers);
    for (size_t i = 0; i < workers; ++i) checkers.emplace_back(library_.blobs());
    std::atomic<uint64_t> done = 0;
    RETURN_IF_ERROR(ParallelFor(workers, blobs_.size(), [&](size_t worker, size_t at) -> Status {
      const ListedBlob& blob = blobs_[at];
      const auto damage = checkers[worker].DamageOf(blob.digest, blob.info);
      if (!damage && damage.error().code == ErrorCode::kNotFound) return {};  // swept meanwhile
      if (!damage) {
        Note({State::kUnreadable, blob.digest, blob.info.stored_size, damage.error().message, {}});
      } else if (*damage) {
        Note({State::kDamaged, blob.digest, blob.info.stored_size, **damage, {}});
      }
      done += blob.info.stored_size;
      return options_.progress ? options_.progress(done, total_bytes_) : Status{};
    }));
    report_.blobs = blobs_.size();
    report_.bytes = total_bytes_;
    return {};
  }

  void Note(ScrubFinding finding) {
    const std::lock_guard lock(mutex_);
    const Digest digest = finding.digest;
    findings_.emplace(digest, std::move(finding));
  }

  // It may have come or gone with a change that was committed while we were looking.
  Status NoteMissing(const Digest& digest) {
    ASSIGN_OR_RETURN(const auto info, library_.blobs().Stat(digest));
    if (!info) Note({State::kMissing, digest, 0, {}, {}});
    return {};
  }

  // Under the lock nobody relies on a blob that is just moved away; it is looked at once more,
  // since an import may have put it anew.
  Status SetDamagedAside() {
    const bool any = std::ranges::any_of(
        findings_, [](const auto& entry) { return entry.second.state != State::kMissing; });
    if (!any) return {};
    ASSIGN_OR_RETURN(const FileLock lock, LockLibrary(library_));
    ASSIGN_OR_RETURN(const AccountRow row, library_.accounts().Get(library_.account_id()));
    BlobChecker checker(library_.blobs());
    bool moved = false;
    for (auto& [digest, finding] : findings_) {
      // Without its head nothing tells what the account holds: it stays where it is.
      if (finding.state == State::kMissing || digest == row.head) continue;
      ASSIGN_OR_RETURN(const auto info, library_.blobs().Stat(digest));
      if (!info) continue;
      const auto damage = checker.DamageOf(digest, *info);
      if (damage && !*damage) continue;
      RETURN_IF_ERROR(SetAside(library_, digest));
      finding.is_set_aside = moved = true;
    }
    if (!moved) return {};
    return SyncFolder(library_.folder() / kDamagedFolder);
  }

  Status NameFindings() {
    if (findings_.empty()) return {};
    return ForEachKept(
        [&](const Digest& digest, BlobUse use) {
          const auto found = findings_.find(digest);
          if (found == findings_.end()) return;
          auto& uses = found->second.uses;
          if (uses.size() < ScrubFinding::kMaxUses) uses.push_back(std::move(use));
        },
        nullptr);
  }

  void FindStrangers() {
    const fs::path root = library_.folder() / "blobs";
    std::error_code none;
    for (fs::recursive_directory_iterator at(root, none), end; at != end; at.increment(none)) {
      if (report_.strangers.size() >= ScrubReport::kMaxStrangers) return;
      const std::string name = at->path().filename().string();
      if (at.depth() == 0 && at->is_directory(none) && name.size() == 2) continue;
      const auto digest = Digest::Parse(name.substr(0, name.find('.')));
      const bool is_blob = at.depth() == 1 && digest && present_.contains(*digest) &&
                           (name.size() == 2 * Digest::kSize || name.ends_with(".deflate") ||
                            name.ends_with(".open"));
      if (is_blob) continue;
      if (at->is_directory(none)) at.disable_recursion_pending();
      report_.strangers.push_back(fs::relative(at->path(), root, none).string());
    }
    std::ranges::sort(report_.strangers);
  }

  Library& library_;
  const ScrubOptions& options_;
  std::unordered_set<Digest> named_, present_;
  std::vector<ListedBlob> blobs_;
  uint64_t total_bytes_ = 0;
  std::mutex mutex_;  // guards findings_
  std::map<Digest, ScrubFinding> findings_;
  ScrubReport report_;
};

std::string PartsOf(const Head* head, std::string_view import) {
  if (head == nullptr) return {};
  for (const ImportEntry& entry : head->imports) {
    if (entry.info.id != import || entry.info.parts.empty()) continue;
    return fmt::format(" ({}, taken in {})", fmt::join(entry.info.parts, ", "),
                       FormatTime(entry.info.time).substr(0, 10));
  }
  return {};
}

// The use that tells most of how it can come back.
const BlobUse* ByWhat(const std::vector<BlobUse>& uses) {
  for (const What what : {What::kHead, What::kOriginal, What::kDocument, What::kList, What::kMedium,
                          What::kWaiting, What::kPinned}) {
    const auto found = std::ranges::find(uses, what, &BlobUse::what);
    if (found != uses.end()) return &*found;
  }
  return nullptr;
}

std::string AdviceFor(const BlobUse& use, const Head* head) {
  switch (use.what) {
    case What::kHead:
      return "Nothing tells what this account holds without it. Restore it from a backup, or "
             "import the account's latest download (or its archives) into a new account.";
    case What::kOriginal:
      return fmt::format("Import the archive it came with again{}: that brings this file back.",
                         PartsOf(head, use.import));
    case What::kDocument:
      return "`valise reindex --records` makes it again from the received files that are kept.";
    case What::kList:
      if (use.name.starts_with("originals/")) {
        return fmt::format("Import that archive again{}: that makes the list anew.",
                           PartsOf(head, use.name.substr(use.name.find('/') + 1)));
      }
      if (use.name == "tombstones") {
        return "Restore it from a backup: it keeps what was forgotten from coming back.";
      }
      return "`valise reindex --records` makes it again from the received files that are kept.";
    case What::kMedium:
      return "No archive brought it: ask the service that sent it to send it again, or restore it "
             "from a backup.";
    case What::kWaiting:
      return "Ask the service that sent it to send it again.";
    case What::kPinned:
      return "Only an older download that still waits needs it: cancel that and ask anew.";
  }
  return {};
}

}  // namespace

std::string_view ScrubStateName(ScrubFinding::State state) {
  switch (state) {
    case State::kDamaged:
      return "damaged";
    case State::kUnreadable:
      return "unreadable";
    case State::kMissing:
      return "missing";
  }
  return "";
}

Result<ScrubReport> Scrub(Library& library, const ScrubOptions& options) {
  return Scrubber(library, options).Run();
}

std::string WhatToDo(const ScrubFinding& finding, const ScrubReport& report, const Head* head) {
  const BlobUse* use = ByWhat(finding.uses);
  if (use == nullptr && !report.unread_lists.empty()) {
    return "A list that may name it cannot be read: mend that first, then scrub again.";
  }
  if (use == nullptr) return "Nothing that is kept needs it; there is nothing to do.";
  const std::string advice = AdviceFor(*use, head);
  const bool is_in_the_way = finding.state != State::kMissing && !finding.is_set_aside &&
                             use->what != What::kHead && use->what != What::kPinned;
  return is_in_the_way ? "First `valise scrub --set-aside`. " + advice : advice;
}

Status SetAside(Library& library, const Digest& digest) {
  return library.local_files()->SetAside(digest, library.folder() / kDamagedFolder);
}

}  // namespace valise::library
