#include "library/library.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "account/record_json.h"
#include "blob/disk_blob_store.h"
#include "library/commit.h"
#include "library/document.h"

namespace valise::library {

struct Library::State {
  Accounts& accounts;
  std::string id;
  fs::path folder;
  std::unique_ptr<blob::DiskBlobStore> blobs;

  mutable std::mutex mutex;
  mutable std::shared_ptr<const Snapshot> latest;  // the snapshot that was read last
};

Library::Library(std::unique_ptr<State> state) : state_(std::move(state)) {}
Library::~Library() = default;

Result<std::unique_ptr<Library>> Library::Open(Accounts& accounts, const fs::path& data,
                                               std::string_view account_id) {
  ASSIGN_OR_RETURN(const AccountRow row, accounts.Get(account_id));
  const fs::path folder = data / "accounts" / row.id;
  RETURN_IF_ERROR(MakeFolders(folder));
  ASSIGN_OR_RETURN(auto blobs, blob::DiskBlobStore::Open(folder / "blobs"));
  return std::unique_ptr<Library>(new Library(
      std::unique_ptr<State>(new State{accounts, row.id, folder, std::move(blobs), {}, {}})));
}

const std::string& Library::account_id() const { return state_->id; }
const fs::path& Library::folder() const { return state_->folder; }
Accounts& Library::accounts() const { return state_->accounts; }
blob::BlobStore& Library::blobs() { return *state_->blobs; }
const blob::BlobStore& Library::blobs() const { return *state_->blobs; }
const blob::LocalFiles* Library::local_files() const { return state_->blobs.get(); }
blob::LocalFiles* Library::local_files() { return state_->blobs.get(); }

Result<std::optional<Library::Snapshot>> Library::Current() const {
  ASSIGN_OR_RETURN(const AccountRow row, state_->accounts.Get(state_->id));
  if (!row.head) return std::optional<Snapshot>{};
  ASSIGN_OR_RETURN(Snapshot snapshot, At(*row.head));
  return std::optional(std::move(snapshot));
}

Result<Library::Snapshot> Library::At(const Digest& head) const {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->latest && state_->latest->digest == head) return *state_->latest;
  }
  ASSIGN_OR_RETURN(Head read, ReadHead(*state_->blobs, head));
  auto snapshot = std::make_shared<const Snapshot>(Snapshot{head, std::move(read)});
  const std::lock_guard lock(state_->mutex);
  state_->latest = snapshot;
  return *snapshot;
}

Result<std::string> Library::ReadDocument(const DocumentRow& row) const {
  auto text = state_->blobs->ReadContent(row.digest, row.size);
  if (text) return text;
  // Its whole name may hold that of a person.
  return std::unexpected(
      text.error().Within(fmt::format("a document of {}", account::KindPlural(row.kind))));
}

Result<std::string> Library::ReadList(const ListRow& row) const {
  auto text = state_->blobs->ReadContent(row.digest, row.size);
  if (text) return text;
  return std::unexpected(text.error().Within("the list " + row.name));
}

Result<std::vector<account::Record>> Library::ReadRecords(const DocumentRow& row) const {
  ASSIGN_OR_RETURN(const std::string text, ReadDocument(row));
  std::vector<account::Record> records;
  records.reserve(row.records);
  account::RecordParser parser;
  RETURN_IF_ERROR(ForEachLine(text, [&](std::string_view line, uint64_t) -> Status {
    Result<account::Record> record = parser.Parse(line);
    if (!record) return std::unexpected(record.error().Within("document " + row.digest.Hex()));
    records.push_back(*std::move(record));
    return {};
  }));
  return records;
}

Result<std::vector<MediumRow>> Library::ReadMedia(const Head& head) const {
  std::vector<MediumRow> media;
  for (const ListRow& list : head.media) {
    ASSIGN_OR_RETURN(const std::string text, ReadList(list));
    ASSIGN_OR_RETURN(std::vector<MediumRow> rows, ParseMediumRows(text));
    std::ranges::move(rows, std::back_inserter(media));
  }
  return media;
}

}  // namespace valise::library
