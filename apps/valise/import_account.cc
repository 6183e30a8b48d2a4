#include "import_account.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "account/fold.h"
#include "auth/users.h"
#include "imports/inspect.h"
#include "library/document.h"

namespace valise::app {
namespace {

using library::AccountRow;

constexpr size_t kNamedAtMost = 5;  // accounts, in a message

Result<std::string> OwnerId(Desk& desk, Context& context, std::string_view name) {
  if (name.empty()) return std::string();
  ASSIGN_OR_RETURN(const auto users,
                   auth::Users::Open({*desk.database, context.clock, context.random}));
  ASSIGN_OR_RETURN(const auto user, users->FindByName(name));
  return user.id;
}

bool SameName(std::string_view a, std::string_view b) {
  return account::Fold(a) == account::Fold(b);
}

// What the profile that is kept is called: an account stays the same when its name changes.
Result<std::string> ProfileName(Desk& desk, Context& context, const AccountRow& row) {
  if (!row.head) return std::string();
  ASSIGN_OR_RETURN(const auto library,
                   library::Library::Open(*desk.accounts, context.data, row.id));
  ASSIGN_OR_RETURN(const auto snapshot, library->Current());
  return snapshot ? snapshot->head.username : std::string();
}

Result<std::optional<AccountRow>> Find(Desk& desk, Context& context, const AccountRow& wanted,
                                       std::span<const AccountRow> candidates) {
  for (const AccountRow& row : candidates) {
    if (SameName(row.username, wanted.username)) return row;
  }
  for (const AccountRow& row : candidates) {
    ASSIGN_OR_RETURN(const std::string name, ProfileName(desk, context, row));
    if (SameName(name, wanted.username)) return row;
  }
  return std::optional<AccountRow>();
}

Error SaysNotWhose(std::span<const AccountRow> candidates) {
  std::vector<std::string> names;
  for (const AccountRow& row : candidates.first(std::min(candidates.size(), kNamedAtMost))) {
    names.push_back(row.username);
  }
  return {ErrorCode::kInvalidArgument,
          fmt::format("this archive does not say whose it is: say it with --account ({}{})",
                      fmt::join(names, ", "), candidates.size() > kNamedAtMost ? ", …" : "")};
}

}  // namespace

Result<AccountRow> ChooseAccount(Desk& desk, Context& context, const WantedAccount& wanted,
                                 const imports::OpenedArchive& opened) {
  if (!wanted.account.empty()) return FindAccount(*desk.accounts, wanted.account);
  ASSIGN_OR_RETURN(const auto profile, imports::FindProfile(opened));
  AccountRow account;
  ASSIGN_OR_RETURN(account.owner, OwnerId(desk, context, wanted.owner));
  account.service = opened.account_service();
  account.username = profile ? profile->username : opened.account_username();
  ASSIGN_OR_RETURN(std::vector<AccountRow> candidates, desk.accounts->List());
  std::erase_if(candidates, [&](const AccountRow& row) {
    const bool may_own = account.owner.empty() || row.owner.empty() || row.owner == account.owner;
    return row.service != account.service || !may_own;
  });
  if (account.username.empty() && !candidates.empty()) {
    return std::unexpected(SaysNotWhose(candidates));
  }
  if (account.username.empty()) account.username = "account";
  ASSIGN_OR_RETURN(auto found, Find(desk, context, account, candidates));
  if (!found) {
    account.id = context.random.HexToken(8);
    account.created = context.clock.Now();
    return desk.accounts->Create(account);
  }
  if (!account.owner.empty() && found->owner.empty()) {
    RETURN_IF_ERROR(desk.accounts->SetOwner(found->id, account.owner));
  }
  return *std::move(found);
}

}  // namespace valise::app
