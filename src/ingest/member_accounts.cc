#include "ingest/member_accounts.h"

#include <fmt/format.h>

#include <system_error>

namespace valise::ingest {
namespace {

// The owner of an account that is being erased: no user's id, so nobody sees it; the job reads from
// it whose account it was.
constexpr std::string_view kErasedOwner = "erased:";

}  // namespace

Result<MemberAccounts::Made> MemberAccounts::Put(const auth::Service& service,
                                                 std::string_view external_id,
                                                 const AccountWords& words) {
  if (!auth::IsExternalId(external_id)) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("an account's id has 1 to {} bytes without spaces and '/'",
                            auth::kMaxExternalId));
  }
  Made made;
  const auto lock = Hold();
  RETURN_IF_ERROR(ports_.database.InTransaction([&]() -> Status {
    ASSIGN_OR_RETURN(const auto known, ports_.services.FindAccount(service.id, external_id));
    if (known) {
      made.account_id = known->account_id;
      return Rename(service, *known, words);
    }
    ASSIGN_OR_RETURN(made, Make(service, external_id, words));
    return {};
  }));
  // A crash before this leaves the profile to the service's own record of it.
  if (made.is_new && !words.name.empty()) RETURN_IF_ERROR(BeginProfile(made.account_id, words));
  return made;
}

// A user is named so that members of two services, and people without one, do not meet.
Result<std::string> MemberAccounts::FreeName(std::string_view username, std::string_view service,
                                             std::string_view external_id,
                                             std::string_view user_id) const {
  std::string name = fmt::format("{}@{}", username, service);
  const auto taken = ports_.users.FindByName(name);
  if (!taken.has_value() && taken.error().code != ErrorCode::kNotFound) {
    return std::unexpected(taken.error());
  }
  if (taken.has_value() && taken->id != user_id) {
    // Renames may come in any order: for a while two members may have one name.
    name = fmt::format("{}~{}@{}", username, external_id, service);
  }
  return name;
}

Result<MemberAccounts::Made> MemberAccounts::Make(const auth::Service& service,
                                                  std::string_view external_id,
                                                  const AccountWords& words) {
  ASSIGN_OR_RETURN(const std::string name, FreeName(words.username, service.name, external_id, ""));
  ASSIGN_OR_RETURN(const auth::User user,
                   ports_.users.AddWithoutPassword({.name = name,
                                                    .password = {},
                                                    .language = words.language.value_or("en"),
                                                    .address = words.address.value_or("")}));
  ASSIGN_OR_RETURN(const library::AccountRow account,
                   ports_.accounts.Create({.id = {},
                                           .service = service.name,
                                           .username = words.username,
                                           .owner = user.id,
                                           .head = {},
                                           .created = ports_.clock.Now()}));
  RETURN_IF_ERROR(ports_.services.Link(
      service.id,
      {.external_id = std::string(external_id), .account_id = account.id, .user_id = user.id}));
  return Made{.account_id = account.id, .is_new = true};
}

// The language stays what the member has chosen here.
Status MemberAccounts::Rename(const auth::Service& service, const auth::ServiceAccount& account,
                              const AccountWords& words) {
  ASSIGN_OR_RETURN(const library::AccountRow row, ports_.accounts.Get(account.account_id));
  ASSIGN_OR_RETURN(const auth::User user, ports_.users.Get(account.user_id));
  if (row.username != words.username) {
    RETURN_IF_ERROR(ports_.accounts.Rename(row.id, words.username));
  }
  ASSIGN_OR_RETURN(const std::string name,
                   FreeName(words.username, service.name, account.external_id, user.id));
  if (user.name != name) RETURN_IF_ERROR(ports_.users.Rename(user.id, name));
  if (words.address && user.address != *words.address) {
    RETURN_IF_ERROR(ports_.users.SetAddress(user.id, *words.address));
  }
  return {};
}

Status MemberAccounts::BeginProfile(std::string_view account_id, const AccountWords& words) const {
  account::Profile profile;
  profile.username = words.username;
  profile.name = words.name;
  const library::Change change{.what = library::Change::What::kPut,
                               .kind = account::Kind::kProfile,
                               .id = std::string(kBegunProfile),
                               .record = std::move(profile),
                               .version = {}};
  ASSIGN_OR_RETURN(const auto live, ports_.lives.Get(account_id));
  RETURN_IF_ERROR(live->Append({&change, 1}));
  return live->Sync();
}

Result<MemberAccounts::Found> MemberAccounts::Find(const auth::Service& service,
                                                   std::string_view external_id) const {
  ASSIGN_OR_RETURN(auto account, ports_.services.FindAccount(service.id, external_id));
  if (!account) {
    return Fail(ErrorCode::kNotFound, "this service has no such account here: put it first");
  }
  ASSIGN_OR_RETURN(auto live, ports_.lives.Get(account->account_id));
  return Found{.account = std::move(*account), .live = std::move(live)};
}

Status MemberAccounts::Erase(const auth::Service& service, std::string_view external_id) {
  std::string account_id;
  {
    const std::unique_lock lock(mutex_);
    ASSIGN_OR_RETURN(const auto account, ports_.services.FindAccount(service.id, external_id));
    if (!account) return {};
    account_id = account->account_id;
    const Status hidden = ports_.database.InTransaction([&]() -> Status {
      RETURN_IF_ERROR(ports_.services.Unlink(service.id, external_id));
      RETURN_IF_ERROR(ports_.accounts.SetOwner(
          account_id, fmt::format("{}{}", kErasedOwner, account->user_id)));
      return ports_.queue.Put(
          {.kind = std::string(kEraseJob), .subject = account_id, .due = ports_.clock.Now()});
    });
    RETURN_IF_ERROR(hidden);
    ++erasures_;
    ports_.lives.Close(account_id);
  }
  // What cannot be done now is done by the job.
  const Status erased = EraseAll(account_id);
  if (erased.has_value()) return ports_.queue.Remove(kEraseJob, account_id);
  ports_.queue.Wake();
  return {};
}

jobs::Outcome MemberAccounts::EraseNow(const jobs::Job& job) {
  const Status erased = EraseAll(job.subject);
  if (erased.has_value()) return {};
  return {.next = jobs::Outcome::Next::kRetry, .due = {}, .error = erased.error().message};
}

// Downloads first, then files, then the rows that say whose they were: done again after a crash it
// finds what is left.
Status MemberAccounts::EraseAll(std::string_view account_id) {
  const auto row = ports_.accounts.Get(account_id);
  if (!row.has_value()) {
    return row.error().code == ErrorCode::kNotFound ? Status{} : std::unexpected(row.error());
  }
  if (!row->owner.starts_with(kErasedOwner)) return {};
  RETURN_IF_ERROR(ports_.requests.EraseAccount(account_id));
  RETURN_IF_ERROR(ports_.erase_rest(account_id));
  ports_.lives.Close(account_id);
  RETURN_IF_ERROR(EraseFiles(account_id));
  RETURN_IF_ERROR(EraseRows(account_id, std::string_view(row->owner).substr(kErasedOwner.size())));
  // What a job that had already begun made anew; without the rows no other begins.
  std::error_code ignored;
  fs::remove_all(ports_.data / "accounts" / account_id, ignored);
  return {};
}

Status MemberAccounts::EraseFiles(std::string_view account_id) const {
  const fs::path folder = ports_.data / "accounts" / account_id;
  std::error_code error;
  if (!fs::exists(folder, error)) return {};
  // An import or a seal that runs ends first.
  auto lock = FileLock::TryLock(folder / "lock");
  if (!lock.has_value()) return std::unexpected(lock.error());
  fs::remove_all(folder, error);
  if (error) {
    return Fail(ErrorCode::kUnavailable,
                fmt::format("erase the files of an account: {}", error.message()));
  }
  return SyncFolder(folder.parent_path());
}

// The user goes too, unless they have a password or another account here.
Status MemberAccounts::EraseRows(std::string_view account_id, std::string_view user_id) {
  ASSIGN_OR_RETURN(const auto others, ports_.accounts.OfOwner(user_id));
  const auto user = ports_.users.Get(user_id);
  if (!user.has_value() && user.error().code != ErrorCode::kNotFound) {
    return std::unexpected(user.error());
  }
  for (const std::string_view kind : {"seal", "index"}) {
    RETURN_IF_ERROR(ports_.queue.Remove(kind, account_id));
  }
  if (user.has_value() && !user->has_password && others.empty()) {
    RETURN_IF_ERROR(ports_.users.Remove(user_id));
  }
  return ports_.accounts.Remove(account_id);
}

}  // namespace valise::ingest
