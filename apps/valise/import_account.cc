#include "import_account.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "auth/users.h"
#include "bring/whose.h"
#include "imports/inspect.h"
#include "library/document.h"

namespace valise::app {
namespace {

using bring::SameName;
using library::AccountRow;

constexpr size_t kNamedAtMost = 5;  // accounts, in a message

Result<std::string> OwnerId(Desk& desk, Context& context, std::string_view name) {
  if (name.empty()) return std::string();
  ASSIGN_OR_RETURN(const auto users,
                   auth::Users::Open({*desk.database, context.clock, context.random}));
  ASSIGN_OR_RETURN(const auto user, users->FindByName(name));
  return user.id;
}

// What the profile that is kept is called now; else empty. An account that is damaged is no reason
// not to take in another's archive.
std::string ProfileName(Desk& desk, Context& context, const AccountRow& row) {
  if (!row.head) return {};
  const auto library = library::Library::Open(*desk.accounts, context.data, row.id);
  if (!library) return {};
  const auto snapshot = (*library)->Current();
  return snapshot && *snapshot ? (*snapshot)->head.username : std::string();
}

// By the profile's name now, else by the one that the account was made with. Heads of others are
// read only where that one is another by now.
std::optional<AccountRow> Find(Desk& desk, Context& context, const AccountRow& wanted,
                               std::span<const AccountRow> candidates) {
  const auto named = std::ranges::find_if(
      candidates, [&](const AccountRow& row) { return SameName(row.username, wanted.username); });
  if (named != candidates.end()) {
    const std::string now = ProfileName(desk, context, *named);
    if (now.empty() || SameName(now, wanted.username)) return *named;
  }
  for (const AccountRow& row : candidates) {
    if (SameName(ProfileName(desk, context, row), wanted.username)) return row;
  }
  return named == candidates.end() ? std::nullopt : std::optional(*named);
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
  std::optional<AccountRow> found = Find(desk, context, account, candidates);
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
