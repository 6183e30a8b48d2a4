// The accounts of a service's members: made, renamed and erased as the service says.
//
// Thread safety: every method from any thread. Durability: what is answered is at the desk; an
// erasure that is cut by a crash is finished by its job.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "auth/services.h"
#include "ingest/line.h"
#include "jobs/queue.h"
#include "jobs/worker.h"
#include "library/library.h"
#include "requests/requests.h"
#include "sql/database.h"

namespace valise::ingest {

class MemberAccounts {
 public:
  // The job that erases an account; its subject is the account's id.
  static constexpr std::string_view kEraseJob = "erase_account";
  // The id of the profile that an account begins with, until the service puts its own.
  static constexpr std::string_view kBegunProfile = "valise:begun";

  struct Ports {
    sql::Database& database;
    jobs::Queue& queue;
    auth::Users& users;
    auth::Services& services;
    library::Accounts& accounts;
    library::Lives& lives;
    requests::Requests& requests;
    const Clock& clock;
    fs::path data;
    // Erases what other rooms keep of that account (imports, uploads) and lets go of what is kept
    // open of it. May be done again.
    std::function<Status(std::string_view account_id)> erase_rest;
  };
  explicit MemberAccounts(Ports ports) : ports_(std::move(ports)) {}

  struct Made {
    std::string account_id;
    bool is_new = false;
  };
  // Makes the account and its user, or renames them. Errors: kInvalidArgument.
  Result<Made> Put(const auth::Service& service, std::string_view external_id,
                   const AccountWords& words);

  // The journal of an account of that service. Errors: kNotFound: also when it is another's.
  struct Found {
    auth::ServiceAccount account;
    std::shared_ptr<library::Live> live;
  };
  Result<Found> Find(const auth::Service& service, std::string_view external_id) const;

  // Nobody sees the account from now on and nothing is added to it; its files, rows and downloads
  // are gone when this returns or, if something holds them, as soon as its job can. Again: no
  // error.
  Status Erase(const auth::Service& service, std::string_view external_id);
  // The work of kEraseJob.
  jobs::Outcome EraseNow(const jobs::Job& job);

  // Held (shared) by who appends to journals, so that none is made anew behind an erasure; then
  // `erasures()` tells whether a Found of before may be stale.
  std::shared_lock<std::shared_mutex> Hold() const { return std::shared_lock(mutex_); }
  // REQUIRES: Hold().
  uint64_t erasures() const { return erasures_; }

 private:
  Result<Made> Make(const auth::Service& service, std::string_view external_id,
                    const AccountWords& words);
  Status Rename(const auth::Service& service, const auth::ServiceAccount& account,
                const AccountWords& words);
  Result<std::string> FreeName(std::string_view username, std::string_view service,
                               std::string_view external_id, std::string_view user_id) const;
  Status BeginProfile(std::string_view account_id, const AccountWords& words) const;
  Status EraseFiles(std::string_view account_id) const;
  Status EraseRows(std::string_view account_id, std::string_view user_id);
  Status EraseAll(std::string_view account_id);

  Ports ports_;
  mutable std::shared_mutex mutex_;
  uint64_t erasures_ = 0;
};

}  // namespace valise::ingest
