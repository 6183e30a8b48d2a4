// Libraries: the accounts that are being looked at, kept open for a while.
//
// Thread safety: every method from any thread. Lifetime: what is given out is shared and may
// outlive its place here. Memory: at most kMaxOpen accounts.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "account/records.h"
#include "library/index.h"
#include "library/library.h"

namespace valise::web {

// A snapshot, with what the profile page shows.
struct View {
  Digest digest;
  library::Head head;
  std::optional<account::Profile> profile;
  uint64_t followers = 0, following = 0;
};

class Libraries {
 public:
  static constexpr size_t kMaxOpen = 64;

  Libraries(library::Accounts& accounts, fs::path data)
      : accounts_(accounts), data_(std::move(data)) {}

  library::Accounts& accounts() { return accounts_; }
  // Errors: kNotFound, kUnavailable.
  Result<std::shared_ptr<library::Library>> Open(std::string_view account_id);
  // The present snapshot; nullptr when there is nothing in the account yet.
  Result<std::shared_ptr<const View>> Look(const library::AccountRow& account);
  // The index, opened but not brought up to date.
  Result<std::shared_ptr<library::Index>> OpenIndex(std::string_view account_id);
  // Lets go of an account that is being erased.
  void Close(std::string_view account_id);

 private:
  struct Slot {
    std::string id;
    std::shared_ptr<library::Library> library;
    std::shared_ptr<library::Index> index;
    std::shared_ptr<const View> view;
  };
  // REQUIRES: the mutex is held.
  Result<Slot*> Find(std::string_view account_id);

  library::Accounts& accounts_;
  fs::path data_;
  std::mutex mutex_;
  std::list<Slot> slots_;  // last used first
};

}  // namespace valise::web
