// A library: one account's home. Reads snapshots; a new head replaces the old one by
// compare-and-set.
//
// On disk: <data>/accounts/<account id>/{blobs/,damaged/,index.sqlite,lock,import-journal} and the
// row of the account at the desk. Thread safety: every method may be called from any thread.
// Durability: a swapped head and all it names are durable.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "blob/blob_store.h"
#include "library/head.h"
#include "sql/database.h"

namespace valise::library {

struct AccountRow {
  std::string id;  // 16 hex digits, random
  std::string service;
  std::string username;
  std::string owner;  // user id at the desk, empty: none yet
  std::optional<Digest> head;
  Timestamp created{};
};

// The accounts at the desk (table `account`).
class Accounts {
 public:
  // Brings the table up to date. `database` must outlive this.
  static Result<std::unique_ptr<Accounts>> Open(sql::Database& database);
  // Errors: kAlreadyExists (service + username of the same owner).
  Result<AccountRow> Create(const AccountRow& row);
  Result<AccountRow> Get(std::string_view id) const;
  Result<std::vector<AccountRow>> List() const;
  Result<std::vector<AccountRow>> OfOwner(std::string_view owner) const;
  Status SetOwner(std::string_view id, std::string_view owner);
  Status Rename(std::string_view id, std::string_view username);
  // For an account that had no service yet. Errors: kNotFound, kAlreadyExists (as Create).
  Status Become(std::string_view id, std::string_view service, std::string_view username);
  // The row alone, once nothing of the account is left. No error when there is none.
  Status Remove(std::string_view id);
  // Compare-and-set. Errors: kConflict when the head is not `expected` any more.
  Status SwapHead(std::string_view id, const std::optional<Digest>& expected, const Digest& next);

 private:
  explicit Accounts(sql::Database& database) : database_(database) {}
  sql::Database& database_;
};

class Library {
 public:
  // `accounts` must outlive the library. Errors: kNotFound (no such account), kUnavailable.
  static Result<std::unique_ptr<Library>> Open(Accounts& accounts, const fs::path& data,
                                               std::string_view account_id);

  const std::string& account_id() const;
  const fs::path& folder() const;
  Accounts& accounts() const;
  blob::BlobStore& blobs();
  const blob::BlobStore& blobs() const;
  // Files of this machine, or nullptr when blobs lie elsewhere.
  const blob::LocalFiles* local_files() const;
  blob::LocalFiles* local_files();

  // The current head and its digest; nullopt for an account without anything yet.
  struct Snapshot {
    Digest digest;
    Head head;
  };
  Result<std::optional<Snapshot>> Current() const;
  // Any head that is still kept. Errors: kNotFound, kCorrupt.
  Result<Snapshot> At(const Digest& head) const;

  // The JSON of a document or list, inflated and checked.
  Result<std::string> ReadDocument(const DocumentRow& row) const;
  Result<std::string> ReadList(const ListRow& row) const;
  // The records of a document, parsed.
  Result<std::vector<account::Record>> ReadRecords(const DocumentRow& row) const;
  // All media rows of a head, in order of the lists.
  Result<std::vector<MediumRow>> ReadMedia(const Head& head) const;

  // Puts one record changed by its owner (Edit profile) into a new head. Fields of `record` replace
  // those of the record with the same key. Errors: kNotFound, kConflict.
  Status Replace(const account::Record& record, const Clock& clock);

 private:
  struct State;
  explicit Library(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;

 public:
  ~Library();
};

}  // namespace valise::library
